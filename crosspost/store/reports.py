"""What people are told beside what needs them: since when, and of which posts they know."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from crosspost.model import State
from crosspost.policy.messages import Posted
from crosspost.store.database import Tx
from crosspost.store.tables import bookings, deliveries, entries, reports, told_posts
from crosspost.store.upsert import insert, upsert

POSTS, DIGEST = "posts", "digest"


def begun(tx: Tx, name: str) -> datetime | None:
    """Return since when there is something to be told; None if nobody asked for it yet."""
    return tx.execute(sa.select(reports.c.since).where(reports.c.name == name)).scalar_one_or_none()


def begin(tx: Tx, name: str, now: datetime) -> None:
    """Let there be something to be told from now on."""
    upsert(tx, reports, {"name": name}, {"since": now})


def end(tx: Tx, name: str) -> None:
    """Forget since when: whoever asks for it again does not mean what went out in between."""
    tx.execute(sa.delete(reports).where(reports.c.name == name))


def untold_posts(tx: Tx, since: datetime) -> Sequence[Posted]:
    """Return the posts that were booked since a moment and that nobody was told of, in their order.

    Not what has neither an address nor minutes of attention, such as a signature: there is nothing to go to.
    """
    untold = ~sa.exists().where(told_posts.c.delivery_id == deliveries.c.id)
    worth = sa.or_(bookings.c.attention > 0, deliveries.c.url.startswith("http"))
    rows = tx.execute(_posts(since).where(untold, worth))
    return [_posted(row) for row in rows]


def told(tx: Tx, posts: Iterable[Posted], *, now: datetime) -> None:
    """Note that people were told of these posts."""
    for post in posts:
        row = insert(tx, told_posts).values(delivery_id=post.delivery_id, at=now)
        tx.execute(row.on_conflict_do_nothing())


def posts_between(tx: Tx, since: datetime, until: datetime, *, most: int) -> Sequence[Posted]:
    """Return the first posts of a time, in their order: those that are there."""
    return [_posted(row) for row in tx.execute(_posts(since).where(bookings.c.at < until).limit(most))]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpentOn:
    """What one channel cost one person in a time. `attention` in seconds, `price` in millionths."""

    channel: str
    person: str
    posts: int
    attention: int
    price: int
    currency: str


def spent_between(tx: Tx, since: datetime, until: datetime) -> Sequence[SpentOn]:
    """Return what was spent in a time, by channel, person and currency; "" where it was none's."""
    by = (bookings.c.channel, bookings.c.person, bookings.c.currency)
    sums = (
        sa.func.sum(bookings.c[name]).label(name)  # PostgreSQL's sums of integers are decimals
        for name in ("posts", "attention", "price")
    )
    inside = sa.and_(bookings.c.standing, bookings.c.at >= since, bookings.c.at < until)
    rows = tx.execute(sa.select(*by, *sums).where(inside).group_by(*by).order_by(*by))
    return [
        SpentOn(
            channel=row.channel,
            person=row.person,
            posts=int(row.posts),
            attention=int(row.attention),
            price=int(row.price),
            currency=row.currency,
        )
        for row in rows
    ]


def _posts(since: datetime) -> sa.Select[tuple[object, ...]]:
    """Select what was booked since a moment and is out: by the bookings, which are found by their time."""
    columns = (
        deliveries.c.id,
        deliveries.c.channel,
        deliveries.c.url,
        bookings.c.at,
        bookings.c.attention,
        entries.c.title,
        entries.c.permalink,
    )
    out = (
        bookings.c.at >= since,
        bookings.c.posts > 0,
        bookings.c.standing,
        deliveries.c.state == State.DELIVERED,
    )
    return (
        sa.select(*columns)
        .join_from(bookings, deliveries, bookings.c.delivery_id == deliveries.c.id)
        .join(entries, entries.c.id == deliveries.c.entry_id)
        .where(*out)
        .order_by(bookings.c.at, deliveries.c.id)
    )


def _posted(row: sa.Row[tuple[object, ...]]) -> Posted:
    return Posted(
        delivery_id=row.id,
        channel=row.channel,
        title=row.title or row.permalink,
        link=row.permalink,
        url=row.url,
        at=row.at,
        attention=timedelta(seconds=row.attention),
    )

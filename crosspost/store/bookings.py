"""What was spent: one row per delivery that went out, or may have, and one for each time spent by hand.

Rows are changed in place, and every change gives the row the next revision; so whoever has seen all up to one
revision learns the rest by asking for what came after it.
"""

from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite

from crosspost.config.limits import ATTENTION, POSTS
from crosspost.policy import Booking, Ledger
from crosspost.store.database import Tx
from crosspost.store.tables import bookings

_column = bookings.c
_LOCK = 0x626F6F6B73  # "books": an advisory lock's number, ours by convention
_NEXT = sa.select(sa.func.coalesce(sa.func.max(_column.revision), 0) + 1).scalar_subquery()


def lock(tx: Tx) -> None:
    """Keep every other process from booking until the transaction ends.

    What is decided by the bookings stays true until it is booked itself. Taken before any delivery's row, so
    that nobody waits in a circle. On SQLite whoever writes is alone anyway.
    """
    if tx.dialect.name == "postgresql":
        tx.execute(_TAKE_LOCK)


_TAKE_LOCK = sa.select(sa.func.pg_advisory_xact_lock(_LOCK))


def book(tx: Tx, delivery_id: int, booking: Booking, *, promotional: bool) -> None:
    """Book a delivery's attempt; an earlier attempt's booking moves here, so that none counts twice."""
    values = {**_values(booking), "delivery_id": delivery_id, "promotional": promotional}
    tx.execute(_book(tx.dialect.name), values)


@cache
def _book(dialect: str) -> Any:
    names = ("at", "channel", "person", "posts", "attention", "price", "currency", "promotional")
    into = postgresql.insert if dialect == "postgresql" else sqlite.insert
    values: dict[str, Any] = {name: bindparam(name) for name in ("delivery_id", *names)}
    new = into(bookings).values(**values, revision=_NEXT)
    moved = {name: new.excluded[name] for name in (*names, "revision")}
    return new.on_conflict_do_update(index_elements=["delivery_id"], set_=moved | {"standing": sa.true()})


def spend(tx: Tx, booking: Booking, *, note: str, made_by: str) -> None:
    """Book what a person spent."""
    values = {**_values(booking), "note": note, "made_by": made_by, "revision": _NEXT}
    tx.execute(sa.insert(bookings).values(values))


def instead(tx: Tx, delivery_id: int, seconds: int, *, note: str, made_by: str) -> bool:
    """Let a delivery have cost so much attention instead of its estimate; False if it never went out."""
    changed = tx.execute(
        sa.update(bookings)
        .where(_column.delivery_id == delivery_id, _column.standing)
        .values(attention=seconds, revision=_NEXT, note=note, made_by=made_by)
    )
    return bool(changed.rowcount)


_STAND = (
    sa.update(bookings)
    .where(_column.delivery_id == bindparam("this"), _column.standing != bindparam("stands"))
    .values(standing=bindparam("stands"), revision=_NEXT)
)


def give_back(tx: Tx, delivery_id: int) -> bool:
    """Let a delivery have cost nothing: it is certainly not there. Tell whether it had cost anything."""
    return bool(tx.execute(_STAND, {"this": delivery_id, "stands": False}).rowcount)


def restore(tx: Tx, delivery_id: int) -> None:
    """Let a delivery count again that is there after all."""
    tx.execute(_STAND, {"this": delivery_id, "stands": True})


def booked_after(moment: datetime) -> sa.Select[tuple[int]]:
    """Select what was booked after a moment."""
    return sa.select(_column.id).where(_column.at > moment)


def bring_back(tx: Tx, *, after: datetime, to: datetime) -> None:
    """Let what was booked after a moment, by a clock that was wrong, have been booked at another."""
    for number in (
        tx.execute(booked_after(after)).scalars().all()
    ):  # one by one: each change has a revision of its own
        tx.execute(sa.update(bookings).where(_column.id == number).values(at=to, revision=_NEXT))


def number_of(tx: Tx, delivery_id: int) -> int | None:
    """Return under which number the ledger knows what a delivery costs."""
    found: int | None = tx.execute(
        sa.select(_column.id).where(_column.delivery_id == delivery_id)
    ).scalar_one_or_none()
    return found


_NEWER = sa.select(bookings).where(_column.revision > bindparam("seen")).order_by(_column.revision)
_SINCE = sa.select(bookings).where(_column.at > bindparam("since"), _column.standing)
_NEWEST = sa.select(sa.func.coalesce(sa.func.max(_column.revision), 0))


def catch_up(tx: Tx, ledger: Ledger, since: datetime) -> None:
    """Teach the ledger what it does not know yet. An empty one learns what was booked after `since`."""
    if ledger.revision is None:
        rows = tx.execute(_SINCE, {"since": since}).mappings().all()
        ledger.revision = tx.execute(_NEWEST).scalar_one()
    else:
        rows = tx.execute(_NEWER, {"seen": ledger.revision}).mappings().all()
        ledger.revision = rows[-1]["revision"] if rows else ledger.revision
    for row in rows:
        ledger.take_over(row["id"], _booking(row) if row["standing"] else None)


def last_posts(tx: Tx, channel: str, count: int, *, but: int | None = None) -> list[bool]:
    """Return whether each of the channel's last posts was promotional, the newest first.

    `but`: a delivery that does not count, since it is about to be sent again.
    """
    statement = (
        sa.select(_column.promotional)
        .where(_column.channel == channel, _column.posts > 0, _column.standing)
        .order_by(_column.at.desc(), _column.id.desc())
        .limit(count)
    )
    if but is not None:
        statement = statement.where(_column.delivery_id != but)
    return list(tx.execute(statement).scalars())


def _values(booking: Booking) -> dict[str, Any]:
    cost = dict(booking.cost)
    columns = {
        "at": booking.at,
        "channel": booking.channel,
        "person": booking.person,
        "posts": cost.pop(POSTS, 0),
        "attention": cost.pop(ATTENTION, 0),
    }
    currency, price = next(iter(cost.items()), ("", 0))
    return columns | {"price": price, "currency": currency}


def _booking(row: Any) -> Booking:
    cost = {POSTS: row["posts"], ATTENTION: row["attention"]}
    if row["price"]:
        cost[row["currency"]] = row["price"]
    return Booking(at=row["at"], cost=cost, channel=row["channel"], person=row["person"])

"""What is known of each feed, and how its last poll went."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crosspost.feeds.state import FeedState
from crosspost.policy.renamed import Place
from crosspost.store.database import Tx
from crosspost.store.tables import entries, entry_keys, feeds
from crosspost.store.upsert import insert, upsert


def load(tx: Tx, names: Iterable[str]) -> Mapping[str, FeedState]:
    """Return the state of these feeds; of those never seen, the defaults."""
    rows = tx.execute(sa.select(feeds).where(feeds.c.name.in_(names)))
    found = {row["name"]: FeedState(**row) for row in rows.mappings()}
    return {name: found.get(name, FeedState(name=name)) for name in names}


def save(tx: Tx, /, name: str, **changes: Any) -> None:
    """Write some of a feed's columns; its row is made if there is none."""
    upsert(tx, feeds, {"name": name}, changes)


def look_again(tx: Tx, name: str) -> None:
    """Let the next poll ask a feed that is left alone."""
    tx.execute(sa.update(feeds).where(feeds.c.name == name).values(not_before=None))


def lock(tx: Tx, names: Iterable[str]) -> None:
    """Let nobody else take in any of these feeds until the transaction ends.

    All of them, not one: two feeds may bring the same entry. On SQLite a writer is alone anyway.
    """
    ordered = sorted(names)
    tx.execute(insert(tx, feeds).on_conflict_do_nothing(), [{"name": name} for name in ordered])
    if tx.dialect.name == "postgresql":
        wanted = sa.select(feeds.c.name).where(feeds.c.name.in_(ordered)).order_by(feeds.c.name)
        tx.execute(wanted.with_for_update())


def rename(tx: Tx, names: Mapping[str, str]) -> None:
    """Give all that is on record of feeds, by their old names, new ones: each other's, or unused ones."""
    for new in names.values():
        if new not in names:
            tx.execute(sa.delete(feeds).where(feeds.c.name == new))
    between = {old: f">{number}" for number, old in enumerate(names)}  # no name is written so
    steps = [*between.items(), *((between[old], new) for old, new in names.items())]
    for old, new in steps:
        for table, column in (
            (feeds, feeds.c.name),
            (entries, entries.c.feed),
            (entry_keys, entry_keys.c.feed),
        ):
            tx.execute(sa.update(table).where(column == old).values({column.name: new}))


def places(tx: Tx) -> Mapping[str, Place]:
    """Return where each feed on record was."""
    column = feeds.c
    rows = tx.execute(sa.select(column.name, column.address, column.baseline_at, column.polled_at))
    return {
        row.name: Place(address=row.address, seen=row.baseline_at is not None, asked=row.polled_at)
        for row in rows
    }


def lead(tx: Tx, name: str, *, now: datetime, unless_since: datetime) -> bool:
    """Take the lead in polling a feed: False if another replica polled it since that moment.

    The row's lock decides between two that ask at once; the second then sees the first one's poll.
    """
    idle = sa.or_(feeds.c.polled_at.is_(None), feeds.c.polled_at <= unless_since, feeds.c.polled_at > now)
    tx.execute(insert(tx, feeds).values(name=name).on_conflict_do_nothing())
    return bool(tx.execute(sa.update(feeds).where(feeds.c.name == name, idle).values(polled_at=now)).rowcount)


def last_polls(tx: Tx) -> Mapping[str, datetime | None]:
    """Return when each known feed was last polled; None where a copy of the database was made since."""
    rows = tx.execute(sa.select(feeds.c.name, feeds.c.polled_at).where(feeds.c.baseline_at.is_not(None)))
    return {row.name: row.polled_at for row in rows}

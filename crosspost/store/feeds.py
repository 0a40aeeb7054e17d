"""What is known of each feed, and how its last poll went."""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from crosspost.store.state import FeedState
from crosspost.store.tables import feeds


async def load(tx: AsyncConnection, names: Iterable[str]) -> Mapping[str, FeedState]:
    """Return the state of these feeds; of those never seen, the defaults."""
    rows = await tx.execute(sa.select(feeds).where(feeds.c.name.in_(names)))
    found = {row["name"]: FeedState(**row) for row in rows.mappings()}
    return {name: found.get(name, FeedState(name=name)) for name in names}


async def save(tx: AsyncConnection, name: str, **changes: Any) -> None:
    """Write some of a feed's columns; its row is made if there is none."""
    statement = insert(feeds).values(name=name, **changes)
    await tx.execute(statement.on_conflict_do_update(index_elements=["name"], set_=changes))

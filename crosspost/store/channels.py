"""Which channels take nothing for now; and the heartbeat of the program that serves them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from crosspost.store.tables import channels, heartbeat


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """One channel's row. A channel without one is open."""

    name: str
    closed_until: datetime | None = None
    closed_because: str = ""
    needs_person: bool = False


async def load(tx: AsyncConnection, names: Iterable[str]) -> Mapping[str, ChannelState]:
    """Return the state of these channels."""
    rows = await tx.execute(sa.select(channels).where(channels.c.name.in_(names)))
    found = {row["name"]: ChannelState(**row) for row in rows.mappings()}
    return {name: found.get(name, ChannelState(name=name)) for name in names}


async def close(tx: AsyncConnection, name: str, *, until: datetime, because: str, needs_person: bool) -> None:
    """Let nothing go out on a channel before that moment."""
    values = {"closed_until": until, "closed_because": because, "needs_person": needs_person}
    statement = insert(channels).values(name=name, **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))


async def reopen(tx: AsyncConnection, name: str) -> None:
    """Forget why a channel was closed."""
    await tx.execute(sa.delete(channels).where(channels.c.name == name))


async def beat(tx: AsyncConnection, *, now: datetime, every: int) -> None:
    """Record that the program is alive, and in how many seconds it will say so again."""
    values = {"at": now, "every": every}
    await tx.execute(
        insert(heartbeat).values(id=1, **values).on_conflict_do_update(index_elements=["id"], set_=values)
    )

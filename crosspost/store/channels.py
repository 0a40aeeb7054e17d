"""Which channels take nothing for now, who owns them, and the heartbeat of the program that serves them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from crosspost.policy.life import STOPPED, Sign
from crosspost.store.database import Tx
from crosspost.store.tables import assignments, channels, heartbeat
from crosspost.store.upsert import upsert


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """One channel's row. A channel without one is open."""

    name: str
    closed_until: datetime | None = None
    closed_because: str = ""
    needs_person: bool = False


def load(tx: Tx, names: Iterable[str]) -> Mapping[str, ChannelState]:
    """Return the state of these channels."""
    rows = tx.execute(sa.select(channels).where(channels.c.name.in_(names)))
    found = {row["name"]: ChannelState(**row) for row in rows.mappings()}
    return {name: found.get(name, ChannelState(name=name)) for name in names}


def close(tx: Tx, name: str, *, until: datetime, because: str, needs_person: bool) -> None:
    """Let nothing go out on a channel before that moment."""
    values = {"closed_until": until, "closed_because": because, "needs_person": needs_person}
    upsert(tx, channels, {"name": name}, values)


def reopen(tx: Tx, name: str) -> None:
    """Forget why a channel was closed."""
    tx.execute(sa.delete(channels).where(channels.c.name == name))


def beat(tx: Tx, *, host: str, now: datetime, every: int) -> None:
    """Record that this host's program is alive, and in how many seconds it will say so again."""
    upsert(tx, heartbeat, {"host": host}, {"at": now, "every": every})


def stopped(tx: Tx, *, host: str, now: datetime) -> None:
    """Record that this host's program was stopped, and will say nothing more."""
    upsert(tx, heartbeat, {"host": host}, {"at": now, "every": STOPPED})


def signs(tx: Tx, host: str) -> Sequence[Sign]:
    """Return what this host's program last said of itself, if it ever did."""
    rows = tx.execute(sa.select(heartbeat.c.at, heartbeat.c.every).where(heartbeat.c.host == host))
    return [Sign(row.at, row.every) for row in rows]


def assign(tx: Tx, channel: str, person: str | None) -> None:
    """Let somebody own a channel instead of whom the configuration names; None: no longer."""
    if person is None:
        tx.execute(sa.delete(assignments).where(assignments.c.channel == channel))
    else:
        upsert(tx, assignments, {"channel": channel}, {"person": person})


def assigned(tx: Tx) -> Mapping[str, str]:
    """Return the channels that were given to somebody, and whom."""
    return {row.channel: row.person for row in tx.execute(_ASSIGNED)}


_ASSIGNED = sa.select(assignments)

"""Which channels take nothing for now, who owns them, and the heartbeat of the program that serves them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from crosspost.policy.pulse import STOPPED, Sign
from crosspost.store.database import Tx
from crosspost.store.tables import assignments, channels, heartbeat
from crosspost.store.upsert import upsert

_column = channels.c


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """One channel's row. A channel without one is open, and took the last that it was given."""

    name: str
    closed_until: datetime | None = None
    closed_because: str = ""
    needs_person: bool = False
    credential: str = ""
    """Tells the refused credential from the next one, where it comes from the configuration."""
    suspect: int | None = None
    """The delivery that it refused for no reason that is known, since it last took something."""
    closures: int = 0
    """How often it was closed since then without the network naming the end."""
    filled: str = ""
    """From what it was last filled, as a hash; "": it never was. See `policy.fill`."""


def load(tx: Tx, names: Iterable[str]) -> Mapping[str, ChannelState]:
    """Return the state of these channels."""
    rows = tx.execute(sa.select(channels).where(channels.c.name.in_(names)))
    found = {row["name"]: ChannelState(**row) for row in rows.mappings()}
    return {name: found.get(name, ChannelState(name=name)) for name in names}


def note_filled(tx: Tx, name: str, source: str) -> None:
    """Note from what a channel was filled."""
    upsert(tx, channels, {"name": name}, {"filled": source})


def close(
    tx: Tx,
    name: str,
    *,
    until: datetime,
    because: str,
    needs_person: bool,
    grows: bool = False,
    credential: str = "",
) -> None:
    """Let nothing go out on a channel before that moment.

    `grows`: nobody named it, so that it is counted; `credential`: tells the one that was refused.
    """
    values = {"closed_until": until, "closed_because": because, "needs_person": needs_person}
    values["credential"] = credential
    upsert(tx, channels, {"name": name}, values)
    if grows:
        more = sa.update(channels).where(_column.name == name).values(closures=_column.closures + 1)
        tx.execute(more)


def blame(tx: Tx, name: str, delivery_id: int) -> None:
    """Note a delivery that a channel refused for no reason that is known."""
    upsert(tx, channels, {"name": name}, {"suspect": delivery_id})


def open_again(tx: Tx, name: str) -> None:
    """Let a channel be tried whose time has come; what it refused stays on record until it takes something."""
    values = {"closed_until": None, "closed_because": "", "needs_person": False}
    tx.execute(sa.update(channels).where(_column.name == name).values(values))


def took(tx: Tx, name: str) -> None:
    """Forget what an open channel refused: it took something."""
    tx.execute(_TOOK, {"this": name})


def reopen(tx: Tx, name: str) -> None:
    """Forget all of a channel's trouble: a person saw to it."""
    tx.execute(sa.delete(channels).where(_column.name == name))


def hasten(tx: Tx, name: str, now: datetime) -> None:
    """Let a closed channel be looked at now: what is wrong with it may have been mended."""
    tx.execute(sa.update(channels).where(channels.c.name == name).values(closed_until=now))


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
_TOOK = sa.delete(channels).where(_column.name == sa.bindparam("this"), _column.closed_until.is_(None))

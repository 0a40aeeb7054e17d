"""What servers said of themselves, by channel, and when."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime

import sqlalchemy as sa

from crosspost.model import Learnt
from crosspost.store.database import Tx
from crosspost.store.tables import learnt
from crosspost.store.upsert import upsert

_NAMES = {field.name for field in fields(Learnt)}


def load(tx: Tx) -> Mapping[str, tuple[Learnt, datetime]]:
    """Return what is known of every channel's server, and since when (UTC)."""
    return {row.channel: (_from_facts(row.facts), row.at) for row in tx.execute(sa.select(learnt))}


def keep(tx: Tx, channel: str, said: Learnt, *, now: datetime) -> None:
    """Keep what a channel's server says of itself, in place of what it said before."""
    upsert(tx, learnt, {"channel": channel}, {"at": now, "facts": asdict(said)})


def _from_facts(facts: Mapping[str, object]) -> Learnt:
    """Make the value of what is on record; what another version kept and this one does not know is left out."""
    known = {name: value for name, value in facts.items() if name in _NAMES}
    return Learnt(**{name: tuple(value) if isinstance(value, list) else value for name, value in known.items()})  # type: ignore[arg-type]

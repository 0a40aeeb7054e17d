"""Until when a channel waits for room, for its hours or for other entries: so that nobody asks again in vain.

Only a note of what was decided: whoever changes what decides forgets it, and all is decided anew.
"""

from datetime import datetime

import sqlalchemy as sa

from crosspost.store.database import Tx
from crosspost.store.tables import waits
from crosspost.store.upsert import upsert

_column = waits.c


def note(tx: Tx, channel: str, until: datetime, reason: str, *, digest: str, now: datetime) -> bool:
    """Note that a channel waits; tell whether that is new. `digest`: the configuration's."""
    known = sa.select(waits).where(_column.channel == channel, _column.until == until, _column.reason == reason)
    same = tx.execute(known).first() is not None
    upsert(tx, waits, {"channel": channel}, {"until": until, "reason": reason, "digest": digest, "made": now})
    return not same


def forget(tx: Tx, channel: str | None = None) -> None:
    """Let a channel, or all, be decided on anew."""
    statement = sa.delete(waits)
    tx.execute(statement if channel is None else statement.where(_column.channel == channel))


def channels(now: datetime, digest: str) -> sa.Select[tuple[str]]:
    """Select the channels whose note still holds: not one of another configuration, or of a clock ahead."""
    return sa.select(_column.channel).where(_column.until > now, _column.made <= now, _column.digest == digest)


def next_end(now: datetime) -> sa.Select[tuple[datetime]]:
    """Select when the next channel has waited long enough."""
    return sa.select(sa.func.min(_column.until)).where(_column.until > now)

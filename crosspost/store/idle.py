"""Until when nothing is due: one row, found at the end of a run, so that the next one need not ask again.

On SQLite, triggers delete it with every change that may bring work, in the transaction that makes the change:
it can be missing where it might stand, and never stand where it should be missing. See docs/decisions/0014.
"""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from crosspost.store import clock, credentials, deliveries, looks
from crosspost.store.database import Tx
from crosspost.store.tables import idle

UNWATCHED = {
    "entry_keys": "an entry is known again by them; what is new of it are its deliveries",
    "attempts": "none begins or ends but in the transaction that moves its delivery",
    "media": "a delivery's picture; whether that delivery is due stands in its own row",
    "decisions": "a record; what was decided is done to other tables in the same transaction",
    "heartbeat": "says that a program lives, minute by minute, and is nobody's work",
    "warnings": "what people were warned of; when to look again stands in the credential",
    "apps": "the applications by which accounts are connected; when to look again stands in the credential",
    "messages": "when people were told; what they are to be told of are notices",
    "reports": "when the next digest is due stands in the row itself, and depends on nothing else",
    "told_posts": "what people were told; what they are to be told of are deliveries",
    "accounts": "whom channels speak for; what that changes are deliveries",
    "learnt": "what a server says of itself is read for what is due anyway",
    "idle": "the row itself",
}
"""The tables without a trigger, and why no change of theirs brings work."""

POLLED = frozenset(
    "title etag last_modified body_hash polled_at succeeded_at not_before problem shown reader".split()
)
"""The columns of `feeds` in which a poll is noted that brings no work; `failures` brings some when it rises."""


def keep(
    tx: Tx,
    channels: Collection[str],
    *,
    digest: str,
    now: datetime,
    looks: str = "",
    wakes: datetime | None = None,
) -> None:
    """Put on record until when nothing is due on these channels, unless something is due by now.

    `digest`: the configuration's, which decides what is due. `looks`: put on record in its place, a hash of all
    that a run finds, see `people.beside`. `wakes`: when something is due that is no channel's, or comes to need
    a person; None: not in sight.
    """
    forget(tx)
    moments = (next_due(tx, channels, digest, now), wakes)
    moment = min((each for each in moments if each is not None), default=None)
    if moment is None or moment > now:
        tx.execute(sa.insert(idle).values(digest=looks or digest, until=moment, made=now))


def forget(tx: Tx) -> None:
    """Let the next run look for itself what is due."""
    tx.execute(sa.delete(idle))


def next_due(tx: Tx, channels: Collection[str], digest: str, now: datetime) -> datetime | None:
    """Return when something is due on these channels: no later than `now` if it is already, None if never.

    A later moment of any other channel counts too: a run that then finds nothing to do does no harm.
    """
    if clock.too_long_leased(tx, now):
        return now  # by a clock that was ahead: whoever is told to sleep until then would never look
    uncertain = {delivery.channel for delivery in looks.due_uncertain(tx, now)}
    if not (uncertain | deliveries.due_channels(tx, now, digest).keys()).isdisjoint(channels):
        return now
    moments = (deliveries.next_moment(tx, now), credentials.first_look(tx, channels))
    return min((moment for moment in moments if moment is not None), default=None)

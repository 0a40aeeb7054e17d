"""Put right what a clock that was ahead wrote, once it has been set back."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from crosspost.model import State
from crosspost.store import bookings
from crosspost.store.database import Tx
from crosspost.store.deliveries import fetch
from crosspost.store.tables import deliveries

LONGEST_LEASE = timedelta(minutes=5)
"""No delivery is reserved, and none is sent, for longer."""
_SLACK = timedelta(minutes=2)
"""Clocks are put right by so little all the time."""
_FAR = timedelta(days=1)
_column = deliveries.c


def is_wrong(tx: Tx, now: datetime) -> bool:
    """Tell whether something stands on record that `put_right` would put right."""
    found = sa.union_all(
        sa.select(_column.id).where(_waits_ahead(now)), bookings.booked_after(now + _FAR)
    ).limit(1)
    return tx.execute(found).first() is not None


def put_right(tx: Tx, now: datetime) -> None:
    """Let nothing wait for a moment that only a wrong clock could name: waits begin now, reservations end.

    What was booked up to a day ahead stays, and counts as of now: a clock that goes forth and back again finds
    it there. What is further ahead would let nothing go before then, and is booked now.
    """
    bookings.lock(tx)
    for delivery in fetch(tx, sa.select(deliveries).where(_waits_ahead(now))):
        wait = max(delivery.not_before - delivery.updated, timedelta(0))
        begins_anew = {"updated": now} if delivery.updated > now else {}
        tx.execute(
            sa.update(deliveries)
            .where(_column.id == delivery.id)
            .values(
                not_before=min(delivery.not_before, now + wait), owner=None, lease_until=None, **begins_anew
            )
        )
    bookings.bring_back(tx, after=now + _FAR, to=now)


def too_long_leased(tx: Tx, now: datetime) -> bool:
    """Tell whether something is being sent under a lease that no program with this clock gave."""
    leased = (_column.state == State.SENDING, _column.lease_until > now + LONGEST_LEASE)
    return tx.execute(sa.select(_column.id).where(*leased).limit(1)).first() is not None


def _waits_ahead(now: datetime) -> sa.ColumnElement[bool]:
    ahead = sa.or_(_column.updated > now + _SLACK, _column.lease_until > now + LONGEST_LEASE + _SLACK)
    return sa.and_(_column.state == State.PENDING, ahead)

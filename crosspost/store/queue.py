"""What waits on the channels: the first of it, which is all that a decision needs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from crosspost.model import Delivery, State
from crosspost.store.database import Tx
from crosspost.store.deliveries import fetch, from_row
from crosspost.store.tables import deliveries

_column = deliveries.c
FIRST = 20
"""Of each channel so many promotional deliveries are read, and as many others."""


@dataclass(slots=True)
class Queued:
    """What is due on one channel: the first that are free, what somebody is about to send, and the count."""

    free: list[Delivery] = field(default_factory=list)
    reserved: list[Delivery] = field(default_factory=list)
    count: int = 0


def due(tx: Tx, channels: Collection[str], now: datetime) -> Mapping[str, Queued]:
    """Return what is due on these channels, in order: the first of it."""
    kinds = (_column.channel, _column.promotional, _column.lease_until > now)
    numbered = (
        sa.select(
            *_column,
            (_column.lease_until > now).label("reserved"),
            sa.func.row_number()
            .over(partition_by=kinds, order_by=(_column.fills.desc(), _column.priority.desc(), _column.id))
            .label("place"),
            sa.func.count().over(partition_by=(_column.channel,)).label("count"),
        )
        .where(
            _column.state == State.PENDING,
            _column.channel.in_(list(channels)),
            _column.not_before <= now,
            ~_column.look_first,
        )
        .subquery()
    )
    queues = {name: Queued() for name in channels}
    wanted = sa.select(numbered).where(numbered.c.place <= FIRST)
    order = numbered.c.fills.desc(), numbered.c.priority.desc(), numbered.c.id
    for row in tx.execute(wanted.order_by(*order)).mappings():
        queued = queues[row["channel"]]
        (queued.reserved if row["reserved"] else queued.free).append(from_row(row))
        queued.count = row["count"] - len(queued.reserved)
    return queues


def next_due(tx: Tx, channel: str, now: datetime) -> datetime | None:
    """Return when the next delivery that is not yet due will be; None if all are."""
    found: datetime | None = tx.execute(
        sa.select(sa.func.min(_column.not_before)).where(
            _column.state == State.PENDING, _column.channel == channel, _column.not_before > now
        )
    ).scalar_one_or_none()
    return found


def all_pending(tx: Tx, channels: Collection[str]) -> Mapping[str, Queued]:
    """Return all that waits on these channels, due or not."""
    queues = {name: Queued() for name in channels}
    statement = sa.select(deliveries).where(_column.state == State.PENDING, _column.channel.in_(list(channels)))
    for delivery in fetch(tx, statement.order_by(_column.priority.desc(), _column.id)):
        queues[delivery.channel].free.append(delivery)
    return queues

"""What is uncertain, what a look found, and what must be looked for before it is sent."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from crosspost.model import Delivery, State
from crosspost.policy import Unsettled
from crosspost.store import accounts
from crosspost.store.database import Tx
from crosspost.store.deliveries import fetch
from crosspost.store.tables import attempts, deliveries

_column = deliveries.c


def due_uncertain(tx: Tx, now: datetime) -> Sequence[Delivery]:
    """Return the uncertain deliveries whose settle time has passed.

    Also those that are uncertain since a moment to come: the clock was set back, see `policy.wait_anew`.
    """
    due = sa.or_(_column.not_before <= now, _column.updated > now)
    return fetch(tx, sa.select(deliveries).where(_column.state == State.UNCERTAIN, due).order_by(_column.id))


def uncertain(tx: Tx) -> Sequence[Delivery]:
    """Return all that is uncertain, the oldest first."""
    return fetch(tx, sa.select(deliveries).where(_column.state == State.UNCERTAIN).order_by(_column.id))


def look_again(tx: Tx, delivery: Delivery, unsettled: Unsettled, *, now: datetime) -> None:
    """Keep an uncertain delivery uncertain, and look again later.

    `updated` keeps saying since when it is, but no moment to come.
    """
    tx.execute(
        sa.update(deliveries)
        .where(
            _column.id == delivery.id,
            _column.state == State.UNCERTAIN,
            _column.attempts == delivery.attempts,
            _column.looks == delivery.looks,  # two processes that look at once look once
        )
        .values(
            reason=unsettled.reason,
            not_before=unsettled.not_before,
            looks=delivery.looks + unsettled.looked,
            updated=min(delivery.updated, now),
        )
    )


def first_attempt(tx: Tx, delivery: Delivery) -> datetime:
    """Return when the first attempt began: no post of this delivery is older."""
    statement = sa.select(sa.func.min(attempts.c.started)).where(attempts.c.delivery_id == delivery.id)
    began: datetime | None = tx.execute(statement).scalar_one_or_none()
    return began or delivery.created


def went_out(tx: Tx, channel: str, since: datetime, until: datetime) -> Sequence[Delivery]:
    """Return the deliveries whose posts the network named: attempted and delivered within this span.

    Also those of other channels of the same account, such as a former name of this one.
    """
    began = (
        sa.select(sa.func.min(attempts.c.started))
        .where(attempts.c.delivery_id == _column.id)
        .correlate(deliveries)
        .scalar_subquery()
    )
    return fetch(
        tx,
        sa.select(deliveries)
        .where(
            _column.state == State.DELIVERED,
            _column.channel.in_(accounts.sharing(channel)),
            _column.remote_id != "",
            _column.updated.between(since, until),
            began >= since,
        )
        .order_by(_column.id.desc()),
    )


def to_look_first(tx: Tx, channel: str) -> Sequence[Delivery]:
    """Return the deliveries that may be on the channel since before a gap."""
    waiting = _column.state.in_((State.PENDING, State.HELD))
    return fetch(tx, sa.select(deliveries).where(waiting, _column.channel == channel, _column.look_first))


def look_first(tx: Tx) -> None:
    """Let nothing that waits go out unseen: there was a gap in what we know."""
    waiting = _column.state.in_((State.PENDING, State.HELD))
    tx.execute(sa.update(deliveries).where(waiting).values(look_first=True))


def looked_first(tx: Tx, ids: Collection[int]) -> None:
    """Let these deliveries go: the network has none of them."""
    tx.execute(sa.update(deliveries).where(_column.id.in_(ids)).values(look_first=False))

"""Deliveries as people recognise them, and how many there are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from crosspost.model import Delivery, State
from crosspost.store.database import Tx
from crosspost.store.deliveries import from_row
from crosspost.store.tables import deliveries, entries


@dataclass(frozen=True, slots=True)
class Shown:
    """A delivery with what a person needs to recognise it."""

    delivery: Delivery
    title: str
    permalink: str
    feed: str


def counts(tx: Tx) -> Mapping[tuple[str, State], int]:
    """Return how many deliveries each channel has in each state."""
    statement = sa.select(deliveries.c.channel, deliveries.c.state, sa.func.count()).group_by(
        deliveries.c.channel, deliveries.c.state
    )
    return {(channel, State(state)): number for channel, state, number in tx.execute(statement)}


def newest(
    tx: Tx,
    *,
    states: Collection[State] = (),
    channel: str | None = None,
    feed: str | None = None,
    limit: int,
) -> Sequence[Shown]:
    """Return deliveries, the newest first."""
    statement = sa.select(deliveries, entries.c.title, entries.c.permalink, entries.c.feed).join(entries)
    if states:
        statement = statement.where(deliveries.c.state.in_(list(states)))
    if channel is not None:
        statement = statement.where(deliveries.c.channel == channel)
    if feed is not None:
        statement = statement.where(entries.c.feed == feed)
    rows = tx.execute(statement.order_by(deliveries.c.id.desc()).limit(limit))
    return [
        Shown(from_row(row), row["title"] or row["permalink"], row["permalink"], row["feed"])
        for row in rows.mappings()
    ]

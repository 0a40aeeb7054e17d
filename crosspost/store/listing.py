"""Deliveries as people recognise them, and how many there are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from crosspost.model import DRY_RUN, SHOWN, Delivery, State
from crosspost.store.database import Tx
from crosspost.store.deliveries import from_row
from crosspost.store.tables import deliveries, entries

_IS_SHOWN = sa.and_(deliveries.c.state == State.SKIPPED, deliveries.c.reason == DRY_RUN)


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


def shown(tx: Tx) -> Mapping[str, int]:
    """Return how many of each channel's skipped deliveries are those that a dry run showed."""
    statement = sa.select(deliveries.c.channel, sa.func.count()).where(_IS_SHOWN)
    return dict(map(tuple, tx.execute(statement.group_by(deliveries.c.channel))))


def newest(
    tx: Tx,
    *,
    states: Collection[str] = (),
    channel: str | None = None,
    feed: str | None = None,
    limit: int,
) -> Sequence[Shown]:
    """Return deliveries, the newest first.

    `states`: words of `model.STANDINGS`; what a dry run showed is `SHOWN`, and not among the skipped.
    """
    statement = sa.select(deliveries, entries.c.title, entries.c.permalink, entries.c.feed).join(entries)
    if states:
        statement = statement.where(_stand_as(states))
    if channel is not None:
        statement = statement.where(deliveries.c.channel == channel)
    if feed is not None:
        statement = statement.where(entries.c.feed == feed)
    rows = tx.execute(statement.order_by(deliveries.c.id.desc()).limit(limit))
    return [
        Shown(from_row(row), row["title"] or row["permalink"], row["permalink"], row["feed"])
        for row in rows.mappings()
    ]


def _stand_as(states: Collection[str]) -> sa.ColumnElement[bool]:
    """Compare states first, which have an index, and reasons only of what was skipped."""
    on_record = {State.SKIPPED if state == SHOWN else State(state) for state in states}
    found = deliveries.c.state.in_(sorted(on_record))
    if (SHOWN in states) == (State.SKIPPED in states):
        return found
    return sa.and_(found, _IS_SHOWN if SHOWN in states else sa.not_(_IS_SHOWN))

"""Deliveries as people recognise them, and how many there are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """The deliveries that are in one state for one reason: how many, the oldest, and when one last changed."""

    count: int
    oldest: Shown
    changed: datetime


def alike(tx: Tx, states: Collection[State]) -> Sequence[Alike]:
    """Return what is in these states, put together by state and reason; what came first is first."""
    column = deliveries.c
    oldest = sa.func.min(column.id).label("oldest")
    groups = (
        sa.select(oldest, sa.func.count().label("count"), sa.func.max(column.updated).label("changed"))
        .where(column.state.in_(list(states)))
        .group_by(column.state, column.reason)
        .subquery()
    )
    statement = (
        _SHOWN.add_columns(groups.c.count, groups.c.changed)
        .join(groups, column.id == groups.c.oldest)
        .order_by(column.id)
    )
    return [
        Alike(count=row["count"], oldest=_shown(row), changed=row["changed"])
        for row in tx.execute(statement).mappings()
    ]


def named(tx: Tx, ids: Collection[int]) -> Sequence[Shown]:
    """Return the deliveries of these ids."""
    statement = _SHOWN.where(deliveries.c.id.in_(list(ids))).order_by(deliveries.c.id)
    return [_shown(row) for row in tx.execute(statement).mappings()]


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
    statement = _SHOWN
    if states:
        statement = statement.where(deliveries.c.state.in_(list(states)))
    if channel is not None:
        statement = statement.where(deliveries.c.channel == channel)
    if feed is not None:
        statement = statement.where(entries.c.feed == feed)
    rows = tx.execute(statement.order_by(deliveries.c.id.desc()).limit(limit))
    return [_shown(row) for row in rows.mappings()]


_SHOWN = sa.select(deliveries, entries.c.title, entries.c.permalink, entries.c.feed).join(entries)


def _shown(row: Mapping[Any, Any]) -> Shown:
    return Shown(from_row(row), row["title"] or row["permalink"], row["permalink"], row["feed"])

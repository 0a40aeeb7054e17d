"""Deliveries as people recognise them, and how many there are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """The deliveries that are in one state for one reason. `changed`: when one of them last did."""

    count: int
    first: Sequence[Shown]
    """At most `MOST_NAMED` of them, the oldest first."""
    changed: datetime


MOST_NAMED = 5
"""How many deliveries that are alike are named."""


def alike(tx: Tx, states: Collection[State]) -> Sequence[Alike]:
    """Return what is in these states, put together by state and reason; what came first is first."""
    column = deliveries.c
    group = (column.state, column.reason)
    ranked = (
        sa.select(
            column.id,
            sa.func.count().over(partition_by=group).label("count"),
            sa.func.max(column.updated).over(partition_by=group).label("changed"),
            sa.func.row_number().over(partition_by=group, order_by=column.id).label("place"),
        )
        .where(column.state.in_(list(states)))
        .subquery()
    )
    statement = (
        _NAMED.add_columns(ranked.c.count, ranked.c.changed)
        .join(ranked, column.id == ranked.c.id)
        .where(ranked.c.place <= MOST_NAMED)
        .order_by(column.id)
    )
    groups: dict[tuple[str, str], list[Any]] = {}
    for row in tx.execute(statement).mappings():
        groups.setdefault((row["state"], row["reason"]), []).append(row)
    return [
        Alike(count=rows[0]["count"], first=[_shown(row) for row in rows], changed=rows[0]["changed"])
        for rows in groups.values()
    ]


def named(tx: Tx, ids: Collection[int]) -> Sequence[Shown]:
    """Return the deliveries of these ids."""
    statement = _NAMED.where(deliveries.c.id.in_(list(ids))).order_by(deliveries.c.id)
    return [_shown(row) for row in tx.execute(statement).mappings()]


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
    statement = _NAMED
    if states:
        statement = statement.where(_stand_as(states))
    if channel is not None:
        statement = statement.where(deliveries.c.channel == channel)
    if feed is not None:
        statement = statement.where(entries.c.feed == feed)
    rows = tx.execute(statement.order_by(deliveries.c.id.desc()).limit(limit))
    return [_shown(row) for row in rows.mappings()]


def _stand_as(states: Collection[str]) -> sa.ColumnElement[bool]:
    """Compare states first, which have an index, and reasons only of what was skipped."""
    on_record = {State.SKIPPED if state == SHOWN else State(state) for state in states}
    found = deliveries.c.state.in_(sorted(on_record))
    if (SHOWN in states) == (State.SKIPPED in states):
        return found
    return sa.and_(found, _IS_SHOWN if SHOWN in states else sa.not_(_IS_SHOWN))


_NAMED = sa.select(deliveries, entries.c.title, entries.c.permalink, entries.c.feed).join(entries)


def _shown(row: Mapping[Any, Any]) -> Shown:
    return Shown(from_row(row), row["title"] or row["permalink"], row["permalink"], row["feed"])

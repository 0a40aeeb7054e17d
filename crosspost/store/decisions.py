"""Who decided what: on record for good."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from crosspost.store.database import Tx
from crosspost.store.tables import decisions

_column = decisions.c


def record(
    tx: Tx,
    verb: str,
    *,
    made_by: str,
    channel: str,
    delivery_id: int | None = None,
    detail: str = "",
    now: datetime,
) -> None:
    """Put a person's decision on record."""
    tx.execute(
        sa.insert(decisions).values(
            at=now, made_by=made_by, verb=verb, delivery_id=delivery_id, channel=channel, detail=detail
        )
    )


def skipped(tx: Tx, channel: str) -> frozenset[int]:
    """Return the channel's deliveries that a person let go, at one time or another."""
    let_go = sa.select(_column.delivery_id).where(_column.channel == channel, _column.verb == "skip")
    return frozenset(number for number in tx.execute(let_go).scalars() if number is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a person decided about a delivery, and when (UTC)."""

    by: str
    verb: str
    at: datetime
    detail: str


def of(tx: Tx, delivery_ids: Iterable[int]) -> Mapping[int, Sequence[Decided]]:
    """Return what was decided about these deliveries, the oldest first."""
    decided: dict[int, list[Decided]] = {}
    rows = tx.execute(
        sa.select(decisions).where(_column.delivery_id.in_(list(delivery_ids))).order_by(_column.id)
    )
    for row in rows:
        decision = Decided(by=row.made_by, verb=row.verb, at=row.at, detail=row.detail)
        decided.setdefault(row.delivery_id, []).append(decision)
    return decided

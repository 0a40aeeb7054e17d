"""Who decided what: on record for good."""

from collections.abc import Iterable, Mapping
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


def of(tx: Tx, delivery_ids: Iterable[int]) -> Mapping[int, list[dict[str, str]]]:
    """Return what was decided about these deliveries, the oldest first."""
    decided: dict[int, list[dict[str, str]]] = {}
    rows = tx.execute(
        sa.select(decisions).where(_column.delivery_id.in_(list(delivery_ids))).order_by(_column.id)
    )
    for row in rows:
        said = {"by": row.made_by, "verb": row.verb, "at": row.at.isoformat(), "detail": row.detail}
        decided.setdefault(row.delivery_id, []).append(said)
    return decided

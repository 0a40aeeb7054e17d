"""The way out: reserve a delivery, put the attempt on record, record how it ended.

The statements are built once: building one costs more than SQLite needs to run it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import bindparam

from crosspost.model import Act, Delivery, Draft, State
from crosspost.policy import Bare, Closed, Delivered, InDoubt, Outcome, Pending
from crosspost.store import media
from crosspost.store.database import Tx
from crosspost.store.deliveries import compare_and_move, consequences, fetch, from_row
from crosspost.store.drafts import fingerprint, to_json
from crosspost.store.tables import attempts, deliveries

_column = deliveries.c


_FREE = sa.or_(_column.lease_until.is_(None), _column.lease_until <= bindparam("now"))
_NEXT = (
    sa.select(_column.id)
    .where(
        _column.state == State.PENDING,
        _column.channel == bindparam("on"),
        _column.not_before <= bindparam("now"),
        ~_column.look_first,
        _FREE,
    )
    .order_by(_column.priority.desc(), _column.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_RESERVE = (
    sa.update(deliveries)
    .where(_column.id == _NEXT.scalar_subquery())
    .values(owner=bindparam("by"), lease_until=bindparam("until"))
    .returning(*_column)
)


def reserve(tx: Tx, channel: str, *, owner: str, now: datetime, until: datetime) -> Delivery | None:
    """Take the channel's first due delivery for preparation, if nobody else has.

    Nothing is public yet: if we die, the lease just ends.
    """
    values = {"on": channel, "by": owner, "now": now, "until": until}
    row = tx.execute(_RESERVE, values).mappings().one_or_none()
    return from_row(row) if row else None


_TAKE = (
    sa.update(deliveries)
    .where(_column.id == bindparam("this"), _column.state == State.PENDING, _FREE)
    .values(owner=bindparam("by"), lease_until=bindparam("until"))
    .returning(*_column)
)


def take(tx: Tx, delivery_id: int, *, owner: str, now: datetime, until: datetime) -> Delivery | None:
    """Reserve this one delivery, if it still waits and nobody else has."""
    values = {"this": delivery_id, "by": owner, "now": now, "until": until}
    row = tx.execute(_TAKE, values).mappings().one_or_none()
    return from_row(row) if row else None


_BEGIN = (
    sa.update(deliveries)
    .where(
        _column.id == bindparam("this"),
        _column.state == State.PENDING,
        _column.owner == bindparam("by"),
        _column.attempts == bindparam("number") - 1,
    )
    .values(
        state=State.SENDING,
        updated=bindparam("now"),
        attempts=bindparam("number"),
        counted=_column.counted + 1,
        lease_until=bindparam("until"),
        draft=bindparam("frozen"),
        note=bindparam("remark"),
        revision=bindparam("carries"),
        account=bindparam("for_account"),
        reason="",
    )
)
_ATTEMPT = sa.insert(attempts)
CLAIM = (_RESERVE, _BEGIN, _ATTEMPT)
"""The statements of the way out, for `make bench`, which runs them without us."""


def begin_attempt(
    tx: Tx,
    delivery: Delivery,
    draft: Draft,
    *,
    owner: str,
    account: str = "",
    note: str,
    revision: str,
    now: datetime,
    until: datetime,
    ahead: timedelta = timedelta(0),
) -> int | None:
    """Put an attempt to publish on record, before its first byte leaves: pending -> sending.

    Return its number, or None if the reservation was lost. `account`: for whom it is, see `config.account`;
    `revision`: the entry's that the draft was made from; `until`: the end of the attempt's lease; `ahead`: how
    far our clock may be ahead, so that looks begin before the post.
    """
    number = delivery.attempts + 1
    values = {"this": delivery.id, "by": owner, "number": number, "now": now, "until": until}
    if not tx.execute(
        _BEGIN, values | {"frozen": to_json(draft), "remark": note, "carries": revision, "for_account": account}
    ).rowcount:
        return None
    tx.execute(
        _ATTEMPT,
        {
            "delivery_id": delivery.id,
            "number": number,
            "fingerprint": fingerprint(draft),
            "owner": owner,
            "started": now - ahead,
            "outcome": State.SENDING,
            "detail": "",
            "act": Act.PUBLISH,
        },
    )
    return number


def settle(tx: Tx, delivery_id: int, number: int, outcome: Outcome, *, now: datetime) -> bool:
    """Record how an attempt ended. False: somebody else settled it, and their word stands."""
    fence = _column.attempts == number
    is_free = isinstance(outcome, Pending | Bare | Closed) and not outcome.counts
    counted = _column.counted - (1 if is_free else 0)
    moved = compare_and_move(
        tx, delivery_id, State.SENDING, outcome.state, now, fence, counted=counted, **consequences(outcome)
    )
    if isinstance(outcome, Delivered):
        # Taken for lost, looked for in vain, given up: a receipt in hand ends all doubt about its own attempt,
        # as long as no other was begun.
        for old in (State.UNCERTAIN, State.PENDING, State.FAILED):
            moved = moved or compare_and_move(
                tx, delivery_id, old, State.DELIVERED, now, fence, **consequences(outcome)
            )
    if moved:
        tx.execute(
            sa.update(attempts)
            .where(attempts.c.delivery_id == delivery_id, attempts.c.number == number)
            .values(ended=now, outcome=outcome.state, detail=outcome.reason)
        )
        goes_bare = isinstance(outcome, Bare | InDoubt) and outcome.draft is not None
        if goes_bare or isinstance(outcome, Delivered):
            media.drop(tx, delivery_id)
    return moved


def take_back(tx: Tx, delivery_id: int, closed: Closed, *, now: datetime) -> bool:
    """Let a delivery wait again, with its words, whose failure turned out to be its channel's trouble."""
    counted = _column.counted - 1
    values = consequences(closed)
    return compare_and_move(tx, delivery_id, State.FAILED, State.PENDING, now, counted=counted, **values)


def postpone(
    tx: Tx, delivery: Delivery, *, reason: str, until: datetime, now: datetime, counts: bool = False
) -> None:
    """Let a pending delivery wait, and give back its reservation.

    It costs no attempt; `counts`: but one of the tries, as when a picture could not be uploaded.
    """
    tx.execute(
        sa.update(deliveries)
        .where(_column.id == delivery.id, _column.state == State.PENDING, _column.attempts == delivery.attempts)
        .values(
            reason=reason,
            not_before=until,
            owner=None,
            lease_until=None,
            updated=now,
            counted=_column.counted + (1 if counts else 0),
        )
    )


def remark(tx: Tx, delivery: Delivery, note: str) -> None:
    """Note on a delivery that is being prepared what need not be found out again, such as an unfit picture."""
    tx.execute(
        sa.update(deliveries)
        .where(_column.id == delivery.id, _column.state == State.PENDING, _column.attempts == delivery.attempts)
        .values(note=note)
    )


def leases_run_out(tx: Tx, now: datetime, longest: timedelta) -> Sequence[Delivery]:
    """Return the deliveries found `sending` after their lease.

    Also those whose lease ends later than `longest` allows from now: the clock was set back since.
    """
    out = sa.or_(_column.lease_until <= now, _column.lease_until > now + longest)
    return fetch(tx, sa.select(deliveries).where(_column.state == State.SENDING, out))

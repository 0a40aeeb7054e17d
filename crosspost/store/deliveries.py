"""The states of deliveries. Every move is a compare-and-set along `model.MOVES`; who lost a race is told.

The statements of the way out are built once: building one costs more than SQLite needs to run it.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from crosspost.model import MOVES, Delivery, Draft, State
from crosspost.policy import Outcome
from crosspost.store import media
from crosspost.store.database import Tx
from crosspost.store.drafts import fingerprint, from_json, to_json
from crosspost.store.tables import attempts, deliveries

_table = deliveries.c


def add(
    tx: Tx,
    entry_id: int,
    channel: str,
    state: State,
    *,
    reason: str,
    not_before: datetime,
    expires: datetime | None,
    now: datetime,
    look_first: bool = False,
) -> None:
    """Create a delivery in the transaction that marks its entry seen."""
    tx.execute(
        sa.insert(deliveries).values(
            entry_id=entry_id,
            channel=channel,
            state=state,
            reason=reason,
            key=uuid.uuid4().hex,
            attempts=0,
            counted=0,
            not_before=not_before,
            expires=expires,
            note="",
            remote_id="",
            url="",
            created=now,
            updated=now,
            look_first=look_first,
        )
    )


def get(tx: Tx, delivery_id: int) -> Delivery | None:
    row = tx.execute(sa.select(deliveries).where(_table.id == delivery_id)).mappings().one_or_none()
    return from_row(row) if row else None


def due_channels(tx: Tx, now: datetime) -> Mapping[str, int]:
    """Return the channels that have something due, and how much."""
    due = (
        sa.select(_table.channel, sa.func.count())
        .where(_table.state == State.PENDING, _table.not_before <= now)
        .group_by(_table.channel)
    )
    return {row.channel: row[1] for row in tx.execute(due)}


def next_moment(tx: Tx, now: datetime) -> datetime | None:
    """Return when the next delivery wants attention: sent, looked up, or taken from the dead; None if none."""
    moments = (
        sa.select(sa.func.min(_table.not_before)).where(_table.state == state, _table.not_before > now)
        for state in (State.PENDING, State.UNCERTAIN)
    )
    dead = sa.select(sa.func.min(_table.lease_until)).where(_table.state == State.SENDING)
    found = [tx.execute(one).scalar_one_or_none() for one in (*moments, dead)]
    return min((one for one in found if one is not None), default=None)


_FREE = sa.or_(_table.lease_until.is_(None), _table.lease_until <= bindparam("now"))
_NEXT = (
    sa.select(_table.id)
    .where(
        _table.state == State.PENDING,
        _table.channel == bindparam("on"),
        _table.not_before <= bindparam("now"),
        ~_table.look_first,
        _FREE,
    )
    .order_by(_table.not_before, _table.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_RESERVE = (
    sa.update(deliveries)
    .where(_table.id == _NEXT.scalar_subquery())
    .values(owner=bindparam("by"), lease_until=bindparam("until"))
    .returning(*_table)
)


def reserve(tx: Tx, channel: str, *, owner: str, now: datetime, until: datetime) -> Delivery | None:
    """Take the channel's oldest due delivery for preparation, if nobody else has.

    Nothing is public yet: if we die, the lease just ends.
    """
    values = {"on": channel, "by": owner, "now": now, "until": until}
    row = tx.execute(_RESERVE, values).mappings().one_or_none()
    return from_row(row) if row else None


_BEGIN = (
    sa.update(deliveries)
    .where(
        _table.id == bindparam("this"),
        _table.state == State.PENDING,
        _table.owner == bindparam("by"),
        _table.attempts == bindparam("number") - 1,
    )
    .values(
        state=State.SENDING,
        updated=bindparam("now"),
        attempts=bindparam("number"),
        counted=_table.counted + 1,
        lease_until=bindparam("until"),
        draft=bindparam("frozen"),
        note=bindparam("remark"),
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
    note: str,
    now: datetime,
    until: datetime,
) -> int | None:
    """Put an attempt on record, before its first byte leaves: pending -> sending.

    Return its number, or None if the reservation was lost. `until`: the end of the attempt's lease.
    """
    number = delivery.attempts + 1
    values = {"this": delivery.id, "by": owner, "number": number, "now": now, "until": until}
    if not tx.execute(_BEGIN, values | {"frozen": to_json(draft), "remark": note}).rowcount:
        return None
    tx.execute(
        _ATTEMPT,
        {
            "delivery_id": delivery.id,
            "number": number,
            "fingerprint": fingerprint(draft),
            "owner": owner,
            "started": now,
            "outcome": State.SENDING,
            "detail": "",
        },
    )
    return number


def settle(tx: Tx, delivery_id: int, number: int, outcome: Outcome, *, now: datetime) -> bool:
    """Record how an attempt ended. False: somebody else settled it, and their word stands."""
    fence = _table.attempts == number
    counted = _table.counted - (0 if outcome.used else 1)
    moved = _move(
        tx, delivery_id, State.SENDING, outcome.state, now, fence, counted=counted, **_consequences(outcome)
    )
    if outcome.state is State.DELIVERED:
        # Taken for lost, looked for in vain, given up: a receipt in hand ends all doubt about its own attempt,
        # as long as no other was begun.
        for old in (State.UNCERTAIN, State.PENDING, State.FAILED):
            moved = moved or _move(tx, delivery_id, old, State.DELIVERED, now, fence, **_consequences(outcome))
    if moved:
        tx.execute(
            sa.update(attempts)
            .where(attempts.c.delivery_id == delivery_id, attempts.c.number == number)
            .values(ended=now, outcome=outcome.state, detail=outcome.reason)
        )
        if outcome.state is State.DELIVERED:
            media.drop(tx, delivery_id)
    return moved


def postpone(
    tx: Tx, delivery: Delivery, *, reason: str, until: datetime, now: datetime, used: bool = False
) -> None:
    """Let a pending delivery wait, and give back its reservation.

    It costs no attempt; `used`: but one of the tries, as when a picture could not be uploaded.
    """
    tx.execute(
        sa.update(deliveries)
        .where(_table.id == delivery.id, _table.state == State.PENDING, _table.attempts == delivery.attempts)
        .values(
            reason=reason,
            not_before=until,
            owner=None,
            lease_until=None,
            updated=now,
            counted=_table.counted + (1 if used else 0),
        )
    )


def leases_run_out(tx: Tx, now: datetime, longest: timedelta) -> Sequence[Delivery]:
    """Return the deliveries found `sending` after their lease.

    Also those whose lease ends later than `longest` allows from now: the clock was set back since.
    """
    out = sa.or_(_table.lease_until <= now, _table.lease_until > now + longest)
    return _all(tx, sa.select(deliveries).where(_table.state == State.SENDING, out))


def due_uncertain(tx: Tx, now: datetime) -> Sequence[Delivery]:
    """Return the uncertain deliveries whose settle time has passed."""
    return _all(tx, sa.select(deliveries).where(_table.state == State.UNCERTAIN, _table.not_before <= now))


def uncertain(tx: Tx) -> Sequence[Delivery]:
    """Return all that is uncertain, the oldest first."""
    return _all(tx, sa.select(deliveries).where(_table.state == State.UNCERTAIN).order_by(_table.id))


def look_again(tx: Tx, delivery: Delivery, outcome: Outcome) -> None:
    """Keep an uncertain delivery uncertain, and look again later. `updated` keeps saying since when it is."""
    tx.execute(
        sa.update(deliveries)
        .where(
            _table.id == delivery.id,
            _table.state == State.UNCERTAIN,
            _table.attempts == delivery.attempts,
            _table.looks == delivery.looks,  # two processes that look at once look once
        )
        .values(reason=outcome.reason, not_before=outcome.not_before, looks=delivery.looks + outcome.looked)
    )


def first_attempt(tx: Tx, delivery: Delivery) -> datetime:
    """Return when the first attempt began: no post of this delivery is older."""
    statement = sa.select(sa.func.min(attempts.c.started)).where(attempts.c.delivery_id == delivery.id)
    began: datetime | None = tx.execute(statement).scalar_one_or_none()
    return began or delivery.created


def move(tx: Tx, delivery: Delivery, outcome: Outcome, *, now: datetime, by_person: bool = False) -> bool:
    """Move a delivery that is not being sent, if it is still as it was read.

    `by_person`: a person's yes outlives the horizon, and gives it all its tries again.
    """
    values = _consequences(outcome)
    if outcome.state is State.PENDING and by_person:
        values["counted"] = 0
        if delivery.state is not State.UNCERTAIN:
            values["expires"] = None
    if delivery.state in (State.FAILED, State.SKIPPED):
        values["draft"] = None  # what was refused is composed anew: the template may have been mended
        media.drop(tx, delivery.id)
    if outcome.state is State.DELIVERED:
        media.drop(tx, delivery.id)
    fences = (_table.attempts == delivery.attempts, _table.looks == delivery.looks)
    return _move(tx, delivery.id, delivery.state, outcome.state, now, *fences, **values)


def to_look_first(tx: Tx, channel: str) -> Sequence[Delivery]:
    """Return the deliveries that may be on the channel since before a gap."""
    waiting = _table.state.in_((State.PENDING, State.HELD))
    return _all(tx, sa.select(deliveries).where(waiting, _table.channel == channel, _table.look_first))


def look_first(tx: Tx) -> None:
    """Let nothing that waits go out unseen: there was a gap in what we know."""
    waiting = _table.state.in_((State.PENDING, State.HELD))
    tx.execute(sa.update(deliveries).where(waiting).values(look_first=True))


def looked_first(tx: Tx, ids: Collection[int]) -> None:
    """Let these deliveries go: the network has none of them."""
    tx.execute(sa.update(deliveries).where(_table.id.in_(ids)).values(look_first=False))


def receipts(tx: Tx, channel: str, remote_ids: Collection[str]) -> Mapping[str, int]:
    """Return which of these posts are, or once were, some delivery's, and whose."""
    statement = sa.select(_table.remote_id, _table.id).where(
        _table.channel == channel, _table.remote_id.in_(remote_ids), _table.remote_id != ""
    )
    return {row.remote_id: row.id for row in tx.execute(statement)}


def has_held(tx: Tx, entry_id: int) -> bool:
    """Tell whether an entry has deliveries that wait for a person."""
    statement = sa.select(_table.id).where(_table.entry_id == entry_id, _table.state == State.HELD).limit(1)
    return tx.execute(statement).first() is not None


def channels_of(tx: Tx, entry_ids: Collection[int]) -> Collection[str]:
    """Return the channels on which one of these entries has a delivery."""
    statement = sa.select(_table.channel).where(_table.entry_id.in_(entry_ids))
    return set(tx.execute(statement).scalars())


def _all(tx: Tx, statement: sa.Select[Any]) -> Sequence[Delivery]:
    return [from_row(row) for row in tx.execute(statement).mappings()]


def _move(
    tx: Tx,
    delivery_id: int,
    old: State,
    new: State,
    now: datetime,
    *fences: sa.ColumnElement[bool],
    **values: Any,
) -> bool:
    """Move along MOVES if the delivery still stands where it did, and behind every fence."""
    if (old, new) not in MOVES:
        raise ValueError(f"no delivery moves from {old} to {new}")
    result = tx.execute(
        sa.update(deliveries)
        .where(_table.id == delivery_id, _table.state == old, *fences)
        .values(state=new, updated=now, **values)
    )
    return bool(result.rowcount)


def _consequences(outcome: Outcome) -> dict[str, Any]:
    values: dict[str, Any] = {"reason": outcome.reason, "owner": None, "lease_until": None}
    if outcome.not_before is not None:
        values["not_before"] = outcome.not_before
    if outcome.state is State.DELIVERED:
        values |= {"remote_id": outcome.remote_id, "url": outcome.url, "look_first": False}
    if outcome.state is State.UNCERTAIN:
        values |= {"looks": 0, "duplicate": outcome.duplicate}
    return values


def from_row(row: Mapping[Any, Any]) -> Delivery:
    """Make the value from its row."""
    return Delivery(
        id=row["id"],
        entry_id=row["entry_id"],
        channel=row["channel"],
        state=State(row["state"]),
        reason=row["reason"],
        attempts=row["attempts"],
        counted=row["counted"],
        key=row["key"],
        not_before=row["not_before"],
        expires=row["expires"],
        remote_id=row["remote_id"],
        url=row["url"],
        note=row["note"],
        draft=from_json(row["draft"]) if row["draft"] else None,
        created=row["created"],
        updated=row["updated"],
        looks=row["looks"],
        duplicate=row["duplicate"],
        look_first=row["look_first"],
    )

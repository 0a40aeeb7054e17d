"""The states of deliveries. Every move is a compare-and-set along `model.MOVES`; whoever lost a race is told.

The way out is in `store.attempts`, looking at the network in `store.looks`.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import sqlalchemy as sa

from crosspost.model import MOVES, Delivery, State
from crosspost.policy import Bare, Closed, Delivered, Failed, InDoubt, NewDelivery, Outcome, Pending, Repeatable
from crosspost.policy.oddities import SCHEDULED, waits_for_date
from crosspost.policy.twins import SAME_ACCOUNT
from crosspost.store import accounts, bookings, media, waits
from crosspost.store.database import Tx
from crosspost.store.drafts import from_json, to_json
from crosspost.store.tables import channels, deliveries

_column = deliveries.c


def add(tx: Tx, new: Iterable[tuple[int, NewDelivery]], *, now: datetime) -> None:
    """Create deliveries of the entries of these ids, in the transaction that marks the entries seen."""
    rows = [
        {
            "entry_id": entry_id,
            "channel": delivery.channel,
            "state": delivery.admission.state,
            "reason": delivery.admission.reason,
            "key": uuid.uuid4().hex,
            "attempts": 0,
            "counted": 0,
            "not_before": delivery.not_before,
            "expires": delivery.expires,
            "note": "",
            "remote_id": "",
            "url": "",
            "created": now,
            "updated": now,
            "look_first": delivery.admission.look_first,
            "priority": delivery.priority,
            "promotional": delivery.promotional,
            "account": delivery.account,
            "fills": delivery.fills,
        }
        for entry_id, delivery in new
    ]
    if rows:
        tx.execute(sa.insert(deliveries), rows)


def get(tx: Tx, delivery_id: int) -> Delivery | None:
    row = tx.execute(sa.select(deliveries).where(_column.id == delivery_id)).mappings().one_or_none()
    return from_row(row) if row else None


def of_entry(tx: Tx, entry_id: int) -> Mapping[str, Delivery]:
    """Return an entry's deliveries, by their channels."""
    made = fetch(tx, sa.select(deliveries).where(_column.entry_id == entry_id))
    return {delivery.channel: delivery for delivery in made}


def ask_for(tx: Tx, ids: Collection[int], *, at: tuple[datetime, str] | None = None) -> None:
    """Let what waits go by a person's word: no horizon ends it, and its account is looked at first.

    `at`: when it goes and why then, if a person said so. A reservation of it ends: it was made by other rules.
    """
    values: dict[str, Any] = {"expires": None, "look_first": True}
    if at is not None:
        not_before, reason = at
        values |= {"not_before": not_before, "reason": reason, "owner": None, "lease_until": None}
    waiting = sa.and_(_column.id.in_(ids), _column.state == State.PENDING)
    tx.execute(sa.update(deliveries).where(waiting).values(values))


def due_channels(tx: Tx, now: datetime, digest: str | None = None) -> Mapping[str, int]:
    """Return the channels that have something due, and how much.

    With the configuration's `digest`, without those of which it is on record that they wait.
    """
    due = (
        sa.select(_column.channel, sa.func.count())
        .where(_column.state == State.PENDING, _column.not_before <= now)
        .group_by(_column.channel)
    )
    if digest is not None:
        due = due.where(_column.channel.not_in(waits.channels(now, digest)))
    return {row.channel: row[1] for row in tx.execute(due)}


def next_moment(tx: Tx, now: datetime) -> datetime | None:
    """Return when the next delivery wants attention: sent, looked up, or taken from the dead; None if none.

    A channel that waits for room wants it when it has some, and a closed one when it is to be opened.
    """
    moments = (
        sa.select(sa.func.min(_column.not_before)).where(_column.state == state, _column.not_before > now)
        for state in (State.PENDING, State.UNCERTAIN)
    )
    opened = sa.select(sa.func.min(channels.c.closed_until)).where(channels.c.closed_until > now)
    dead = sa.select(sa.func.min(_column.lease_until)).where(_column.state == State.SENDING)
    asked = (
        tx.execute(select).scalar_one_or_none() for select in (*moments, opened, dead, waits.next_end(now))
    )
    return min((moment for moment in asked if moment is not None), default=None)


def move(tx: Tx, delivery: Delivery, outcome: Outcome, *, now: datetime, by_person: bool = False) -> bool:
    """Move a delivery that is not being sent, if it is still as it was read.

    `by_person`: a person's yes outlives the horizon, and gives it all its tries again.
    """
    values = consequences(outcome)
    if delivery.state is State.UNCERTAIN:  # all that leads out of it settles the doubt, but sending it again
        values["repeat_until"] = outcome.until if isinstance(outcome, Repeatable) else None
    if outcome.state is State.PENDING and by_person:
        values["counted"] = 0
        if delivery.state is not State.UNCERTAIN:
            values["expires"] = None
    if delivery.state in (State.FAILED, State.SKIPPED) and delivery.repeat_until is None:
        # What was refused is composed anew: the template may have been mended, or the picture.
        values |= {"draft": None, "note": ""}
        media.drop(tx, delivery.id)
    may_be_there = False
    match outcome:
        case Delivered():
            media.drop(tx, delivery.id)
        case Repeatable() | Failed(may_be_there=True):
            may_be_there = True
    fences = (_column.attempts == delivery.attempts, _column.looks == delivery.looks)
    return compare_and_move(
        tx, delivery.id, delivery.state, outcome.state, now, *fences, keeps_booking=may_be_there, **values
    )


def receipts(tx: Tx, channel: str, remote_ids: Collection[str]) -> Mapping[str, int]:
    """Return which of these posts are, or once were, some delivery's of the channel's account, and whose."""
    statement = sa.select(_column.remote_id, _column.id).where(
        _column.channel.in_(accounts.sharing(channel)),
        _column.remote_id.in_(remote_ids),
        _column.remote_id != "",
    )
    return {row.remote_id: row.id for row in tx.execute(statement)}


def waiting_beside(tx: Tx, names: Iterable[str]) -> Mapping[str, int]:
    """Return how much is to be sent on channels beside these, which nobody serves."""
    waits = sa.and_(_column.state == State.PENDING, _column.channel.not_in(list(names)))
    counted = sa.select(_column.channel, sa.func.count()).where(waits).group_by(_column.channel)
    return {row.channel: row[1] for row in tx.execute(counted.order_by(_column.channel))}


def left_behind(tx: Tx, names: Iterable[str]) -> Collection[tuple[str, str]]:
    """Return the channels beside these that have something unfinished, and the account each speaks for."""
    unfinished = sa.and_(_column.state.in_(_UNFINISHED), _column.channel.not_in(list(names)))
    rows = tx.execute(sa.select(_column.channel, _column.account).where(unfinished).distinct())
    return [(row.channel, row.account) for row in rows]


def hand_over(tx: Tx, old: str, account: str, new: str) -> int:
    """Give what a channel left unfinished for an account to another channel; return how much that was.

    What the other one let go for its sake changes places with it; what it has otherwise stays where it is. The
    bookings must be locked.
    """
    theirs = deliveries.alias()
    left = sa.and_(_column.state.in_(_UNFINISHED), _column.channel == old, _column.account == account)
    unfinished = sa.select(_column.entry_id).where(left)
    gave_way = sa.and_(
        _column.channel == new,
        _column.state == State.SKIPPED,
        _column.reason.startswith(SAME_ACCOUNT, autoescape=True),
        _column.entry_id.in_(unfinished),
    )
    between = ">"  # no channel is called so
    tx.execute(sa.update(deliveries).where(gave_way).values(channel=between))
    has = sa.select(theirs.c.id).where(theirs.c.entry_id == _column.entry_id, theirs.c.channel == new)
    count = tx.execute(sa.update(deliveries).where(left, ~has.exists()).values(channel=new)).rowcount
    tx.execute(sa.update(deliveries).where(_column.channel == between).values(channel=old))
    return count


_UNFINISHED = (State.HELD, State.PENDING, State.SENDING, State.UNCERTAIN, State.HANDED, State.FAILED)


def reschedule(
    tx: Tx, entry_id: int, *, now: datetime, dated: datetime | None, horizon: timedelta, zone: tzinfo = UTC
) -> None:
    """Let what waits for an entry's date follow it to another one; None: it has none any more."""
    moment = dated if dated is not None and dated > now else None
    waiting = sa.and_(
        _column.entry_id == entry_id,
        _column.state == State.PENDING,
        _column.attempts == 0,
        _column.reason.startswith(SCHEDULED, autoescape=True),
    )
    values = {
        "not_before": moment or now,
        "reason": waits_for_date(moment, zone) if moment else "",
        "expires": (moment or now) + horizon,
        "updated": now,
    }
    tx.execute(sa.update(deliveries).where(waiting).values(values))


def let_fill(tx: Tx, delivery_id: int) -> None:
    """Let a delivery fill its channel, and announce nothing: no horizon ends it."""
    tx.execute(sa.update(deliveries).where(_column.id == delivery_id).values(fills=True, expires=None))


def hold_back(tx: Tx, entry_id: int, reason: str, *, now: datetime) -> int:
    """Let what waits, and is certainly not there, wait for a person; return how much that was."""
    waiting = sa.and_(
        _column.entry_id == entry_id, _column.state == State.PENDING, _column.repeat_until.is_(None)
    )
    values = {"state": State.HELD, "reason": reason, "owner": None, "lease_until": None, "updated": now}
    return tx.execute(sa.update(deliveries).where(waiting).values(values)).rowcount


def fetch(tx: Tx, statement: sa.Select[Any]) -> Sequence[Delivery]:
    """Return the deliveries that a statement selects."""
    return [from_row(row) for row in tx.execute(statement).mappings()]


def compare_and_move(
    tx: Tx,
    delivery_id: int,
    old: State,
    new: State,
    now: datetime,
    *fences: sa.ColumnElement[bool],
    keeps_booking: bool = False,
    **values: Any,
) -> bool:
    """Move along MOVES if the delivery still stands where it did, and behind every fence.

    What it cost is given back if it is certainly not there, nor asked of a person; `keeps_booking`: it may be.
    """
    if (old, new) not in MOVES:
        raise ValueError(f"no delivery moves from {old} to {new}")
    bookings.lock(tx)
    result = tx.execute(
        sa.update(deliveries)
        .where(_column.id == delivery_id, _column.state == old, *fences)
        .values(state=new, updated=now, **values)
    )
    if not result.rowcount:
        return False
    if old in _COSTS_NOTHING and new not in _COSTS_NOTHING:
        bookings.restore(tx, delivery_id)
    elif new in _COSTS_NOTHING and not keeps_booking and bookings.give_back(tx, delivery_id):
        waits.forget(tx)  # there is room again
    return True


# Certainly not there, and in nobody's hands: what is handed to a person costs attention as a post does.
_COSTS_NOTHING = frozenset({State.HELD, State.PENDING, State.FAILED, State.SKIPPED})


def consequences(outcome: Outcome) -> dict[str, Any]:
    """Return the columns that an outcome writes, whatever the move."""
    values: dict[str, Any] = {"reason": outcome.reason, "owner": None, "lease_until": None}
    match outcome:
        case Delivered(remote_id=remote_id, url=url):
            values |= {"remote_id": remote_id, "url": url, "look_first": False}
        case InDoubt(not_before=not_before, duplicate=duplicate):
            values |= {"not_before": not_before, "looks": 0, "duplicate": duplicate}
        case Pending() | Repeatable() | Bare():
            values["not_before"] = outcome.not_before
        case Closed():
            pass  # its channel waits; it goes first, in its order, as soon as that is opened
    if isinstance(outcome, Bare | InDoubt) and outcome.draft is not None:
        values |= {"draft": to_json(outcome.draft), "note": outcome.note}
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
        repeat_until=row["repeat_until"],
        looks=row["looks"],
        duplicate=row["duplicate"],
        look_first=row["look_first"],
        priority=row["priority"],
        promotional=row["promotional"],
        account=row["account"],
        revision=row["revision"],
        fills=row["fills"],
    )

"""The states of deliveries. Every move is a compare-and-set along `model.MOVES`; who lost a race is told."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from crosspost.model import MOVES, Delivery, Draft, Media, State
from crosspost.policy import Outcome
from crosspost.store.drafts import fingerprint, from_json, to_json
from crosspost.store.tables import attempts, deliveries, media

_table = deliveries.c


async def add(
    tx: AsyncConnection,
    entry_id: int,
    channel: str,
    state: State,
    *,
    reason: str,
    not_before: datetime,
    expires: datetime | None,
    now: datetime,
) -> None:
    """Create a delivery in the transaction that marks its entry seen."""
    await tx.execute(
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
        )
    )


async def get(tx: AsyncConnection, delivery_id: int) -> Delivery | None:
    row = (await tx.execute(sa.select(deliveries).where(_table.id == delivery_id))).mappings().one_or_none()
    return from_row(row) if row else None


async def due_channels(tx: AsyncConnection, now: datetime) -> Mapping[str, int]:
    """Return the channels that have something due, and how much."""
    due = (
        sa.select(_table.channel, sa.func.count())
        .where(_table.state == State.PENDING, _table.not_before <= now)
        .group_by(_table.channel)
    )
    return {row.channel: row[1] for row in await tx.execute(due)}


async def next_due(tx: AsyncConnection, channel: str, now: datetime) -> Delivery | None:
    """Return the channel's oldest due delivery that nobody has reserved."""
    statement = (
        sa.select(deliveries)
        .where(
            _table.state == State.PENDING,
            _table.channel == channel,
            _table.not_before <= now,
            sa.or_(_table.lease_until.is_(None), _table.lease_until <= now),
        )
        .order_by(_table.not_before, _table.id)
        .limit(1)
    )
    row = (await tx.execute(statement)).mappings().one_or_none()
    return from_row(row) if row else None


async def next_moment(tx: AsyncConnection, now: datetime) -> datetime | None:
    """Return when the next pending delivery becomes due; None if none will."""
    statement = sa.select(sa.func.min(_table.not_before)).where(
        _table.state == State.PENDING, _table.not_before > now
    )
    found: datetime | None = (await tx.execute(statement)).scalar_one_or_none()
    return found


async def reserve(
    tx: AsyncConnection, delivery: Delivery, *, owner: str, now: datetime, until: datetime
) -> bool:
    """Take a pending delivery for preparation. Nothing is public yet: if we die, the lease just ends."""
    taken = await tx.execute(
        sa.update(deliveries)
        .where(
            _table.id == delivery.id,
            _table.state == State.PENDING,
            sa.or_(_table.lease_until.is_(None), _table.lease_until <= now),
        )
        .values(owner=owner, lease_until=until)
    )
    return bool(taken.rowcount)


async def begin_attempt(
    tx: AsyncConnection,
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
    moved = await _move(
        tx,
        delivery.id,
        State.PENDING,
        State.SENDING,
        now,
        _table.owner == owner,
        _table.attempts == delivery.attempts,
        attempts=number,
        counted=_table.counted + 1,
        lease_until=until,
        draft=to_json(draft),
        note=note,
        reason="",
    )
    if not moved:
        return None
    await tx.execute(
        sa.insert(attempts).values(
            delivery_id=delivery.id,
            number=number,
            fingerprint=fingerprint(draft),
            owner=owner,
            started=now,
            outcome=State.SENDING,
            detail="",
        )
    )
    return number


async def settle(
    tx: AsyncConnection, delivery_id: int, number: int, outcome: Outcome, *, now: datetime
) -> bool:
    """Record how an attempt ended. False: somebody else settled it, and their word stands."""
    moved = await _move(
        tx,
        delivery_id,
        State.SENDING,
        outcome.state,
        now,
        _table.attempts == number,
        counted=_table.counted - (0 if outcome.used else 1),
        **_consequences(outcome),
    )
    if not moved and outcome.state is State.DELIVERED:
        # Taken for lost, but it came after all: a receipt in hand ends the uncertainty about its own attempt.
        fence = _table.attempts == number
        moved = await _move(
            tx, delivery_id, State.UNCERTAIN, State.DELIVERED, now, fence, **_consequences(outcome)
        )
    if moved:
        await tx.execute(
            sa.update(attempts)
            .where(attempts.c.delivery_id == delivery_id, attempts.c.number == number)
            .values(ended=now, outcome=outcome.state, detail=outcome.reason)
        )
        if outcome.state is State.DELIVERED:
            await drop_picture(tx, delivery_id)
    return moved


async def postpone(
    tx: AsyncConnection, delivery: Delivery, *, reason: str, until: datetime, now: datetime, used: bool = False
) -> None:
    """Let a pending delivery wait, and give back its reservation.

    It costs no attempt; `used`: but one of the tries, as when a picture could not be uploaded.
    """
    await tx.execute(
        sa.update(deliveries)
        .where(_table.id == delivery.id, _table.state == State.PENDING, _table.attempts == delivery.attempts)
        .values(
            reason=reason,
            not_before=until,
            owner=None,
            lease_until=None,
            updated=now,
            counted=_table.counted + used,
        )
    )


async def leases_run_out(tx: AsyncConnection, now: datetime) -> Sequence[Delivery]:
    """Return the deliveries found `sending` after their lease."""
    statement = sa.select(deliveries).where(_table.state == State.SENDING, _table.lease_until <= now)
    return [from_row(row) for row in (await tx.execute(statement)).mappings()]


async def due_uncertain(tx: AsyncConnection, now: datetime) -> Sequence[Delivery]:
    """Return the uncertain deliveries whose settle time has passed."""
    statement = sa.select(deliveries).where(_table.state == State.UNCERTAIN, _table.not_before <= now)
    return [from_row(row) for row in (await tx.execute(statement)).mappings()]


async def postpone_look(tx: AsyncConnection, delivery_id: int, *, reason: str, until: datetime) -> None:
    """Keep an uncertain delivery uncertain, and look again later. `updated` keeps saying since when it is."""
    await tx.execute(
        sa.update(deliveries)
        .where(_table.id == delivery_id, _table.state == State.UNCERTAIN)
        .values(reason=reason, not_before=until)
    )


async def move(tx: AsyncConnection, delivery: Delivery, outcome: Outcome, *, now: datetime) -> bool:
    """Move a delivery that is not being sent, if it is still as it was read."""
    values = _consequences(outcome)
    if outcome.state is State.PENDING:
        values["counted"] = 0  # a person's yes, or a proof of absence, gives it all its tries again
        if delivery.state is not State.UNCERTAIN:
            values["expires"] = None  # a person's yes outlives the horizon
    if delivery.state in (State.FAILED, State.SKIPPED):
        values["draft"] = None  # what was refused is composed anew: the template may have been mended
        await drop_picture(tx, delivery.id)
    return await _move(
        tx, delivery.id, delivery.state, outcome.state, now, _table.attempts == delivery.attempts, **values
    )


async def receipts(tx: AsyncConnection, channel: str, remote_ids: Collection[str]) -> Collection[str]:
    """Return those of these posts that are already some delivery's receipt."""
    statement = sa.select(_table.remote_id).where(
        _table.state == State.DELIVERED, _table.channel == channel, _table.remote_id.in_(remote_ids)
    )
    return set((await tx.execute(statement)).scalars())


async def has_held(tx: AsyncConnection, entry_id: int) -> bool:
    """Tell whether an entry has deliveries that wait for a person."""
    statement = sa.select(_table.id).where(_table.entry_id == entry_id, _table.state == State.HELD).limit(1)
    return (await tx.execute(statement)).first() is not None


async def channels_of(tx: AsyncConnection, entry_ids: Collection[int]) -> Collection[str]:
    """Return the channels on which one of these entries has a delivery."""
    statement = sa.select(_table.channel).where(_table.entry_id.in_(entry_ids))
    return set((await tx.execute(statement)).scalars())


async def keep_picture(tx: AsyncConnection, delivery_id: int, picture: Media) -> None:
    """Keep the picture, and the id it was uploaded under, for later attempts."""
    await drop_picture(tx, delivery_id)
    await tx.execute(
        sa.insert(media).values(
            delivery_id=delivery_id,
            data=picture.data,
            mime=picture.mime,
            width=picture.width,
            height=picture.height,
            alt=picture.alt,
            remote_id=picture.remote_id,
            expires=picture.expires,
        )
    )


async def picture_of(tx: AsyncConnection, delivery_id: int) -> Media | None:
    row = (
        (await tx.execute(sa.select(media).where(media.c.delivery_id == delivery_id))).mappings().one_or_none()
    )
    if row is None:
        return None
    return Media(**{name: value for name, value in row.items() if name != "delivery_id"})


async def drop_picture(tx: AsyncConnection, delivery_id: int) -> None:
    await tx.execute(sa.delete(media).where(media.c.delivery_id == delivery_id))


async def _move(
    tx: AsyncConnection,
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
    result = await tx.execute(
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
        values |= {"remote_id": outcome.remote_id, "url": outcome.url}
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
    )

"""Carry out what is due: put the attempt on record, send once, record how it ended."""

import asyncio
import logging
from dataclasses import replace
from datetime import datetime, timedelta

from crosspost.accounts.renewal import using
from crosspost.compose.preview import as_data, preview
from crosspost.config import Channel
from crosspost.contract import AnyAdapter
from crosspost.delivery.closure import shut, tell_closed
from crosspost.delivery.events import tell_move
from crosspost.delivery.learning import has_changed, refreshed
from crosspost.delivery.prepare import Prepared, prepare, without_picture
from crosspost.delivery.record import record
from crosspost.delivery.turns import begin, take_turn
from crosspost.errors import (
    ConfigError,
    NoRoom,
    NotSent,
    PublishError,
    RateLimited,
    Rejected,
    StoreError,
    Uncertain,
)
from crosspost.house import House
from crosspost.http.again import again_while
from crosspost.model import DRY_RUN, Delivery, Draft, Receipt, State
from crosspost.policy import (
    Bare,
    Closed,
    Failed,
    InDoubt,
    Outcome,
    Pending,
    SetAside,
    after_failure,
    after_receipt,
    give_up,
    lease_ran_out,
)
from crosspost.report import Event, What
from crosspost.store import attempts, clock, deliveries
from crosspost.store.database import Tx

PREPARATION = timedelta(minutes=5)
"""How long a reservation lasts. Losing it is harmless: nothing has left."""
DEADLINE = timedelta(seconds=45)
LEASE = timedelta(minutes=2)
"""The attempt's; it outlasts the deadline, so that a live program always settles its own."""

_log = logging.getLogger(__name__)


async def due_channels(house: House) -> list[Channel]:
    """Return the channels that have something due, once the deliveries of the dead are recovered."""
    await _recover(house)
    due = await house.database.read(deliveries.due_channels, house.now(), house.config.digest)
    if due:
        count = sum(number for name, number in due.items() if name in house.config.channels)
        house.tell(Event(what=What.DUE, subject="", text="", data={"count": count}))
    return [channel for name, channel in house.config.channels.items() if name in due]


async def _recover(house: House) -> None:
    """Find the deliveries that a dead program was sending: nobody knows whether they arrived.

    What waits, or is reserved, by a clock that was set back since is put right first.
    """
    if await house.database.read(clock.is_wrong, house.now()):
        await house.database.write(clock.put_right, house.now())
    for delivery in await house.database.read(attempts.leases_run_out, house.now(), LEASE):
        channel = house.config.channels.get(delivery.channel)
        # A settle time is longer than a request's deadline: it covers whoever still sends by another clock.
        settle = channel.settle_time if channel else LEASE
        to_person = channel is None or channel.leaves_to_person
        outcome = lease_ran_out(house.now(), settle, leaves_to_person=to_person)
        await _settle(house, delivery, delivery.attempts, outcome)


async def serve(house: House, channel: Channel, stop: asyncio.Event) -> None:
    """Send one channel's due deliveries until there is none, the channel closes, or we are told to stop.

    Each has one turn, and another one without its picture: what comes back at once otherwise, as when its real
    price does not fit, waits for the next time.
    """
    had_turn: set[int] = set()
    channel = await refreshed(house, channel)
    while not stop.is_set():
        turn = await house.database.write(take_turn, house, channel, PREPARATION)
        for ended, became in turn.ended:
            await tell_move(house, ended, became)
        if turn.delivery is None:
            return
        if turn.delivery.id in had_turn:
            await _give_back(house, turn.delivery)
            return
        had_turn.add(turn.delivery.id)
        outcome = await _deliver(house, channel, turn.delivery, stop)
        if isinstance(outcome, Closed):
            tell_closed(house, channel.name, outcome)
            return
        if isinstance(outcome, Bare):
            had_turn.discard(turn.delivery.id)
        channel = house.config.channels[channel.name]  # its server may allow something else by now


async def _deliver(house: House, channel: Channel, delivery: Delivery, stop: asyncio.Event) -> Outcome | None:
    """Prepare and send one reserved delivery; return how it ended, None if it was not touched."""
    try:
        prepared = await prepare(house, channel, delivery)
    except (NoRoom, ConfigError) as error:
        return await _moved(house, delivery, _given_up(house, channel, delivery, str(error)))
    except PublishError as error:
        return await _not_prepared(house, channel, delivery, error, stop)
    except StoreError:
        raise
    except Exception as error:
        # Nothing has left, so giving up is safe; trying again for ever would block the channel.
        _log.exception("preparing delivery %s failed", delivery.id)
        reason = f"it could not be prepared: {type(error).__name__}: {error}"
        return await _moved(house, delivery, _given_up(house, channel, delivery, reason))
    if channel.dry_run:
        return await _show(house, channel, delivery, prepared)
    if stop.is_set():
        await _give_back(house, delivery)
        return None
    begun = await house.database.write(
        begin,
        house,
        channel,
        delivery,
        prepared.draft,
        prepared.price,
        note=prepared.note,
        revision=prepared.revision,
        lease=LEASE,
    )
    for ended, became in begun.ended:
        await tell_move(house, ended, became)
    if begun.number is None:
        return None
    if _in_time(house, begun.at):
        # From here on the network may have it, whatever becomes of us.
        outcome = await _send(house, channel, delivery, prepared.draft, begun.number, begun.at, stop)
    else:
        # By now somebody else may be at it: our word no longer counts.
        outcome = _after(house, channel, delivery, NotSent("the program was frozen before it could be sent"))
    if isinstance(outcome, Bare) or (isinstance(outcome, InDoubt) and outcome.note):
        outcome = replace(outcome, draft=await without_picture(house, channel, delivery, prepared))
    settled = await record(house, delivery, begun.number, outcome)
    if isinstance(settled, Failed) and settled.refused:
        settled = await _composed_anew(house, channel, delivery, settled) or settled
    if settled is not None:
        await tell_move(house, delivery, settled, prepared.note)
    return settled


async def _not_prepared(
    house: House, channel: Channel, delivery: Delivery, error: PublishError, stop: asyncio.Event
) -> Outcome | None:
    """Decide on what goes before the post and failed: nothing is public, whatever an adapter says of it."""
    if stop.is_set():
        await _give_back(house, delivery)
        return None
    nothing_public = error if isinstance(error, NotSent | Rejected) else NotSent(str(error))
    outcome = _after(house, channel, delivery, nothing_public)
    if isinstance(outcome, Closed):
        outcome = await house.database.write(shut, channel, outcome, house.now())
    if not isinstance(outcome, Pending | Closed):
        return await _moved(house, delivery, outcome)
    # A closed channel waits as a whole: this one goes first as soon as that is opened.
    until = delivery.not_before if isinstance(outcome, Closed) else outcome.not_before
    await _postpone(house, delivery, outcome.reason, until, counts=outcome.counts)
    await tell_move(house, delivery, outcome)
    return outcome


def _in_time(house: House, begun: datetime) -> bool:
    """Tell whether the whole deadline still lies inside the lease: not if we were frozen meanwhile."""
    return house.now() < begun + LEASE - DEADLINE


async def _send(
    house: House,
    channel: Channel,
    delivery: Delivery,
    draft: Draft,
    number: int,
    begun: datetime,
    stop: asyncio.Event,
) -> Outcome:
    """Make the one request, and decide what its end means.

    What certainly never left, as when nobody listens, is tried again at once, within the lease.
    """

    def still_in_time() -> bool:
        return _in_time(house, begun) and not stop.is_set()

    async def publish(adapter: AnyAdapter) -> Receipt:
        return await adapter.publish(draft, key=delivery.key)

    try:
        async with asyncio.timeout(DEADLINE.total_seconds()):
            return after_receipt(
                await again_while(still_in_time, using, house, channel, publish, still_in_time)
            )
    except PublishError as error:
        failure = error
        if stop.is_set() and isinstance(error, NotSent) and not isinstance(error, RateLimited):
            return Pending(reason=str(error), not_before=house.now(), counts=False)
    except TimeoutError:
        failure = Uncertain(f"the network did not answer within {DEADLINE.total_seconds():.0f} s")
    except asyncio.CancelledError:
        failure = Uncertain("the program was stopped while it was being sent; the network may have it")
        outcome = _after(house, channel, delivery, failure)
        await asyncio.shield(_settle(house, delivery, number, outcome))
        raise
    except Exception as error:
        # An adapter's own fault tells nothing about what the network did.
        _log.exception("the adapter %s failed", channel.adapter)
        failure = Uncertain(f"the adapter failed on its own: {type(error).__name__}: {error}")
    return _after(house, channel, delivery, failure, has_picture=draft.picture is not None)


def _after(
    house: House, channel: Channel, delivery: Delivery, error: PublishError, *, has_picture: bool = False
) -> Outcome:
    return after_failure(
        error,
        key=delivery.key,
        attempt=delivery.counted + 1,
        attempts=channel.attempts,
        now=house.now(),
        settle=channel.settle_time,
        leaves_to_person=channel.leaves_to_person,
        looks=channel.looks,
        may_be_there=delivery.repeat_until is not None,
        has_picture=has_picture,
    )


def _given_up(house: House, channel: Channel, delivery: Delivery, reason: str) -> Outcome:
    return give_up(
        reason,
        may_be_there=delivery.repeat_until is not None,
        now=house.now(),
        leaves_to_person=not channel.looks,
    )


async def _composed_anew(house: House, channel: Channel, delivery: Delivery, refused: Failed) -> Pending | None:
    """Let what was refused be composed anew, if a try is left and its server allows something else by now."""
    if delivery.counted + 1 >= channel.attempts or not await has_changed(house, channel):
        return None
    says = f"{refused.reason}; its server allows something else by now, so that it is composed anew"
    anew = Pending(reason=says, not_before=house.now())
    return anew if await house.database.write(_move_now, delivery.id, anew, house.now()) else None


def _move_now(tx: Tx, delivery_id: int, outcome: Outcome, now: datetime) -> bool:
    """Move a delivery from where it is, if it has not been moved on since it failed."""
    delivery = deliveries.get(tx, delivery_id)
    if delivery is None or delivery.state is not State.FAILED:
        return False
    return deliveries.move(tx, delivery, outcome, now=now)


async def _show(house: House, channel: Channel, delivery: Delivery, prepared: Prepared) -> Outcome | None:
    """Show what would be sent, and let the delivery go: a dry run is not made up for later."""
    shown = preview(channel, prepared.draft, note=prepared.note)
    outcome = SetAside(state=State.SKIPPED, reason=DRY_RUN)
    if not await house.database.write(deliveries.move, delivery, outcome, now=house.now()):
        return None
    text = f"would be sent (dry run): {prepared.draft.title or prepared.draft.permalink}"
    house.tell(
        Event(
            what=What.SHOWN,
            subject=channel.name,
            text=text,
            data={"id": delivery.id, **as_data(shown)},
            shown=shown,
        )
    )
    return outcome


async def _give_back(house: House, delivery: Delivery) -> None:
    """Give a reserved delivery back as it was: we were told to stop."""
    await _postpone(house, delivery, delivery.reason, delivery.not_before, counts=False)


async def _postpone(house: House, delivery: Delivery, reason: str, until: datetime, *, counts: bool) -> None:
    """Give a reserved delivery back, to be tried again from then on (UTC)."""
    postpone, now = attempts.postpone, house.now()
    await house.database.write(postpone, delivery, reason=reason, until=until, now=now, counts=counts)


async def _moved(house: House, delivery: Delivery, outcome: Outcome) -> Outcome | None:
    if not await house.database.write(deliveries.move, delivery, outcome, now=house.now()):
        return None
    await tell_move(house, delivery, outcome)
    return outcome


async def _settle(house: House, delivery: Delivery, number: int, outcome: Outcome) -> None:
    settled = await record(house, delivery, number, outcome)
    if settled is not None:
        await tell_move(house, delivery, settled)

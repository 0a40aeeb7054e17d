"""Carry out what is due: put the attempt on record, send once, record how it ended."""

import asyncio
import logging
from dataclasses import replace
from datetime import datetime, timedelta

from crosspost.adapter import settles_itself
from crosspost.compose import NoRoom
from crosspost.config import Channel
from crosspost.context import Context
from crosspost.errors import ConfigError, NotSent, PublishError, StoreError, Uncertain
from crosspost.model import Delivery, Draft, State
from crosspost.policy import Go, Never, Outcome, Wait, after, lease_ran_out, may_go, success
from crosspost.prepare import Prepared, prepare
from crosspost.report import Event, What
from crosspost.retried import retried
from crosspost.show import as_data, preview
from crosspost.store import channels, deliveries, entries

PREPARATION = timedelta(minutes=5)
"""How long a reservation lasts. Losing it is harmless: nothing has left."""
DEADLINE = timedelta(seconds=45)
LEASE = timedelta(minutes=2)
"""The attempt's; it outlasts the deadline, so that a live program always settles its own."""

LONGEST_CLOSURE = timedelta(days=8)
"""No network asks for more; a later moment on record comes from a clock that was wrong."""

_log = logging.getLogger(__name__)
_EVENTS = {
    State.DELIVERED: What.DELIVERED,
    State.PENDING: What.WAITS,
    State.FAILED: What.FAILED,
    State.UNCERTAIN: What.UNCERTAIN,
    State.SKIPPED: What.SKIPPED,
}


async def due_channels(ctx: Context) -> list[Channel]:
    """Return the channels that have something due, once the deliveries of the dead are recovered."""
    await _recover(ctx)
    async with ctx.database.read() as tx:
        due = await deliveries.due_channels(tx, ctx.now())
    if due:
        count = sum(number for name, number in due.items() if name in ctx.config.channels)
        ctx.tell(Event(what=What.DUE, subject="", text="", data={"count": count}))
    return [channel for name, channel in ctx.config.channels.items() if name in due]


async def _recover(ctx: Context) -> None:
    """Find the deliveries that a dead program was sending: nobody knows whether they arrived."""
    now = ctx.now()
    async with ctx.database.read() as tx:
        found = await deliveries.leases_run_out(tx, now)
    for delivery in found:
        channel = ctx.config.channels.get(delivery.channel)
        settle = channel.adapter_class.capabilities.settle if channel else LEASE
        can_settle = channel is not None and settles_itself(ctx.adapter(channel))
        outcome = lease_ran_out(now, settle, settles_itself=can_settle)
        await _settle(ctx, delivery, delivery.attempts, outcome)


async def serve(ctx: Context, channel: Channel, stop: asyncio.Event) -> None:
    """Send one channel's due deliveries until there is none, the channel closes, or we are told to stop."""
    if not await _is_open(ctx, channel):
        return
    while not stop.is_set():
        delivery = await _reserve(ctx, channel)
        if delivery is None:
            return
        outcome = await _deliver(ctx, channel, delivery, stop)
        if outcome is not None and outcome.closes_channel:
            await _close(ctx, channel, outcome)
            return


async def _is_open(ctx: Context, channel: Channel) -> bool:
    """Tell whether the channel takes anything; a credential once refused is verified before it is used."""
    async with ctx.database.read() as tx:
        state = (await channels.load(tx, [channel.name]))[channel.name]
    if state.closed_until is None or channel.dry_run:
        return True
    if ctx.now() < state.closed_until <= ctx.now() + LONGEST_CLOSURE:
        _tell_closed(ctx, channel.name, state.closed_until, state.closed_because, state.needs_person)
        return False
    if state.needs_person:
        try:
            async with asyncio.timeout(DEADLINE.total_seconds()):
                await retried(ctx.adapter(channel).verify)
        except (PublishError, TimeoutError) as error:
            cause = error if isinstance(error, PublishError) else NotSent("the network did not answer")
            outcome = after(cause, key=channel.name, attempt=1, attempts=2, now=ctx.now(), settle=DEADLINE)
            await _close(ctx, channel, outcome)
            return False
    async with ctx.database.write() as tx:
        await channels.reopen(tx, channel.name)
    return True


async def _close(ctx: Context, channel: Channel, outcome: Outcome) -> None:
    until = outcome.not_before or ctx.now() + LEASE
    async with ctx.database.write() as tx:
        await channels.close(
            tx, channel.name, until=until, because=outcome.reason, needs_person=outcome.needs_person
        )
    _tell_closed(ctx, channel.name, until, outcome.reason, outcome.needs_person)


def _tell_closed(ctx: Context, name: str, until: datetime, because: str, needs_person: bool) -> None:
    text = f"takes nothing before {until:%Y-%m-%d %H:%M} UTC: {because}"
    ctx.tell(Event(what=What.CHANNEL_CLOSED, subject=name, text=text, needs_person=needs_person))


async def _reserve(ctx: Context, channel: Channel) -> Delivery | None:
    """Take the channel's next due delivery, letting go those that may never be sent."""
    while True:
        now = ctx.now()
        async with ctx.database.write() as tx:
            delivery = await deliveries.next_due(tx, channel.name, now)
            if delivery is None:
                return None
            match may_go(delivery, now=now):
                case Go():
                    await deliveries.reserve(tx, delivery, owner=ctx.owner, now=now, until=now + PREPARATION)
                    return delivery
                case Wait(until, reason):
                    await deliveries.postpone(tx, delivery, reason=reason, until=until, now=now)
                    outcome = Outcome(state=State.PENDING, reason=reason, not_before=until)
                case Never(reason):
                    outcome = Outcome(state=State.SKIPPED, reason=reason)
                    await deliveries.move(tx, delivery, outcome, now=now)
        await _tell(ctx, delivery, outcome)


async def _deliver(ctx: Context, channel: Channel, delivery: Delivery, stop: asyncio.Event) -> Outcome | None:
    """Prepare and send one reserved delivery; return how it ended, None if it was not touched."""
    now = ctx.now
    try:
        prepared = await prepare(ctx, channel, delivery)
    except (NoRoom, ConfigError) as error:
        outcome = Outcome(state=State.FAILED, reason=str(error), needs_person=True)
        return await _moved(ctx, delivery, outcome)
    except PublishError as error:
        # Only an upload can fail so: nothing is public, and no attempt was made.
        outcome = _after(ctx, channel, delivery, error)
        if outcome.state is State.FAILED:
            return await _moved(ctx, delivery, outcome)
        # Whatever else an adapter says of an upload, nothing is public: it waits, and is tried again.
        outcome = replace(outcome, state=State.PENDING)
        await _postpone(ctx, delivery, outcome)
        await _tell(ctx, delivery, outcome)
        return outcome
    except StoreError:
        raise
    except Exception as error:
        # Nothing has left, so giving up is safe; trying again for ever would block the channel.
        _log.exception("preparing delivery %s failed", delivery.id)
        reason = f"it could not be prepared: {type(error).__name__}: {error}"
        return await _moved(ctx, delivery, Outcome(state=State.FAILED, reason=reason, needs_person=True))
    if channel.dry_run:
        return await _show(ctx, channel, delivery, prepared)
    if stop.is_set():
        await _postpone(ctx, delivery, Outcome(state=State.PENDING, used=False))
        return None
    begun = now()
    async with ctx.database.write() as tx:
        number = await deliveries.begin_attempt(
            tx,
            delivery,
            prepared.draft,
            owner=ctx.owner,
            note=prepared.note,
            now=begun,
            until=begun + LEASE,
        )
    if number is None:
        return None
    if now() >= begun + LEASE:
        # Frozen in between, and by now somebody else may be at it: our word no longer counts.
        late = _after(ctx, channel, delivery, NotSent("the program was frozen before it could be sent"))
        await _settle(ctx, delivery, number, late)
        return late
    # From here on the network may have it, whatever becomes of us.
    outcome = await _send(ctx, channel, delivery, prepared.draft, number)
    await _settle(ctx, delivery, number, outcome, note=prepared.note)
    return outcome


async def _send(ctx: Context, channel: Channel, delivery: Delivery, draft: Draft, number: int) -> Outcome:
    """Make the one request, and decide what its end means."""
    try:
        async with asyncio.timeout(DEADLINE.total_seconds()):
            return success(await ctx.adapter(channel).publish(draft, key=delivery.key))
    except PublishError as error:
        failure = error
    except TimeoutError:
        failure = Uncertain(f"the network did not answer within {DEADLINE.total_seconds():.0f} s")
    except asyncio.CancelledError:
        failure = Uncertain("the program was stopped while it was being sent; the network may have it")
        outcome = _after(ctx, channel, delivery, failure)
        await asyncio.shield(_settle(ctx, delivery, number, outcome))
        raise
    except Exception as error:
        # An adapter's own fault tells nothing about what the network did.
        _log.exception("the adapter %s failed", channel.adapter)
        failure = Uncertain(f"the adapter failed on its own: {type(error).__name__}: {error}")
    return _after(ctx, channel, delivery, failure)


def _after(ctx: Context, channel: Channel, delivery: Delivery, error: PublishError) -> Outcome:
    return after(
        error,
        key=delivery.key,
        attempt=delivery.counted + 1,
        attempts=channel.attempts,
        now=ctx.now(),
        settle=channel.adapter_class.capabilities.settle,
        settles_itself=settles_itself(ctx.adapter(channel)),
    )


async def _show(ctx: Context, channel: Channel, delivery: Delivery, prepared: Prepared) -> Outcome | None:
    """Show what would be sent, and let the delivery go: a dry run is not made up for later."""
    shown = await preview(channel, prepared.draft, note=prepared.note)
    outcome = Outcome(state=State.SKIPPED, reason="dry run: shown, not sent")
    async with ctx.database.write() as tx:
        if not await deliveries.move(tx, delivery, outcome, now=ctx.now()):
            return None
    text = f"would be sent (dry run): {prepared.draft.title or prepared.draft.permalink}"
    ctx.tell(
        Event(what=What.SHOWN, subject=channel.name, text=text, data={"id": delivery.id, **as_data(shown)})
    )
    return outcome


async def _postpone(ctx: Context, delivery: Delivery, outcome: Outcome) -> None:
    """Give a reserved delivery back, to be tried when the outcome says."""
    async with ctx.database.write() as tx:
        await deliveries.postpone(
            tx,
            delivery,
            reason=outcome.reason,
            until=outcome.not_before or delivery.not_before,
            now=ctx.now(),
            used=outcome.used,
        )


async def _moved(ctx: Context, delivery: Delivery, outcome: Outcome) -> Outcome | None:
    async with ctx.database.write() as tx:
        if not await deliveries.move(tx, delivery, outcome, now=ctx.now()):
            return None
    await _tell(ctx, delivery, outcome)
    return outcome


async def _settle(ctx: Context, delivery: Delivery, number: int, outcome: Outcome, note: str = "") -> None:
    async with ctx.database.write() as tx:
        settled = await deliveries.settle(tx, delivery.id, number, outcome, now=ctx.now())
    if settled:
        await _tell(ctx, delivery, outcome, note)


async def _tell(ctx: Context, delivery: Delivery, outcome: Outcome, note: str = "") -> None:
    async with ctx.database.read() as tx:
        entry, _ = await entries.get(tx, delivery.entry_id)
    title = entry.title or entry.permalink
    rest = outcome.url if outcome.state is State.DELIVERED else outcome.reason
    data = {"id": delivery.id, "state": outcome.state, "reason": outcome.reason, "note": note}
    data |= {"title": title, "permalink": entry.permalink, "url": outcome.url, "remote_id": outcome.remote_id}
    text = f"{title}: {rest}" + (f" ({note})" if note else "")
    ctx.tell(
        Event(
            what=_EVENTS[outcome.state],
            subject=delivery.channel,
            text=text,
            data=data,
            needs_person=outcome.needs_person,
        )
    )

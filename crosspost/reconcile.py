"""Settle what is uncertain by looking: the network's recent posts know what we do not."""

import asyncio
import logging
from datetime import timedelta

from crosspost.adapter import FindsRecent, Idempotency
from crosspost.config import Channel
from crosspost.context import Context
from crosspost.errors import PublishError
from crosspost.model import Delivery, State
from crosspost.policy import Outcome, recognise
from crosspost.report import Event, What
from crosspost.retried import retried
from crosspost.store import deliveries

_log = logging.getLogger(__name__)

NEXT_LOOK = timedelta(minutes=10)
DEADLINE = timedelta(seconds=45)
CLOCKS_DIFFER = timedelta(minutes=1)
"""How much earlier than we the network may date a post."""


async def reconcile_due(ctx: Context, stop: asyncio.Event) -> None:
    """Look for each uncertain delivery whose settle time has passed."""
    async with ctx.database.read() as tx:
        due = await deliveries.due_uncertain(tx, ctx.now())
    for delivery in due:
        channel = ctx.config.channels.get(delivery.channel)
        if channel is None or stop.is_set():
            continue
        found = await _look(ctx, channel, delivery)
        now = ctx.now()
        async with ctx.database.write() as tx:
            if isinstance(found, str):
                await deliveries.postpone_look(tx, delivery.id, reason=found, until=now + NEXT_LOOK)
                continue
            moved = await deliveries.move(tx, delivery, found, now=now)
        if moved:
            what = What.DELIVERED if found.state is State.DELIVERED else What.WAITS
            title = delivery.draft.title if delivery.draft else str(delivery.id)
            data = {"id": delivery.id, "state": found.state, "url": found.url, "reason": found.reason}
            ctx.tell(Event(what=what, subject=channel.name, text=f"{title}: {found.reason}", data=data))


async def _look(ctx: Context, channel: Channel, delivery: Delivery) -> Outcome | str:
    """Return the move that a look at the network justifies, or why it stays uncertain."""
    adapter = ctx.adapter(channel)
    if adapter.capabilities.idempotency in (Idempotency.KEY, Idempotency.CHOSEN_ID):
        # The same key cannot make a second post, so trying again is how to find out.
        return Outcome(state=State.PENDING, reason="tried again under the same key", not_before=ctx.now())
    if not isinstance(adapter, FindsRecent) or delivery.draft is None:
        return (
            f"nobody can look it up on {channel.adapter}; see for yourself, then: "
            f"crosspost resolve {delivery.id} --delivered URL, or --absent"
        )
    try:
        async with asyncio.timeout(DEADLINE.total_seconds()):
            # Any earlier attempt may be the one that arrived, so the look goes back to the beginning.
            posts = await retried(adapter.find_recent, delivery.created - CLOCKS_DIFFER)
        async with ctx.database.read() as tx:
            taken = await deliveries.receipts(tx, channel.name, [post.remote_id for post in posts])
        post = recognise(delivery.draft, posts, taken)
    except (PublishError, TimeoutError) as error:
        return f"{channel.adapter} could not be read, so it stays open: {error or 'no answer'}"
    except Exception as error:
        # An answer that the adapter did not expect must not keep the other channels from their work.
        _log.exception("the adapter %s failed", channel.adapter)
        return f"{channel.adapter} gave an odd answer, so it stays open: {type(error).__name__}: {error}"
    if post is None:
        # Absence proves little: lists are ranked and late. A person can end the wait.
        return (
            f"not among the account's recent posts at {ctx.now():%H:%M} UTC; looks again. "
            f"If you know: crosspost resolve {delivery.id} --delivered URL, or --absent"
        )
    return Outcome(state=State.DELIVERED, reason="found on the network", remote_id=post.remote_id, url=post.url)

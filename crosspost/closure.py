"""Close a channel whose network wants peace or a better credential, and open it again."""

import asyncio
from datetime import datetime, timedelta

from crosspost.config import Channel
from crosspost.context import Context
from crosspost.errors import NotSent, PublishError
from crosspost.policy import Outcome, after
from crosspost.report import Event, What
from crosspost.retried import retried
from crosspost.store import channels

DEADLINE = timedelta(seconds=45)
LONGEST_CLOSURE = timedelta(days=8)
"""No network asks for more; a later moment on record comes from a clock that was wrong."""


async def is_open(ctx: Context, channel: Channel) -> bool:
    """Tell whether the channel takes anything; a credential once refused is verified before it is used."""
    state = (await ctx.database.read(channels.load, [channel.name]))[channel.name]
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
            await close(ctx, channel, outcome)
            return False
    await ctx.database.write(channels.reopen, channel.name)
    return True


async def close(ctx: Context, channel: Channel, outcome: Outcome) -> None:
    """Let nothing go out on the channel until the outcome's moment."""
    until = outcome.not_before or ctx.now() + DEADLINE
    await ctx.database.write(
        channels.close, channel.name, until=until, because=outcome.reason, needs_person=outcome.needs_person
    )
    _tell_closed(ctx, channel.name, until, outcome.reason, outcome.needs_person)


def _tell_closed(ctx: Context, name: str, until: datetime, because: str, needs_person: bool) -> None:
    text = f"takes nothing before {until:%Y-%m-%d %H:%M} UTC: {because}"
    ctx.tell(Event(what=What.CHANNEL_CLOSED, subject=name, text=text, needs_person=needs_person))

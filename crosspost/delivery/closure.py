"""Close a channel whose network wants peace or a better credential, and open it again."""

from dataclasses import replace
from datetime import datetime, timedelta

from crosspost.accounts.renewal import usable
from crosspost.config import Channel
from crosspost.delivery.learning import verify
from crosspost.errors import PublishError
from crosspost.house import House
from crosspost.policy import Closed, closed_by
from crosspost.report import Event, What
from crosspost.store import channels

LONGEST_CLOSURE = timedelta(days=8)
"""No network asks for more; a later moment on record comes from a clock that was wrong."""


async def is_open(house: House, channel: Channel) -> bool:
    """Tell whether the channel takes anything; a credential once refused is verified before it is used."""
    state = (await house.database.read(channels.load, [channel.name]))[channel.name]
    if channel.dry_run:
        return True
    if state.closed_until is None:
        return await _has_credential(house, channel)
    if house.now() < state.closed_until <= house.now() + LONGEST_CLOSURE:
        _tell_closed(house, channel.name, state.closed_until, state.closed_because, state.needs_person)
        return False
    if state.needs_person:
        try:
            await verify(house, channel)
        except PublishError as error:
            closed = unread(house, channel, error)
            if not closed.needs_person:  # that says nothing about the credential, which is still to be mended
                closed = replace(closed, reason=state.closed_because, needs_person=True)
            await close(house, channel, closed)
            return False
    await house.database.write(channels.reopen, channel.name)
    return await _has_credential(house, channel)


async def _has_credential(house: House, channel: Channel) -> bool:
    """Tell whether there is a credential to send with; close the channel if not. Its deliveries wait."""
    if channel.connected:
        try:
            await usable(house, channel)
        except PublishError as error:
            await close(house, channel, unread(house, channel, error))
            return False
    return True


def unread(house: House, channel: Channel, error: PublishError) -> Closed:
    """Return for how long a channel that could not be read is left alone, and who must act."""
    return closed_by(error, key=channel.name, now=house.now(), settle=channel.settle_time)


async def close(house: House, channel: Channel, closed: Closed) -> None:
    """Let nothing go out on the channel until then."""
    until, because, needs_person = closed.not_before, closed.reason, closed.needs_person
    await house.database.write(
        channels.close, channel.name, until=until, because=because, needs_person=needs_person
    )
    _tell_closed(house, channel.name, until, because, needs_person)


def _tell_closed(house: House, name: str, until: datetime, because: str, needs_person: bool) -> None:
    text = f"takes nothing before {until:%Y-%m-%d %H:%M} UTC: {because}"
    house.tell(Event(what=What.CHANNEL_CLOSED, subject=name, text=text, needs_person=needs_person))

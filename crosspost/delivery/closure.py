"""Close a channel whose network wants peace or a better credential, and open it again."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from crosspost.accounts.renewal import usable
from crosspost.accounts.standing import with_remedy
from crosspost.config import Channel
from crosspost.delivery.learning import verify
from crosspost.errors import PublishError
from crosspost.house import House
from crosspost.policy import Closed, closed_by
from crosspost.report import Event, What
from crosspost.store import channels

_LONGEST_CLOSURE = timedelta(days=8)
"""No network asks for more; a later moment on record comes from a clock that was wrong."""


async def opened_if_due(house: House, channel: Channel) -> bool:
    """Open the channel if its time has come, and tell whether it takes anything now.

    A credential once refused is verified first, at once if another is in its place; a channel that has none any
    more is closed.
    """
    state = (await house.database.read(channels.load, [channel.name]))[channel.name]
    if channel.dry_run:
        return True
    if state.closed_until is None:
        return await _has_credential(house, channel)
    is_mended = state.needs_person and state.credential != _fingerprint(channel)
    if not is_mended and house.now() < state.closed_until <= house.now() + _LONGEST_CLOSURE:
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
    if needs_person:
        because = with_remedy(channel, because)
    await house.database.write(
        channels.close,
        channel.name,
        until=until,
        because=because,
        needs_person=needs_person,
        credential=_fingerprint(channel),
    )
    _tell_closed(house, channel.name, until, because, needs_person)


def _fingerprint(channel: Channel) -> str:
    """Tell a credential of the configuration from the next one there, without saying what it is.

    Of those in the vault there is nothing to tell: whoever connects one opens the channel.
    """
    if channel.connected:
        return ""
    secrets = (str(getattr(channel.settings, name).get_secret_value()) for name in sorted(channel.secrets_from))
    return hashlib.sha256("\0".join(secrets).encode()).hexdigest()[:8] if channel.secrets_from else ""


def _tell_closed(house: House, name: str, until: datetime, because: str, needs_person: bool) -> None:
    text = f"takes nothing before {until:%Y-%m-%d %H:%M} UTC: {because}"
    house.tell(Event(what=What.CHANNEL_CLOSED, subject=name, text=text, needs_person=needs_person))

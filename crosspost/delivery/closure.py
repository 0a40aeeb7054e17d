"""Close a channel whose network wants peace or a better credential, and open it again."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from crosspost.accounts.renewal import usable
from crosspost.accounts.standing import with_remedy
from crosspost.config import Channel
from crosspost.contract import TriesOut
from crosspost.delivery.learning import verify
from crosspost.errors import PublishError
from crosspost.house import House
from crosspost.policy import Closed, closed_by, lengthened
from crosspost.report import Event, What
from crosspost.store import channels
from crosspost.store.database import Tx
from crosspost.text import local_time

_LONGEST_CLOSURE = timedelta(days=8)
"""No network asks for more; a later moment on record comes from a clock that was wrong."""


async def opened_if_due(house: House, channel: Channel) -> bool:
    """Open the channel if its time has come, and tell whether it takes anything now.

    A credential once refused is verified first, at once if another is in its place; a channel that has none any
    more is closed. Where a channel of this machine writes is tried each time: that costs no network anything.
    """
    state = (await house.database.read(channels.load, [channel.name]))[channel.name]
    if channel.dry_run:
        return True
    if state.closed_until is None:
        return await _has_credential(house, channel)
    is_mended = state.needs_person and state.credential != _fingerprint(channel)
    is_shut = not is_mended and house.now() < state.closed_until <= house.now() + _LONGEST_CLOSURE
    still = Closed(reason=state.closed_because, not_before=state.closed_until, needs_person=state.needs_person)
    if is_shut and not (state.needs_person and channel.adapter_class.has(TriesOut, channel.settings)):
        tell_closed(house, channel.name, still)
        return False
    if state.needs_person:
        try:
            await verify(house, channel)
        except PublishError as error:
            if is_shut:  # what is on this machine was only tried, as may be done at any time
                tell_closed(house, channel.name, still)
                return False
            closed = unread(house, channel, error)
            if not closed.needs_person:  # that says nothing about the credential, which is still to be mended
                closed = replace(closed, reason=state.closed_because, needs_person=True)
            await close(house, channel, closed)
            return False
    await house.database.write(channels.open_again, channel.name)
    return await _has_credential(house, channel)


async def _has_credential(house: House, channel: Channel) -> bool:
    """Tell whether there is a credential to send with; close the channel if not. Its deliveries wait."""
    if channel.connected or channel.unfinished:
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
    tell_closed(house, channel.name, await house.database.write(shut, channel, closed, house.now()))


def shut(tx: Tx, channel: Channel, closed: Closed, now: datetime) -> Closed:
    """Put on record that a channel is closed; return for how long, by how often it was in a row, and why."""
    times = channels.load(tx, [channel.name])[channel.name].closures
    closed = lengthened(closed, times, now)
    if closed.unauthorized:
        closed = replace(closed, reason=with_remedy(channel, closed.reason))
    channels.close(
        tx,
        channel.name,
        until=closed.not_before,
        because=closed.reason,
        needs_person=closed.needs_person,
        grows=closed.grows,
        credential=_fingerprint(channel),
    )
    return closed


def _fingerprint(channel: Channel) -> str:
    """Tell a credential of the configuration from the next one there, without saying what it is.

    Of those in the vault there is nothing to tell: whoever connects one opens the channel. Unfinished ones are
    told apart, since its table may be written after that.
    """
    if channel.unfinished:
        return "none yet"
    if channel.connected:
        return ""
    secrets = (str(getattr(channel.settings, name).get_secret_value()) for name in sorted(channel.secrets_from))
    return hashlib.sha256("\0".join(secrets).encode()).hexdigest()[:8] if channel.secrets_from else ""


def tell_closed(house: House, name: str, closed: Closed) -> None:
    """Tell that a channel takes nothing for now."""
    text = f"takes nothing before {local_time(closed.not_before, house.config.timezone)}: {closed.reason}"
    house.tell(Event(what=What.CHANNEL_CLOSED, subject=name, text=text, needs_person=closed.needs_person))

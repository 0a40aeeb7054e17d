"""What a server says of itself: asked with the account, kept with its age, used without a request."""

import logging
from datetime import timedelta

from crosspost.accounts.ask import ask
from crosspost.config import Channel
from crosspost.contract import Adapter
from crosspost.errors import PublishError, StoreError
from crosspost.house import House
from crosspost.model import Account
from crosspost.store import accounts, learnt

STALE = timedelta(days=30)
"""After so long a server is asked again, before something goes out there."""

_log = logging.getLogger(__name__)


async def remember_learnt(house: House) -> None:
    """Give each channel the limits that its server told, as far as they are on record."""
    for name, (said, _) in (await house.read(learnt.load) or {}).items():
        if name in house.config.channels:
            house.learn(name, said)


async def verify(house: House, channel: Channel, *, keep: bool = True) -> Account:
    """Ask the network whom the channel speaks for; keep what the server says of itself. Raise `PublishError`.

    `keep`: False where there is no database to keep it in.
    """
    account = await ask(house, channel, lambda adapter: adapter.verify())
    if keep:
        await house.database.write(accounts.learn, channel, account.id)
    if learns(channel):
        house.learn(channel.name, account.learnt)
        if keep:  # also that it says nothing: nobody asks again soon
            await house.database.write(learnt.keep, channel.name, account.learnt, now=house.now())
    return account


def learns(channel: Channel) -> bool:
    """Tell whether the channel's limits are its server's."""
    kind = channel.adapter_class
    return kind.capabilities_for.__func__ is not Adapter.capabilities_for.__func__  # type: ignore[attr-defined]


async def refreshed(house: House, channel: Channel) -> Channel:
    """Return the channel, its server asked if nothing is known of it, or only what is stale.

    A server that does not answer is no hindrance: what was known, or the network's usual limits, are used.
    """
    if not learns(channel) or channel.dry_run:
        return channel
    known = (await house.database.read(learnt.load)).get(channel.name)
    if known is None or house.now() - known[1] >= STALE:
        try:
            await verify(house, channel)
        except PublishError as error:
            _log.info("%s: its server did not say what it allows: %s", channel.name, error)
    elif known[0] != channel.learnt:
        house.learn(channel.name, known[0])  # another process asked
    return house.config.channels[channel.name]


async def has_changed(house: House, channel: Channel) -> bool:
    """Tell, after a refusal, whether the server allows something else than was known."""
    if not learns(channel):
        return False
    try:
        await verify(house, channel)
    except (PublishError, StoreError):
        return False
    return house.config.channels[channel.name].learnt != channel.learnt

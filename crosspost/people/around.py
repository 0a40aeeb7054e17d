"""What needs a person by the looks of this machine: secrets, folders and files that a run would trip over."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crosspost.apart import apart
from crosspost.config import Channel, Config
from crosspost.contract import TriesOut
from crosspost.errors import PublishError
from crosspost.house import House
from crosspost.http import Offline
from crosspost.people.beside import may_write, writes_here
from crosspost.policy import Need, mark_of, topic_of

AGAIN_AFTER = timedelta(minutes=10)
"""How old what was seen of this machine may be: to try where a channel writes moves files there."""
_PATIENCE = timedelta(seconds=5)
"""How long a folder may take to let itself be written; one that is away hangs for ever."""


@dataclass(slots=True)
class Around:
    """What was seen of this machine, and when."""

    house: House
    at: datetime | None = None
    seen: Sequence[Need] = ()

    async def needs(self) -> Sequence[Need]:
        """Return what needs a person here; it is looked at anew once in a while."""
        now = self.house.now()
        if self.at is None or not timedelta(0) <= now - self.at < AGAIN_AFTER:
            self.at, self.seen = now, await look_around(self.house.config)
        return self.seen

    async def close(self) -> None:
        """Leave nothing behind: whatever still hangs is waited for by nobody."""


async def look_around(config: Config) -> Sequence[Need]:
    """Return what needs a person, by what this machine shows: where a channel writes is tried."""
    tried = await asyncio.gather(*map(_tried, config.channels.values()))
    return [*lacking_secrets(config), *_database(config), *(need for need in tried if need is not None)]


async def _tried(channel: Channel) -> Need | None:
    """Try where a channel writes, and leave nothing there."""
    if not writes_here(channel):
        return None
    adapter = channel.adapter_class.open(channel.settings, Offline())
    assert isinstance(adapter, TriesOut)
    try:
        async with asyncio.timeout(_PATIENCE.total_seconds()):
            await apart(adapter.try_out, f"try {channel.name}")
    except PublishError as error:
        problem = str(error)
    except TimeoutError:
        problem = f"where it writes did not answer within {_PATIENCE.seconds} s; see to that disk or share"
    else:
        return None
    return Need(  # of one topic with the channel that is closed for it, once something was to be written
        topic=topic_of("channel", channel.name),
        mark=mark_of(problem),
        text=f"channel {channel.name}: {problem}",
        channel=channel.name,
        remedies=("crosspost check",),
    )


def lacking_secrets(config: Config) -> Iterator[Need]:
    """Yield the secrets in files that a run needs and cannot read: it would end there.

    Not those of the environment, which a run from cron or in a container may well have.
    """
    for lacking in config.lacking:
        if not lacking.by_environment:
            text = f"{lacking.key} {lacking.problem}: a run would end there"
            of = lacking.key.split(".")
            channel = of[1] if of[0] in ("channels", "feeds") else ""
            yield Need(topic=topic_of("secret", lacking.key), mark="missing", text=text, channel=channel)


def _database(config: Config) -> Iterator[Need]:
    """Say that the database's file or folder cannot be written; SQLite makes files beside it."""
    path = config.database.path
    if path is None:
        return
    folder = next((folder for folder in path.parents if folder.exists()), path.parent)
    if not folder.is_dir():
        problem = f"{folder} is no folder"
    elif unfit := [place for place in (folder, path) if not may_write(place)]:
        problem = f"{unfit[0]} cannot be written; give it to whoever runs crosspost"
    else:
        return
    text = f"database: {problem}; or name another place in the configuration, as `database`"
    yield Need(topic="database", mark="unfit", text=text)

"""An open house: one running crosspost's configuration, store, way out and clock. Every face of it begins here.

What only one wing of the house needs, it keeps itself: see `House.wing`.
"""

import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from crosspost.compose import Ingredients, Template, compile_template
from crosspost.config import Channel, Config, Feed
from crosspost.contract import AnyAdapter
from crosspost.feeds import PAGE
from crosspost.http import Client, utc_now
from crosspost.model import Entry, Learnt, Media
from crosspost.policy import Clocks
from crosspost.report import Event, Tell
from crosspost.store.database import Database, Tx
from crosspost.store.refusal import NONSENSE

P = ParamSpec("P")
T = TypeVar("T")


class Wing(Protocol):
    """What one wing of the house keeps while it is open."""

    async def close(self) -> None:
        """Let what is under way come to its end."""


W = TypeVar("W", bound=Wing)


def nobody(_event: Event) -> None:
    """Tell nobody: for those who only look, or answer themselves."""


class House:
    """One open house. `owner` names it in leases and attempts; `tell` hears what happens."""

    def __init__(self, config: Config, database: Database, client: Client | None, tell: Tell) -> None:
        """`client`: None for the real one, which is made when it is first needed."""
        self.config = config
        self.database = database
        self.tell = tell
        self.owner = f"{host()}/{os.getpid()}/{os.urandom(4).hex()}"
        self.pause = timedelta(0)
        """How long nobody had polled a feed when this house was opened, once somebody asked."""
        self._client = client
        self._own_client: Client | None = None
        self._wings: dict[Callable[[House], Any], Any] = {}
        self._adapters: dict[str, AnyAdapter] = {}
        self._templates: dict[str, Template] = {}

    def now(self) -> datetime:
        """Return the moment (UTC) by the clock that leases and limits are counted by."""
        return self.database.now()

    def clocks(self) -> Clocks:
        """Return what our clock says, and those of the servers that answered."""
        heard = self._client.server_clocks() if self._client is not None else {}
        return Clocks(now=self.now(), servers=heard, pause=self.pause, zone=self.config.timezone)

    async def read(self, act: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Return what `act(tx, ...)` reads; None if nothing was ever stored. Creates and migrates nothing."""
        return await self.database.read(act, *args, **kwargs) if await self.database.is_there() else None

    @property
    def client(self) -> Client:
        if self._client is None:
            from crosspost.http.wire import HttpxClient  # late: 70 ms that those who only look do not pay

            self._client = self._own_client = HttpxClient(clock=self.now)
        return self._client

    def wing(self, kind: Callable[["House"], W]) -> W:
        """Return what this wing of the house keeps, made when it is first asked for: `house.wing(Accounts)`."""
        if kind not in self._wings:
            self._wings[kind] = kind(self)
        wing: W = self._wings[kind]
        return wing

    def adapter(self, channel: Channel) -> AnyAdapter:
        """Return the channel's adapter, made once. Its credential may be a placeholder: see `accounts`."""
        if channel.name not in self._adapters:
            self._adapters[channel.name] = channel.adapter_class.open(channel.settings, self.client)
        return self._adapters[channel.name]

    def template(self, channel: Channel) -> Template:
        """Return the channel's template, compiled once. Raise `ConfigError` with its line."""
        if channel.name not in self._templates:
            self._templates[channel.name] = compile_template(channel)
        return self._templates[channel.name]

    def ingredients(
        self,
        channel: Channel,
        entry: Entry,
        published: datetime,
        picture: Media | None = None,
        *,
        opening: str,
    ) -> Ingredients:
        """Return what the channel's draft of an entry is made from. `opening`: see `delivery.words`."""
        return Ingredients(
            entry=entry,
            channel=channel,
            template=self.template(channel),
            zone=self.config.timezone,
            published=published,
            picture=picture,
            never_hashtags=self.config.never_hashtags,
            opening=opening,
        )

    def feed_of(self, entry: Entry) -> Feed | None:
        """Return the feed that brought an entry, if it is configured.

        For a page that a person named, one that may lie in a private network if some feed's pictures may.
        """
        if entry.feed != PAGE:
            return self.config.feeds.get(entry.feed)
        private = any(feed.allow_private for feed in self.config.feeds.values())
        return Feed(url=entry.permalink, allow_private=private)

    def learn(self, name: str, learnt: Learnt) -> None:
        """Use these limits, which its server told, for a channel from now on."""
        channel = self.config.channels[name].model_copy(update={"learnt": learnt})
        self.config = self.config.model_copy(update={"channels": {**self.config.channels, name: channel}})
        self._templates.pop(name, None)

    async def close(self) -> None:
        """Let every wing come to its end, and close what was opened here."""
        for wing in self._wings.values():
            await wing.close()
        if self._own_client is not None:
            await self._own_client.aclose()
        await self.database.close()


@asynccontextmanager
async def open_house(
    config: Config,
    *,
    tell: Tell = nobody,
    clock: Callable[[], datetime] = utc_now,
    client: Client | None = None,
) -> AsyncIterator[House]:
    """Open a house, and close it at the end. Nothing is read, made or sent before somebody asks for it."""
    house = House(config, Database(config.database, clock=clock), client, tell)
    try:
        yield house
    except NONSENSE as error:
        await house.database.explain(error)
        raise
    finally:
        await house.close()


def host() -> str:
    """Name this machine, or this container, in the heartbeat and in leases."""
    return socket.gethostname()[:40]

"""What the three acts share: the configuration, the store, the way out, and the clock."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crosspost.compose import Ingredients, Template, compile_template
from crosspost.config import Channel, Config
from crosspost.contract import AnyAdapter
from crosspost.http import Client
from crosspost.model import Entry, Media, Money
from crosspost.policy import Ledger, Rules, rules_for
from crosspost.report import Tell
from crosspost.store.database import Database
from crosspost.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An adapter with the credential that the vault gave it, and which revision of that it is."""

    adapter: AnyAdapter
    revision: int


@dataclass(slots=True, kw_only=True)
class Context:
    """One running program. `owner` names it in leases and attempts."""

    config: Config
    database: Database
    client: Client
    owner: str
    tell: Tell
    reading: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))
    """Reading a hostile document may take much memory, so only so many are read at once."""
    ledger: Ledger = field(default_factory=Ledger)
    """What was spent. Only for whoever has locked the bookings, and has caught up with them since."""
    prices: dict[int, Money] = field(default_factory=dict)
    """What networks bill for deliveries, by id, as far as anybody asked."""
    vault: Vault = field(init=False)
    held: dict[str, Held] = field(default_factory=dict)
    """The adapters of channels whose credential is in the vault, by channel, as they were last used."""
    renewals: set[asyncio.Task[Any]] = field(default_factory=set)
    """The refreshes of credentials that are under way in this process."""
    warned: dict[str, datetime] = field(default_factory=dict)
    """When this process last told of what ends, by subject."""
    _rules: dict[tuple[str, str | None], Rules] = field(default_factory=dict)
    _adapters: dict[str, AnyAdapter] = field(default_factory=dict)
    _templates: dict[str, Template] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.vault = Vault(self.config.database)

    def now(self) -> datetime:
        """Return the moment (UTC) by the database's clock."""
        return self.database.now()

    def adapter(self, channel: Channel) -> AnyAdapter:
        """Return the channel's adapter, made once. Its credential may be a placeholder: see `renewal`."""
        if channel.name not in self._adapters:
            self._adapters[channel.name] = channel.adapter_class.open(channel.settings, self.client)
        return self._adapters[channel.name]

    def rules(self, channel: Channel, assigned: str | None) -> Rules:
        """Return what decides when a channel's deliveries may go. `assigned`: the owner's relief, if any."""
        key = channel.name, assigned
        if key not in self._rules:
            self._rules[key] = rules_for(self.config, channel, assigned)
        return self._rules[key]

    def ingredients(
        self, channel: Channel, entry: Entry, published: datetime, picture: Media | None = None
    ) -> Ingredients:
        """Return what the channel's draft of an entry is made from."""
        return Ingredients(
            entry=entry,
            channel=channel,
            template=self.template(channel),
            zone=self.config.timezone,
            published=published,
            picture=picture,
        )

    def template(self, channel: Channel) -> Template:
        """Return the channel's template, compiled once. Raise `ConfigError` with its line."""
        if channel.name not in self._templates:
            self._templates[channel.name] = compile_template(channel)
        return self._templates[channel.name]

"""What the three acts share: the configuration, the store, the way out, and the clock."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crosspost.adapter import Adapter
from crosspost.compose import Template, compile_template
from crosspost.config import Channel, Config
from crosspost.http import Client
from crosspost.report import Tell
from crosspost.store.database import Database


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
    _adapters: dict[str, Adapter[Any]] = field(default_factory=dict)
    _templates: dict[str, Template] = field(default_factory=dict)

    def now(self) -> datetime:
        """Return the moment (UTC) by the database's clock."""
        return self.database.now()

    def adapter(self, channel: Channel) -> Adapter[Any]:
        """Return the channel's adapter, made once."""
        if channel.name not in self._adapters:
            self._adapters[channel.name] = channel.adapter_class.open(channel.settings, self.client)
        return self._adapters[channel.name]

    def template(self, channel: Channel) -> Template:
        """Return the channel's template, compiled once. Raise `ConfigError` with its line."""
        if channel.name not in self._templates:
            self._templates[channel.name] = compile_template(channel)
        return self._templates[channel.name]

"""What the wing of accounts keeps while the house is open."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from crosspost.contract import AnyAdapter
from crosspost.house import House
from crosspost.vault import Vault

DEADLINE = timedelta(seconds=30)
"""How long one refresh of a credential may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An adapter with the credential that the vault gave it, and which revision of that it is."""

    adapter: AnyAdapter
    revision: int


@dataclass(slots=True)
class Accounts:
    """The vault, and the credentials that are in use."""

    house: House
    vault: Vault = field(init=False)
    held: dict[str, Held] = field(default_factory=dict)
    """The adapters of channels whose credential is in the vault, by channel, as they were last used."""
    renewals: set[asyncio.Task[Any]] = field(default_factory=set)
    """The refreshes of credentials that are under way in this process."""

    def __post_init__(self) -> None:
        self.vault = Vault(self.house.config.database)

    async def close(self) -> None:
        """Wait for the refreshes that are under way: a program must not end on one."""
        if self.renewals:
            await asyncio.wait(self.renewals, timeout=DEADLINE.total_seconds())

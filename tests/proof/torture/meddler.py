"""Whoever runs the crossposts: renames feeds and channels, edits the configuration, decides; at random."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from crosspost.adapters.facebook.stand_in import PAGE
from crosspost.adapters.linkedin.stand_in import ORGANIZATION
from crosspost.config import load
from crosspost.errors import ConfigError, StoreError
from crosspost.model import State
from crosspost.people.decisions import Chosen, Decision
from crosspost.policy import Delivered, Outcome, Pending
from crosspost.store import deliveries, listing
from crosspost.store.database import Database
from crosspost.store.listing import Shown
from tests.proof.torture.networks import Rough, links_of
from tests.proof.torture.verdict import SIGNATURE_KEEPS
from tests.proof.torture.worker import SETTLE
from tests.verbs import decide

_OWN_KEYS = {
    "facebook": f'page = "{PAGE}"',
    "linkedin": f'author = "{ORGANIZATION}"',
    "tumblr": 'blog = "sandbox"',
}
_SECRET = {"pond": "password"}


@dataclass
class Setup:
    """What stands in the configuration. `feeds`: addresses by name; `channels`: accounts by name."""

    path: Path
    database: str
    feeds: dict[str, str]
    channels: dict[str, str]
    urls: Mapping[str, str]
    """Where each network is."""
    edits: int = 0

    def write(self) -> None:
        """Put the file in place whole: a crosspost may start at any moment."""
        text = f"{self.database}\n# Edited {self.edits} times.\n"
        for name, url in self.feeds.items():
            text += f'[feeds.{name}]\nurl = "{url}"\nbackfill = 100\nallow_private = true\n'
            text += f"priority = {self.edits % 3}\n"
        for name, account in self.channels.items():
            text += f'[channels.{name}]\nadapter = "{account}"\nattempts = 20\n'
            if account == "email_signature":
                text += f'path = "signature"\nformats = ["txt"]\nkeep = {SIGNATURE_KEEPS}\n'
            else:
                secret = _SECRET.get(account, "access_token")
                text += f'base_url = "{self.urls[account]}"\n{secret} = {{ file = "token" }}\n'
                text += f"{_OWN_KEYS.get(account, '')}\n"
        aside = self.path.with_suffix(".new")
        aside.write_text(text, encoding="utf-8")
        aside.replace(self.path)

    def rename(self, tables: dict[str, str], chance: Random) -> None:
        """Give one of the tables another name; its place in the file stays."""
        old = chance.choice(list(tables))
        self.edits += 1
        new = f"{old.partition('-')[0]}-{self.edits}"
        renamed = {new if name == old else name: value for name, value in tables.items()}
        tables.clear()
        tables.update(renamed)
        self.write()


@dataclass
class Meddler:
    """Meddles now and then; of what is uncertain, it tells the truth."""

    setup: Setup
    database: Database
    networks: Mapping[str, Rough]
    chance: Random
    did: Counter[str] = field(default_factory=Counter)

    async def meddle(self) -> None:
        """Do one thing."""
        acts: Mapping[str, tuple[int, Callable[[], Awaitable[None]]]] = {
            "renames a feed": (2, self._rename_a_feed),
            "renames a channel": (2, self._rename_a_channel),
            "edits the configuration": (2, self._edit),
            "approves": (3, self._approve),
            "retries": (3, self._retry),
            "resolves": (6, self._resolve),
        }
        weights = [weight for weight, _ in acts.values()]
        name = self.chance.choices(list(acts), weights)[0]
        try:
            await acts[name][1]()
        except (StoreError, ConfigError):
            return  # the database is away, or somebody else was faster
        self.did[name] += 1

    async def _rename_a_feed(self) -> None:
        self.setup.rename(self.setup.feeds, self.chance)

    async def _rename_a_channel(self) -> None:
        self.setup.rename(self.setup.channels, self.chance)

    async def _edit(self) -> None:
        self.setup.edits += 1
        self.setup.write()

    async def _approve(self) -> None:
        decision = Decision(verb="approve", made_by="marie", to=State.PENDING, reason="approved")
        await decide(load(self.setup.path), Chosen(ids=(), states={State.HELD}), decision)

    async def _retry(self) -> None:
        decision = Decision(verb="retry", made_by="marie", to=State.PENDING, reason="retried")
        await decide(load(self.setup.path), Chosen(ids=(), states={State.FAILED}), decision)

    async def _resolve(self) -> None:
        """Say of one uncertain delivery what is true, once nothing can change it any more."""
        if not await self.database.is_there():
            return
        shown = await self.database.read(listing.newest, states={State.UNCERTAIN}, limit=1000)
        ripe = [each for each in shown if each.delivery.updated + SETTLE < datetime.now(UTC)]
        if ripe:
            seen = self.chance.choice(ripe)
            # Behind the fence of what was seen: it may have been sent again meanwhile.
            await self.database.write(
                deliveries.move, seen.delivery, self._truth(seen), now=datetime.now(UTC), by_person=True
            )

    def _truth(self, seen: Shown) -> Outcome:
        account = seen.delivery.channel.partition("-")[0]
        network = self.networks.get(account)
        there = [post for post in network.posts if seen.permalink in links_of(post)] if network else []
        if there:
            return Delivered(reason="seen by marie", remote_id=there[0].id)
        return Pending(reason="absent, says marie", not_before=datetime.now(UTC))

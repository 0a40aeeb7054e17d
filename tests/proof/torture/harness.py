"""Start crossposts, kill them at random, crash their database, until every delivery has come to an end."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from signal import SIGKILL

from crosspost.config import load
from crosspost.errors import StoreError
from crosspost.model import State
from crosspost.sandbox.server import serve
from crosspost.store import listing
from crosspost.store.database import Database
from tests.agree import falsely_quiet
from tests.forks import FORKS
from tests.postgres import Server
from tests.proof.torture.meddler import Meddler, Setup
from tests.proof.torture.networks import LINK, rough_networks
from tests.proof.torture.verdict import Tally, judge, judge_log
from tests.proof.torture.worker import crosspost, install_the_pond, uninstall_the_pond
from tests.world import Blog, Item

_ENDS = (State.DELIVERED, State.SKIPPED)
"""What is held or failed is not: somebody approves or retries it."""


class Torture:
    """One run. `entries`: how many in each of the feeds; `mutation`: a bug that must be found."""

    def __init__(
        self,
        folder: Path,
        *,
        replicas: int,
        feeds: int,
        entries: int,
        seed: int,
        server: Server | None = None,
        mutation: str = "",
        say: Callable[[str], None] = print,
    ) -> None:
        self.folder = folder
        self.replicas = replicas
        self.server = server
        self.mutation = mutation
        self.say = say
        self.tally = Tally(f"{'postgresql' if server else 'sqlite'} × {replicas}", seed)
        self.networks = rough_networks(seed)
        self.accounts = (*self.networks, "signature")
        self.blogs = [Blog() for _ in range(feeds)]
        self.items = [_item(number) for number in range(feeds * entries)]
        self.links = [f"https://blog.example/2026/{item.slug}/" for item in self.items]
        self.log = folder / "errors.log"
        self.over = asyncio.Event()
        self.all = self.left = len(self.links) * len(self.accounts)
        """How many deliveries there will be, and how many of them have not come to an end."""

    async def run(self, *, patience: float, most_kills: int | None = None) -> Tally:
        """Go on until all is settled, at most `patience` seconds.

        With `most_kills`, only until a post came twice, or so many kills.
        """
        began = time.monotonic()
        self.log.touch()
        async with AsyncExitStack() as stack:
            setup = await self._set_up(stack)
            database = Database(load(setup.path).database)
            stack.push_async_callback(database.close)
            meddler = Meddler(setup, database, self.networks, Random(f"{self.tally.seed} meddler"))
            async with asyncio.TaskGroup() as working:
                for number in range(self.replicas):
                    working.create_task(self._replica(number, setup.path))
                if self.server is not None:
                    working.create_task(self._crash(self.server))
                working.create_task(self._meddle(meddler))
                await self._watch(database, began, patience, most_kills)
                self.over.set()
            while any(network.under_way for network in self.networks.values()):  # noqa: ASYNC110 - once
                await asyncio.sleep(0.1)
            self.tally.seconds = time.monotonic() - began
            signature = self.folder / "signature.txt"
            shown = Counter(LINK.findall(signature.read_text())) if signature.exists() else Counter[str]()
            await judge(self.tally, database, self.networks, self.links, shown)
            judge_log(self.tally, self.log.read_text(), may_be_away=self.server is not None)
        did = sum((network.did for network in self.networks.values()), Counter[str]())
        self.say(f"  the networks: {', '.join(f'{times} × {name}' for name, times in did.most_common())}")
        return self.tally

    async def _watch(self, database: Database, began: float, patience: float, most_kills: int | None) -> None:
        """Return when it is over; tell meanwhile how far it is."""
        told = began
        while time.monotonic() < began + patience:
            await self._pause(0.25)
            self.left = await self._left(database)
            await self._ask_whether_all_agree(database)
            if self.left == 0 or (most_kills and (self._twice() or self.tally.kills >= most_kills)):
                return
            if time.monotonic() > told + 10:
                told = time.monotonic()
                kills, crashes = self.tally.kills, self.tally.crashes
                counted = f"{kills} kills, {crashes} crashes, {self.left} deliveries to go"
                self.say(f"  {self.tally.label}: {told - began:.0f} s, {counted}")

    async def _set_up(self, stack: AsyncExitStack) -> Setup:
        """Serve the networks and the blogs while the stack lasts; write the configuration of it all."""
        token = self.folder / "token"
        token.touch(0o600)
        token.write_text("sandbox-token")
        install_the_pond(self.folder)
        stack.callback(uninstall_the_pond, self.folder)
        feeds = {}
        for number, blog in enumerate(self.blogs):
            url = await stack.enter_async_context(serve(blog.app))
            for place, item in enumerate(self.items[number :: len(self.blogs)]):
                picture = f"{url}/picture.jpg" if place % 10 == 0 else ""
                blog.items.append(replace(item, picture=picture))
            feeds[f"blog{number}"] = f"{url}/feed.xml"
        setup = Setup(
            path=self.folder / "crosspost.toml",
            database=f'database = "{self.server.database()}"' if self.server else "",
            feeds=feeds,
            channels={**{name: name for name in self.networks}, "signature": "email_signature"},
            urls={
                name: await stack.enter_async_context(serve(network.app))
                for name, network in self.networks.items()
            },
        )
        setup.write()
        return setup

    async def _pause(self, seconds: float) -> None:
        """Wait, but no longer than the run lasts."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.over.wait()

    async def _replica(self, number: int, configuration: Path) -> None:
        """Start a crosspost, kill it, and again: one run from cron after the other, or the daemon."""
        chance = Random(f"{self.tally.seed} replica {number}")
        while not self.over.is_set():
            as_daemon, lives = chance.random() < 0.2, chance.random() < 0.1
            # Most die in the middle of something; some live to see an answer that is late.
            life = chance.uniform(0.3, 3) if as_daemon or lives else chance.uniform(0.05, 0.7)
            life *= self._mercy
            process = FORKS.Process(
                target=crosspost,
                args=(configuration, self.log),
                kwargs={"as_daemon": as_daemon, "mutation": self.mutation},
            )
            process.start()
            try:
                await self._pause(life)
            finally:
                process.kill()
                process.join()  # in a thread, it would race with the next `start`, which joins the dead too
            self.tally.kills += not self.over.is_set()
            if process.exitcode != -SIGKILL:
                self.tally.faults.append(f"a crosspost ended by itself, with {process.exitcode}")

    async def _meddle(self, meddler: Meddler) -> None:
        """Meddle now and then."""
        while not self.over.is_set():
            await self._pause(meddler.chance.uniform(0.5, 2))
            await meddler.meddle()
        self.say(f"  somebody: {', '.join(f'{times} × {name}' for name, times in meddler.did.most_common())}")

    async def _crash(self, server: Server) -> None:
        """Stop the database as by a power cut, every few seconds."""
        chance = Random(f"{self.tally.seed} crashes")
        while not self.over.is_set():
            await self._pause(chance.uniform(2, 4))
            await asyncio.to_thread(server.crash)
            self.tally.crashes += 1
            await asyncio.to_thread(server.start)

    @property
    def _mercy(self) -> float:
        """How much longer than planned they live: steers to some 300 deaths at full size, on any machine."""
        deaths, done = self.tally.kills / max(40, self.all / 5), 1 - self.left / self.all
        return min(max((deaths + 0.1) / (done + 0.1), 0.6), 5) ** 2

    async def _left(self, database: Database) -> int:
        """Return how many deliveries have not come to an end; as before, while nobody can tell."""
        try:
            counts = await database.read(listing.counts) if await database.is_there() else {}
        except StoreError:
            return self.left
        under_way = sum(number for (_, state), number in counts.items() if state not in _ENDS)
        return max(self.all - sum(counts.values()), 0) + under_way

    async def _ask_whether_all_agree(self, database: Database) -> None:
        """See that no run can take all for quiet while something needs a person, whoever died when."""
        config = load(self.folder / "crosspost.toml")
        try:
            if await database.is_there():
                needs = await database.read(falsely_quiet, config, datetime.now(UTC))
                self.tally.faults += [f"nobody would hear of it: {need.text}" for need in needs]
        except StoreError:
            return

    def _twice(self) -> bool:
        return any(times > 1 for network in self.networks.values() for times in network.shows().values())


def _item(number: int) -> Item:
    return Item(
        slug=f"billet-{number:03}",
        title=f"Billet {number}",
        summary=f"Ce que dit le billet {number}. " * 6,
        days_ago=number + 1,
    )

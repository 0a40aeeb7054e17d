"""The stage on which a crosspost crashes or freezes: a blog, networks, one database, and a clock."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from crosspost.adapters.facebook.stand_in import FacebookStandIn
from crosspost.adapters.linkedin.stand_in import ORGANIZATION, LinkedInStandIn
from crosspost.adapters.tumblr.stand_in import TumblrStandIn
from crosspost.adapters.x.stand_in import XStandIn
from crosspost.config import DatabaseAddress
from crosspost.model import MOVES, State
from crosspost.sandbox.server import serve
from crosspost.sandbox.standin import Post
from crosspost.store.tables import metadata
from tests.forks import FORKS
from tests.postgres import set_clock, simulated_clock
from tests.proof.crashing import CRASHED, Life, live
from tests.world import Blog, Item, World, old

_NOTE_MOVES = {
    "sqlite": """
        CREATE TRIGGER note_move AFTER UPDATE OF state ON deliveries WHEN old.state <> new.state
        BEGIN INSERT INTO moves VALUES (old.state, new.state); END
    """,
    "postgresql": """
        CREATE FUNCTION note_move() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN INSERT INTO moves VALUES (old.state, new.state); RETURN new; END';
        CREATE TRIGGER note_move AFTER UPDATE OF state ON deliveries FOR EACH ROW
        WHEN (old.state <> new.state) EXECUTE FUNCTION note_move()
    """,
}

_BOOKED = """
    SELECT id FROM deliveries d WHERE attempts > 0 AND state = 'delivered'
    AND NOT EXISTS (SELECT 1 FROM bookings WHERE delivery_id = d.id AND standing)
"""


@dataclass
class Replica:
    """A child, from outside."""

    process: Any
    said: Connection

    async def says(self) -> list[str]:
        """Wait for its end, or until it freezes; return the boundaries that it passed."""
        passed: list[str] = await asyncio.to_thread(self.said.recv)
        return passed

    async def ended(self) -> int:
        await asyncio.to_thread(self.process.join)
        return int(self.process.exitcode)

    def tell(self, signum: signal.Signals) -> None:
        os.kill(self.process.pid, signum)


@asynccontextmanager
async def living(life: Life) -> AsyncIterator[Replica]:
    """Start a crosspost; kill it if the test did not wait for its end."""
    ours, theirs = FORKS.Pipe(duplex=False)
    process = FORKS.Process(target=live, args=(life, theirs))
    process.start()
    theirs.close()
    try:
        yield Replica(process, ours)
    finally:
        process.kill()
        await asyncio.to_thread(process.join)
        process.close()
        ours.close()


@dataclass
class Gate:
    """Hold the answer to the next request for `path`, which has done all that it does."""

    path: str
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    opened: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class Stage:
    """A feed already taken in, networks that take everything twice, and one database. `reset` makes it new."""

    folder: Path
    address: DatabaseAddress
    only: tuple[str, ...]
    urls: dict[str, str] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    gates: list[Gate] = field(default_factory=list)
    # The past, so that what is uncertain since then is due for a program with a true clock.
    began: datetime = field(default_factory=lambda: datetime.now(UTC) - timedelta(minutes=10))

    async def open(self, stack: AsyncExitStack) -> None:
        for name in ("blog", "facebook", "linkedin", "x", "tumblr"):
            self.urls[name] = await stack.enter_async_context(serve(partial(self._answer, name)))
        scheme = "sqlite" if self.address.path else "postgresql+psycopg"
        url = sa.make_url(self.address.url or f"sqlite:///{self.address.path}").set(drivername=scheme)
        self.engine = sa.create_engine(url, poolclass=sa.NullPool)
        if self.address.url:
            simulated_clock(self.address.url)
        self._new_world()
        self.world.blog.publish(*old(4))
        assert (await self.run())[1] == 0
        self._note_moves()
        with self.engine.begin() as tx:
            self.known = {
                table: [row._asdict() for row in tx.execute(table.select())] for table in metadata.sorted_tables
            }

    def reset(self, *items: Item) -> None:
        """Forget all that happened since the feed was taken in; then publish these items."""
        (self.folder / "signature.txt").unlink(missing_ok=True)
        (self.folder / "signature.html").unlink(missing_ok=True)
        (self.folder / ".signature.crosspost.json").unlink(missing_ok=True)
        with self.engine.begin() as tx:
            tx.execute(sa.text("DELETE FROM moves"))
            for table in metadata.sorted_tables[::-1]:
                tx.execute(table.delete())
            for table, rows in self.known.items():
                if rows:
                    tx.execute(table.insert(), rows)
        self._new_world()
        self.world.blog.publish(*items, *old(4))

    def _new_world(self) -> None:
        networks: dict[str, Any] = {
            "facebook": FacebookStandIn(),
            "linkedin": LinkedInStandIn(author=ORGANIZATION),
            "x": XStandIn(),
            "tumblr": TumblrStandIn(),
        }
        blog, url = Blog(), self.urls["blog"]
        self.world = World(
            folder=self.folder, blog=blog, blog_url=url, urls=self.urls, author=ORGANIZATION, **networks
        )
        self.world.now = self.began
        for network in networks.values():
            network.refuses_duplicates = False
            network.clock = lambda: self.world.now
        self.requests.clear()
        where = f"sqlite:///{self.address.path}" if self.address.path else self.address.url
        text = f'database = "{where}"\n{self.world.toml(only=self.only, channel="picture = true")}'
        (self.folder / "crosspost.toml").write_text(text, encoding="utf-8")

    def hold(self, path: str) -> Gate:
        gate = Gate(path)
        self.gates.append(gate)
        return gate

    async def _answer(self, name: str, scope: Any, receive: Any, send: Any) -> None:
        self.requests.append(f"{scope['method']} {scope['path']}")
        gate = next((one for one in self.gates if scope["path"].endswith(one.path)), None)
        if gate:
            self.gates.remove(gate)

        async def held(message: Any) -> None:
            if gate and message["type"] == "http.response.start":
                gate.reached.set()
                await gate.opened.wait()
            await send(message)

        await getattr(self.world, name).app(scope, receive, held)

    def _note_moves(self) -> None:
        """Let the database itself write down every move."""
        with self.engine.begin() as tx:
            tx.execute(sa.text("CREATE TABLE moves (old text, new text)"))
            tx.execute(sa.text(_NOTE_MOVES[self.engine.name]))

    @asynccontextmanager
    async def replica(self, at: int | str = 0, mutation: str = "") -> AsyncIterator[Replica]:
        """Start a crosspost; kill it if the test did not wait for its end."""
        self.set_clock()
        life = Life(config=self.folder / "crosspost.toml", now=self.folder / "now", at=at, mutation=mutation)
        async with living(life) as replica:
            yield replica

    async def run(self, at: int | str = 0, mutation: str = "") -> tuple[list[str], int]:
        """Run a crosspost to its end; return the boundaries that it passed, and its exit code."""
        async with self.replica(at, mutation) as replica:
            return await replica.says(), await replica.ended()

    def later(self, **span: float) -> None:
        self.world.later(**span)
        self.set_clock()

    def set_clock(self) -> None:
        aside = self.folder / "now.new"
        aside.write_text(self.world.now.isoformat())
        aside.replace(self.folder / "now")
        if self.address.url:
            set_clock(self.address.url, self.world.now - datetime.now(UTC))

    async def go_on(self, *crashes: int, mutation: str = "", most: int = 12) -> tuple[list[str], int]:
        """Run until all is delivered, and once more; end at these boundaries, each counted from the end before.

        Return the boundaries passed, and how many of these ends came about.
        """
        passed: list[str] = []
        left = list(crashes)
        for _ in range(most):
            last = self.settled()
            names, code = await self.run(left[0] if left else 0, mutation)
            assert code in (0, CRASHED)
            passed += names
            if code == CRASHED:
                del left[0]
                continue  # started again at once, as by a supervisor
            if last:
                break
            if left:
                left[0] -= len(names)
            self.later(minutes=6)  # past every lease, settle time and first back-off
        return passed, len(crashes) - len(left)

    def rows(self) -> list[tuple[str, str, int, str]]:
        """Return each delivery's channel, state, attempts and receipt."""
        columns = "channel, state, attempts, remote_id"
        with self.engine.begin() as tx:
            found = tx.execute(sa.text(f"SELECT {columns} FROM deliveries ORDER BY id")).all()
        return [(row.channel, row.state, row.attempts, row.remote_id) for row in found]

    def settled(self) -> bool:
        rows = self.rows()
        return bool(rows) and all(state == State.DELIVERED for _, state, *_ in rows)

    def wrong(self) -> list[str]:
        """Say what is not as it must be: each new item delivered, and shown exactly once everywhere."""
        items = [item for item in self.world.blog.items if not item.slug.startswith("old-")]
        said = []
        for name in self.only:
            for item in items:
                for times in self.times(name, f"https://blog.example/2026/{item.slug}/"):
                    if times != 1:
                        said.append(f"{name} shows {item.slug} {times} times")
            mine = [row for row in self.rows() if row[0] == name]
            if [state for _, state, *_ in mine] != [State.DELIVERED] * len(items):
                said.append(f"not delivered: {mine}")
            if name != "signature" and {row[3] for row in mine} != {post.id for post in self.posts(name)}:
                said.append(f"receipts of other posts: {mine}")
        with self.engine.begin() as tx:
            booked = list(tx.execute(sa.text(_BOOKED)).scalars())
            moves = {(State(old), State(new)) for old, new in tx.execute(sa.text("SELECT * FROM moves"))}
        said += [f"delivery {number} went out, and is not booked" for number in booked]
        return said + [f"moved {old} -> {new}" for old, new in moves - MOVES]

    def posts(self, name: str) -> list[Post]:
        posts: list[Post] = getattr(self.world, name).posts
        return posts

    def times(self, name: str, link: str) -> list[int]:
        """Count how often a link is shown, in each place where it should be."""
        if name != "signature":
            return [sum(link in str(post) for post in self.posts(name))]
        files = [self.folder / "signature.txt", self.folder / "signature.html"]
        return [file.read_text().count(link) if file.exists() else 0 for file in files]


@asynccontextmanager
async def a_stage(folder: Path, address: DatabaseAddress, *only: str) -> AsyncIterator[Stage]:
    """Serve networks while the context lasts, for channels on these, or on all."""
    async with AsyncExitStack() as stack:
        stage = Stage(folder, address, only or ("facebook", "linkedin", "x", "tumblr", "signature"))
        await stage.open(stack)
        yield stage

"""A year of mishaps: one crosspost among renames, moves, reconnects, rotations, clock steps and refusals.

The store is a real SQLite file, the engine the real one; blog and networks answer in process. Accounts are what
counts, not channels: whatever tables are called, an account shows an entry once.
"""

import asyncio
import resource
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from crosspost.adapters.facebook.stand_in import PAGE, FacebookStandIn
from crosspost.adapters.tumblr.stand_in import TumblrStandIn
from crosspost.adapters.x.stand_in import XStandIn
from crosspost.config import Config, load
from crosspost.engine import run_once
from crosspost.errors import ConfigError, StoreError
from crosspost.http.wire import HttpxClient, InProcess
from crosspost.model import State
from crosspost.people.decisions import Chosen, Decision
from crosspost.policy import Need
from crosspost.report import Event
from crosspost.sandbox import lists
from crosspost.sandbox.behaviour import accept_and_answer, drop, refuse
from crosspost.sandbox.standin import StandIn
from crosspost.store.backup import backup
from tests.agree import agree
from tests.life.blog import Blog
from tests.life.person import connect_again, rotate_key
from tests.proof.cut import Crash, Cut
from tests.verbs import decide, read_status

KINDS = ("facebook", "x", "tumblr")
OWN = {"facebook": f'page = "{PAGE}"', "x": "", "tumblr": 'blog = "sandbox"'}
TOKEN = {"facebook": "FACEBOOK", "x": "X"}
"""Where a network's token comes from; Tumblr is connected."""
ODD: Mapping[str, Callable[[Any], Any]] = {
    "rate limit": lambda network: network.rate_limited(),
    "dropped, kept": lambda _: drop(accept=True),
    "dropped": lambda _: drop(accept=False),
    "500, kept": lambda _: accept_and_answer(500, b"oops"),
    "503": lambda _: refuse(503, b"busy"),
    "a page, kept": lambda _: accept_and_answer(200, b"<html>"),
    "nothing, kept": lambda _: accept_and_answer(200, {}),
    "a wall": lambda _: refuse(403, b"<html>no</html>"),
}
TROUBLE: Mapping[str, Any] = {
    "facebook": refuse(
        400, {"error": {"message": "temporarily blocked", "type": "OAuthException", "code": 368}}
    ),
    "x": refuse(403, {"errors": [{"code": 326, "message": "To protect our users, this account is locked."}]}),
    "tumblr": refuse(403, {"meta": {"status": 403, "msg": "Forbidden"}, "response": [], "errors": []}),
}
"""What each network says when it has shut the account."""
CHOICES: Sequence[tuple[State, Literal[State.PENDING, State.SKIPPED, State.DELIVERED]]] = (
    (State.HELD, State.PENDING),
    (State.HELD, State.PENDING),
    (State.HELD, State.SKIPPED),
    (State.FAILED, State.PENDING),
    (State.SKIPPED, State.PENDING),
    (State.UNCERTAIN, State.PENDING),
)
"""What a person may say: approve, skip, retry, resolve."""
WHICH = st.integers(0, 30)
_BEGAN = datetime.now(UTC)
TOLD = {State.HELD, State.FAILED, State.SKIPPED, State.UNCERTAIN}
ENDS = {State.DELIVERED, State.HELD, State.FAILED, State.SKIPPED}


@dataclass
class Setup:
    """What stands in the configuration: feeds by name, and channels by name with their networks."""

    feeds: dict[str, str] = field(default_factory=lambda: {"carnet": "all"})
    channels: dict[str, str] = field(default_factory=lambda: {kind: kind for kind in KINDS})
    names: int = 0

    def new_name(self, stem: str) -> str:
        self.names += 1
        return f"{stem}-{self.names}"

    def toml(self, blog: Blog) -> str:
        text = ""
        for name, which in self.feeds.items():
            text += f'[feeds.{name}]\nurl = "{blog.address(which)}"\nallow_private = true\nbackfill = 3\n'
            text += 'every = "5m"\n'
        for name, kind in self.channels.items():
            url = f"https://{kind}.example"
            text += f'[channels.{name}]\nadapter = "{kind}"\nbase_url = "{url}"\n{OWN[kind]}\n'
            token = TOKEN.get(kind)
            text += f'access_token = {{ env = "{token}" }}\n' if token else f'login_url = "{url}"\n'
        return text


class Year(RuleBasedStateMachine):
    """One crosspost, its blog, three accounts, and a person who tells the truth and changes things."""

    def __init__(self, folder: Path, cut: Cut, set_token: Callable[[str, str], None]) -> None:
        super().__init__()
        self.folder, self.cut, self.set_token = folder, cut, set_token
        for leftover in (*folder.glob("crosspost.db*"), *folder.glob("*.copy")):
            leftover.unlink()
        cut.reset()
        self.now = _BEGAN
        self.ahead = timedelta(0)
        self.setup = Setup()
        self.blog = Blog(clock=lambda: self.now)
        self.networks: dict[str, Any] = {
            "facebook": FacebookStandIn(),
            "x": XStandIn(),
            "tumblr": TumblrStandIn(),
        }
        self.deaf = dict.fromkeys(KINDS, 0)
        self.shut: set[str] = set()
        self.tokens = 0
        self.expected: set[int] = set()
        """The entries that a run has seen, and that have to come to something on every account."""
        self.events: list[Event] = []
        for kind, network in self.networks.items():
            network.clock = lambda: self.now
            network.refuses_duplicates = False
            if kind in TOKEN:
                set_token(TOKEN[kind], network.token)

    @initialize()
    def begin(self) -> None:
        """Live a week in peace."""
        self.blog.write(4)
        self.later(hours=30)
        self.connect()
        self.run(0, 1, [], None)
        self.expected = {1, 2, 3}  # by its backfill; 0 was taken as known

    # What the world does.

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    @rule(which=WHICH, what=st.sampled_from(("title", "guid", "link", "link", "scheme")))
    def edit(self, which: int, what: str) -> None:
        entry = self.blog.entries[-1 - which % min(6, len(self.blog.entries))]
        match what:
            case "title":
                entry.title += " bis"
            case "guid":
                entry.guid += "x"
            case "link":
                entry.links.append(f"{entry.links[0].rstrip('/')}-{len(entry.links)}/")
            case "scheme":
                entry.links.append(entry.links[-1].replace("https:", "http:"))

    @rule(which=WHICH)
    def take_off_or_put_back(self, which: int) -> None:
        entry = self.blog.entries[-1 - which % min(6, len(self.blog.entries))]
        entry.is_there = not entry.is_there

    @rule(
        kind=st.sampled_from(KINDS),
        deaf=st.integers(0, 4),
        shows=st.sampled_from(("all", "all", "nothing", "ascending", "shuffled")),
        shut=st.booleans(),
    )
    def change_the_weather(self, kind: str, deaf: int, shows: str, shut: bool) -> None:
        """Refuse so many connections; hide the list of posts, or disorder it; shut or open the account."""
        network = self.networks[kind]
        self.deaf[kind] = deaf
        network.distort = (lambda _: b"<html>") if shows == "nothing" else None
        network.arrange = {"ascending": lists.ascending, "shuffled": lists.shuffled}.get(shows, list)
        (self.shut.add if shut else self.shut.discard)(kind)

    @rule(which=st.sampled_from(("all", "tag")), redirects=st.booleans())
    def move_the_blog(self, which: str, redirects: bool) -> None:
        """Serve a feed at another address, which the person finds out and writes down."""
        self.blog.moved[which] += 1
        self.blog.redirects = redirects

    @rule(hours=st.integers(-48, 48) | st.just(0), days=st.sampled_from((0, 0, 0, 40)))
    def set_our_clock(self, hours: int, days: int) -> None:
        self.ahead = timedelta(hours=hours, days=days)

    # What a person does.

    @rule(which=WHICH)
    def rename_a_feed(self, which: int) -> None:
        name = sorted(self.setup.feeds)[which % len(self.setup.feeds)]
        which_feed = self.setup.feeds.pop(name)
        self.setup.feeds[self.setup.new_name(which_feed)] = which_feed

    @rule()
    def add_or_remove_the_second_feed(self) -> None:
        named = [name for name, which in self.setup.feeds.items() if which == "tag"]
        if named:
            del self.setup.feeds[named[0]]
        else:
            self.setup.feeds[self.setup.new_name("tag")] = "tag"

    @rule(kind=st.sampled_from(KINDS), copies=st.booleans())
    def rename_or_copy_a_channel(self, kind: str, copies: bool) -> None:
        named = [name for name, which in self.setup.channels.items() if which == kind]
        if not copies or len(named) > 1:
            del self.setup.channels[named[0]]
        self.setup.channels[self.setup.new_name(kind)] = kind
        if kind == "tumblr":
            self.connect()

    @rule()
    def connect(self) -> None:
        """Connect Tumblr's channels, again too."""
        self.configured()
        network = self.networks["tumblr"]
        for name, kind in self.setup.channels.items():
            if kind == "tumblr":
                asyncio.run(
                    connect_again(self.folder / "crosspost.toml", name, network.app, lambda: self.clock())
                )

    @rule(kind=st.sampled_from(sorted(TOKEN)), told=st.booleans())
    def end_a_token(self, kind: str, told: bool) -> None:
        """Let the network end the token; put a new one into the environment now, or later."""
        self.tokens += 1
        self.networks[kind].token = f"sandbox-token-{self.tokens}"
        if told:
            self.set_token(TOKEN[kind], self.networks[kind].token)

    @rule()
    def end_all_grants(self) -> None:
        self.networks["tumblr"].authority.end_grants()

    @rule()
    def rotate(self) -> None:
        self.configured()
        asyncio.run(rotate_key(self.folder / "crosspost.toml"))

    @rule(puts_back=st.booleans())
    def copy_the_database(self, puts_back: bool) -> None:
        """Make a copy, or put the last one back."""
        copy, database = self.folder / "last.copy", self.folder / "crosspost.db"
        if not puts_back:
            copy.unlink(missing_ok=True)
            backup(self.configured().database, copy)
        elif copy.exists():
            for stale in self.folder.glob("crosspost.db-*"):
                stale.unlink()
            shutil.copy(copy, database)
            # What it does not know, and the blog shows no longer, nobody can announce.
            shown = {entry.number for which in self.setup.feeds.values() for entry in self.blog.shown(which)}
            self.expected &= shown | self.blog.of(permalink for _, permalink, *_ in self.deliveries())

    @rule(which=WHICH)
    def decide(self, which: int) -> None:
        """Decide about one delivery; of an uncertain one, tell the truth."""
        can = [(row, to) for row in self.deliveries() for state, to in CHOICES if row[3] == state]
        if not can:
            return
        (number, permalink, channel, state, _), to = can[which % len(can)]
        if state == State.UNCERTAIN and self.shown(self.kind(channel), self.blog.of([permalink])):
            to = State.DELIVERED
        decision = Decision(
            verb="resolve", made_by="marie", to=to, reason="decided", url="https://here.example"
        )
        with suppress(ConfigError):  # it would say an entry twice
            asyncio.run(decide(self.configured(), Chosen(ids=(number,), states={state}), decision))

    @rule()
    def approve_all(self) -> None:
        decision = Decision(verb="approve", made_by="marie", to=State.PENDING, reason="approved")
        asyncio.run(decide(self.configured(), Chosen(ids=(), states={State.HELD}), decision))

    # What crosspost does.

    @rule(
        new=st.sampled_from((0, 1, 1, 2)),
        minutes=st.integers(1, 600) | st.integers(600, 10 * 24 * 60),
        odd=st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from(sorted(ODD))), max_size=3),
        cut=st.none() | st.integers(0, 20),
        room=st.none() | st.none() | st.integers(0, 60_000),
    )
    def run(
        self, new: int, minutes: int, odd: list[tuple[str, str]], cut: int | None, room: int | None = None
    ) -> None:
        """Run after a while, with new entries, odd answers, and so many bytes left on the disk."""
        self.later(minutes=minutes)
        self.blog.write(new)
        for kind, how in odd:
            self.networks[kind].behave(ODD[how](self.networks[kind]))
        for kind in self.shut:
            self.networks[kind].behave(*[TROUBLE[kind]] * 10)
        config = self.configured()
        self.cut.left = cut
        try:
            with small_disk(room):
                needs = asyncio.run(self.run_once(config))
        except Crash:
            return
        except StoreError:
            assert room is not None
            return
        finally:
            self.cut.left = None
            for kind in self.shut:
                self.networks[kind].behaviours.clear()
        asyncio.run(agree(config, self.clock, needs))
        self.expected |= {
            entry.number for which in self.setup.feeds.values() for entry in self.blog.shown(which)
        } - {0}

    async def run_once(self, config: Config) -> Sequence[Need]:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            kind = dict(scope["headers"])[b"host"].decode().partition(".")[0]
            if kind == "blog":
                await self.blog.app(scope, receive, send)
                return
            self.cut.boundary()
            if self.deaf[kind]:
                self.deaf[kind] -= 1
                raise ConnectionError
            await self.networks[kind].app(scope, receive, send)
            self.cut.boundary()

        async def resolve(_host: str, _port: int) -> list[str]:
            return ["192.0.2.1"]

        client = HttpxClient(transport=InProcess(app), resolve=resolve, clock=self.clock)
        self.events = []
        try:
            return await run_once(config, self.events.append, now=self.clock, client=client)
        finally:
            await client.aclose()

    def clock(self) -> Any:
        return self.now + self.ahead

    def configured(self) -> Config:
        path = self.folder / "crosspost.toml"
        path.write_text(self.setup.toml(self.blog), encoding="utf-8")
        return load(path)

    # What must be true.

    def rows(self, query: str) -> list[Any]:
        with closing(sqlite3.connect(self.folder / "crosspost.db")) as database:
            return database.execute(query).fetchall()

    def deliveries(self) -> list[Any]:
        return self.rows(
            "SELECT d.id, permalink, channel, state, reason FROM entries e JOIN deliveries d"
            " ON e.id = d.entry_id ORDER BY d.id"
        )

    def kind(self, channel: str) -> str:
        return channel.partition("-")[0]

    def shown(self, kind: str, numbers: set[int]) -> int:
        network: StandIn = self.networks[kind]
        return sum(bool(self.blog.of(post.links) & numbers) for post in network.posts)

    @invariant()
    def no_account_shows_an_entry_twice(self) -> None:
        for kind in KINDS:
            for entry in self.blog.entries:
                times = self.shown(kind, {entry.number})
                assert times <= 1, f"entry {entry.number} is on {kind} {times} times"

    def teardown(self) -> None:
        """Heal everything: in the end all is out, or waits for a person who is told why."""
        self.ahead = timedelta(0)
        self.shut.clear()
        for kind, network in self.networks.items():
            network.behaviours.clear()
            network.distort, network.arrange, self.deaf[kind] = None, list, 0
            if kind in TOKEN:
                self.set_token(TOKEN[kind], network.token)
        self.connect()
        for _ in range(40):
            self.run(0, 6 * 60, [], None)
            if not [row for row in self.deliveries() if row[3] not in ENDS]:
                break
        self.no_account_shows_an_entry_twice()
        rows = self.deliveries()
        needs = asyncio.run(read_status(self.configured()))["needs_person"]
        stranded = [row for row in rows if any(f"for channel {row[2]}, which is not" in need for need in needs)]
        silent = [row for row in rows if row[3] != State.DELIVERED and not row[4] and row not in stranded]
        assert not silent, f"these wait, and nobody says why: {silent}; channels: {self.setup.channels}"
        for number in self.expected:
            for kind in KINDS:
                mine = [row for row in rows if self.kind(row[2]) == kind and number in self.blog.of([row[1]])]
                told = [row for row in mine if row[3] in TOLD or row in stranded]
                assert told or self.shown(kind, {number}), f"entry {number} is lost on {kind}: {mine}"
        waits = [row for row in rows if row[3] in (State.HELD, State.FAILED, State.UNCERTAIN)]
        assert needs or not waits, f"nothing needs a person, and these wait: {waits}"


@contextmanager
def small_disk(room: int | None) -> Iterator[None]:
    """Let no file grow beyond so many bytes: a disk as good as full."""
    if room is None:
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

"""Random lives of one crosspost: whatever fails, crashes or is edited, no illegal move and never two posts.

The store is a real SQLite file, the engine the real one; the networks are the stand-ins, in process. There are
two clocks: the networks', and ours, which steps.
"""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from crosspost.adapters.facebook.stand_in import FacebookStandIn
from crosspost.adapters.linkedin.stand_in import LinkedInStandIn
from crosspost.adapters.tumblr.stand_in import TumblrStandIn
from crosspost.adapters.x.stand_in import XStandIn
from crosspost.config import Config
from crosspost.delivery import deliver
from crosspost.engine import run_once
from crosspost.house import open_house
from crosspost.http import meaning
from crosspost.http.wire import HttpxClient, InProcess
from crosspost.model import MOVES, State
from crosspost.people.announce import Wanted, announce
from crosspost.people.decisions import Chosen, Decision
from crosspost.policy import Pending
from crosspost.report import Event
from crosspost.sandbox.behaviour import accept_and_answer, drop, refuse
from crosspost.sandbox.standin import StandIn
from crosspost.store import attempts
from tests.proof.cut import Crash, Cut
from tests.verbs import decide
from tests.world import SECRETS, Blog, Item, World, old

CHANNELS = ("facebook", "x", "linkedin")
ANSWERS: dict[str, Callable[[StandIn], Any]] = {
    "rate limit": lambda network: network.rate_limited(),
    "rejected": lambda _: refuse(400, {"error": {"message": "no", "code": 100}}),
    "a wall": lambda _: refuse(403, b"<html>no</html>"),
    "dropped, kept": lambda _: drop(accept=True),
    "dropped": lambda _: drop(accept=False),
    "500, kept": lambda _: accept_and_answer(500, b"oops"),
    "500": lambda _: refuse(500, b"oops"),
    "unreadable, kept": lambda _: accept_and_answer(200, b"<html>"),
}
CHOICES: Sequence[tuple[State, Literal[State.PENDING, State.SKIPPED, State.DELIVERED]]] = (
    (State.HELD, State.PENDING),
    (State.HELD, State.SKIPPED),
    (State.FAILED, State.PENDING),
    (State.FAILED, State.SKIPPED),
    (State.SKIPPED, State.PENDING),
    (State.PENDING, State.SKIPPED),
    (State.UNCERTAIN, State.PENDING),
)
"""What a person may say: approve, retry, skip, resolve."""
WHICH = st.integers(0, 30)
WATCH = """
CREATE TABLE moves (delivery, old, new, attempts_old, attempts_new);
CREATE TRIGGER moved AFTER UPDATE ON deliveries WHEN old.state <> new.state OR old.attempts <> new.attempts
  BEGIN INSERT INTO moves VALUES (new.id, old.state, new.state, old.attempts, new.attempts); END;
CREATE TRIGGER lost BEFORE DELETE ON deliveries BEGIN SELECT RAISE(ABORT, 'a delivery is never deleted'); END;
"""


@dataclass
class Bench:
    """What all lives share: a configuration, and a database in which the feed's first sight is taken in."""

    folder: Path
    config: Config
    known: list[Item]
    cut: Cut


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    for name, secret in SECRETS.items():
        monkeypatch.setenv(name, secret)
    world = a_world_in(tmp_path)
    world.blog.publish(*old(4))
    (tmp_path / "feed.xml").write_bytes(world.blog.body())
    made = Bench(tmp_path, world.config(only=CHANNELS, channel="attempts = 3"), world.blog.items, Cut())
    asyncio.run(world.run(made.config))
    with closing(sqlite3.connect(tmp_path / "crosspost.db")) as database:
        database.executescript(WATCH)
    (tmp_path / "crosspost.db").rename(tmp_path / "first.db")

    made.cut.install(monkeypatch)
    return made


def a_world_in(folder: Path) -> World:
    """Make networks that are not served. Only X refuses what it has already."""
    networks = (FacebookStandIn(), LinkedInStandIn(), XStandIn(), TumblrStandIn())
    urls = {name: f"https://{name}.example" for name in CHANNELS}
    world = World(folder, Blog(), str(folder), *networks, urls=urls)
    world.later(hours=1)  # later than all that reads the real clock
    for network in networks:
        network.clock = lambda: world.now
    world.facebook.refuses_duplicates = world.linkedin.refuses_duplicates = False
    return world


class Life(RuleBasedStateMachine):
    """One crosspost, its blog, its networks, and a person who tells the truth."""

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self.bench = bench
        bench.cut.reset()
        for leftover in bench.folder.glob("crosspost.db*"):
            leftover.unlink()
        shutil.copy(bench.folder / "first.db", bench.folder / "crosspost.db")
        self.world = a_world_in(bench.folder)
        self.networks: dict[str, StandIn] = {name: getattr(self.world, name) for name in CHANNELS}
        self.ahead = timedelta(0)
        self.deaf: dict[str, int] = dict.fromkeys(CHANNELS, 0)
        self.blog = self.world.blog
        self.blog.publish(*bench.known)
        self.publish(1)

    def write_feed(self) -> None:
        (self.bench.folder / "feed.xml").write_bytes(self.blog.body())

    @property
    def fresh(self) -> list[Item]:
        return self.blog.items[: -len(self.bench.known)]

    # What the world does.

    def publish(self, count: int) -> None:
        first = len(self.blog.items)
        self.blog.publish(*(Item(slug=f"n{n}", title=f"Billet {n}") for n in range(first, first + count)))
        self.write_feed()

    @rule(which=WHICH, what=st.sampled_from(("title", "summary", "guid")))
    def edit(self, which: int, what: str) -> None:
        which %= len(self.fresh)
        item = self.blog.items[which]
        change: dict[str, Any] = {what: f"{getattr(item, what)} bis {item.slug}"}
        self.blog.items[which] = replace(item, **change)
        self.write_feed()

    @rule(name=st.sampled_from(CHANNELS), deaf=st.integers(0, 4), expired=st.booleans(), hidden=st.booleans())
    def change_the_weather(self, name: str, deaf: int, expired: bool, hidden: bool) -> None:
        """Refuse so many connections; let the token expire, or renew it; hide or show the list of posts."""
        self.deaf[name], self.networks[name].expired = deaf, expired
        self.networks[name].distort = (lambda _: b"<html>") if hidden else None

    @rule(minutes=st.integers(-30, 30))
    def set_our_clock(self, minutes: int) -> None:
        self.ahead = timedelta(minutes=minutes)

    # What crosspost does.

    @rule(
        new=st.sampled_from((0, 1, 1, 2, 5)),
        seconds=st.integers(1, 400) | st.integers(400, 6 * 3600),
        odd=st.lists(st.tuples(st.sampled_from(CHANNELS), st.sampled_from(sorted(ANSWERS))), max_size=4),
        cut=st.none() | st.integers(0, 20),
    )
    def run(self, new: int, seconds: int, odd: list[tuple[str, str]], cut: int | None) -> None:
        """Run after a while, with new entries and odd answers to come: to the end, or only so far."""
        self.publish(new)
        self.world.later(seconds=seconds)
        for name, how in odd:
            self.networks[name].behave(ANSWERS[how](self.networks[name]))
        self.bench.cut.left = cut
        try:
            asyncio.run(self.run_once())
        except Crash:
            return
        finally:
            self.bench.cut.left = None
        taken_in = {permalink for _, permalink, *_ in self.deliveries()}
        assert taken_in == {link(item) for item in self.fresh}, "an entry was lost"

    async def run_once(self) -> None:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            name = scope["server"][0].partition(".")[0]
            self.bench.cut.boundary()
            if self.deaf[name]:
                self.deaf[name] -= 1
                raise httpx.ConnectError("nobody listens")
            await self.networks[name].app(scope, receive, send)
            self.bench.cut.boundary()

        events: list[Event] = []
        client = HttpxClient(transport=InProcess(app))
        try:
            await run_once(
                self.bench.config, events.append, now=lambda: self.world.now + self.ahead, client=client
            )
        finally:
            await client.aclose()

    # What a person does.

    @rule(which=WHICH)
    def decide(self, which: int) -> None:
        """Decide about one delivery; of an uncertain one, tell the truth."""
        can = [(row, to) for row in self.deliveries() for state, to in CHOICES if row[3] == state]
        if not can:
            return
        (number, permalink, channel, state, _), to = can[which % len(can)]
        if state == State.UNCERTAIN and self.shown(channel, permalink):
            to = State.DELIVERED
        chosen = Chosen(ids=(number,), states={state})
        decision = Decision(
            verb="resolve", made_by="tester", to=to, reason="decided", url="https://here.example"
        )
        asyncio.run(decide(self.bench.config, chosen, decision))

    @rule(which=WHICH)
    def announce(self, which: int) -> None:
        """Have an entry announced by name, whatever became of it so far."""
        known = [permalink for _, permalink, *_ in self.deliveries()]
        if known:
            asyncio.run(self.ask_for(known[which % len(known)]))

    async def ask_for(self, permalink: str) -> None:
        async with open_house(self.bench.config, clock=lambda: self.world.now + self.ahead) as house:
            await announce(house, Wanted(what=permalink, made_by="tester"))

    # What must be true.

    def rows(self, query: str) -> list[Any]:
        with closing(sqlite3.connect(self.bench.folder / "crosspost.db")) as database:
            return database.execute(query).fetchall()

    def deliveries(self) -> list[Any]:
        return self.rows(
            "SELECT d.id, permalink, channel, state, reason FROM entries e LEFT JOIN deliveries d"
            " ON e.id = d.entry_id WHERE NOT baseline ORDER BY d.id"
        )

    def shown(self, channel: str, permalink: str) -> int:
        return sum(permalink in post.links for post in self.networks[channel].posts)

    @invariant()
    def what_is_public_is_what_is_on_record(self) -> None:
        found = self.deliveries()
        expected = [(permalink, name) for permalink in {row[1] for row in found} for name in CHANNELS]
        assert sorted((row[1], row[2]) for row in found) == sorted(expected), "a channel was forgotten"
        for number, permalink, channel, state, _ in found:
            times = self.shown(channel, permalink)
            assert times <= 1, f"delivery {number} is on {channel} twice"
            if state not in (State.SENDING, State.UNCERTAIN):
                assert times == (state == State.DELIVERED), (
                    f"delivery {number} is {state}, and shown {times} times"
                )
        ours = {link(item) for item in self.fresh}
        for name, network in self.networks.items():
            assert all(set(post.links) <= ours for post in network.posts), f"an old entry is on {name}"

    @invariant()
    def what_may_be_there_is_booked_once(self) -> None:
        booked = "SELECT d.id, state, attempts, COALESCE(standing, 0) FROM deliveries d LEFT JOIN bookings b"
        for number, state, tried, standing in self.rows(f"{booked} ON b.delivery_id = d.id"):
            may_be_there = tried and state in (State.SENDING, State.UNCERTAIN, State.DELIVERED)
            assert bool(standing) == bool(may_be_there), f"delivery {number} is {state}: booked {standing}"

    @invariant()
    def every_move_was_legal(self) -> None:
        retried = set()
        for delivery, *states, before, after in self.rows("SELECT * FROM moves ORDER BY rowid"):
            old_state, new_state = map(State, states)
            assert (old_state, new_state) in MOVES
            assert after - before == (new_state is State.SENDING), "one more attempt exactly when it is sent"
            if old_state in (State.FAILED, State.SKIPPED):
                retried.add((delivery, after))
        frozen: dict[int, str] = {}
        for delivery, number, print_ in self.rows(
            "SELECT delivery_id, number, fingerprint FROM attempts ORDER BY 1, 2"
        ):
            if delivery in frozen and (delivery, number - 1) not in retried:
                assert print_ == frozen[delivery], "an attempt says something else than the one before"
            frozen[delivery] = print_

    def teardown(self) -> None:
        """Heal everything: in the end all is delivered, or waits for a person who is told why."""
        self.ahead = timedelta(0)
        for name, network in self.networks.items():
            network.behaviours.clear()
            network.expired, network.distort, self.deaf[name] = False, None, 0
        for _ in range(20):
            self.run(0, 2 * 3600, [], None)
            if not self.under_way():
                break
        self.what_is_public_is_what_is_on_record()
        self.every_move_was_legal()
        assert not self.under_way()
        assert all(reason or state == State.DELIVERED for *_, state, reason in self.deliveries())

    def under_way(self) -> list[Any]:
        """Return what is neither delivered nor waits for a person."""
        ends = {State.DELIVERED, State.HELD, State.FAILED, State.SKIPPED}
        asked = ("linkedin", State.UNCERTAIN)
        return [row for row in self.deliveries() if row[3] not in ends and (row[2], row[3]) != asked]


def link(item: Item) -> str:
    return f"https://blog.example/2026/{item.slug}/"


LIVES = settings(
    max_examples=30,
    stateful_step_count=25,
    deadline=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)


def live(bench: Bench, lives: settings) -> None:
    factory: Any = lambda: Life(bench)  # noqa: E731 - typed for a class, but documented for any factory
    run_state_machine_as_test(factory, settings=lives)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_life_holds_an_illegal_move(bench: Bench) -> None:
    live(bench, LIVES)


def rescued_by_age(now: Any, _settle: timedelta, **_: Any) -> Pending:
    return Pending(reason="its lease ran out", not_before=now)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("module", "name", "fault"),
    [
        (deliver, "lease_ran_out", rescued_by_age),
        (attempts, "begin_attempt", lambda _tx, delivery, *_, **__: delivery.attempts + 1),
        (meaning, "may_have_arrived", lambda _status: False),
    ],
    ids=["rescue by age", "attempt not on record", "a 500 taken for a no"],
)
def test_the_lives_find_a_fault(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, fault: Any
) -> None:
    """What the invariants are worth: each of these mistakes is found."""
    monkeypatch.setattr(module, name, fault)  # a mistake of the program's own cannot be handed in
    lives = settings(
        LIVES,
        phases=[Phase.generate],
        max_examples=300,
        report_multiple_bugs=False,
        derandomize=True,
        database=None,
    )
    with pytest.raises(AssertionError, match=r"shown|twice"):
        live(bench, lives)

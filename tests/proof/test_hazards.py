"""Disks, clocks and neighbours that misbehave: one sentence and an end, nothing twice, nothing lost."""

import asyncio
import ctypes
import random
import resource
import shutil
import sqlite3
from asyncio.subprocess import Process
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from starlette.responses import Response

from crosspost.engine import run_once
from crosspost.http import Answer, Request
from crosspost.http.wire import HttpxClient
from crosspost.sandbox.behaviour import delay, drop
from crosspost.store.backup import backup
from tests.cli.program import Said
from tests.process import crosspost, ended, started, until
from tests.world import Item, World, fresh, old

FACEBOOK = ("facebook",)
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1
EVERYTHING = resource.RLIM_INFINITY


def rows(world: World, query: str) -> list[Any]:
    with closing(sqlite3.connect(world.folder / "crosspost.db")) as database:
        return database.execute(query).fetchall()


def states(world: World) -> list[str]:
    return [state for (state,) in rows(world, "SELECT state FROM deliveries ORDER BY id")]


async def one_is_due(world: World, **lines: str) -> None:
    """Know a feed, then let one entry be new. No network helps by refusing what it has."""
    for network in world.networks:
        network.refuses_duplicates = False
    world.facebook.clock = lambda: world.now
    world.blog.publish(*old(4))
    await world.run(world.config(only=FACEBOOK, **lines))
    world.blog.publish(*fresh(1))


async def all_settles(world: World, posts: int = 1) -> None:
    """Run as often as it takes: every delivery arrives, and once."""
    for _ in range(4):
        await world.run(world.config(only=FACEBOOK))
        world.later(minutes=5)
    assert set(states(world)) == {"delivered"}
    assert len(world.facebook.posts) == posts


# A full disk.


async def test_a_disk_that_fills_up_ends_the_run_with_a_sentence(world: World) -> None:
    """With some pages more each time: too few to open it, to take the entry in, to record the attempt …"""
    await one_is_due(world)
    world.blog.items[0] = replace(world.blog.items[0], summary="Long. " * 4_000)
    ends: list[tuple[str, ...]] = []
    for room in (0, *range(33_000, 200_000, 12_360)):
        said = await crosspost(world, "run-once", prepare=partial(limit_files, room))
        if said.code == 0:
            break
        (problem,) = said.problems
        assert said.code == 2
        assert "crosspost.db cannot be used: disk I/O error" in problem
        assert len(world.facebook.posts) <= states(world).count("sending"), "it is on record before it is sent"
        ends.append(tuple(states(world)))
    assert {(), ("pending",)} <= set(ends)
    world.later(minutes=5)
    await all_settles(world)


def limit_files(room: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, EVERYTHING))


async def filled_once_accepted(world: World, child: Process) -> None:
    """Let the network have the post, the program no room, and the answer come."""
    answer = asyncio.Event()
    world.facebook.behave(delay(answer))
    await until(lambda: world.facebook.posts)
    resource.prlimit(child.pid, resource.RLIMIT_FSIZE, (0, EVERYTHING))
    answer.set()


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_a_disk_full_when_the_answer_is_to_be_recorded_loses_nothing(world: World) -> None:
    await one_is_due(world)
    async with started(world, "run-once") as child:
        await filled_once_accepted(world, child)
        said = await ended(child)
    assert said.code == 2
    assert "crosspost.db cannot be used: disk I/O error" in said.problems[0]
    assert states(world) == ["sending"]
    world.later(minutes=5)
    await all_settles(world)


async def test_room_made_soon_enough_is_as_if_nothing_had_been(world: World) -> None:
    await one_is_due(world)
    async with started(world, "run-once") as child:
        await filled_once_accepted(world, child)
        await asyncio.sleep(0.5)  # longer than its first try
        assert states(world) == ["sending"]
        resource.prlimit(child.pid, resource.RLIMIT_FSIZE, (EVERYTHING, EVERYTHING))
        said = await ended(child)
    assert (said.code, said.err, states(world)) == (0, "", ["delivered"])


# What may not be written, or cannot be read.


def as_anybody() -> None:
    """Give up root's power to write what nobody may; for anybody else it changes nothing."""
    ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE)


@pytest.mark.parametrize("verb", ["run-once", "run"])
@pytest.mark.parametrize("locked", [".", "crosspost.db", ". crosspost.db"])
async def test_what_may_not_be_written_is_said_and_nothing_is_sent(
    world: World, locked: str, verb: str
) -> None:
    await one_is_due(world)
    paths = [world.folder / name for name in locked.split()]
    modes = [path.stat().st_mode for path in paths]
    for path in paths:
        path.chmod(0o555)
    try:
        said = await crosspost(world, verb, prepare=as_anybody)
    finally:
        for path, mode in zip(paths, modes, strict=True):
            path.chmod(mode)
    assert (said.code, world.posts) == (2, 0)
    assert "crosspost.db cannot be used: " in said.problems[-1]
    await all_settles(world)


@pytest.mark.parametrize("verb", ["run-once", "run", "status", "deliveries"])
async def test_a_damaged_database_is_said_and_nothing_is_sent(world: World, verb: str) -> None:
    await one_is_due(world)
    path = world.folder / "crosspost.db"
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + random.Random(1).randbytes(len(whole) - 4096))
    damaged = path.read_bytes()
    said = await crosspost(world, verb)
    assert (said.code, world.posts) == (2, 0)
    assert "crosspost.db cannot be used: database disk image is malformed" in said.problems[-1]
    assert path.read_bytes() == damaged


# Another file in its place.


@pytest.mark.parametrize("by", ["a copy", "a copy over it", "nothing"])
async def test_a_daemon_whose_database_is_exchanged_ends(world: World, by: str) -> None:
    """An entry that waits in the copy has gone out since; another waits in the daemon."""
    await one_is_due(world, channel='delay = "3s"')
    config = world.config(only=FACEBOOK, channel='delay = "3s"')
    path, copy = world.folder / "crosspost.db", world.folder / "copy.db"
    await world.run(config)
    backup(config.database, copy)
    world.later(seconds=4)
    await world.run(config)
    assert states(world) == ["delivered"]
    world.blog.publish(Item(slug="next", title="Le suivant", days_ago=0))
    content = copy.read_bytes()
    async with started(world, "run") as child:
        await until(lambda: states(world) == ["delivered", "pending"])
        if by == "nothing":
            path.unlink()
        elif by == "a copy over it":
            shutil.copyfile(copy, path)
        else:
            copy.replace(path)
        said = await ended(child)
    assert (said.code, len(world.facebook.posts)) == (2, 1)
    assert "was replaced or removed while crosspost was running" in said.err.splitlines()[-1]
    if by == "nothing":
        assert not path.exists()
        assert (await crosspost(world, "run-once")).code == 0
        assert len(world.facebook.posts) == 1, "a new database takes all that is there as known"
    else:
        assert path.read_bytes() == content
        assert states(world) == ["pending"], "as in the copy: no log of the old one is left to be read into it"
        world.later(minutes=1)
        await all_settles(world, posts=2)
    texts = [post.text for post in world.facebook.posts]
    assert len(set(texts)) == len(texts)


# Clocks.


class Died(BaseException):
    """The program is gone."""


class Deadly(HttpxClient):
    """The way out of a program that dies while it prepares a delivery, by fetching its picture, or sends it."""

    def __init__(self, left: str) -> None:
        super().__init__()
        self.left = left

    async def fetch(self, url: str, **more: Any) -> Answer:
        if self.left == "reserved" and url.endswith(".jpg"):
            raise Died
        return await super().fetch(url, **more)

    async def send(self, request: Request, **more: Any) -> Answer:
        answer = await super().send(request, **more)
        if self.left == "sending":
            raise Died
        return answer


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(("before", "after"), [(0, 1), (0, -1), (1, 0), (1, -1)])
@pytest.mark.parametrize("left", ["pending", "reserved", "sending", "uncertain", "feed waits"])
async def test_a_clock_that_steps_delays_but_neither_repeats_nor_loses(
    world: World, left: str, before: int, after: int
) -> None:
    """Our clock is so many hours off, then otherwise; the network's is right all the time."""
    ahead = HOUR * before
    lines = {"pending": 'delay = "10m"', "reserved": "picture = true"}
    config = world.config(only=FACEBOOK, channel=lines.get(left, ""))

    async def run(client: HttpxClient | None = None) -> None:
        await run_once(config, lambda _: None, now=lambda: world.now + ahead, client=client)

    world.facebook.clock, world.facebook.refuses_duplicates = lambda: world.now, False
    world.blog.publish(*old(4))
    await run()
    (new,) = fresh(1)
    world.blog.publish(replace(new, picture=f"{world.blog_url}/picture.jpg"))
    world.later(minutes=1)
    if left == "uncertain":
        world.facebook.behave(drop(accept=True))
    if left == "feed waits":
        world.blog.broken = Response("", 503, {"retry-after": "1200"})
    client = Deadly(left)
    with suppress(Died):
        await run(client)
    await client.aclose()
    expected = {"reserved": ["pending"], "feed waits": []}
    assert states(world) == expected.get(left, [left])
    world.blog.broken = None

    ahead = HOUR * after
    step = max(HOUR * (before - after), timedelta(0))
    for _ in range((step + HOUR) // timedelta(minutes=10)):
        world.later(minutes=10)
        await run()
        assert len(world.facebook.posts) <= 1
    assert states(world) == ["delivered"], "late by the step and a little, and no more"
    assert len(world.facebook.posts) == 1


# Neighbours.


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_many_processes_on_one_database_send_everything_once(world: World) -> None:
    both = ("facebook", "x")
    world.facebook.refuses_duplicates = world.x.refuses_duplicates = False
    world.blog.publish(*old(8))
    await world.run(world.config(only=both))
    said: list[Said] = []
    async with started(world, "run") as daemon:
        for round_ in range(3):
            world.blog.publish(*(Item(slug=f"{round_}-{n}", title=f"Billet {round_}, {n}") for n in range(2)))
            said += await asyncio.gather(*(crosspost(world, "run-once") for _ in range(4)))
        daemon.terminate()
        said.append(await ended(daemon))
    said.append(await crosspost(world, "run-once"))
    assert [one.code for one in said] == [0] * len(said)
    assert not [one for one in said if "locked" in one.out + one.err]
    assert [one.err for one in said if one.err and '"level": "error"' in one.err] == []
    assert states(world) == ["delivered"] * 12
    for network in (world.facebook, world.x):
        links = [post.links for post in network.posts]
        assert len(links) == len(set(links)) == 6

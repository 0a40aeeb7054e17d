"""The daemon as its own process: it polls, delivers, says that it lives, and ends cleanly."""

import asyncio
import json
import re
import signal
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from crosspost.engine.signals import GRACE
from crosspost.engine.work import LONGEST_SLEEP, seconds_to_next
from crosspost.house import host, open_house
from crosspost.sandbox.behaviour import delay
from crosspost.store import channels
from tests.process import crosspost, ended, running, started, until
from tests.world import BOTH_DATABASES, World, fresh, old

FACEBOOK = ("facebook",)
CODE = """
import asyncio, sys
from datetime import timedelta
from pathlib import Path
from crosspost.config import load
from crosspost.engine.daemon import run
grace = timedelta(seconds=float(sys.argv[1]))
asyncio.run(run(load(Path("crosspost.toml")), print, grace=grace))
"""
WITH_A_GRACE = ("-c", CODE)
"""The daemon, with so many seconds of grace after the first signal."""


def states(folder: Path) -> list[str]:
    if not (folder / "crosspost.db").exists():
        return []
    with closing(sqlite3.connect(folder / "crosspost.db")) as database:
        try:
            return [state for (state,) in database.execute("SELECT state FROM deliveries")]
        except sqlite3.OperationalError:
            return []


async def known(world: World) -> None:
    world.blog.publish(*old(4))
    await world.run(world.config(only=FACEBOOK))
    world.blog.publish(*fresh(1))


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
async def test_it_delivers_logs_json_and_ends_on_a_signal(world: World, signum: signal.Signals) -> None:
    await known(world)
    assert (await crosspost(world, "healthcheck")).code == 1
    async with started(world, "run") as child:
        await until(lambda: states(world.folder) == ["delivered"])
        await until(lambda: beats(world.folder))
        said = await crosspost(world, "healthcheck")
        assert (said.code, said.out[:5]) == (0, "alive")
        child.send_signal(signum)
        said = await ended(child)
        assert said.code == 0
    after = await crosspost(world, "healthcheck")
    assert (after.code, "the daemon was stopped" in after.out) == (1, True)
    logged = [json.loads(line) for line in said.err.splitlines()]
    assert any(line.get("event") == "delivered" and line["subject"] == "facebook" for line in logged)
    assert len(world.facebook.posts) == 1
    start = next(line for line in logged if line.get("event") == "started")
    assert start["message"].startswith(f"started: 1 feed, 1 channel, by {world.folder}/crosspost.toml; ")
    assert (start["feeds"], start["channels"]) == (["blog"], ["facebook"])
    assert (logged[-1]["event"], logged[-1]["why"]) == ("stopped", f"by {signum.name}")
    assert logged[-1]["delivered"] == 1


async def test_its_log_can_be_text_for_people_and_ends_with_what_it_did(world: World) -> None:
    await known(world)
    async with started(world, "run", "--log-format", "text") as child:
        await running(child)
        await until(lambda: states(world.folder) == ["delivered"])
        child.terminate()
        said = await ended(child)
    assert re.search(r"^\S+ \S+ facebook: delivered: .+: https?://\S+$", said.err, re.MULTILINE)
    assert re.search(r"^\S+ \S+ stopped by SIGTERM after \w+: 1 delivered\n\Z", said.err, re.MULTILINE)


@BOTH_DATABASES
async def test_a_heartbeat_from_the_future_is_no_sign_of_life(world: World) -> None:
    """As when the daemon died on a clock that has been set right since."""
    await known(world)
    async with open_house(world.config(only=FACEBOOK)) as house:
        ahead = house.now() + timedelta(days=1)
        await house.database.write(channels.beat, host=host(), now=ahead, every=LONGEST_SLEEP)
    said = await crosspost(world, "healthcheck")
    assert (said.code, "is from the future" in said.out) == (1, True)


async def test_a_killed_daemon_is_alive_until_its_signs_fail_to_come(world: World) -> None:
    await known(world)
    async with started(world, "run") as child:
        await running(child)
        child.kill()
        await child.communicate()
    said = await crosspost(world, "healthcheck")
    assert (said.code, said.out[:5]) == (0, "alive")


def beats(folder: Path) -> bool:
    with closing(sqlite3.connect(folder / "crosspost.db")) as database:
        return bool(database.execute("SELECT count(*) FROM heartbeat").fetchone()[0])


async def test_a_signal_lets_the_request_under_way_finish(world: World) -> None:
    await known(world)
    answer = asyncio.Event()
    world.facebook.behave(delay(answer))
    async with started(world, "run") as child:
        await until(lambda: len(world.facebook.posts) == 1)
        child.terminate()
        answer.set()
        assert (await ended(child)).code == 0
    assert states(world.folder) == ["delivered"]


def test_an_attempt_under_way_is_on_record_before_docker_kills() -> None:
    assert timedelta(seconds=5) < GRACE < timedelta(seconds=9)


async def test_what_does_not_finish_in_time_is_recorded_as_uncertain(world: World) -> None:
    await known(world)
    never = asyncio.Event()
    world.facebook.behave(delay(never))
    async with started(world, "0.5", program=WITH_A_GRACE) as child:
        await until(lambda: len(world.facebook.posts) == 1)
        child.terminate()
        await ended(child)
    never.set()
    assert states(world.folder) == ["uncertain"]


async def test_a_second_signal_ends_at_once_and_leaves_uncertain(world: World) -> None:
    await known(world)
    never = asyncio.Event()
    world.facebook.behave(delay(never))
    async with started(world, "3600", program=WITH_A_GRACE) as child:
        await until(lambda: len(world.facebook.posts) == 1)
        child.terminate()
        child.send_signal(signal.SIGINT)  # a second SIGTERM at the same instant would be one
        await ended(child)
    never.set()
    assert states(world.folder) == ["uncertain"]


async def test_no_request_begins_after_the_signal(world: World) -> None:
    world.blog.publish(*old(8))
    await world.run(world.config(only=FACEBOOK))
    world.blog.publish(*fresh(3))
    answer = asyncio.Event()
    world.facebook.behave(delay(answer))
    async with started(world, "run") as child:
        await until(lambda: len(world.facebook.posts) == 1)
        child.terminate()
        answer.set()
        await ended(child)
    assert sorted(states(world.folder)) == ["delivered", "pending", "pending"]
    assert len(world.facebook.posts) == 1


async def test_an_approval_reaches_a_running_daemon(world: World) -> None:
    """Another process may change what is due; the daemon looks by itself at least once a minute."""
    await known(world)
    (world.folder / "crosspost.toml").write_text(world.toml(only=FACEBOOK, channel="approve = true"))
    async with started(world, "run") as child:
        await until(lambda: states(world.folder) == ["held"])
        assert (await crosspost(world, "approve", "--all")).code == 0
        child.terminate()
        await ended(child)
    assert states(world.folder) == ["pending"]
    assert (await crosspost(world, "run-once")).code == 0
    assert states(world.folder) == ["delivered"]


async def test_what_becomes_due_while_the_daemon_looks_is_not_slept_over(world: World) -> None:
    """As when a channel's room comes back between the last decision and the question when to wake up."""
    await known(world)
    config = world.config(only=FACEBOOK, channel='delay = "10m"')
    await world.run(config)
    began = world.now
    world.later(minutes=10, seconds=1)
    async with open_house(config, clock=lambda: world.now) as house:
        assert await seconds_to_next(house, since=began) == 1
        assert await seconds_to_next(house) == LONGEST_SLEEP, "what was due before has had its look"

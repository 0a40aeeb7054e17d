"""SIGHUP: the daemon reads its configuration anew, and whatever is under way ends as it began."""

import asyncio
import json
import re
import signal
import sqlite3
from asyncio.subprocess import Process
from contextlib import closing
from pathlib import Path

import pytest

from crosspost.sandbox.behaviour import delay
from tests.cli.program import Said
from tests.engine.test_daemon import known, states
from tests.process import HANGS, ended, started, until
from tests.world import Item, World

BOTH = ("facebook", "x")
HASTY = """
import asyncio
from datetime import timedelta
from pathlib import Path
from crosspost.cli import logs
from crosspost.config import load
from crosspost.engine.daemon import run
logs.set_up()
asyncio.run(run(load(Path("crosspost.toml")), logs.log_event, grace=timedelta(0)))
"""
"""The daemon, which gives nothing any time after a signal to stop."""


async def heard(child: Process, words: str) -> list[str]:
    """Return the daemon's lines up to the one with these words."""
    assert child.stderr is not None
    lines: list[str] = []
    async with asyncio.timeout(HANGS):
        while not lines or words not in lines[-1]:
            line = await child.stderr.readline()
            assert line, lines
            lines.append(json.loads(line)["message"])
    return lines


def write(world: World, text: str) -> None:
    (world.folder / "crosspost.toml").write_text(text, encoding="utf-8")


async def stopped(child: Process) -> Said:
    child.terminate()
    said = await ended(child)
    assert said.code == 0
    assert "Traceback" not in said.err
    return said


async def test_a_new_channel_is_served_after_sighup(world: World) -> None:
    await known(world)
    async with started(world, "run") as child:
        await heard(child, "delivered")
        world.config(only=BOTH)
        child.send_signal(signal.SIGHUP)
        lines = await heard(child, "the new configuration is in use: 1 feed, 2 channels")
        assert any("crosspost.toml was read anew" in line for line in lines)
        world.blog.publish(Item(slug="later", title="Plus tard", days_ago=0))
        child.send_signal(signal.SIGHUP)  # it polls at once
        await until(lambda: world.x.posts)
        await until(lambda: len(world.facebook.posts) == 2)
        said = await stopped(child)
        last = json.loads(said.err.splitlines()[-1])
        assert re.fullmatch(r"stopped by SIGTERM after \w+: 3 delivered", last["message"])
        assert (last["event"], last["delivered"]) == ("stopped", 3)


@pytest.mark.parametrize("wrong", ["a bad key", "a bad template", "no text", "gone", "a folder", "no secret"])
async def test_a_wrong_configuration_is_refused_and_the_old_one_goes_on(world: World, wrong: str) -> None:
    await known(world)
    path = world.folder / "crosspost.toml"
    good = path.read_text(encoding="utf-8")
    async with started(world, "run") as child:
        await heard(child, "delivered")
        path.unlink()
        if wrong == "a bad key":
            write(world, good.replace("[channels", 'colour = "red"\n[channels', 1))
        elif wrong == "a bad template":
            write(world, good + 'template = "{{ title "\n')
        elif wrong == "no text":
            path.write_bytes(b"\xff\xfe\x00")
        elif wrong == "a folder":
            path.mkdir()
        elif wrong == "no secret":
            write(world, good.replace('env = "FACEBOOK"', 'env = "NOT_SET_ANYWHERE"'))
        child.send_signal(signal.SIGHUP)
        (*_, said) = await heard(child, "crosspost goes on with what it had")
        assert "crosspost.toml" in said
        path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)
        write(world, good)
        world.blog.publish(Item(slug="later", title="Plus tard", days_ago=0))
        child.send_signal(signal.SIGHUP)
        await until(lambda: len(world.facebook.posts) == 2)
        await stopped(child)


async def test_what_is_under_way_ends_before_the_new_configuration_follows(world: World) -> None:
    await known(world)
    answer = asyncio.Event()
    world.facebook.behave(delay(answer))
    async with started(world, program=("-c", HASTY)) as child:
        await until(lambda: world.facebook.posts)
        child.send_signal(signal.SIGHUP)
        child.send_signal(signal.SIGHUP)
        await heard(child, "was read anew")
        answer.set()
        await heard(child, "the new configuration is in use")
        assert states(world.folder) == ["delivered"], "though a stop would have cut it off at once"
        await stopped(child)


async def test_a_stop_is_heeded_while_a_new_configuration_waits(world: World) -> None:
    await known(world)
    never = asyncio.Event()
    world.facebook.behave(delay(never))
    async with started(world, program=("-c", HASTY)) as child:
        await until(lambda: world.facebook.posts)
        child.send_signal(signal.SIGHUP)
        await heard(child, "was read anew")
        await stopped(child)
    never.set()
    assert states(world.folder) == ["uncertain"]


def catches(child: Process, number: signal.Signals) -> bool:
    """Tell whether the program has a handler for this signal, as Linux tells it."""
    for line in Path(f"/proc/{child.pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("SigCgt:"):
            return bool(int(line.split()[1], 16) >> (number - 1) & 1)
    return False


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells what a process heeds")
async def test_sighup_while_it_starts_is_heeded_afterwards(world: World) -> None:
    """A database that another program has locked holds up its start."""
    await known(world)
    with closing(sqlite3.connect(world.folder / "crosspost.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        async with started(world, "run") as child:
            await until(lambda: catches(child, signal.SIGHUP))
            child.send_signal(signal.SIGHUP)
            other.execute("ROLLBACK")
            await heard(child, "started: ")
            await heard(child, "the new configuration is in use")
            await stopped(child)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells what a process heeds")
async def test_sigterm_while_it_starts_ends_it_at_once(world: World) -> None:
    await known(world)
    with closing(sqlite3.connect(world.folder / "crosspost.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        async with started(world, "run") as child:
            await until(lambda: catches(child, signal.SIGTERM))
            said = await stopped(child)
        other.execute("ROLLBACK")
    assert json.loads(said.err)["why"] == "by SIGTERM"
    assert not world.facebook.posts


async def test_sighup_while_it_stops_does_no_harm(world: World) -> None:
    await known(world)
    answer = asyncio.Event()
    world.facebook.behave(delay(answer))
    async with started(world, "run") as child:
        await until(lambda: world.facebook.posts)
        child.terminate()
        child.send_signal(signal.SIGHUP)
        answer.set()
        said = await ended(child)
    assert (said.code, states(world.folder)) == (0, ["delivered"])
    assert "in use" not in said.err


async def test_run_once_stops_at_sighup_as_at_sigterm(world: World) -> None:
    await known(world)
    answer = asyncio.Event()
    world.facebook.behave(delay(answer))
    async with started(world, "run-once") as child:
        await until(lambda: world.facebook.posts)
        for _ in range(3):
            child.send_signal(signal.SIGHUP)
        answer.set()
        said = await ended(child)
    assert (said.code, said.err) == (0, "")
    assert states(world.folder) == ["delivered"]

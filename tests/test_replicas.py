"""Several processes on one database: each entry goes out once, one polls, and the server may restart."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from crosspost.config import DatabaseAddress
from crosspost.look.status import list_deliveries
from crosspost.store import feeds
from crosspost.store.database import Database
from tests.postgres import Server
from tests.world import BOTH_DATABASES, Item, World, fresh, old

FACEBOOK = ("facebook",)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@asynccontextmanager
async def daemon(world: World) -> AsyncIterator[asyncio.subprocess.Process]:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "crosspost", "run", cwd=world.folder, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield child
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what another process does; nothing tells us, so look often."""
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - another process sets no event of ours
            await asyncio.sleep(0.05)


async def states(world: World) -> list[str]:
    config = world.config(only=FACEBOOK)
    return sorted(
        one["state"] for one in await list_deliveries(config, states=(), channel=None, feed=None, limit=99)
    )


@BOTH_DATABASES
async def test_replicas_that_start_together_send_each_entry_once(world: World) -> None:
    world.blog.publish(*old(8))
    await world.run(world.config(only=FACEBOOK))
    world.blog.publish(*fresh(3))
    async with AsyncExitStack() as stack:
        replicas = [await stack.enter_async_context(daemon(world)) for _ in range(3)]
        await until(lambda: len(world.facebook.posts) >= 3)
        for one in replicas:
            one.terminate()
        said = [(await one.communicate())[1].decode() for one in replicas]
    assert [one.returncode for one in replicas] == [0, 0, 0], said
    assert not [line for text in said for line in text.splitlines() if "locked" in line or "Traceback" in line]
    assert len(world.facebook.posts) == 3
    assert await states(world) == ["delivered"] * 3


async def test_one_replica_leads_the_polling_of_a_feed(address: DatabaseAddress) -> None:
    replicas = [Database(address) for _ in range(4)]
    await replicas[0].migrate()
    before = NOW - timedelta(minutes=10)
    asked = (one.write(feeds.lead, "blog", now=NOW, unless_since=before) for one in replicas)
    assert sorted(await asyncio.gather(*asked)) == [False, False, False, True]
    later = NOW + timedelta(minutes=15)
    again = await replicas[1].write(feeds.lead, "blog", now=later, unless_since=later - timedelta(minutes=10))
    assert again, "an interval later somebody leads, dead or alive the last one"
    back = NOW - timedelta(hours=1)
    assert await replicas[2].write(feeds.lead, "blog", now=back, unless_since=back - timedelta(minutes=10)), (
        "a poll in the future comes from a clock that was wrong"
    )
    for one in replicas:
        await one.close()


@pytest.mark.parametrize("world", ["postgresql"], indirect=True)
async def test_a_daemon_outlives_a_crash_of_the_server(world: World, postgres: Server) -> None:
    world.blog.publish(*old(4))
    await world.run(world.config(only=FACEBOOK))
    world.blog.publish(*fresh(1))
    async with daemon(world) as child:
        await until(lambda: len(world.facebook.posts) == 1)
        postgres.crash()
        postgres.start()
        assert await crosspost(world, "healthcheck") == 0
        world.blog.publish(Item(slug="after", title="Après la panne", days_ago=0))
        assert await crosspost(world, "run-once") == 0
        assert child.returncode is None
        child.terminate()
        await child.communicate()
    assert child.returncode == 0
    assert len(world.facebook.posts) == 2
    assert await states(world) == ["delivered"] * 2


async def crosspost(world: World, *arguments: str) -> int | None:
    command = (sys.executable, "-m", "crosspost", *arguments)
    child = await asyncio.create_subprocess_exec(*command, cwd=world.folder, stdout=asyncio.subprocess.DEVNULL)
    return await child.wait()


@pytest.mark.parametrize("world", ["postgresql"], indirect=True)
async def test_a_server_that_is_away_is_one_sentence(world: World, postgres: Server) -> None:
    world.config(only=FACEBOOK)
    postgres.stop()
    try:
        for verb in ("run-once", "status", "migrate", "healthcheck"):
            child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "crosspost", verb),
                cwd=world.folder,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env={**os.environ},
            )
            _, err = await child.communicate()
            assert child.returncode == 2, verb
            (line,) = err.decode().splitlines()
            assert "check that the server runs" in line
    finally:
        postgres.start()

"""Several processes on one database: each entry goes out once, one polls, and the server may restart."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import pytest

from crosspost.config import DatabaseAddress
from crosspost.store import feeds
from crosspost.store.database import Database
from tests.postgres import Server
from tests.process import crosspost, ended, running, started, until
from tests.verbs import list_deliveries
from tests.world import BOTH_DATABASES, Item, World, fresh, old

FACEBOOK = ("facebook",)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


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
        replicas = [await stack.enter_async_context(started(world, "run")) for _ in range(3)]
        await until(lambda: len(world.facebook.posts) >= 3)
        for one in replicas:
            await running(one)
            one.terminate()
        said = [await ended(one) for one in replicas]
    assert [one.code for one in said] == [0, 0, 0], said
    lines = [line for one in said for line in one.err.splitlines()]
    assert not [line for line in lines if "locked" in line or "Traceback" in line]
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
    async with started(world, "run") as child:
        await until(lambda: len(world.facebook.posts) == 1)
        postgres.crash()
        postgres.start()
        assert (await crosspost(world, "healthcheck")).code == 0
        world.blog.publish(Item(slug="after", title="Après la panne", days_ago=0))
        assert (await crosspost(world, "run-once")).code == 0
        assert child.returncode is None
        child.terminate()
        assert (await ended(child)).code == 0
    assert len(world.facebook.posts) == 2
    assert await states(world) == ["delivered"] * 2


@pytest.mark.parametrize("world", ["postgresql"], indirect=True)
async def test_a_server_that_is_away_is_one_sentence(world: World, postgres: Server) -> None:
    world.config(only=FACEBOOK)
    postgres.stop()
    try:
        for verb in ("run-once", "status", "migrate", "healthcheck"):
            said = await crosspost(world, verb)
            assert said.code == 2, verb
            (problem,) = said.problems
            assert "check that the server runs" in problem
    finally:
        postgres.start()

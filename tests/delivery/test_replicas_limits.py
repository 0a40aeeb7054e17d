"""Four replicas and one limit: by the times on record it is never broken, and the room is used to the full."""

import asyncio
from contextlib import AsyncExitStack

import psycopg
import pytest

from crosspost.config.limits import parse_limit
from crosspost.store.tables import bookings
from tests.policy.oracle import ZONE, Spent, exceeded
from tests.process import crosspost, ended, running, started, until
from tests.world import World, old

FACEBOOK = ("facebook",)
REPLICAS = 4

pytestmark = pytest.mark.parametrize("world", ["postgresql"], indirect=True)


def configured(world: World, limit: str, entries: int) -> None:
    """Bring so many entries at the first sight, all to announce."""
    world.config(only=FACEBOOK, feed=f"backfill = {entries}", channel=f'limits = "{limit}"')
    world.blog.publish(*old(entries))


def recorded(world: World) -> list[Spent]:
    """Return when each delivery was booked; the attempt's time must be the same."""
    query = (
        f"SELECT b.at, a.started FROM {bookings.name} b JOIN attempts a USING (delivery_id) WHERE b.standing"
    )
    with psycopg.connect(world.postgres) as database:
        rows = database.execute(query).fetchall()
    assert all(at == begun for at, begun in rows)
    return [(at, 1) for at, _ in rows]


async def test_ten_an_hour_are_never_more_and_never_less(world: World) -> None:
    configured(world, "10/1h", entries=27)
    for minutes, sent in ((0, 10), (30, 10), (35, 20), (30, 20), (40, 27)):
        world.later(minutes=minutes)
        said = await asyncio.gather(*(crosspost(world, "run-once") for _ in range(REPLICAS)))
        assert [one.code for one in said] == [0] * REPLICAS, said
        assert len(world.facebook.posts) == sent
    assert len(recorded(world)) == 27
    assert not exceeded(parse_limit("10/1h"), recorded(world), ZONE)
    assert exceeded(parse_limit("9/1h"), recorded(world), ZONE), "the judge can say no"


async def test_daemons_wake_up_when_there_is_room_again(world: World) -> None:
    configured(world, "4/2s", entries=12)
    async with AsyncExitStack() as stack:
        replicas = [await stack.enter_async_context(started(world, "run")) for _ in range(REPLICAS)]
        await until(lambda: len(world.facebook.posts) == 12)
        for one in replicas:
            await running(one)
            one.terminate()
        said = [await ended(one) for one in replicas]
    assert [one.code for one in said] == [0] * REPLICAS, said
    assert not exceeded(parse_limit("4/2s"), recorded(world), ZONE)

"""A clock that is wrong for a while: nothing is lost for it, and nothing is sent twice."""

from datetime import timedelta
from typing import Any

import pytest

from crosspost.report import What
from crosspost.sandbox.behaviour import drop
from tests.delivery.test_reconcile import READABLE, begin
from tests.verbs import list_deliveries
from tests.world import BOTH_DATABASES, Item, World, fresh, old

DAYS = timedelta(days=1)


async def run(world: World, **lines: Any) -> list[dict[str, Any]]:
    """Run once; return the deliveries, the newest first."""
    config = world.config(**lines)
    await world.run(config)
    return await list_deliveries(config, states=(), channel=None, feed=None, limit=100)


def step(world: World, by: timedelta) -> None:
    """Set this computer's clock alone."""
    world.wrong += by
    world.later(seconds=by.total_seconds())


@BOTH_DATABASES
async def test_forty_days_ahead_for_one_run_lets_nothing_go_for_its_age(world: World) -> None:
    only: dict[str, Any] = {"only": ("facebook",), "channel": 'delay = "1h"'}
    world.blog.publish(*old(4))
    await run(world, **only)
    world.blog.publish(Item(slug="waits", title="En attente", days_ago=0))
    await run(world, **only)
    step(world, 40 * DAYS)
    world.blog.publish(Item(slug="comes", title="Tout neuf", days_ago=0))
    deliveries = await run(world, **only)
    assert "skipped" not in [delivery["state"] for delivery in deliveries]
    (doubt,) = world.happened(What.CLOCK_DOUBTED)
    assert "this computer's clock says" in doubt.text
    assert doubt.needs_person
    step(world, -40 * DAYS)
    for _ in range(3):
        world.later(hours=1)
        deliveries = await run(world, **only)
    assert [delivery["state"] for delivery in deliveries] == ["delivered", "delivered"]
    assert not world.happened(What.CLOCK_DOUBTED)
    assert len(world.facebook.posts) == 2


async def test_a_long_sleep_is_no_wrong_clock(world: World) -> None:
    only: dict[str, Any] = {"only": ("facebook",), "channel": 'delay = "1h"'}
    world.blog.publish(*old(4))
    await run(world, **only)
    world.blog.publish(Item(slug="waits", title="En attente", days_ago=0))
    await run(world, **only)
    world.later(days=40)
    (delivery,) = await run(world, **only)
    assert delivery["state"] == "skipped"
    assert not world.happened(What.CLOCK_DOUBTED)


@pytest.mark.parametrize("idle", [timedelta(0), timedelta(days=3)], ids=["at once", "days later"])
@pytest.mark.parametrize("name", READABLE)
async def test_an_answer_lost_two_days_ahead_is_found_when_the_clock_is_right(
    world: World, name: str, idle: timedelta
) -> None:
    network = await begin(world, name)
    network.clock = world.served
    network.behave(drop(accept=True))
    step(world, 2 * DAYS)
    (delivery,) = await run(world, only=(name,))
    assert delivery["state"] == "uncertain"
    step(world, -2 * DAYS)
    world.later(seconds=idle.total_seconds())
    for _ in range(4):
        world.later(minutes=11)
        (delivery,) = await run(world, only=(name,))
    assert delivery["state"] == "delivered"
    assert world.posts == 1


async def test_what_waits_by_a_clock_that_was_ahead_waits_no_longer_than_it_meant(world: World) -> None:
    only: dict[str, Any] = {"only": ("facebook",), "channel": 'delay = "1h"'}
    world.blog.publish(*old(4))
    await run(world, **only)
    world.blog.publish(Item(slug="waits", title="En attente", days_ago=0))
    step(world, 40 * DAYS)
    await run(world, **only)
    step(world, -40 * DAYS)
    (delivery,) = await run(world, **only)
    assert delivery["state"] == "pending"
    world.later(hours=1)
    (delivery,) = await run(world, **only)
    assert delivery["state"] == "delivered"


async def test_a_limit_holds_while_the_clock_goes_forth_and_back(world: World) -> None:
    only: dict[str, Any] = {"only": ("facebook",), "channel": 'limits = "1/20m"'}
    world.blog.publish(*old(9))
    await run(world, **only)
    world.blog.publish(*fresh(3))
    for hours in (0, 2, -2, 3, -3, 2, -2):
        step(world, timedelta(hours=hours))
        await run(world, **only)
    assert len(world.facebook.posts) == 1
    world.later(minutes=21)
    await run(world, **only)
    assert len(world.facebook.posts) == 2

"""A feed that its server called gone, or that fails for weeks, is looked at again, more and more seldom."""

from datetime import timedelta

import pytest
from starlette.responses import PlainTextResponse

from crosspost.report import What
from tests.notify.ears import Ears
from tests.process import crosspost
from tests.verbs import list_deliveries, read_status
from tests.world import BOTH_DATABASES, World, fresh, old

SIGNATURE = ("signature",)
GONE = PlainTextResponse("gone", 410)


async def begun(world: World, *, top: str = "") -> None:
    world.blog.publish(*old(4))
    await world.run(world.config(top=top, only=SIGNATURE, feed='horizon = "90d"'))


async def announced(world: World) -> list[str]:
    shown = await list_deliveries(world.loaded(), states=(), channel=None, feed=None, limit=100)
    return [delivery["title"] for delivery in shown]


@BOTH_DATABASES
async def test_a_feed_that_is_gone_is_looked_at_daily_then_weekly(world: World) -> None:
    await begun(world)
    world.blog.broken = GONE
    looks = []
    for day in range(23):
        asked = len(world.blog.answers)
        for _ in range(2):
            await world.run(world.loaded())
            (said,) = world.happened(What.FEED_FAILED)
            assert said.needs_person
            world.later(hours=12)
        looks += [day] * (len(world.blog.answers) - asked)
    assert looks == [0, 1, 2, 3, 4, 5, 6, 7, 14, 21]
    world.blog.broken = None
    world.blog.publish(*fresh(1))
    world.later(days=7)
    await world.run(world.loaded())
    assert await announced(world) == ["Nouveau billet 0"]
    assert (await read_status(world.loaded()))["needs_person"] == []


async def test_whoever_is_told_hears_of_it_once(world: World, ears: Ears) -> None:
    await begun(world, top=f'[notify.webhook]\nurl = "{ears.url}/hook"\n')
    world.blog.broken = GONE
    for _ in range(3):
        await world.run(world.loaded())
        world.later(days=1)
    world.blog.broken = PlainTextResponse("moving", 503)
    await world.run(world.loaded())
    assert len(ears.titles) == 1, "another failure does not bring it back"
    assert ears.titles[0].startswith("crosspost: feed blog: ")
    world.blog.broken = None
    world.later(days=1)
    for _ in range(2):
        await world.run(world.loaded())
    assert ears.titles[1:] == ["crosspost: all is well again"]


async def test_a_quiet_run_notes_that_a_feed_is_back(world: World) -> None:
    await begun(world)
    world.blog.broken = GONE
    await world.run(world.loaded())
    world.blog.broken = None
    world.later(days=1)
    await world.run(world.loaded())
    assert (await read_status(world.loaded()))["needs_person"] == []


async def test_a_person_has_it_asked_at_once(world: World) -> None:
    await begun(world)
    world.blog.broken = GONE
    assert (await crosspost(world, "run-once")).code == 1
    said = await crosspost(world, "status")
    assert "is gone for good" in said.out
    said = await crosspost(world, "retry", "feed", "blog")
    assert (said.code, "is gone for good" in said.out) == (1, True)
    world.blog.broken = None
    world.blog.publish(*fresh(1))
    said = await crosspost(world, "retry", "feed", "blog")
    assert (said.code, said.out.strip()) == (0, "· blog: 1 entry to announce")
    assert "nothing needs you" in (await crosspost(world, "status")).out
    said = await crosspost(world, "retry", "feed", "blob")
    assert said.code == 2
    assert said.problems == ["there is no feed 'blob'; there are: blog"]


async def test_a_check_finds_that_it_is_back_and_the_next_poll_asks(world: World) -> None:
    await begun(world)
    world.blog.broken = GONE
    await crosspost(world, "run-once")
    world.blog.broken = None
    world.blog.publish(*fresh(1))
    await crosspost(world, "check", "--online")
    assert (await crosspost(world, "run-once")).code == 0
    assert await announced(world) == ["Nouveau billet 0"]


async def test_a_feed_that_fails_for_weeks_is_asked_once_a_day(world: World) -> None:
    await begun(world)
    world.blog.broken = PlainTextResponse("no", 404)
    for _ in range(16):
        await world.run(world.loaded())
        world.later(days=1)
    asked = len(world.blog.answers)
    for _ in range(4):
        await world.run(world.loaded())
        world.later(hours=6)
    assert len(world.blog.answers) == asked + 1
    world.blog.broken = None
    world.blog.publish(*fresh(1))
    world.later(days=1)
    await world.run(world.loaded())
    assert await announced(world) == ["Nouveau billet 0"]


@pytest.mark.parametrize("header", ["max-age=86400", "public, max-age=604800, immutable"])
async def test_a_cache_header_silences_a_feed_no_longer_than_every(world: World, header: str) -> None:
    world.blog.publish(*old(4))
    config = world.config(feed='every = "1h"', only=SIGNATURE)
    await world.run(config)
    world.blog.broken = PlainTextResponse(world.blog.body(), 200, {"cache-control": header})
    world.later(hours=1)
    await world.run(config)
    asked = len(world.blog.answers)
    world.later(minutes=30)
    await world.run(config)
    assert len(world.blog.answers) == asked, "it is heeded"
    world.later(minutes=30)
    await world.run(config)
    assert len(world.blog.answers) == asked + 1
    assert timedelta(hours=1) == config.feeds["blog"].every

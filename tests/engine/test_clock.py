"""A clock that somebody sets holds up nothing in the daemon, and lets nothing go on as if it were late."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from crosspost.config import Config
from crosspost.engine import daemon as daemon_of
from crosspost.engine.daemon import run
from crosspost.engine.signals import Signals
from crosspost.errors import StoreReplaced
from crosspost.house import host, open_house
from crosspost.policy.pulse import judge_pulse
from crosspost.report import What
from crosspost.store import channels
from tests.postgres import Server, set_clock
from tests.process import until
from tests.world import BOTH_DATABASES, World, old


def in_a_hurry(config: Config) -> Config:
    """Poll every 50 ms, which no file may ask for."""
    feeds = {
        name: feed.model_copy(update={"every": timedelta(milliseconds=50)})
        for name, feed in config.feeds.items()
    }
    return config.model_copy(update={"feeds": feeds})


@BOTH_DATABASES
@pytest.mark.parametrize("step", [timedelta(hours=-1), timedelta(days=-365), timedelta(days=40)], ids=str)
async def test_polls_and_heartbeats_go_on_when_the_clock_is_set(world: World, step: timedelta) -> None:
    config, signals = in_a_hurry(world.config(only=("facebook",))), Signals()
    world.blog.publish(*old(4))
    ahead = timedelta(0)

    def clock() -> datetime:
        return datetime.now(UTC) + ahead

    daemon = asyncio.create_task(run(config, world.events.append, signals=signals, clock=clock))
    await until(lambda: len(world.blog.answers) >= 3)
    ahead = step
    if world.postgres:
        set_clock(world.postgres, step)
    seen = len(world.blog.answers)
    await until(lambda: len(world.blog.answers) >= seen + 5)
    async with open_house(config, clock=clock) as house:
        signs = await house.read(channels.signs, host())
        assert judge_pulse(signs or (), house.now()).alive
    signals.told_to_stop()
    await daemon


@pytest.mark.parametrize("step", [timedelta(hours=-1), timedelta(days=-365), timedelta(days=40)], ids=str)
async def test_everything_is_looked_at_once_when_the_clock_was_set(
    world: World, monkeypatch: pytest.MonkeyPatch, step: timedelta
) -> None:
    """Its schedule goes by that clock: an hour's interval would last as long as the clock lags."""
    monkeypatch.setattr(daemon_of, "LOOK_AT_CLOCK", timedelta(milliseconds=20))
    config, signals = world.config(only=("facebook",), feed='every = "1h"'), Signals()
    world.blog.publish(*old(4))
    ahead = timedelta(0)
    daemon = asyncio.create_task(
        run(config, world.events.append, signals=signals, clock=lambda: datetime.now(UTC) + ahead)
    )

    def read() -> int:
        return sum(event.what in (What.FEED_READ, What.FEED_UNCHANGED) for event in world.events)

    await until(read)
    for times in range(2, 5):
        ahead += step
        await until(lambda times=times: read() == times)  # type: ignore[misc]
        assert len(world.blog.answers) == times, "once, not again and again"
    signals.told_to_stop()
    await daemon


@pytest.mark.parametrize("world", ["postgresql"], indirect=True)
async def test_a_copy_put_back_under_a_daemon_ends_it(world: World, postgres: Server) -> None:
    """With the mark that a copy has, which the next poll would write over; whoever starts again looks first."""
    config = in_a_hurry(world.config(only=("facebook",)))
    world.blog.publish(*old(4))
    daemon = asyncio.create_task(run(config, world.events.append, signals=Signals()))
    await until(lambda: len(world.blog.answers) >= 3)
    while not daemon.done():  # at this pace, a poll may be just between its look and what it writes
        await asyncio.to_thread(postgres.sql, world.postgres, b"UPDATE feeds SET polled_at = NULL")
    with pytest.raises(StoreReplaced, match="was replaced by a copy while crosspost was running"):
        await daemon

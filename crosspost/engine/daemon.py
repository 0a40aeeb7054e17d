"""The daemon: the same acts on a schedule, which lives in memory; what is due always comes from the store."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from crosspost.accounts.watch import watch
from crosspost.config import Channel, Config
from crosspost.delivery.deliver import due_channels
from crosspost.delivery.reconcile import reconcile_due
from crosspost.engine.signals import GRACE, SIGNALS
from crosspost.engine.work import LONGEST_SLEEP, seconds_to_next, send, take_in_all, working
from crosspost.errors import CrosspostError, StoreReplaced
from crosspost.feeds.poll import poll_all
from crosspost.house import House
from crosspost.notify.act import notify
from crosspost.notify.heartbeat import Beat, beat
from crosspost.report import Tell
from crosspost.store import feeds

_OURS = 0.75
"""A feed that another replica polled within this part of its interval is left to that one."""

_BEAT = timedelta(minutes=1)
"""The heartbeat's address is called no more often while all goes as before."""
WATCH = timedelta(minutes=10)
"""How often idle credentials, and what ends, are looked at."""

_log = logging.getLogger(__name__)


async def run(
    config: Config, tell: Tell, *, grace: timedelta = GRACE, told: Callable[[], object] = lambda: None
) -> None:
    """Poll and deliver until SIGTERM or SIGINT. The second signal ends attempts under way as uncertain.

    `grace`: how long they may go on after the first; `told`: called at it. Raise `StoreReplaced` if the
    database is exchanged meanwhile.
    """
    async with working(config, tell) as house:
        await _Daemon(house, grace, told).run()


class _Daemon:
    def __init__(self, house: House, grace: timedelta, told: Callable[[], object]) -> None:
        self.house = house
        self.grace = grace
        self.told = told
        self.replaced: StoreReplaced | None = None
        self.polled: set[str] = set()
        self.beaten: tuple[Beat | None, float] = None, 0.0
        self.stop = asyncio.Event()
        self.at_once = asyncio.Event()
        self.again: set[str] = set()
        self.running: dict[str, asyncio.Task[None]] = {}
        self.scheduler = AsyncIOScheduler(
            timezone=UTC,
            # The library's defaults drop a job that is late by a second, without a word.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        for signum in SIGNALS:
            loop.add_signal_handler(signum, self.signalled)
        await seconds_to_next(self.house)  # it writes: a database that cannot be written ends us here
        for name, feed in self.house.config.feeds.items():
            self.scheduler.add_job(
                self.begin,
                "interval",
                args=(f"poll {name}", partial(self.poll, name)),
                seconds=feed.every.total_seconds(),
                next_run_time=datetime.now(UTC),
                # Not every feed at the same second, nor every crosspost on earth.
                jitter=min(30, int(feed.every.total_seconds() // 10)),
            )
        self.scheduler.add_job(
            self.begin,
            "interval",
            args=("watch", partial(watch, self.house, again_after=timedelta(days=1))),
            seconds=WATCH.total_seconds(),
            next_run_time=datetime.now(UTC),
        )
        self.scheduler.start()
        await self.begin("heartbeat", partial(self.beat, Beat.START))
        await self.begin("deliver", self.deliver)
        _log.info(
            "started: %d feeds, %d channels", len(self.house.config.feeds), len(self.house.config.channels)
        )
        await self.stop.wait()
        await self.finish()
        if self.replaced is not None:
            raise self.replaced

    def signalled(self) -> None:
        if not self.stop.is_set():
            self.told()
        (self.at_once if self.stop.is_set() else self.stop).set()
        self.house.client.begin_nothing()

    async def finish(self) -> None:
        """Begin nothing more; let what is under way end and be recorded, within the grace."""
        self.scheduler.shutdown(wait=False)
        under_way = [task for task in self.running.values() if not task.done()]
        if not under_way:
            return
        hurry = asyncio.create_task(self.at_once.wait())
        ended = asyncio.gather(*under_way, return_exceptions=True)
        seconds = self.grace.total_seconds()
        await asyncio.wait((ended, hurry), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        hurry.cancel()
        for task in under_way:
            task.cancel()  # an attempt cut off here records itself as uncertain
        await asyncio.wait(under_way, timeout=1)

    async def begin(self, name: str, act: Callable[[], Awaitable[None]]) -> None:
        """Start an act as a task of ours: the scheduler would cancel its own.

        One that is still running is repeated when it ends: it may have looked before there was something.
        """
        if self.stop.is_set():
            return
        if name in self.running and not self.running[name].done():
            self.again.add(name)
            return
        self.running[name] = asyncio.create_task(self.guarded(name, act), name=name)

    async def guarded(self, name: str, act: Callable[[], Awaitable[None]]) -> None:
        """Keep the daemon alive through an act's failure: the next one may go well."""
        repeat = True
        while repeat and not self.stop.is_set():
            self.again.discard(name)
            try:
                await act()
            except StoreReplaced as error:
                self.replaced = error
                self.signalled()
            except CrosspostError as error:
                _log.error("%s: %s", name, error)
            except Exception:
                _log.exception("%s failed", name)
            repeat = name in self.again

    async def poll(self, name: str) -> None:
        """Poll one feed, and let the heartbeat's address know how that went."""
        try:
            await self.poll_one(name)
        except Exception:
            await self.beat(Beat.FAIL)
            raise
        await self.beat(Beat.SUCCESS)

    async def beat(self, how: Beat) -> None:
        """Call the heartbeat's address, at most once a minute for what is as it was."""
        loop = asyncio.get_running_loop()
        said, at = self.beaten
        if how is said and loop.time() < at + _BEAT.total_seconds():
            return
        self.beaten = how, loop.time()
        await beat(self.house.client, self.house.config.notify.heartbeat, how)

    async def poll_one(self, name: str) -> None:
        """Poll one feed, unless another replica has just done so; always when somebody has just started us."""
        if name in self.polled:
            now, every = self.house.now(), self.house.config.feeds[name].every
            if not await self.house.database.write(feeds.lead, name, now=now, unless_since=now - every * _OURS):
                return
        self.polled.add(name)
        house, states = self.house, await self.house.database.read(feeds.load, [name])
        polled = await poll_all(house.client, house.config, states, house.now(), [name])
        await take_in_all(house, polled, self.stop)
        await self.begin("deliver", self.deliver)

    async def deliver(self) -> None:
        """Let each channel send what is due, a slow one apart from the others; then sleep until the next."""
        seconds: float = LONGEST_SLEEP
        began = self.house.now()
        try:
            await self.begin("reconcile", partial(reconcile_due, self.house, self.stop))
            await self.begin("notify", partial(notify, self.house))
            for channel in await due_channels(self.house):
                await self.begin(f"send {channel.name}", partial(self.send, channel))
            seconds = await seconds_to_next(self.house, since=began)
        finally:
            # Whatever failed, as while the database is away: look again.
            if not self.stop.is_set():
                self.wake_in(seconds)

    async def send(self, channel: Channel) -> None:
        """Send what is due on one channel; then sleep no longer than until it has room again."""
        began = self.house.now()
        try:
            await send(self.house, channel, self.stop)
        finally:
            if not self.stop.is_set():
                self.wake_in(await seconds_to_next(self.house, since=began))

    def wake_in(self, seconds: float) -> None:
        self.scheduler.add_job(
            self.begin,
            "date",
            args=("deliver", self.deliver),
            run_date=datetime.now(UTC) + timedelta(seconds=seconds),
            id="deliver",
            replace_existing=True,
        )

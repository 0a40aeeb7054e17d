"""The daemon: the same acts again and again, until a signal; what is due always comes from the store.

The schedule lives in memory. It goes by the wall clock: when somebody sets that, all of it is due at once, and
its intervals begin anew, so that a clock set back stops nothing and one set ahead starts no storm.
"""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from crosspost.accounts.watch import watch
from crosspost.compose import compile_template
from crosspost.config import Channel, Config, load
from crosspost.delivery.deliver import due_channels
from crosspost.delivery.reconcile import reconcile_due
from crosspost.engine.signals import GRACE, Signals
from crosspost.engine.story import Story, begins, said, serves
from crosspost.engine.supervisor import Supervisor, what_is_next
from crosspost.engine.work import (
    LONGEST_SLEEP,
    mind_the_heartbeat,
    next_moment,
    seconds_to_next,
    seconds_until,
    send,
    take_in_all,
    working,
)
from crosspost.errors import ConfigError, CrosspostError, StoreError, StoreReplaced
from crosspost.feeds.poll import poll_all
from crosspost.house import House, host
from crosspost.http import utc_now
from crosspost.intake.gap import refuse_copy
from crosspost.notify.heartbeat import Beat, beat
from crosspost.notify.round import tell_people
from crosspost.notify.say import say_in_log
from crosspost.report import Calmly, Tell
from crosspost.store import channels, deliveries, feeds

_OURS = 0.75
"""A feed that another replica polled within this part of its interval is left to that one."""

_BEAT = timedelta(minutes=1)
"""The heartbeat's address is called no more often while all goes as before."""
SET = timedelta(seconds=5)
"""A wall clock that moved by so much against the loop's was set: drift is slower."""
LOOK_AT_CLOCK = timedelta(seconds=10)
"""How often they are compared."""
WATCH = timedelta(minutes=10)
"""How often idle credentials, and what ends, are looked at."""

_log = logging.getLogger(__name__)


async def run(
    config: Config,
    tell: Tell,
    *,
    grace: timedelta = GRACE,
    signals: Signals | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> None:
    """Poll and deliver until SIGTERM or SIGINT. The second signal ends attempts under way as uncertain.

    `grace`: how long they may go on after the first. SIGHUP reads the configuration anew, and goes on with the
    one before if the new one is wrong. Raise `StoreReplaced` if the database is exchanged meanwhile.
    """
    signals = signals or Signals()
    signals.listen()
    supervisor = Supervisor.of(os.environ)
    task = asyncio.current_task()
    assert task is not None
    following: Config | None = config
    story = Story(Calmly(tell))
    try:
        while following is not None:
            signals.at_stop = task.cancel  # while it opens, nothing is under way yet
            async with working(following, story, clock=clock) as house:
                daemon = _Daemon(house, grace, signals, story, supervisor)
                following = await daemon.run(first=following is config)
    except asyncio.CancelledError:
        if not signals.stop.is_set():
            raise
        _say_stopped(story, f"by {signals.heard}")


def _say_stopped(story: Story, why: str) -> None:
    _log.info(story.ends(why), extra=said("stopped", why=why, **story.counts))


def read_anew(config: Config) -> Config | None:
    """Return what the configuration's file says now; None, with the reason logged, if that is wrong."""
    try:
        anew = load(config.path)
        for channel in anew.channels.values():
            compile_template(channel)
    except ConfigError as error:
        _log.error("%s was not taken over: %s; crosspost goes on with what it had", config.path, error)
        return None
    return anew


class _Daemon:
    """One configuration's life in the daemon: from its opening to a signal."""

    def __init__(
        self, house: House, grace: timedelta, signals: Signals, story: Story, supervisor: Supervisor
    ) -> None:
        self.house = house
        self.grace = grace
        self.signals = signals
        self.story = story
        self.supervisor = supervisor
        self.serves = serves(house.config)
        self.stop = asyncio.Event()  # nothing more begins: we are to end, or another configuration follows
        self.following: Config | None = None
        self.replaced: StoreReplaced | None = None
        self.polled: set[str] = set()
        self.taken_in: set[str] = set()
        self.beaten: tuple[Beat | None, float] = None, 0.0
        self.again: set[str] = set()
        self.running: dict[str, asyncio.Task[None]] = {}
        self.rounds: list[asyncio.Task[None]] = []
        self.scheduler = AsyncIOScheduler(
            timezone=UTC,
            # The library's defaults drop a job that is late by a second, without a word.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    async def run(self, *, first: bool) -> Config | None:
        """Return the configuration that follows, after SIGHUP; None if we are to end."""
        await seconds_to_next(self.house)  # it writes: a database that cannot be written ends us here
        due = await self.house.database.read(deliveries.next_moment, self.house.now())
        self.signals.at_stop = self.told_to_stop
        for name, feed in self.house.config.feeds.items():
            # Not every feed at the same second, nor every crosspost on earth.
            jitter = min(30, int(feed.every.total_seconds() // 10))
            self.repeat(f"poll {name}", partial(self.poll, name), every=feed.every, jitter=jitter)
        self.repeat("watch", partial(watch, self.house), every=WATCH)
        self.scheduler.start()
        self.rounds += [asyncio.create_task(self.reload()), asyncio.create_task(self.mind_the_clock())]
        if first:
            self.begin("heartbeat", partial(self.beat, Beat.START))
        self.begin("deliver", self.deliver)
        self.say_started(due, first=first)
        self.supervisor.ready(self.serves)
        await self.stop.wait()
        if self.following is None or self.signals.stop.is_set():
            self.supervisor.stopping()
        await self.finish()
        self.signals.at_stop = lambda: None  # what is left to be closed is closed
        if self.replaced is not None:
            _say_stopped(self.story, "because the database was replaced")
            raise self.replaced
        if self.signals.stop.is_set():
            await self.say_stopped()
            _say_stopped(self.story, f"by {self.signals.heard}")
            return None
        await seconds_to_next(self.house)  # the next house opens this database, and no other in its place
        return self.following

    def told_to_stop(self) -> None:
        self.stop.set()
        self.house.client.begin_nothing()

    async def reload(self) -> None:
        """At SIGHUP, let the configuration as it is now follow, once what is under way has ended."""
        while self.following is None:
            await self.signals.reload.wait()
            self.signals.reload.clear()
            self.supervisor.reloading()
            self.following = read_anew(self.house.config)
            if self.following is None:
                self.supervisor.ready(f"{self.serves}; a wrong configuration was not taken over")
        _log.info("the configuration %s was read anew", self.following.path)
        self.stop.set()

    async def finish(self) -> None:
        """Begin nothing more; let what is under way end and be recorded: within the grace if we are to end."""
        for waiting in self.rounds:
            waiting.cancel()
        self.scheduler.shutdown(wait=False)
        under_way = [task for task in self.running.values() if not task.done()]
        if not under_way:
            return
        ended = asyncio.gather(*under_way, return_exceptions=True)
        if self.replaced is None:
            await _first(ended, self.signals.stop)
        await _first(ended, self.signals.hurry, timeout=self.grace.total_seconds())
        for task in under_way:
            task.cancel()  # an attempt cut off here records itself as uncertain
        await asyncio.wait(under_way, timeout=1)

    def say_started(self, due: datetime | None, *, first: bool) -> None:
        """Log what is watched, by which file, and what is next."""
        config = self.house.config
        data = {"config": str(config.path), "feeds": list(config.feeds), "channels": list(config.channels)}
        _log.info(begins(config, first=first, due=due), extra=said("started", **data))

    async def say_stopped(self) -> None:
        """Let nobody take us for alive, nor for dead."""
        try:
            async with asyncio.timeout(1):
                await self.house.database.write(channels.stopped, host=host(), now=self.house.now())
        except (StoreError, TimeoutError) as error:
            _log.warning("that crosspost was stopped could not be put on record: %s", error)

    def repeat(
        self, name: str, act: Callable[[], Awaitable[None]], *, every: timedelta, jitter: int = 0
    ) -> None:
        """Begin an act now, and each time this long has passed, give or take `jitter` seconds."""
        self.scheduler.add_job(
            self.due,
            "interval",
            args=(name, act),
            seconds=every.total_seconds(),
            next_run_time=datetime.now(UTC),
            jitter=jitter or None,
        )

    async def mind_the_clock(self) -> None:
        """When somebody has set the wall clock, let all that is scheduled be due."""
        loop = asyncio.get_running_loop()
        ahead = self.house.now().timestamp() - loop.time()
        while True:
            await asyncio.sleep(LOOK_AT_CLOCK.total_seconds())
            before, ahead = ahead, self.house.now().timestamp() - loop.time()
            if abs(ahead - before) > SET.total_seconds():
                says = "the clock moved by %.0f s, or this computer slept: everything is looked at now"
                _log.warning(says, ahead - before)
                for job in self.scheduler.get_jobs():
                    job.modify(next_run_time=datetime.now(UTC))

    async def due(self, name: str, act: Callable[[], Awaitable[None]]) -> None:
        """Begin what the scheduler calls for: as a coroutine, which it lets run in the loop."""
        self.begin(name, act)

    def begin(self, name: str, act: Callable[[], Awaitable[None]]) -> None:
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
                try:
                    await act()
                except StoreReplaced as error:
                    self.replaced = error
                    self.told_to_stop()
                except CrosspostError:
                    raise
                except Exception as error:
                    await self.house.database.explain(error)
                    _log.exception("%s failed", name)
            except CrosspostError as error:
                _log.error("%s: %s", name, error)
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
        problem = await beat(self.house.client, self.house.config.notify.heartbeat, how)
        if how is not Beat.FAIL:
            await mind_the_heartbeat(self.house, problem)

    async def poll_one(self, name: str) -> None:
        """Poll one feed, unless another replica has just done so; always when somebody has just started us."""
        house = self.house
        await refuse_copy(house, self.taken_in)  # for what follows writes over a copy's mark
        states = await house.database.read(feeds.load, [name])  # as the last poll left it, on whatever clock
        now, every = house.now(), house.config.feeds[name].every
        since = now - every * _OURS
        if name in self.polled and not await house.database.write(
            feeds.lead, name, now=now, unless_since=since
        ):
            return
        self.polled.add(name)
        polled = await poll_all(house.client, house.config, states, now, [name])
        await refuse_copy(house, self.taken_in)
        await take_in_all(house, polled, self.stop)
        self.taken_in.add(name)
        self.begin("deliver", self.deliver)

    async def deliver(self) -> None:
        """Let each channel send what is due, a slow one apart from the others; then sleep until the next."""
        seconds: float = LONGEST_SLEEP
        began = self.house.now()
        try:
            await refuse_copy(self.house, self.taken_in)
            self.begin("reconcile", partial(reconcile_due, self.house, self.stop))
            self.begin("notify", self.tell_people)
            for channel in await due_channels(self.house):
                self.begin(f"send {channel.name}", partial(self.send, channel))
            moment = await next_moment(self.house, since=began)
            seconds = seconds_until(moment, self.house.now())
            next_ = what_is_next(moment, self.house.now(), self.house.config.timezone)
            self.supervisor.alive(f"{self.serves}; {next_}")
        except CrosspostError as error:
            # The store said no, as while its server is away: to be started again would not help.
            self.supervisor.alive(str(error))
            raise
        finally:
            # Whatever failed, as while the database is away: look again.
            self.wake_in(seconds)

    async def tell_people(self) -> None:
        """Tell people what is new in what needs them: by services, and in the log."""
        await tell_people(self.house)
        await say_in_log(self.house)

    async def send(self, channel: Channel) -> None:
        """Send what is due on one channel; then sleep no longer than until it has room again."""
        began = self.house.now()
        try:
            await send(self.house, channel, self.stop)
            if self.house.config.notify.tells_posts:
                self.begin("notify", self.tell_people)  # the minutes for its comments begin
        finally:
            if not self.stop.is_set():
                self.wake_in(await seconds_to_next(self.house, since=began))

    def wake_in(self, seconds: float) -> None:
        """Look again after so many seconds, and sooner where somebody waits for signs of life."""
        seconds = self.supervisor.within(seconds)
        if not self.stop.is_set():
            self.scheduler.add_job(
                self.due,
                "date",
                args=("deliver", self.deliver),
                run_date=datetime.now(UTC) + timedelta(seconds=seconds),
                id="deliver",
                replace_existing=True,
            )


async def _first(ended: asyncio.Future[Any], event: asyncio.Event, timeout: float | None = None) -> None:
    """Wait until all has ended, or until the event."""
    waiting = asyncio.create_task(event.wait())
    await asyncio.wait((ended, waiting), timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()

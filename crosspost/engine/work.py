"""What needs the store: open it, take feeds in, deliver."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from crosspost.accounts.watch import watch
from crosspost.config import Channel, Config
from crosspost.delivery.closure import opened_if_due
from crosspost.delivery.deliver import due_channels, serve
from crosspost.delivery.learning import remember_learnt
from crosspost.delivery.reconcile import look_first, reconcile_due
from crosspost.feeds.poll import Polled, poll_all
from crosspost.house import House, host, open_house
from crosspost.http import Client, utc_now
from crosspost.intake.fill import fill_channels
from crosspost.intake.gap import notice_gap
from crosspost.intake.ingest import take_in
from crosspost.intake.renamed import take_over_renamed
from crosspost.notify.digest import next_digest
from crosspost.notify.round import is_to_be_told, tell_people
from crosspost.notify.say import say_news
from crosspost.notify.since import note_since
from crosspost.people.beside import looks_of
from crosspost.people.needs import may_need
from crosspost.people.troubles import note_trouble
from crosspost.policy import Need
from crosspost.report import Event, Tell, What
from crosspost.store import channels, deliveries, feeds, idle, notices, troubles
from crosspost.store.database import Tx

LONGEST_SLEEP = 60
"""Seconds after which the daemon looks anyway: another process may have approved something."""


@asynccontextmanager
async def working(
    config: Config, tell: Tell, *, clock: Callable[[], datetime] = utc_now, client: Client | None = None
) -> AsyncIterator[House]:
    """Open the house for a program that acts. Templates are compiled first: a bad one changes nothing."""
    async with open_house(config, tell=tell, clock=clock, client=client) as house:
        for channel in config.channels.values():
            house.template(channel)
        await house.database.migrate()
        await take_over_renamed(house)
        await remember_learnt(house)
        await notice_gap(house)
        await note_since(house)
        yield house


async def take_in_all(
    house: House,
    polled: Mapping[str, Polled] | None,
    stop: asyncio.Event,
    *,
    patience: timedelta | None = None,
) -> None:
    """Take in what was polled, or poll every feed first. One feed's failure never stops another.

    What a poll came to after we were told to stop is not recorded: its failure would be ours, not the feed's.
    """
    if polled is None:
        states = await house.database.read(feeds.load, house.config.feeds)
        polled = await poll_all(house.client, house.config, states, house.now(), patience=patience)
    await _mind_the_clock(house)
    for name, answer in polled.items():
        if not stop.is_set():
            await take_in(house, name, answer)
    if not stop.is_set():
        await fill_channels(house)


async def deliver(house: House, stop: asyncio.Event) -> None:
    """Settle what is uncertain, then send what is due: the channels side by side, each one's in order."""
    await reconcile_due(house, stop)
    serving = (send(house, channel, stop) for channel in await due_channels(house))
    # Not a task group: one channel's failure must not cut off another's request.
    for result in await asyncio.gather(*serving, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result


async def _mind_the_clock(house: House) -> None:
    """Tell if servers doubt our clock, and put that on record as long as any server is heard."""
    clocks = house.clocks()
    if clocks.doubt:
        house.tell(Event(what=What.CLOCK_DOUBTED, subject="clock", text=clocks.doubt, needs_person=True))
    if clocks.servers:
        await note_trouble(house, "clock", clocks.doubt, at_once=True)


async def look_ahead(house: House, heartbeat: str | None) -> Sequence[Need]:
    """After the deliveries: keep idle credentials alive, tell people what needs them, and return that.

    `heartbeat`: why nobody heard that this run goes well, see `Heart.went_well`.
    """
    await watch(house)
    await mind_the_heartbeat(house, heartbeat)
    await tell_people(house)
    return await say_news(house)


async def mind_the_heartbeat(house: House, problem: str | None) -> None:
    """Tell why the heartbeat was not heard, if it was not, and put that on record; None: that is not known."""
    if problem is None:
        return
    if problem:
        house.tell(Event(what=What.UNHEARD, subject="heartbeat", text=problem))
    await note_trouble(house, "heartbeat", problem)


async def note_idle(house: House, needs: Sequence[Need]) -> None:
    """After all else, put on record until when nothing is due: for the quiet run, which only SQLite has.

    Never while something needs a person: that run would end as if nothing did. It may also end by time alone.
    A service that lost a message is found to work by the next message alone, whichever run sends that.
    """
    if house.config.database.path is not None:
        await house.database.write(_note_idle, house, bool(needs), looks_of(house.config))


def _note_idle(tx: Tx, house: House, needed: bool, looks: str) -> None:
    to_mend = [name for name in troubles.load(tx) if not name.startswith("notify.")]
    if needed or to_mend or not notices.is_empty(tx) or is_to_be_told(tx, house):
        idle.forget(tx)
        return
    config, now = house.config, house.now()
    moments = [moment for moment in (may_need(tx, config, now), next_digest(config, now)) if moment is not None]
    idle.keep(tx, config.channels, looks=looks, digest=config.digest, now=now, wakes=min(moments, default=None))


async def send(house: House, channel: Channel, stop: asyncio.Event) -> None:
    """Send what is due on one channel, if it takes anything."""
    if not stop.is_set() and await opened_if_due(house, channel) and await look_first(house, channel):
        await serve(house, channel, stop)


async def seconds_to_next(house: House, *, since: datetime | None = None) -> float:
    """Return how long there is nothing to do; at most `LONGEST_SLEEP`. Beats the heart.

    `since`: when whoever asks began to look; what has become due meanwhile may have escaped it. None: now.
    """
    return seconds_until(await next_moment(house, since=since), house.now())


async def next_moment(house: House, *, since: datetime | None = None) -> datetime | None:
    """Return when something is due next; None if nothing is. Beats the heart. `since`: as `seconds_to_next`."""
    now = house.now()
    since = now if since is None else min(since, now)
    await house.database.write(channels.beat, host=host(), now=now, every=LONGEST_SLEEP)
    return await house.database.read(deliveries.next_moment, since)


def seconds_until(moment: datetime | None, now: datetime) -> float:
    """Return how long the daemon may sleep before that moment: a second at least, `LONGEST_SLEEP` at most."""
    wait = (moment - now).total_seconds() if moment is not None else LONGEST_SLEEP
    return min(max(wait, 1.0), LONGEST_SLEEP)

"""One run: poll every feed, take in what is new, deliver what is due."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from crosspost.config import Config
from crosspost.engine.leash import Leash
from crosspost.engine.quiet import known_states, note_quiet, nothing_new
from crosspost.engine.signals import on_signals
from crosspost.errors import ConfigError
from crosspost.feeds.poll import poll_all
from crosspost.http import Client, utc_now
from crosspost.notify.heartbeat import Heart, beating
from crosspost.policy import Need
from crosspost.report import Tell


async def run_once(
    config: Config,
    tell: Tell,
    *,
    now: Callable[[], datetime] = utc_now,
    client: Client | None = None,
    deadline: timedelta | None = None,
    told: Callable[[], object] = lambda: None,
) -> Sequence[Need]:
    """Do what is to be done now, and return what needs a person; what is new in that is told, once.

    After `deadline`, or a signal, nothing new begins; what is under way then has the grace, and is cut off
    after it. `told`: called at the first signal. Raise `ConfigError` or `StoreError` before anything was
    changed, and `CutShort`.
    """
    leash = Leash(deadline)
    from crosspost.http.wire import HttpxClient  # late: 70 ms that a test's client does not cost

    http = client or HttpxClient(clock=now)
    try:
        async with beating(http, config.notify.heartbeat, lambda: leash.last) as heart, leash.holding():
            with on_signals(told, leash.end, http.begin_nothing):
                patience = deadline / 2 if deadline else None
                return await _once(config, tell, now, http, heart, leash.stop, patience)
    finally:
        if client is None:
            await http.aclose()


async def _once(
    config: Config,
    tell: Tell,
    now: Callable[[], datetime],
    http: Client,
    heart: Heart,
    stop: asyncio.Event,
    patience: timedelta | None,
) -> Sequence[Need]:
    """Do all of it. `patience`: how long feeds may take, so that something is left of the deadline."""
    states = known_states(config, now())
    polled = await poll_all(http, config, states, now(), patience=patience) if states is not None else None
    if (
        polled is not None
        and nothing_new(polled)
        and not await heart.went_well(stop)
        and note_quiet(config, polled, tell, now())
    ):
        return ()  # it is on record that nothing needs a person
    from crosspost.engine import work  # late: something is to be done
    from crosspost.people.needs import all_needs

    async with work.working(config, tell, clock=now, client=http) as house:
        await work.take_in_all(house, polled, stop, patience=patience)
        await work.deliver(house, stop)
        if stop.is_set():
            return await all_needs(house)
        needs = await work.look_ahead(house, await heart.went_well(stop))
        await work.note_idle(house, needs)
        return needs


async def ask_feed(config: Config, name: str, tell: Tell) -> bool:
    """Ask one feed now, even one to be left alone, and take in what it brings; tell whether it could be read.

    Raise `ConfigError` if there is no such feed.
    """
    if name not in config.feeds:
        raise ConfigError(f"there is no feed {name!r}; there are: {', '.join(config.feeds)}")
    from crosspost.engine.work import take_in_all, working
    from crosspost.store import feeds

    async with working(config, tell) as house:
        await house.database.write(feeds.look_again, name)
        states = await house.database.read(feeds.load, [name])
        polled = await poll_all(house.client, house.config, states, house.now(), [name])
        await take_in_all(house, polled, asyncio.Event())
        return not (await house.database.read(feeds.load, [name]))[name].problem


async def look_up(config: Config, tell: Tell) -> tuple[int, Sequence[Need]]:
    """Look up what is uncertain and may be looked up by now; send nothing.

    Return how much was uncertain, and all that needs a person.
    """
    from crosspost.delivery.reconcile import reconcile_due, tell_uncertain
    from crosspost.engine.work import working
    from crosspost.people.needs import all_needs
    from crosspost.store import looks

    async with working(config, tell) as house:
        uncertain = await house.database.read(looks.uncertain)
        await reconcile_due(house, asyncio.Event())
        await tell_uncertain(house)
        return len(uncertain), await all_needs(house)

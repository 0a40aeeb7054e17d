"""What goes out when, by all that is known now. Writes and sends nothing."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crosspost.compose import compose
from crosspost.compose.preview import price_of
from crosspost.config.limits import ATTENTION, show_amount
from crosspost.delivery.learning import remember_learnt
from crosspost.delivery.lines import last_posts, waiting_for
from crosspost.delivery.wing import Turns
from crosspost.delivery.words import opening_of
from crosspost.errors import ConfigError, NoRoom
from crosspost.house import House
from crosspost.model import Delivery, Draft, Entry, Money, State
from crosspost.policy import Booking, Ledger, Line, Planned, schedule
from crosspost.policy.twins import goes_first, is_repetition
from crosspost.store import accounts, bookings, channels, entries, listing, queue, twins
from crosspost.store.channels import ChannelState
from crosspost.store.database import Tx
from crosspost.views.ahead import read_ahead
from crosspost.views.dry import as_if_sent
from crosspost.views.hours import all_posting_times
from crosspost.views.usage import Usage, read_ledger, usage_of

SIGHT = timedelta(days=366)
"""How far ahead a plan looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedView:
    """One delivery that is ahead. `at`: when it goes, in the configured zone; None: not in sight, or never."""

    id: int
    entry_id: int
    state: State
    channel: str
    feed: str
    title: str
    permalink: str
    at: datetime | None
    reason: str
    skipped: bool
    """Whether it never goes."""
    text: str
    length: int
    limit: int | None
    attention: str
    money: str
    dry_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What goes out when, seen from `now` (in the configured zone)."""

    now: datetime
    deliveries: Sequence[PlannedView]
    """In the order in which they go; last those without a moment."""
    limits: Sequence[Usage]
    hours: Sequence[str]
    """When channels post, and rest, that have hours."""
    problems: Sequence[str]
    """Which feeds could not be read, and why."""


async def read_plan(house: House) -> Plan:
    """Plan what waits, and what the feeds have beyond it. Held deliveries have no time."""
    await remember_learnt(house)
    known, problems = await read_ahead(house, _read)
    return _plan(house, known, problems)


async def read_queue(house: House) -> Plan | None:
    """Plan what waits on record, without a look at the feeds; None if nothing was ever stored."""
    known = await house.read(lambda tx: _read(tx, house, house.now()))
    if known is None:
        return None
    return await asyncio.to_thread(_plan, house, known, ())  # a daemon has other things to do meanwhile


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What the plan is made from, read in one transaction."""

    now: datetime
    ledger: Ledger
    shown: Sequence[Booking]
    """What dry runs would have booked."""
    queued: Mapping[str, queue.Queued]
    held: Sequence[Delivery]
    """What waits for a person, or for a look at the network."""
    entries: Mapping[int, tuple[Entry, datetime]]
    booked: Mapping[int, int]
    """The numbers in the ledger of deliveries that were tried before."""
    last_posts: Mapping[str, list[bool]]
    owners: Mapping[str, str]
    closed: Mapping[str, ChannelState]
    openings: Mapping[int, str]
    """With which lines the drafts of deliveries begin that are not frozen yet."""
    repetitions: Mapping[int, str]
    """Why deliveries will not go because others of the same entry do, or did, for the same account."""

    @property
    def all_deliveries(self) -> list[Delivery]:
        return [*(delivery for queued in self.queued.values() for delivery in queued.free), *self.held]


def _plan(house: House, known: _Known, problems: Sequence[str]) -> Plan:
    # Composed out here: drafts take long, and the database's lock is not kept meanwhile.
    drafts = {delivery.id: _draft(house, delivery, known) for delivery in known.all_deliveries}
    lines = [_line(house, name, known, drafts) for name in house.config.channels]
    order = schedule(lines, known.ledger, known.now, known.now + SIGHT)
    deliveries = {delivery.id: delivery for delivery in known.all_deliveries}
    views = [_planned(house, deliveries[planned.waiting.id], planned, known, drafts) for planned in order]
    views += [
        _view(house, deliveries[number], known, drafts, at=None, reason=reason, skipped=True)
        for number, reason in known.repetitions.items()
    ]
    views += [
        _view(house, delivery, known, drafts, at=None, reason=delivery.reason, skipped=False)
        for delivery in known.held
    ]
    latest = datetime.max.replace(tzinfo=known.now.tzinfo)
    return Plan(
        now=known.now.astimezone(house.config.timezone),
        deliveries=sorted(views, key=lambda view: (view.at or latest, view.id)),
        limits=usage_of(house.config, known.ledger, known.now, known.shown),
        hours=all_posting_times(house.config, (line.rules for line in lines)),
        problems=problems,
    )


def _read(tx: Tx, house: House, now: datetime) -> _Known:
    names = list(house.config.channels)
    turns, owners = house.wing(Turns), channels.assigned(tx)
    all_queued = queue.all_pending(tx, names)
    waiting = [delivery for queued in all_queued.values() for delivery in queued.free]
    unsettled = listing.newest(tx, states={State.HELD, State.UNCERTAIN}, limit=1000)
    held = [shown.delivery for shown in unsettled if shown.delivery.channel in names]
    tried = {delivery.id: bookings.number_of(tx, delivery.id) for delivery in waiting if delivery.attempts}
    rules = {name: turns.rules(house.config.channels[name], owners.get(name)) for name in names}
    known = {delivery.entry_id: entries.get(tx, delivery.entry_id) for delivery in (*waiting, *held)}
    return _Known(
        now=now,
        ledger=read_ledger(tx, house, now),
        shown=as_if_sent(tx, house, now),
        queued=all_queued,
        held=held,
        entries=known,
        booked={number: booked for number, booked in tried.items() if booked is not None},
        last_posts={name: last_posts(tx, rules[name]) for name in names},
        owners=owners,
        closed=channels.load(tx, names),
        openings={
            delivery.id: opening_of(
                tx, house.config.channels[delivery.channel], known[delivery.entry_id][0], delivery.entry_id
            )
            for delivery in (*waiting, *held)
            if delivery.draft is None
        },
        repetitions=_repetitions(tx, house, waiting),
    )


def _repetitions(tx: Tx, house: House, waiting: Sequence[Delivery]) -> Mapping[int, str]:
    """Find what the claim will not let go: of several that wait, all but the first."""
    speaking = accounts.of(tx, house.config.channels.values())
    same = twins.of_entries(tx, {delivery.entry_id for delivery in waiting})
    found: dict[int, str] = {}
    for delivery in sorted(waiting, key=lambda delivery: delivery.id):
        told = goes_first(same[delivery.entry_id], delivery.id, delivery.channel, speaking[delivery.channel])
        first = told is not None and told.state is State.PENDING and not told.may_be_out
        if told is not None and (not first or (told.id < delivery.id and told.id not in found)):
            found[delivery.id] = is_repetition(told, delivery.channel)
    return found


def _draft(house: House, delivery: Delivery, known: _Known) -> Draft | str:
    """Return a delivery's frozen draft, or one as it would be made now, or why none can be made."""
    if delivery.draft is not None:
        return delivery.draft
    channel = house.config.channels[delivery.channel]
    try:
        entry, published = known.entries[delivery.entry_id]
        opening = known.openings[delivery.id]
        return compose(house.ingredients(channel, entry, published, opening=opening))
    except (NoRoom, ConfigError) as error:
        return str(error)


def _line(house: House, name: str, known: _Known, drafts: Mapping[int, Draft | str]) -> Line:
    """Return what waits on one channel; nothing goes before its network wants to hear of us again."""
    channel, closed = house.config.channels[name], known.closed[name]
    rules = house.wing(Turns).rules(channel, known.owners.get(name))
    waiting = []
    for delivery in known.queued[name].free:
        if delivery.id in known.repetitions:
            continue
        draft = drafts[delivery.id]
        price = price_of(channel, draft) if rules.counts_money and isinstance(draft, Draft) else Money()
        waits = waiting_for(delivery, rules, price, known.booked.get(delivery.id))
        if closed.closed_until is not None and waits.not_before < closed.closed_until:
            waits = replace(waits, not_before=closed.closed_until, reason=closed.closed_because)
        waiting.append(waits)
    return Line(rules=rules, waiting=waiting, last_posts=known.last_posts[name])


def _planned(
    house: House, delivery: Delivery, planned: Planned, known: _Known, drafts: Mapping[int, Draft | str]
) -> PlannedView:
    reason = planned.reason
    if planned.at is None and not planned.skipped:
        reason = reason or "not within a year, by its limits"
    return _view(house, delivery, known, drafts, at=planned.at, reason=reason, skipped=planned.skipped)


def _view(
    house: House,
    delivery: Delivery,
    known: _Known,
    drafts: Mapping[int, Draft | str],
    *,
    at: datetime | None,
    reason: str,
    skipped: bool,
) -> PlannedView:
    channel = house.config.channels[delivery.channel]
    entry, _ = known.entries[delivery.entry_id]
    draft, text, price = drafts[delivery.id], "", Money()
    if isinstance(draft, Draft):
        text, price = draft.text, price_of(channel, draft)
    else:
        reason = f"{draft}; {reason}".removesuffix("; ")
    attention = 0 if channel.dry_run or delivery.fills else int(channel.attention.total_seconds())
    return PlannedView(
        id=delivery.id,
        entry_id=delivery.entry_id,
        state=delivery.state,
        channel=channel.name,
        feed=entry.feed,
        title=entry.title or entry.permalink,
        permalink=entry.permalink,
        at=at.astimezone(house.config.timezone) if at is not None else None,
        reason=reason,
        skipped=skipped,
        text=text,
        length=channel.capabilities.count(text),
        limit=channel.capabilities.max_length,
        attention=show_amount(attention, ATTENTION) if attention else "",
        money=str(price) if price.amount else "",
        dry_run=channel.dry_run,
    )

"""Announce by a person's word: an entry on record, or a page that no feed has, on chosen channels."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crosspost.config import Channel
from crosspost.config.units import is_address
from crosspost.errors import ConfigError
from crosspost.feeds import PAGE, Item
from crosspost.feeds.address import whole_page
from crosspost.feeds.identity import guid_key, link_key
from crosspost.feeds.page import read_page
from crosspost.house import House
from crosspost.intake.renamed import take_over
from crosspost.model import Delivery, Entry, State
from crosspost.policy import Admission, Meaning, NewDelivery, NewEntry, Pending, priority, promotional
from crosspost.policy.asked import Answer, Step, asked_for, first_moment, refusal
from crosspost.policy.oddities import is_protected, still_scheduled, waits_for_date
from crosspost.redact import hide
from crosspost.store import accounts, bookings, decisions, deliveries, entries, twins, waits
from crosspost.store.database import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person asks for. `what`: an entry's id or link, or a page's address.

    `channels`: their names; empty for all that announce the entry's feed. `at`: when, in UTC; None for as soon
    as limits and hours allow.
    """

    what: str
    made_by: str
    channels: Sequence[str] = ()
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnChannel:
    """What was done about the entry on one channel, and its delivery there by now, if it has one."""

    channel: Channel
    answer: Answer
    delivery: Delivery | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """An entry that was asked for, and what was done about it."""

    entry_id: int
    entry: Entry
    channels: Sequence[OnChannel]


async def announce(house: House, wanted: Wanted) -> Announced:
    """Announce what a person names, by the next run or the running daemon, inside all limits.

    Raise `ConfigError`, or `FeedError` for a page that cannot be announced, with nothing changed. Asked twice,
    a channel has one delivery of it. Who asked is on record.
    """
    chosen = _chosen(house, wanted.channels)
    known = await house.read(_find, house, wanted.what)
    item: Item | None = None
    if known is None:
        item = await _page(house, wanted.what)
    await house.database.migrate()
    return await house.database.write_long(_announce, house, wanted, known or item, chosen)


def _chosen(house: House, names: Sequence[str]) -> Collection[str]:
    for name in names:
        if name not in house.config.channels:
            raise ConfigError(f"there is no channel {name!r}; there are: {', '.join(house.config.channels)}")
    return set(names)


def is_id(what: str) -> bool:
    """Tell whether somebody names an entry by its number: one that the database can hold."""
    return what.isascii() and what.isdigit() and int(what) < 2**63


def _find(tx: Tx, house: House, what: str) -> int | None:
    """Return the id of the entry on record that is named by its id or its link: a feed's before a page's."""
    if is_id(what):
        return int(what) if entries.find(tx, int(what)) is not None else None
    addresses = dict.fromkeys((what, whole_page(what)))  # some sites tell their entries apart by `#` alone
    found = (_with_keys(tx, house, [link_key(address), guid_key(address)]) for address in addresses)
    return next((entry_id for entry_id in found if entry_id is not None), None)


def _with_keys(tx: Tx, house: House, keys: Collection[str]) -> int | None:
    found = entries.with_keys(tx, keys)
    watched = [entry_id for entry_id, feed in found if feed in house.config.feeds]
    return next(iter(watched or [entry_id for entry_id, _ in found]), None)


async def _page(house: House, what: str) -> Item:
    if is_id(what):
        raise ConfigError(f"there is no entry {what}; `crosspost deliveries` shows the entries' numbers")
    if not is_address(what):
        raise ConfigError(f"{what!r} is neither an entry's number nor an address; write https://… in full")
    item = await read_page(house.client, house.config, what)
    if is_protected(item.entry):
        raise ConfigError(f"{what} is password-protected or private, as its words say; nothing was changed")
    if hide(item.entry.permalink) != item.entry.permalink:
        raise ConfigError(
            f"{hide(what)} cannot be announced: it holds a secret of the configuration; nothing was changed"
        )
    return item


def _announce(
    tx: Tx, house: House, wanted: Wanted, named: int | Item | None, chosen: Collection[str]
) -> Announced:
    take_over(tx, house)  # a person calls feeds and channels by the names that they have now
    bookings.lock(tx)  # comes before any delivery's row; of two who ask at once, the second sees the first
    entry_id = named if isinstance(named, int) else _on_record(tx, house, named)
    entry, _ = entries.get(tx, entry_id)
    if is_protected(entry):  # what would go out is that one may not read it
        says = "is password-protected or private, as its words say; nothing was changed"
        raise ConfigError(f"entry {entry_id} {says}")
    channels = [channel for channel in house.config.channels.values() if _is_meant(channel, entry, chosen)]
    if not channels:
        raise ConfigError(f"no channel announces the feed {entry.feed}; name one with --channel NAME")
    made, alike = deliveries.of_entry(tx, entry_id), twins.of_entries(tx, [entry_id])[entry_id]
    speaking = accounts.of(tx, channels)
    answers: dict[str, Answer] = {}
    for channel in channels:
        rules = {"include": channel.include, "exclude": channel.exclude}
        refused = "" if chosen else refusal(entry.categories, channel=channel.name, **rules)
        answer = asked_for(
            made.get(channel.name), alike, channel=channel.name, account=speaking[channel.name], refused=refused
        )
        answers[channel.name] = answer
        _carry_out(tx, house, wanted, (entry_id, entry), channel, answer, made.get(channel.name), speaking)
        alike = twins.of_entries(tx, [entry_id])[entry_id]  # two channels of one account say it once
    now_there = deliveries.of_entry(tx, entry_id)
    for name, answer in answers.items():
        if answer.step is not Step.LEAVE:
            decisions.record(
                tx,
                "announce",
                made_by=wanted.made_by,
                channel=name,
                delivery_id=now_there[name].id,
                detail=wanted.at.isoformat(timespec="minutes") if wanted.at else "",
                now=house.now(),
            )
    waits.forget(tx)
    return Announced(
        entry_id=entry_id,
        entry=entry,
        channels=[
            OnChannel(channel=channel, answer=answers[channel.name], delivery=now_there.get(channel.name))
            for channel in channels
        ],
    )


def _on_record(tx: Tx, house: House, item: Item | None) -> int:
    """Return the id of a page's entry, which is put on record unless its link is known there."""
    assert item is not None, "what is not on record was read"
    known = _with_keys(tx, house, [key for key in (item.link_key, guid_key(item.entry.permalink)) if key])
    if known is not None:
        return known
    (entry_id,) = entries.add(tx, [NewEntry(item=item)], now=house.now())
    entries.let_mean(tx, PAGE, {key: Meaning(entry_id, trait) for key, trait in item.traits.items()})
    return entry_id


def _is_meant(channel: Channel, entry: Entry, chosen: Collection[str]) -> bool:
    return channel.name in chosen if chosen else channel.announces(entry.feed)


def _carry_out(
    tx: Tx,
    house: House,
    wanted: Wanted,
    named: tuple[int, Entry],
    channel: Channel,
    answer: Answer,
    delivery: Delivery | None,
    speaking: Mapping[str, str],
) -> None:
    """Create a delivery, or let one go."""
    now, (entry_id, entry) = house.now(), named
    feed = house.config.feeds.get(entry.feed)
    waits_for = still_scheduled(
        entry.published, now + house.clocks().behind, waits=feed is None or feed.future == "wait"
    )
    moment = first_moment(now, wanted.at, waits_for)
    reason = f"announced by {wanted.made_by}"
    if wanted.at is None and waits_for is not None:
        reason = f"{waits_for_date(waits_for, house.config.timezone)}; {reason}"
    match answer.step:
        case Step.CREATE:
            config = house.config
            new = NewDelivery(
                channel=channel.name,
                admission=Admission(state=State.PENDING, reason=reason, look_first=True),
                not_before=moment,
                expires=None,
                priority=priority(entry.categories, feed.priority if feed else 0, config.category_priority),
                promotional=promotional(entry.categories, config.promotion.categories),
                account=speaking[channel.name],
            )
            deliveries.add(tx, [(entry_id, new)], now=now)
        case Step.MOVE if delivery is not None:
            deliveries.move(tx, delivery, Pending(reason=reason, not_before=moment), now=now, by_person=True)
            deliveries.ask_for(tx, [delivery.id])
        case Step.KEEP if delivery is not None:
            deliveries.ask_for(tx, [delivery.id], at=None if wanted.at is None else (wanted.at, reason))

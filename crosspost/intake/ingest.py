"""Take in what a feed brought: recognise its entries, and create the deliveries of what is new.

Everything is one transaction: an entry is seen exactly when its deliveries exist.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Any

from crosspost.errors import FeedError
from crosspost.feeds import Changed, Document, Unchanged
from crosspost.feeds.address import named
from crosspost.feeds.parse import parse
from crosspost.feeds.poll import Polled, Waits, address_hash, known_state
from crosspost.feeds.state import READER, FeedState
from crosspost.house import House
from crosspost.policy import (
    Gap,
    Meaning,
    Memory,
    NewEntry,
    Sorting,
    feed_needs_person,
    new_entries,
    next_look,
    sort_items,
)
from crosspost.policy.oddities import PROTECTED, is_protected
from crosspost.redact import hide
from crosspost.report import Event, What
from crosspost.store import accounts, deliveries, entries, feeds, twins, waits
from crosspost.store.database import Tx
from crosspost.text import counted, local_time

_ENTRIES = "entry", "entries"


async def take_in(house: House, name: str, polled: Polled) -> None:
    """Record what a poll came to. A document that cannot be read is a failed poll."""
    if isinstance(polled, Waits):
        what = What.FEED_FAILED if polled.gone else What.FEED_UNCHANGED
        house.tell(Event(what=what, subject=name, text=polled.reason, needs_person=polled.gone))
        return
    if isinstance(polled, Changed):
        try:
            document = await read_document(house, name, polled)
        except FeedError as error:
            polled = error
    match polled:
        case FeedError():
            await _failed(house, name, polled)
        case Unchanged():
            seen = {**_seen(house, name, polled), **(_AT_HOME if polled.moved_back else {})}
            await house.database.write(feeds.save, name, **seen, after_gap=Gap.NONE)
            house.tell(Event(what=What.FEED_UNCHANGED, subject=name, text="nothing new"))
        case Changed():
            event = await house.database.write_long(take_in_document, house, name, document, polled)
            for sentence, times in Counter(document.skipped).items():
                text = sentence if times == 1 else f"{sentence} ({times} times)"
                house.tell(Event(what=What.ENTRY_PASSED, subject=name, text=text))
            house.tell(event)
            if not document.whole:
                await _failed(house, name, FeedError(f"{_cut(polled)}; what came whole was taken in"))


async def read_document(house: House, name: str, polled: Changed) -> Document:
    """Read what a poll brought, without the entries that may not be published. Raise `FeedError`.

    Also for a first sight that was cut: the old entries behind the cut would pass for new ones later.
    """
    document = await parse(polled, feed=name)
    if not document.whole and await _is_first_sight(house, name):
        raise FeedError(f"{_cut(polled)}; nothing is taken as known before all of it was seen once")
    # In a thread: it looks for every secret in every link.
    return await asyncio.to_thread(_publishable, document)


async def _is_first_sight(house: House, name: str) -> bool:
    known = await house.read(feeds.load, [name])
    return known is None or known[name].baseline_at is None


def _cut(polled: Changed) -> str:
    says = "has no end: it was cut on its way, or is written so; the next poll asks for all of it"
    return f"{named(polled.url)} {says}"


def _publishable(document: Document) -> Document:
    """Pass over entries whose address would tell the world a secret, such as the feed's own."""
    items = tuple(item for item in document.items if hide(item.entry.permalink) == item.entry.permalink)
    secret = len(document.items) - len(items)
    if not secret:
        return document
    says = f"{counted(secret, *_ENTRIES)} passed over: the link holds a secret of the configuration"
    return replace(document, items=items, skipped=(*document.skipped, says))


async def _failed(house: House, name: str, error: FeedError) -> None:
    lasts = await house.database.write(_note_failure, house, name, error)
    house.tell(Event(what=What.FEED_FAILED, subject=name, text=str(error), needs_person=lasts))


def _note_failure(tx: Tx, house: House, name: str, error: FeedError) -> bool:
    """Put a failed poll on record; tell whether the feed needs a person by now.

    A feed that is gone stays so until it can be read: its server may answer otherwise and mean nothing by it.
    """
    now = house.now()
    state = known_state(house.config.feeds[name], feeds.load(tx, [name])[name])
    gone = error.gone or state.gone
    failures = 1 if gone and not state.gone else state.failures + 1
    feeds.save(
        tx,
        name,
        address=state.address,
        # Those of an address that was changed end with it.
        etag=state.etag,
        last_modified=state.last_modified,
        body_hash=state.body_hash,
        moved_to=state.moved_to,
        moved_times=state.moved_times,
        polled_at=now,
        succeeded_at=state.succeeded_at,
        failures=failures,
        problem=str(error),
        gone=gone,
        not_before=next_look(now, looks=failures, gone=gone, read_at=state.succeeded_at, asked=error.retry_at),
    )
    return feed_needs_person(failures, gone=gone, was_read=state.succeeded_at is not None)


def _seen(house: House, name: str, polled: Unchanged | Changed) -> dict[str, Any]:
    """Return the columns that every successful poll writes."""
    now = house.now()
    return {
        "address": address_hash(house.config.feeds[name]),
        "etag": polled.validators.etag,
        "last_modified": polled.validators.last_modified,
        "body_hash": polled.validators.body_hash,
        "polled_at": now,
        "succeeded_at": now,
        "not_before": polled.fresh_until,
        "failures": 0,
        "problem": "",
        "gone": False,
    }


def take_in_document(tx: Tx, house: House, name: str, document: Document, polled: Changed) -> Event:
    """Store what is new in a document, with its deliveries; return what is to be told of it.

    Read, decide, write: how many statements it takes does not depend on how many entries there are.
    """
    config, feed, now = house.config, house.config.feeds[name], house.now()
    feeds.lock(tx, config.feeds)
    state = known_state(feed, feeds.load(tx, [name])[name])
    known = entries.known(tx, name, [key for item in document.items for key in item.keys])
    strange = [item for item in document.items if known.keys().isdisjoint(item.keys)]
    memory = Memory(
        first_sight=state.baseline_at is None,
        largest=state.largest,
        gap=Gap(state.after_gap),
        shown=state.shown,
        known=known,
        twins=twins.of_items(tx, name, strange),
        accounts=accounts.of(tx, config.channels.values()),
        configured=config.feeds,
        read_otherwise=state.is_read_otherwise,
        remembered=entries.remembered(tx, name) if strange and state.is_read_otherwise else (),
    )
    sorting = sort_items(document.items, memory, backfill=feed.backfill, now=now)
    new = new_entries(config, name, sorting, memory, house.clocks())

    _write(tx, name, sorting, new, now)
    for entry_id, dated in sorting.redated.items():
        deliveries.reschedule(tx, entry_id, now=now, dated=dated, horizon=feed.horizon, zone=config.timezone)
    protected = [entry_id for entry_id, entry in sorting.edited.items() if is_protected(entry)]
    held_back = sum(bool(deliveries.hold_back(tx, entry_id, PROTECTED, now=now)) for entry_id in protected)
    saved: dict[str, Any] = {"title": document.title[:200], "largest": sorting.largest, "succeeded_at": now}
    if document.whole:
        saved |= {**_seen(house, name, polled), **_moved(state, polled), "after_gap": Gap.NONE}
        saved |= {"baseline_at": state.baseline_at or now, "shown": len(document.items) or state.shown or 0}
        saved |= {"reader": READER}
    feeds.save(tx, name, **saved)
    return _told(name, sorting, new, held_back, first_sight=memory.first_sight, zone=config.timezone)


def _write(tx: Tx, name: str, sorting: Sorting, new: Sequence[NewEntry], now: datetime) -> None:
    entries.edit(tx, sorting.edited, now=now)
    entries.redate(tx, sorting.redated)
    numbered = list(zip(entries.add(tx, new, now=now), new, strict=True))
    taken_over = {
        key: Meaning(entry_id, trait)
        for entry_id, entry in numbered
        for key, trait in entry.item.traits.items()
    }
    entries.let_mean(tx, name, {**sorting.keys, **taken_over})
    made = [(entry_id, delivery) for entry_id, entry in numbered for delivery in entry.deliveries]
    deliveries.add(tx, made, now=now)
    for channel in dict.fromkeys(delivery.channel for _, delivery in made):
        waits.forget(tx, channel)


def _told(
    name: str,
    sorting: Sorting,
    new: Sequence[NewEntry],
    held_back: int,
    *,
    first_sight: bool,
    zone: tzinfo,
) -> Event:
    """Return what is to be told of a reading. `held_back`: how many known entries became protected."""
    count = len(sorting.announced)
    if sorting.held:
        return Event(
            what=What.FEED_HELD, subject=name, text=sorting.held, data={"held": count}, needs_person=True
        )
    held = Counter(entry.needs_person for entry in new if entry.needs_person)
    let_go = Counter(entry.let_go for entry in new if entry.let_go)
    count -= held.total() + let_go.total()
    text = _ahead(new, count, zone) or (
        f"{counted(0, *_ENTRIES)} to announce" if first_sight else "nothing new"
    )
    if first_sight:
        text = f"first sight: {counted(len(sorting.baseline), *_ENTRIES)} taken as known, {text}"
    elif sorting.edits:
        text += f", {sorting.edits} edited"
    if held_back:
        held[PROTECTED] += held_back
    for becomes, reasons in (("held", held), ("not announced", let_go)):
        text += "".join(
            f"; {counted(times, *_ENTRIES)} {becomes}: {reason}" for reason, times in reasons.items()
        )
    data: dict[str, Any] = {"new": count} | (
        {"first_sight": True} if first_sight else {"edited": sorting.edits}
    )
    if passed := _not_announced(new):
        data["not_announced"] = passed
    if held:
        data |= {"held": held.total()}
        return Event(what=What.FEED_HELD, subject=name, text=text, data=data, needs_person=True)
    return Event(what=What.FEED_READ, subject=name, text=text, data=data)


def _ahead(new: Sequence[NewEntry], count: int, zone: tzinfo) -> str:
    """Say how many of these entries go out now, and how many when their date comes; "" if there is none."""
    dates = sorted(
        entry.scheduled for entry in new if entry.scheduled and not (entry.needs_person or entry.let_go)
    )
    parts = [f"{counted(count - len(dates), *_ENTRIES)} to announce"] if count > len(dates) else []
    if dates:
        first = local_time(dates[0], zone)
        parts.append(f"{len(dates)} scheduled{'' if len(dates) == 1 else ', the first'} for {first}")
    return ", ".join(parts)


def _not_announced(new: Sequence[NewEntry]) -> Mapping[str, Mapping[str, int]]:
    """Count by channel, and by reason, the entries that go out on others only."""
    passed: dict[str, Counter[str]] = {}
    for delivery in (delivery for entry in new if not entry.let_go for delivery in entry.deliveries):
        if not delivery.goes:
            passed.setdefault(delivery.channel, Counter())[delivery.admission.reason] += 1
    return passed


_AT_HOME: Mapping[str, Any] = {"moved_to": "", "moved_times": 0}
"""The columns of a feed that is read where it is configured."""


def _moved(state: FeedState, polled: Changed) -> Mapping[str, Any]:
    """Count how often the same permanent redirect led to a readable feed."""
    if polled.moved_back and not polled.moved_to:
        return _AT_HOME
    if not polled.moved_to or hide(polled.moved_to) != polled.moved_to:
        return {} if state.moved_times and not polled.moved_to else _AT_HOME
    times = state.moved_times + 1 if polled.moved_to == state.moved_to else 1
    return {"moved_to": polled.moved_to, "moved_times": times}

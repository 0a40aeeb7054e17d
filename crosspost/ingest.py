"""Take in what a feed brought: recognise its entries, and create the deliveries of what is new.

Everything is one transaction: an entry is seen exactly when its deliveries exist.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from crosspost.config import Config
from crosspost.context import Context
from crosspost.errors import FeedError
from crosspost.feeds import Changed, Document, Item, Unchanged, parse
from crosspost.policy import (
    Flood,
    Gap,
    admit,
    feed_needs_person,
    judge,
    priority,
    promotional,
    unwanted,
)
from crosspost.poll import Polled, Waits, address_hash, known_state
from crosspost.redact import hide
from crosspost.report import Event, What
from crosspost.store import deliveries, entries, feeds, waits
from crosspost.store.database import Tx
from crosspost.store.state import FeedState


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sorted:
    """A document's items by how they are known. The items of each list are in order of publication."""

    known: Sequence[tuple[Item, int]]
    recognised: Sequence[tuple[Item, int]]
    new: Sequence[Item]


async def take_in(ctx: Context, name: str, polled: Polled) -> None:
    """Record what a poll came to. A document that cannot be read is a failed poll."""
    if isinstance(polled, Waits):
        what = What.FEED_UNCHANGED if polled.until else What.FEED_FAILED
        ctx.tell(Event(what=what, subject=name, text=polled.reason, needs_person=not polled.until))
        return
    if isinstance(polled, Changed):
        try:
            document = await read_document(ctx, name, polled)
        except FeedError as error:
            polled = error
    match polled:
        case FeedError():
            await _failed(ctx, name, polled)
        case Unchanged():
            await ctx.database.write(feeds.save, name, **_seen(ctx, name, polled), after_gap=Gap.NONE)
            ctx.tell(Event(what=What.FEED_UNCHANGED, subject=name, text="nothing new"))
        case Changed():
            event = await ctx.database.write_long(take_in_document, ctx, name, document, polled)
            for sentence, times in Counter(document.skipped).items():
                text = sentence if times == 1 else f"{sentence} ({times} times)"
                ctx.tell(Event(what=What.ENTRY_PASSED, subject=name, text=text))
            ctx.tell(event)


async def read_document(ctx: Context, name: str, polled: Changed) -> Document:
    """Read what a poll brought, without the entries that may not be published. Raise `FeedError`."""
    async with ctx.reading:
        # In a thread: it looks for every secret in every link.
        return await asyncio.to_thread(_publishable, await parse(polled, feed=name))


def _publishable(document: Document) -> Document:
    """Pass over entries whose address would tell the world a secret, such as the feed's own."""
    secret = [item for item in document.items if hide(item.entry.permalink) != item.entry.permalink]
    if not secret:
        return document
    says = f"{_count(secret)} passed over: the link holds a secret of the configuration"
    return replace(
        document,
        items=tuple(item for item in document.items if item not in secret),
        skipped=(*document.skipped, says),
    )


async def _failed(ctx: Context, name: str, error: FeedError) -> None:
    failures = await ctx.database.write(_note_failure, ctx, name, error)
    lasts = feed_needs_person(failures, gone=error.gone)
    ctx.tell(Event(what=What.FEED_FAILED, subject=name, text=str(error), needs_person=lasts))


def _note_failure(tx: Tx, ctx: Context, name: str, error: FeedError) -> int:
    failures = feeds.load(tx, [name])[name].failures + 1
    feeds.save(
        tx,
        name,
        address=address_hash(ctx.config.feeds[name]),
        polled_at=ctx.now(),
        failures=failures,
        problem=str(error),
        gone=error.gone,
        not_before=error.retry_at,
    )
    return failures


def _seen(ctx: Context, name: str, polled: Unchanged | Changed) -> dict[str, Any]:
    """Return the columns that every successful poll writes."""
    now = ctx.now()
    return {
        "address": address_hash(ctx.config.feeds[name]),
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


def take_in_document(tx: Tx, ctx: Context, name: str, document: Document, polled: Changed) -> Event:
    """Store what is new in a document, with its deliveries; return what is to be told of it."""
    feed, now = ctx.config.feeds[name], ctx.now()
    feeds.lock(tx, ctx.config.feeds)
    state = known_state(feed, feeds.load(tx, [name])[name])
    items = _sort(tx, name, document, now)
    edited = 0
    for item, entry_id in items.known:
        edited += entries.refresh(tx, entry_id, item.entry, now=now)
        entries.learn_keys(tx, name, entry_id, _keys(item))
    saved = {**_seen(ctx, name, polled), **_moved(state, polled), "title": document.title[:200]}
    saved["after_gap"] = Gap.NONE

    if state.baseline_at is None:
        announced = list(items.new)[max(0, len(items.new) - feed.backfill) :] if feed.backfill else []
        known_before = [item for item in items.new if item not in announced]
        for item in known_before:
            _remember(tx, name, item, baseline=True, now=now)
        for item in announced:
            _announce(ctx.config, tx, state, item, held="", now=now, horizon_from=now)
        feeds.save(tx, name, **saved, baseline_at=now)
        text = f"first sight: {_count(known_before)} taken as known, {_count(announced)} to announce"
        return Event(what=What.FEED_READ, subject=name, text=text, data={"new": len(announced)})

    flood = Flood(
        total=len(document.items), new=len(items.new), recognised=len(items.recognised), largest=state.largest
    )
    held = judge(flood)
    strangers: list[Item] = list(items.new)
    if held:
        # Known by their words, but nothing else in the feed is: a person decides about those too.
        for item, entry_id in items.recognised:
            if deliveries.has_held(tx, entry_id):
                entries.learn_keys(tx, name, entry_id, _keys(item))  # already waits for that person
            else:
                strangers.append(item)
        strangers.sort(key=_when(now))
    else:
        for item, entry_id in items.recognised:
            entries.refresh(tx, entry_id, item.entry, now=now)
            entries.learn_keys(tx, name, entry_id, _keys(item))
    for item in strangers:
        _announce(ctx.config, tx, state, item, held=held, now=now, horizon_from=None)
    largest = state.largest if held else max(state.largest, len(strangers))
    feeds.save(tx, name, **saved, largest=largest)
    if held:
        data = {"held": len(strangers)}
        return Event(what=What.FEED_HELD, subject=name, text=held, data=data, needs_person=True)
    text = f"{_count(strangers)} to announce" if strangers else "nothing new"
    if edited:
        text += f", {edited} edited"
    return Event(what=What.FEED_READ, subject=name, text=text, data={"new": len(strangers), "edited": edited})


def _sort(tx: Tx, name: str, document: Document, now: datetime) -> _Sorted:
    keys = [key for item in document.items for key in _keys(item)]
    ids = entries.match(tx, name, keys)
    known: list[tuple[Item, int]] = []
    recognised: list[tuple[Item, int]] = []
    new: list[Item] = []
    # Feeds list the newest first: read backwards, so that entries without a date keep their order.
    backwards = document.items[::-1]
    for item in sorted(backwards, key=_when(now)):
        entry_id = ids.get(item.guid_key) or ids.get(item.link_key)
        if entry_id is not None:
            known.append((item, entry_id))
        elif (entry_id := ids.get(item.print_key)) is not None:
            recognised.append((item, entry_id))
        else:
            new.append(item)
    return _Sorted(known=known, recognised=recognised, new=new)


def _remember(tx: Tx, name: str, item: Item, *, baseline: bool, now: datetime) -> int:
    entry_id = entries.add(tx, item.entry, baseline=baseline, now=now)
    entries.take_over_keys(tx, name, entry_id, _keys(item))
    return entry_id


def _announce(
    config: Config,
    tx: Tx,
    state_of_feed: FeedState,
    item: Item,
    *,
    held: str,
    now: datetime,
    horizon_from: datetime | None,
) -> None:
    """Create the entry and one delivery per channel. `horizon_from`: where its age counts from."""
    name = state_of_feed.name
    entry_id = _remember(tx, name, item, baseline=False, now=now)
    born = horizon_from or min(item.entry.published or now, now)
    expires = born + config.feeds[name].horizon
    others = [feed for feed in config.feeds if feed != name]
    twins = entries.elsewhere(tx, others, item.link_key) if others and item.link_key else []
    announced = deliveries.channels_of(tx, twins) if twins else ()
    categories = item.entry.categories
    first = priority(categories, config.feeds[name].priority, config.category_priority)
    sells = promotional(categories, config.promotion.categories)
    for channel in config.channels.values():
        if not channel.announces(name):
            continue
        admission = admit(
            elsewhere=channel.name in announced,
            unwanted=unwanted(categories, channel.include, channel.exclude),
            expired=now >= expires,
            held=held,
            gap=Gap(state_of_feed.after_gap),
            notices_repeats=channel.notices_repeats,
            approve=channel.approve,
        )
        deliveries.add(
            tx,
            entry_id,
            channel.name,
            admission.state,
            reason=admission.reason,
            not_before=now + channel.delay,
            expires=expires,
            now=now,
            look_first=admission.look_first,
            priority=first,
            promotional=sells,
        )
        waits.forget(tx, channel.name)


def _moved(state: FeedState, polled: Changed) -> Mapping[str, Any]:
    """Count how often the same permanent redirect led to a readable feed."""
    if not polled.moved_to or hide(polled.moved_to) != polled.moved_to:
        return {} if state.moved_times and not polled.moved_to else {"moved_to": "", "moved_times": 0}
    times = state.moved_times + 1 if polled.moved_to == state.moved_to else 1
    return {"moved_to": polled.moved_to, "moved_times": times}


def _keys(item: Item) -> tuple[str, str, str]:
    return item.guid_key, item.link_key, item.print_key


def _when(now: datetime) -> Any:
    """Order items by publication; undated ones count as new. Only the order: never what is new."""
    return lambda item: min(item.entry.published or now, now).astimezone(UTC)


def _count(items: Sequence[Item]) -> str:
    return "1 entry" if len(items) == 1 else f"{len(items)} entries"

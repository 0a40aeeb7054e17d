"""What becomes of a document's items: known again and refreshed, taken as known, or announced.

Ingest reads what `Memory` holds, asks `sort_items` and then `new_entries`, and writes what they say.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from crosspost.config import Config
from crosspost.feeds import Item
from crosspost.model import Entry
from crosspost.policy.admission import Admission, admit
from crosspost.policy.flood import Flood, judge_flood
from crosspost.policy.gap import Gap
from crosspost.policy.wanted import priority, promotional, unwanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An entry on record, as far as a document's item must be compared to it."""

    entry_id: int
    revision: str
    held: bool = False
    """Whether it has deliveries that wait for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What is on record of a feed."""

    first_sight: bool = False
    """Whether nothing is: its entries are taken as known."""
    largest: int = 0
    """The most entries that were ever new at once."""
    gap: Gap = Gap.NONE
    known: Mapping[str, Known] = field(default_factory=dict)
    """The entries that keys of the document mean."""

    def by_id_or_link(self, item: Item) -> Known | None:
        return self.known.get(item.guid_key) or self.known.get(item.link_key)

    def by_words(self, item: Item) -> Known | None:
        return self.known.get(item.print_key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorting:
    """What becomes of a document's items. `baseline` and `announced` are new, in order of publication."""

    edited: Mapping[int, Entry]
    """What the entries of these ids are replaced with."""
    edits: int
    """How many of them were known by id or link: only those are told as edited."""
    keys: Mapping[str, int]
    """Keys that mean the entries of these ids from now on."""
    baseline: Sequence[Item]
    """Put on record, and not announced."""
    announced: Sequence[Item]
    """Put on record with deliveries."""
    held: str
    """Why all that is announced waits for a person; "" if it does not."""
    largest: int
    """The most entries that were ever new at once, this time included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """A delivery to be created."""

    channel: str
    admission: Admission
    not_before: datetime
    expires: datetime | None
    priority: int = 0
    promotional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """An entry to be put on record with its deliveries; its item's keys mean it from now on."""

    item: Item
    baseline: bool = False
    deliveries: Sequence[NewDelivery] = ()


def sort_items(items: Sequence[Item], memory: Memory, *, backfill: int, now: datetime) -> Sorting:
    """Decide what becomes of each item of a document (docs/decisions/0004).

    `backfill`: how many entries of a first sight are announced, the newest.
    """
    ordered = _by_publication(items, now)
    familiar = [(item, entry) for item in ordered if (entry := memory.by_id_or_link(item))]
    strangers = [item for item in ordered if not memory.by_id_or_link(item)]
    recognised = [(item, entry) for item in strangers if (entry := memory.by_words(item))]
    new = [item for item in strangers if not memory.by_words(item)]
    flood = Flood(total=len(items), new=len(new), recognised=len(recognised), largest=memory.largest)
    held = "" if memory.first_sight else judge_flood(flood)

    baseline: Sequence[Item] = ()
    largest = memory.largest
    if memory.first_sight:
        refreshed = learning = familiar
        older = max(0, len(new) - backfill)
        baseline, announced = new[:older], new[older:]
    elif held:
        # Words alone are not believed now: a person decides about those entries too, unless they wait already.
        refreshed, learning = familiar, familiar + [(item, entry) for item, entry in recognised if entry.held]
        announced = new + [item for item, entry in recognised if not entry.held]
        announced.sort(key=_publication(now))
    else:
        refreshed = learning = familiar + recognised
        announced = new
        largest = max(largest, len(new))
    return Sorting(
        edited=_edited(refreshed),
        edits=len(_edited(familiar)),
        keys={key: entry.entry_id for item, entry in learning for key in item.keys if key not in memory.known},
        baseline=baseline,
        announced=announced,
        held=held,
        largest=largest,
    )


def new_entries(
    config: Config,
    feed: str,
    sorting: Sorting,
    elsewhere: Mapping[str, Collection[str]],
    memory: Memory,
    now: datetime,
    ahead: timedelta = timedelta(0),
) -> Sequence[NewEntry]:
    """Return what is put on record of a feed's new entries: those taken as known, then those to announce.

    `elsewhere`: by the link keys of those, the channels on which other feeds' copies have deliveries; `ahead`:
    how far our clock may be ahead, so that nothing is too old because of it.
    """
    remembered = [NewEntry(item=item, baseline=True) for item in sorting.baseline]
    if not sorting.announced:
        return remembered
    # Each channel is asked once: to answer, it opens its adapter.
    channels = [
        (channel, channel.notices_repeats) for channel in config.channels.values() if channel.announces(feed)
    ]
    announced = []
    for item in sorting.announced:
        categories = item.entry.categories
        # Somebody asked for a first sight's entries, however old they are: their time begins now.
        born = now if memory.first_sight else _publication(now)(item)
        expires = born + config.feeds[feed].horizon
        deliveries = [
            NewDelivery(
                channel=channel.name,
                admission=admit(
                    elsewhere=channel.name in elsewhere.get(item.link_key, ()),
                    unwanted=unwanted(categories, channel.include, channel.exclude),
                    expired=now - ahead >= expires,
                    held=sorting.held,
                    gap=memory.gap,
                    notices_repeats=notices_repeats,
                    approve=channel.approve,
                ),
                not_before=now + channel.delay,
                expires=expires,
                priority=priority(categories, config.feeds[feed].priority, config.category_priority),
                promotional=promotional(categories, config.promotion.categories),
            )
            for channel, notices_repeats in channels
        ]
        announced.append(NewEntry(item=item, deliveries=deliveries))
    return remembered + announced


def _by_publication(items: Sequence[Item], now: datetime) -> list[Item]:
    # Feeds list the newest first: read backwards, so that entries without a date keep their order.
    backwards = items[::-1]
    return sorted(backwards, key=_publication(now))


def _publication(now: datetime) -> Callable[[Item], datetime]:
    """Return when an item came out. Undated ones count as new: only in their order, never for what is new."""
    return lambda item: min(item.entry.published or now, now).astimezone(UTC)


def _edited(pairs: Iterable[tuple[Item, Known]]) -> Mapping[int, Entry]:
    """Return what a reader would find changed, by the entry's id; the last item of an entry counts."""
    edited: dict[int, Entry] = {}
    for item, known in pairs:
        if item.entry.revision != edited.get(known.entry_id, known).revision:
            edited[known.entry_id] = item.entry
    return edited

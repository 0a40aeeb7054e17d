"""What becomes of a document's items: known again and refreshed, taken as known, or announced.

Ingest reads what `Memory` holds, asks `sort_items` and then `announce.new_entries`, and writes what they say.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from crosspost.feeds import PAGE, Item, Trait
from crosspost.model import Entry
from crosspost.policy.anew import recognise_anew
from crosspost.policy.flood import FEW, Flood, judge_flood
from crosspost.policy.gap import Gap
from crosspost.policy.known import Known
from crosspost.policy.twins import Likeness, Twin


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What is on record of a feed."""

    first_sight: bool = False
    """Whether nothing is: its entries are taken as known."""
    largest: int = 0
    """The most entries that were ever new at once."""
    gap: Gap = Gap.NONE
    shown: int | None = None
    """How many entries its last document had that had any; None: nobody noted it."""
    known: Mapping[str, Known] = field(default_factory=dict)
    """The entries that keys of the document mean."""
    twins: Mapping[tuple[str, ...], Sequence[Twin]] = field(default_factory=dict)
    """What other feeds brought of its unknown items, by the items' keys."""
    accounts: Mapping[str, str] = field(default_factory=dict)
    """Whom each channel speaks for, see `config.account`."""
    configured: Collection[str] = ()
    """The feeds that the configuration has."""
    read_otherwise: bool = False
    """Whether another reader of ours made what is on record: it is refreshed, and not told as edited."""
    remembered: Sequence[Known] = ()
    """All its entries, if it is read otherwise, and some item has no key that is known."""

    def by_id_or_link(self, item: Item) -> Known | None:
        """Return the entry that an item surely is. Of one without id and link, words are all there is."""
        if not (item.guid_key or item.link_key):
            return self.by_words(item)
        return self.known.get(item.guid_key) or self.known.get(item.link_key)

    def by_words(self, item: Item) -> Known | None:
        return self.known.get(item.print_key)


@dataclass(frozen=True, slots=True)
class Meaning:
    """Which entry a key means, and what of it the key is made of."""

    entry_id: int
    trait: Trait


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorting:
    """What becomes of a document's items. `baseline` and `announced` are new, in order of publication."""

    edited: Mapping[int, Entry]
    """What the entries of these ids are replaced with."""
    edits: int
    """How many of them were known by id or link: only those are told as edited."""
    keys: Mapping[str, Meaning]
    """What keys mean from now on."""
    redated: Mapping[int, datetime | None]
    """The new dates of entries that were scheduled for another, by id."""
    baseline: Sequence[Item]
    """Put on record, and not announced."""
    announced: Sequence[Item]
    """Put on record with deliveries."""
    held: str
    """Why all that is announced waits for a person; "" if it does not."""
    largest: int
    """The most entries that were ever new at once, this time included."""
    doubted: Collection[tuple[str, ...]] = ()
    """The keys of those announced items that may be on record already, and wait for a person."""


def sort_items(items: Sequence[Item], memory: Memory, *, backfill: int, now: datetime) -> Sorting:
    """Decide what becomes of each item of a document (docs/decisions/0004).

    `backfill`: how many entries of a first sight are announced, the newest.
    """
    ordered = _by_publication(items, now)
    familiar = [(item, entry) for item in ordered if (entry := memory.by_id_or_link(item))]
    strangers = [item for item in ordered if not memory.by_id_or_link(item)]
    recognised = [(item, entry) for item in strangers if (entry := memory.by_words(item))]
    new = [item for item in strangers if not memory.by_words(item)]
    doubted: Sequence[Item] = ()
    if memory.read_otherwise:
        there = {entry.entry_id for _, entry in familiar + recognised}
        again, new, doubted = recognise_anew(new, memory.remembered, there)
        familiar += again
    flood = Flood(
        total=len(items),
        new=len(new),
        recognised=len(recognised),
        largest=memory.largest,
        shown=memory.shown,
    )
    held = "" if memory.first_sight else judge_flood(flood)

    baseline: Sequence[Item] = ()
    largest = memory.largest
    if memory.first_sight:
        refreshed = learning = familiar
        since = _since_renamed(new, memory)
        older = max(0, len(new) - max(backfill, since))
        baseline, announced = new[:older], new[older:]
        if since > FEW:
            held = f"{since} entries came since the feed had another name; held, so that they do not pour out"
    elif held:
        # Words alone are not believed now: a person decides about those entries too, unless they wait already.
        refreshed, learning = familiar, familiar + [(item, entry) for item, entry in recognised if entry.held]
        announced = new + [item for item, entry in recognised if not entry.held]
        announced.sort(key=publication(now))
    else:
        refreshed = learning = familiar + recognised
        announced = new
        largest = max(largest, len(new))
    return Sorting(
        edited=_edited(refreshed, whole=memory.read_otherwise),
        edits=0 if memory.read_otherwise else len(_edited(familiar)),
        keys={
            key: Meaning(entry.entry_id, trait)
            for item, entry in learning
            for key, trait in item.traits.items()
            if key not in memory.known
        },
        redated=_redated(refreshed, now),
        baseline=baseline,
        announced=announced,
        held=held,
        largest=largest,
        doubted={item.keys for item in doubted},
    )


def _since_renamed(new: Sequence[Item], memory: Memory) -> int:
    """Return how many of a first sight's items are newer than all that a feed of another name had brought.

    Only where most of the others are that feed's, and dates tell the order: else it is no renamed feed.
    Of entries with one date, as where dates are days, the feed's own order tells.
    """
    known = [
        place
        for place, item in enumerate(new)
        for twin in memory.twins.get(item.keys, ())
        if twin.likeness is Likeness.SAME and twin.feed not in (*memory.configured, PAGE)
    ]
    places = sorted(set(known))
    if len(places) < 2 or 2 * len(places) < places[-1] + 1:
        return 0
    last, *newer = [item.entry.published for item in new[places[-1] :]]
    in_order = last is not None and all(date is not None and date >= last for date in newer)
    return len(newer) if in_order else 0


def _by_publication(items: Sequence[Item], now: datetime) -> list[Item]:
    # Feeds list the newest first: read backwards, so that entries without a date keep their order.
    # A date that is not meant tells no order, and makes no entry one of the newest.
    backwards = items[::-1]
    at = publication(now)
    return sorted(backwards, key=lambda item: (not _has_bad_date(item), at(item)))


def publication(now: datetime) -> Callable[[Item], datetime]:
    """Return when an item came out. Undated ones count as new: only in their order, never for what is new."""
    return lambda item: min(item.entry.published or now, now).astimezone(UTC)


def _redated(pairs: Iterable[tuple[Item, Known]], now: datetime) -> Mapping[int, datetime | None]:
    """Return the new dates of entries whose old one is still to come: what waits for it follows."""
    return {
        known.entry_id: item.entry.published
        for item, known in pairs
        if known.published is not None
        and known.published > now
        and not _has_bad_date(item)
        and item.entry.published != known.published
    }


def _edited(pairs: Iterable[tuple[Item, Known]], *, whole: bool = False) -> Mapping[int, Entry]:
    """Return what a reader would find changed, by the entry's id; the last item of an entry counts.

    `whole`: what readers do not see, such as a picture's address, may be read better now: all is replaced.
    """
    edited: dict[int, Entry] = {}
    for item, known in pairs:
        if whole or item.entry.revision != edited.get(known.entry_id, known).revision:
            # A slip that comes later takes no date away, which something may be waiting for.
            bad = _has_bad_date(item)
            edited[known.entry_id] = replace(item.entry, published=known.published) if bad else item.entry
    return edited


def _has_bad_date(item: Item) -> bool:
    return bool(item.odd_date or item.unread_date)

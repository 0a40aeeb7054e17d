"""What would be said of any feed: its newest entries, as if each were new, on each channel."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from crosspost.errors import FeedError
from crosspost.feeds import Document, Item
from crosspost.feeds.fetch import written
from crosspost.feeds.given import STANDARD_INPUT
from crosspost.feeds.parse import parse
from crosspost.feeds.poll import read_now
from crosspost.house import House
from crosspost.model import Entry, State
from crosspost.policy import Clocks
from crosspost.policy.announce import NewEntry, new_entries
from crosspost.policy.intake import Memory, Sorting, publication
from crosspost.text import canonical_link
from crosspost.views.preview import EntryPreview, preview_entry
from crosspost.views.repeats import same_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What somebody wants to see of a feed. `most`: so many of the newest entries; None for all."""

    entry: str = ""
    """The address of the one entry wanted; "" for the newest."""
    most: int | None = 3
    pictures: bool = False
    """Whether pictures are fetched, and made fit for each channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownEntry:
    """One entry, as it was read, and what each channel would say."""

    entry: Entry
    held: str = ""
    """Why a person would be asked first; "" if nobody would."""
    waits: str = ""
    """For what it would wait; "" if for nothing."""
    channels: Sequence[EntryPreview] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFeed:
    """A feed as it was read; `problem` says why it could not be."""

    name: str
    problem: str = ""
    document: Document = field(default_factory=Document)
    entries: Sequence[ShownEntry] = ()


async def show_feed(house: House, name: str, look: Look, *, said: bytes | None = None) -> ShownFeed:
    """Read a feed of the configuration, and compose what each channel would say. Nothing is put on record.

    `said`: what standard input held, if the feed is read from there.
    """
    feed = house.config.feeds[name]
    try:
        if name == STANDARD_INPUT and said is not None:
            document = await parse(written(said, Path(feed.url)), feed=name)
        else:
            document = await read_now(house.client, name, feed)
    except FeedError as error:
        return ShownFeed(name=name, problem=str(error))
    now = house.now()
    items = sorted(document.items, key=publication(now), reverse=True)
    if look.entry:
        wanted = canonical_link(look.entry)
        items = [item for item in items if canonical_link(item.entry.permalink) == wanted]
        if not items:
            return ShownFeed(name=name, problem=f"{look.entry} is not in this feed", document=document)
    shown = [await _show(house, new, look) for new in _as_new(house, name, items[: look.most])]
    return ShownFeed(name=name, document=document, entries=shown)


def _as_new(house: House, name: str, items: Sequence[Item]) -> Sequence[NewEntry]:
    """Decide what would become of these items if they were new in a feed that is known."""
    sorting = Sorting(
        edited={}, edits=0, keys={}, redated={}, baseline=(), announced=items, held="", largest=len(items)
    )
    return new_entries(house.config, name, sorting, Memory(), Clocks(now=house.now()))


async def _show(house: House, new: NewEntry, look: Look) -> ShownEntry:
    entry = new.item.entry
    said = [
        await preview_entry(house, channel, entry, entry.published or house.now(), pictures=look.pictures)
        for channel in house.config.channels.values()
    ]
    for place, warning in same_words(said, house.config.channels).items():
        said[place] = replace(said[place], warnings=(warning,))
    pending = (each.admission for each in new.deliveries if each.admission.state is State.PENDING)
    return ShownEntry(
        entry=entry,
        held=new.needs_person,
        waits=next((admission.reason for admission in pending if admission.reason), ""),
        channels=said,
    )

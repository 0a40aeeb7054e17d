"""What each channel would say about an entry."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from crosspost.compose import Cut, compose_and_tell
from crosspost.compose.pictures import picture_for
from crosspost.compose.preview import Preview, preview
from crosspost.config import Channel
from crosspost.config.units import is_address
from crosspost.delivery.learning import remember_learnt
from crosspost.delivery.words import opening_of
from crosspost.errors import ConfigError, FeedError, NoPicture, NoRoom
from crosspost.feeds.page import read_page
from crosspost.feeds.poll import read_now
from crosspost.house import House
from crosspost.model import Entry
from crosspost.policy import unwanted
from crosspost.policy.words import opening
from crosspost.store import entries
from crosspost.text import canonical_link, without_title
from crosspost.views.repeats import accounts_of, earlier_entries, repeats, same_account, same_words

_IN_TURN = "the opening line is the next in turn; entries that are seen before this one move it on"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPreview:
    """What one channel would say about one entry; if it would not, `skipped` says why."""

    channel: str
    title: str
    permalink: str
    entry_id: int | None = None
    """Under which it is on record; None: no run has seen it yet."""
    skipped: str = ""
    preview: Preview | None = None
    cut: str = ""
    """Where the text was cut to fit; "" if it was not."""
    warnings: tuple[str, ...] = ()
    has_more: bool = True
    """Whether the entry says more than its title, so that channels can say it in different words."""


async def preview_entries(house: House, wanted: str | None, *, only: str | None) -> Sequence[EntryPreview]:
    """Compose an entry, by its address or id, or each feed's newest. Raise `ConfigError` if it is nowhere.

    `only`: one channel.
    """
    await remember_learnt(house)
    by_id = await _by_id(house, wanted) if wanted and _is_id(wanted) else None
    earlier = await earlier_entries(house)
    shown: list[EntryPreview] = []
    for entry, published in by_id or await _in_feeds(house, wanted):
        warning, entry_id = repeats(entry, earlier), await house.read(entries.id_of, entry)
        for channel in house.config.channels.values():
            if only in (None, channel.name) and channel.announces(entry.feed):
                view = await preview_entry(house, channel, entry, published)
                view = replace(view, entry_id=entry_id)
                shown.append(replace(view, warnings=(warning,) if warning else ()))
    speaking = await accounts_of(house)
    same = same_words(shown, house.config.channels) | same_account(speaking, shown)
    for place, warning in same.items():
        shown[place] = replace(shown[place], warnings=(*shown[place].warnings, warning))
    return shown


def _is_id(wanted: str) -> bool:
    return wanted.isascii() and wanted.isdigit() and int(wanted) < 2**63  # what the database can hold


async def _by_id(house: House, entry_id: str) -> list[tuple[Entry, datetime]]:
    entry = await house.read(entries.find, int(entry_id))
    if entry is None:
        raise ConfigError(f"there is no entry {entry_id}; give the address of an entry instead")
    return [entry]


async def _in_feeds(house: House, wanted: str | None) -> list[tuple[Entry, datetime]]:
    """Look into the feeds as they are now: for one entry, or for each one's newest."""
    newest, problems, now = [], [], house.now()
    for name, feed in house.config.feeds.items():
        try:
            listed = [item.entry for item in (await read_now(house.client, name, feed)).items]
        except FeedError as error:
            problems.append(f"feeds.{name}: {error}")
            continue
        if wanted:
            listed = [entry for entry in listed if canonical_link(entry.permalink) == canonical_link(wanted)]
        if listed:
            latest = max(listed, key=lambda entry: min(entry.published or now, now))
            newest.append((latest, latest.published or now))
    if not newest and wanted and is_address(wanted):
        return [await _page(house, wanted, problems)]
    if not newest:
        what = f"{wanted} is in none of the feeds" if wanted else "no feed has an entry"
        raise ConfigError("; ".join([what, *problems]))
    return newest


async def _page(house: House, url: str, problems: Sequence[str]) -> tuple[Entry, datetime]:
    """Read a page that no feed lists, as `announce` does."""
    try:
        entry = (await read_page(house.client, house.config, url)).entry
    except FeedError as error:
        raise ConfigError("; ".join([f"{url} is in none of the feeds", str(error), *problems])) from error
    return entry, entry.published or house.now()


async def preview_entry(
    house: House, channel: Channel, entry: Entry, published: datetime, *, pictures: bool = True
) -> EntryPreview:
    """Compose what a channel would say about an entry. `pictures`: whether its picture is fetched."""
    view = EntryPreview(
        channel=channel.name,
        title=entry.title,
        permalink=entry.permalink,
        has_more=bool(entry.title and without_title(entry.summary, entry.title)),
    )
    if refused := unwanted(entry.categories, channel.include, channel.exclude):
        return replace(view, skipped=refused)
    opens, told = await _opening(house, channel, entry)
    picture, left = None, ""
    try:
        if pictures:
            picture = await picture_for(house.client, channel, entry, house.feed_of(entry))
    except NoPicture as error:
        left = str(error)
    note = "; ".join(filter(None, (told, picture.note if picture else left)))
    try:
        draft, cut = compose_and_tell(house.ingredients(channel, entry, published, picture, opening=opens))
    except NoRoom as error:
        return replace(view, skipped=str(error))
    return replace(view, preview=preview(channel, draft, note=note), cut=_cut(cut))


async def _opening(house: House, channel: Channel, entry: Entry) -> tuple[str, str]:
    """Return the line with which the entry opens, and a note if that is not settled yet."""
    known = await house.read(entries.id_of, entry) if channel.words else None
    opens = await house.read(opening_of, channel, entry, known)
    if opens is None:  # nothing was ever stored
        opens = opening(channel.words, entry.categories, {})
    may_differ = known is None and opens and any(len(lines) > 1 for lines in channel.words.values())
    return opens, _IN_TURN if may_differ else ""


def _cut(cut: Cut) -> str:
    """Say where the text was cut to fit."""
    said = []
    if cut.words:
        said.append(f"after “{cut.words}”, {cut.kept:,} of {cut.of:,} characters of the entry’s words")
    if cut.excerpt:
        said.append("without the excerpt")
    if cut.tags:
        said.append(f"without {' '.join(f'#{tag}' for tag in cut.tags)}")
    if cut.opening:
        said.append("without the opening line")
    if cut.title:
        said.append("the title, too")
    return "; ".join(said)

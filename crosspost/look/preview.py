"""What each channel would say about an entry."""

from datetime import datetime
from typing import Any

from crosspost.compose import Cut, compose_and_tell
from crosspost.compose.preview import as_data, preview
from crosspost.config import Channel, Config
from crosspost.errors import ConfigError, FeedError, NoPicture, NoRoom
from crosspost.http import Client, utc_now
from crosspost.http.wire import HttpxClient
from crosspost.look.repeats import earlier_entries, repeats, same_words
from crosspost.look.store import looking, read
from crosspost.model import Entry
from crosspost.pictures import picture_for
from crosspost.policy import unwanted
from crosspost.poll import read_now
from crosspost.store import entries
from crosspost.text import canonical_link


async def preview_entries(config: Config, wanted: str | None, *, only: str | None) -> list[dict[str, Any]]:
    """Compose an entry, by its address or id, or each feed's newest. Raise `ConfigError` if it is nowhere."""
    client = HttpxClient()
    try:
        found = await _by_id(config, wanted) if wanted and _is_id(wanted) else None
        earlier = await earlier_entries(config)
        shown = []
        for entry, published in found or await _in_feeds(config, client, wanted):
            warning = repeats(entry, earlier)
            for channel in config.channels.values():
                if only in (None, channel.name) and channel.announces(entry.feed):
                    one = await _preview(config, client, channel, entry, published)
                    shown.append({**one, "warnings": [warning] if warning else []})
        for place, warning in same_words(shown).items():
            shown[place]["warnings"].append(warning)
        return shown
    finally:
        await client.aclose()


def _is_id(wanted: str) -> bool:
    return wanted.isascii() and wanted.isdigit() and int(wanted) < 2**63  # what the database can hold


async def _by_id(config: Config, entry_id: str) -> list[tuple[Entry, datetime]]:
    found = await read(config, entries.find, int(entry_id))
    if found is None:
        raise ConfigError(f"there is no entry {entry_id}; give the address of an entry instead")
    return [found]


async def _in_feeds(config: Config, client: Client, wanted: str | None) -> list[tuple[Entry, datetime]]:
    """Look into the feeds as they are now: for one entry, or for each one's newest."""
    newest, problems, now = [], [], utc_now()
    for name, feed in config.feeds.items():
        try:
            found = [item.entry for item in (await read_now(client, name, feed)).items]
        except FeedError as error:
            problems.append(f"feeds.{name}: {error}")
            continue
        if wanted:
            found = [one for one in found if canonical_link(one.permalink) == canonical_link(wanted)]
        if found:
            latest = max(found, key=lambda one: min(one.published or now, now))
            newest.append((latest, latest.published or now))
    if not newest:
        what = f"{wanted} is in none of the feeds" if wanted else "no feed has an entry"
        raise ConfigError("; ".join([what, *problems]))
    return newest


async def _preview(
    config: Config, client: Client, channel: Channel, entry: Entry, published: datetime
) -> dict[str, Any]:
    head = {"channel": channel.name, "title": entry.title, "permalink": entry.permalink}
    if refused := unwanted(entry.categories, channel.include, channel.exclude):
        return {**head, "skipped": refused}
    note, picture = "", None
    try:
        picture = await picture_for(client, channel, entry, config.feeds.get(entry.feed))
    except NoPicture as error:
        note = str(error)
    try:
        draft, cut = compose_and_tell(looking(config).ingredients(channel, entry, published, picture))
    except NoRoom as error:
        return {**head, "skipped": str(error)}
    shown = as_data(preview(channel, draft, note=note))
    return {**head, "skipped": "", **shown, "cut": _cut(cut)}


def _cut(cut: Cut) -> str:
    """Say where the text was cut to fit."""
    found = []
    if cut.words:
        found.append(f"after “{cut.words}”, {cut.kept:,} of {cut.of:,} characters of the entry’s words")
    if cut.excerpt:
        found.append("without the excerpt")
    if cut.tags:
        found.append(f"without {' '.join(f'#{tag}' for tag in cut.tags)}")
    if cut.title:
        found.append("the title, too")
    return "; ".join(found)

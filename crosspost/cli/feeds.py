"""`crosspost preview --feed`: what would be said of any feed, without a configuration."""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

import click

from crosspost.cli.opened import in_house
from crosspost.cli.options import loaded, print_json
from crosspost.cli.terminal import say
from crosspost.compose.preview import picture_line
from crosspost.config import Channel, Config, Feed
from crosspost.config.example import example_channel, posts, without_file
from crosspost.contract.registry import kinds
from crosspost.delivery.learning import remember_learnt
from crosspost.errors import ConfigError, FeedError
from crosspost.feeds.fetch import MAX_BODY
from crosspost.feeds.given import STANDARD_INPUT, feeds_at, shown_name
from crosspost.house import House
from crosspost.text import counted, cut, local_time
from crosspost.views.feeds import Look, ShownEntry, ShownFeed, show_feed
from crosspost.views.preview import EntryPreview

_AT_ONCE = 8
"""So many feeds are read side by side: each may hold megabytes, and a slow server keeps only its own place."""
_MOST_ENTRIES = 2_000
_LONGEST_SUMMARY = 200
_NO_END = "it has no end: what came whole is shown, without the last entry that could be seen"
_WARNS = click.style("!", fg="yellow")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the command line says of feeds and channels. `config`: its `--config`; None for no configuration."""

    feeds: Sequence[str]
    config: str | None = None
    channel: str | None = None
    networks: Sequence[str] = ()


def show_feeds(wanted: Wanted, *, entry: str | None, most: str | None, pictures: bool, as_json: bool) -> int:
    """Print what would be said of each feed; return the exit code: 1 if some, 2 if all could not be read."""
    look = Look(entry=entry or "", most=_number(most), pictures=pictures)
    named = _feeds(wanted.feeds)
    feeds = {name: feed for name, feed in named.items() if isinstance(feed, Feed)}
    config = _with_feeds(wanted, feeds)
    said = sys.stdin.buffer.read(MAX_BODY + 1) if STANDARD_INPUT in feeds and sys.stdin else b""
    kept: list[ShownFeed] = []

    async def show(house: House) -> int:
        await remember_learnt(house)
        problems = 0
        async for view in _read(house, named, look, said):
            if view.problem:
                problems += 1
                click.echo(f"crosspost: {view.name}: {view.problem}", err=True)
            if as_json:
                kept.append(view)
            elif not view.problem:
                _print(view, config.timezone)
        return problems

    problems = in_house(config, show)
    if as_json:
        from crosspost.cli import as_json as machine  # late: it knows every view

        print_json([machine.feed(view) for view in kept])
    return (2 if problems == len(named) else 1) if problems else 0


def _number(most: str | None) -> int | None:
    """Read how many entries are wanted; None for all."""
    if most is None:
        return Look().most
    if most == "all":
        return None
    if not (most.isascii() and most.isdigit() and 0 < int(most) <= _MOST_ENTRIES):
        raise click.UsageError(f"--entries takes a number from 1 to {_MOST_ENTRIES:,}, or all, not {most!r}")
    return int(most)


def _feeds(given: Sequence[str]) -> Mapping[str, Feed | str]:
    """Return the feeds that are named, in their order, or the sentence why one cannot be read."""
    named: dict[str, Feed | str] = {}
    for one in given:
        try:
            named.update(feeds_at(one))
        except FeedError as error:
            named[shown_name(one)] = str(error)
    return named


def _with_feeds(wanted: Wanted, feeds: Mapping[str, Feed]) -> Config:
    """Return the configuration that is named, or one of every network's defaults, with these feeds instead."""
    only = (*wanted.networks, *filter(None, [wanted.channel]))
    if wanted.config is None:
        return without_file(feeds, _examples(only))
    config: Config = loaded(wanted.config, secrets=False)
    channels = {
        name: channel.model_copy(update={"feeds": None})
        for name, channel in config.channels.items()
        if wanted.channel in (None, name) and (not wanted.networks or channel.adapter in wanted.networks)
    }
    if not channels:
        there = ", ".join(f"{name} ({channel.adapter})" for name, channel in config.channels.items())
        raise ConfigError(f"{config.path} has no channel {' or '.join(only)}; there are: {there}")
    return config.model_copy(update={"feeds": feeds, "channels": channels})


def _examples(only: Sequence[str]) -> Mapping[str, Channel]:
    """Return each network as it is by default; say which of those that nobody named cannot be shown."""
    if only:
        return {kind: example_channel(kind) for kind in dict.fromkeys(only)}
    channels = {}
    for kind in kinds():
        try:
            if posts(kind):
                channels[kind] = example_channel(kind)
        except ConfigError as error:
            click.echo(f"crosspost: {error}", err=True)
    if not channels:
        raise ConfigError("no network is installed that could be shown; crosspost adapters lists what is")
    return channels


async def _read(
    house: House, named: Mapping[str, Feed | str], look: Look, said: bytes
) -> AsyncIterator[ShownFeed]:
    """Read feeds side by side; yield them in their order, each as soon as it and those before it are there."""
    places = asyncio.Semaphore(_AT_ONCE)

    async def read(name: str, feed: Feed | str) -> ShownFeed:
        if isinstance(feed, str):
            return ShownFeed(name=name, problem=feed)
        async with places:
            return await show_feed(house, name, look, said=said)

    reading = [asyncio.create_task(read(name, feed)) for name, feed in named.items()]
    try:
        for task in reading:
            yield await task
    finally:
        for task in reading:
            task.cancel()
        await asyncio.gather(*reading, return_exceptions=True)


def _print(view: ShownFeed, zone: tzinfo) -> None:
    document = view.document
    language = f" ({document.language})" if document.language else ""
    count = counted(len(document.items), "entry", "entries")
    say(f"{click.style(view.name, bold=True)}: {document.title or 'no title'}{language}, {count}")
    warnings = [*document.skipped, *([] if document.whole else [_NO_END])]
    for warning in warnings:
        say(f"{_WARNS} {warning}", indent=2)
    for entry in view.entries:
        click.echo()
        _print_entry(entry, zone)
    click.echo()


def _print_entry(view: ShownEntry, zone: tzinfo) -> None:
    entry, picture = view.entry, view.entry.picture
    say(click.style(entry.title or "(no title)", bold=True))
    facts = {
        "entry": entry.permalink,
        "date": local_time(entry.published, zone) if entry.published else "none",
        "by": ", ".join(entry.authors),
        "in": ", ".join(entry.categories),
        "summary": cut(" ".join(entry.summary.split()), lambda text: len(text) <= _LONGEST_SUMMARY),
        "picture": " — ".join(filter(None, (picture.url, picture.alt))) if picture else "",
    }
    _print_facts(facts, indent=2)
    for warning in filter(None, (view.held and f"held: {view.held}", view.waits)):
        say(f"  {_WARNS} {warning}", indent=4)
    for channel in view.channels:
        _print_channel(channel)


def _print_channel(view: EntryPreview) -> None:
    """Print the words and how many there are, and of the rest what readers see beside them."""
    shown = view.preview
    if shown is None:
        say(f"  {click.style(view.channel, bold=True)}: not announced here: {view.skipped}")
        return
    draft, limit = shown.draft, f" of {shown.limit:,}" if shown.limit else ""
    click.echo(f"  {click.style(view.channel, bold=True)}: {shown.length:,}{limit}")
    for line in draft.text.splitlines():
        say(f"    {click.style('|', dim=True)} {line}".rstrip(), indent=6)
    card = () if draft.has_link_in_text else (draft.title, draft.description)
    facts = {
        "card": " — ".join(filter(None, card)),
        "tags": " ".join(f"#{tag}" for tag in draft.hashtags if f"#{tag}" not in draft.text),
        "picture": picture_line(draft),
        "cut": view.cut,
        "note": shown.note,
    }
    _print_facts(facts, indent=4)
    for warning in view.warnings:
        say(f"    {_WARNS} {warning}", indent=6)


def _print_facts(facts: Mapping[str, str], *, indent: int) -> None:
    for name, value in facts.items():
        if value:
            say(f"{' ' * indent}{click.style(f'{name:8}', dim=True)} {value}", indent=indent + 9)

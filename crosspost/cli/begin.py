"""`crosspost init`: what it asks and says; what it finds, guesses and writes is `crosspost.beginning`."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

import click

from crosspost.beginning import answers as answered
from crosspost.beginning import write
from crosspost.beginning.begun import Begun, next_steps
from crosspost.beginning.compose import Answers
from crosspost.beginning.discover import discover, feed_at
from crosspost.beginning.first import first_sight
from crosspost.beginning.found import Found, FoundFeed
from crosspost.beginning.guess import here
from crosspost.beginning.guess import language as guess_language
from crosspost.beginning.guess import zone as guess_zone
from crosspost.beginning.places import holds_secret
from crosspost.cli import logs
from crosspost.cli.asking import Person
from crosspost.cli.called import program
from crosspost.cli.ending import at_the_latest
from crosspost.cli.loop import run
from crosspost.cli.options import json_option, print_json
from crosspost.cli.terminal import columns
from crosspost.config.load import new_place
from crosspost.engine.signals import GRACE
from crosspost.errors import FeedError
from crosspost.http import Client, utc_now
from crosspost.text import local_date

T = TypeVar("T")

_LAST = GRACE + timedelta(seconds=3)  # as in `act`
_SHOWN = 3
_MOST_FEEDS = 9
_MAIL_PROGRAMS = (
    "Thunderbird takes the .html itself: Account Settings, “Attach the signature from a file”. For Gmail and "
    "others, open it in a browser, select all, copy, and paste it into the settings of your signature."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the command line says by itself. None, or empty: not said."""

    address: str | None
    feed: str | None
    timezone: str | None
    language: str | None
    channels: Sequence[str]
    signature: str | None


@click.command("init")
@click.argument("address", required=False, metavar="[ADDRESS]")
@click.option(
    "--config", "-c", metavar="FILE", help="Where the configuration is written. Default: crosspost.toml."
)
@click.option("--feed", metavar="URL", help="The feed itself, if it cannot be found from the blog's address.")
@click.option("--timezone", metavar="ZONE", help="Your time zone, such as America/Montreal.")
@click.option(
    "--language", metavar="TAG", help="The language of the blog and of the file's comments, such as fr."
)
@click.option(
    "--channel",
    "channels",
    multiple=True,
    metavar="NAME",
    help="Where to announce: signature, or a network. Repeatable.",
)
@click.option("--signature", metavar="PATH", help="Where the signature's files are, or shall be.")
@click.option("--yes", "-y", "takes_guesses", is_flag=True, help="Ask nothing: take what is found.")
@json_option
@click.pass_context
def init(
    ctx: click.Context,
    address: str | None,
    config: str | None,
    feed: str | None,
    timezone: str | None,
    language: str | None,
    channels: tuple[str, ...],
    signature: str | None,
    takes_guesses: bool,
    as_json: bool,
) -> None:
    path = new_place(config or ctx.find_root().obj)
    write.refuse_taken(path)
    write.refuse_unwritable(path)
    person = Person(takes_guesses=takes_guesses, aside=as_json)
    given = Given(
        address=address, feed=feed, timezone=timezone, language=language, channels=channels, signature=signature
    )
    logs.set_up(level=30)
    try:
        asked = _asked(path, given, person)
    except (click.Abort, KeyboardInterrupt):
        click.echo("\ncrosspost: stopped, and nothing was written; crosspost init begins anew", err=True)
        ctx.exit(130)
    begun = _begin(asked, person)
    if as_json:
        from crosspost.cli import as_json as machine  # late: it knows every view

        print_json(machine.begun(begun))
    ctx.exit(1 if begun.problems else 0)


def _asked(path: Path, given: Given, person: Person) -> Begun:
    """Ask for all that the configuration needs. Nothing is written."""
    person.say(f"This makes {path}. Nothing is written before all is asked; Ctrl-C ends it.\n")
    left = write.left_from_before(path)
    if left is not None:
        person.warn(
            f"{left} is there from before, and is gone on with; if it is another blog's, stop, and move it away"
        )
    found = _find(given, person)
    feed = _choose(found, person)
    _show_newest(feed, person)
    language = _ask_language(found, feed, given, person)
    zone = guess_zone(language, feed.dates, here())
    timezone = person.ask(
        "Your time zone",
        "--timezone",
        answered.read_zone,
        given=given.timezone,
        default=zone.value,
        by=zone.by,
    )
    networks, signature = _ask_channels(path, given, person)
    answers = Answers(
        feed=write.relative_to(path.parent, feed.url) if "://" not in feed.url else feed.url,
        blog=feed.title,
        language=language,
        timezone=timezone,
        signature=signature,
        networks=networks,
        feed_file=write.SECRET if holds_secret(feed.url) else "",
    )
    return Begun(path=path, found=found, feed=feed, answers=answers, left=left)


def _find(given: Given, person: Person) -> Found:
    def look(typed: str) -> Found:
        return _of_the_web(partial(discover, typed=typed))

    def read(typed: str) -> Found:
        return Found(feeds=(_of_the_web(partial(feed_at, typed=typed)),))

    if given.feed is not None:
        return person.ask("The feed's address", "--feed", read, given=given.feed)
    found = person.ask("Your blog's address", "its address: crosspost init ADDRESS", look, given=given.address)
    if found.page is not None:
        person.say(f"{person.good} {found.url}: {found.page.title or 'a page without a title'}")
    for sentence in found.unread:
        person.warn(sentence)
    return found


def _of_the_web(look: Callable[[Client], Awaitable[T]]) -> T:
    """Return what is found with a client of its own. Raise `ValueError` with the sentence why nothing is."""
    from crosspost.http.wire import HttpxClient  # late: what refuses to begin needs no network

    async def looked() -> T:
        client = HttpxClient()
        try:
            return await look(client)
        finally:
            await client.aclose()

    try:
        return run(looked())
    except FeedError as error:
        raise ValueError(str(error)) from error


def _choose(found: Found, person: Person) -> FoundFeed:
    feeds = found.feeds[:_MOST_FEEDS]
    for number, feed in enumerate(feeds, 1):
        mark = person.good if len(feeds) == 1 else f"  {number}"
        person.say(f"{mark} {feed.described}")
    if len(feeds) == 1:
        return feeds[0]
    return person.ask(
        "Which one is your blog", "--feed", partial(answered.read_choice, options=feeds), default="1"
    )


def _show_newest(feed: FoundFeed, person: Person) -> None:
    now = utc_now()
    items = feed.items(now)[:_SHOWN]
    if not items:
        person.warn("there is no entry in it yet; the first one will be announced")
        return
    person.say("The newest:")
    for item in items:
        date = local_date(item.entry.published) if item.entry.published else "no date   "
        person.say(f"    {date}  {item.entry.title or item.entry.summary[:60]}")


def _ask_language(found: Found, feed: FoundFeed, given: Given, person: Person) -> str:
    page = found.page.language if found.page else ""
    guessed = guess_language(feed.document, page, here().language)
    return person.ask(
        "Language of the blog",
        "--language",
        answered.read_language,
        given=given.language,
        default=guessed.value,
        by=guessed.by,
    )


def _ask_channels(path: Path, given: Given, person: Person) -> tuple[Sequence[tuple[str, str]], str]:
    """Return the networks and the signature that are wanted."""
    offers = answered.offers()
    read = partial(answered.read_channels, offers=offers)
    said = ",".join((*given.channels, *(["signature"] if given.signature and given.channels else ()))) or None
    if said is None:
        person.say("Where is each new entry to be announced?")
        for number, offer in enumerate(offers, 1):
            person.say(f"  {number} {offer.name:10} {offer.purpose}")
    chosen = person.ask("Channels, with commas between", "--channel", read, given=said, default="signature")
    networks = [(offer.kind, offer.title) for offer in chosen if not offer.is_signature]
    if not any(offer.is_signature for offer in chosen):
        return networks, ""
    signature = person.ask(
        "The signature's files, without .txt or .html",
        "--signature",
        partial(answered.read_signature, folder=path.parent),
        given=given.signature,
        default=str(path.parent / "signature"),
    )
    return networks, signature


def _begin(asked: Begun, person: Person) -> Begun:
    """Write the configuration, look at the blog for the first time, and say what comes next."""
    config = write.write(asked.path, asked.answers)
    person.say(f"\n{person.good} {asked.path} is written")
    if asked.answers.feed_file:
        secret = asked.path.parent / asked.answers.feed_file
        person.warn(f"the feed's address opens a door, so it is kept in {secret}, which only you can read")
    networks = {kind for kind, _ in asked.answers.networks}
    files = write.signature_files(config)
    try:
        problems = run(first_sight(config, networks, told=partial(at_the_latest, _LAST)))
    except asyncio.CancelledError as error:  # a second signal
        raise click.Abort from error
    begun = replace(
        asked,
        signatures=[path for path in files if path.is_file()],
        problems=problems,
        steps=next_steps(
            asked.path,
            asked.answers,
            is_usual=write.is_usual(asked.path),
            is_empty=not asked.feed.items(utc_now()),
        ),
    )
    for problem in problems:
        person.warn(problem)
    _say_signature(begun.signatures, files, person)
    person.say("\nNext:")
    commands = [step.command.replace("crosspost", program(), 1) for step in begun.steps]
    width = max(map(len, commands))
    purposes = [step.purpose for step in begun.steps]
    beside = 2 + width + 2 + max(map(len, purposes)) <= (columns(err=person.aside) or 999)
    for command, purpose in zip(commands, purposes, strict=True):
        person.say(f"  {command:{width}}  {purpose}" if beside else f"  {command}\n      {purpose}")
    return begun


def _say_signature(filled: Sequence[Path], files: Sequence[Path], person: Person) -> None:
    if filled:
        person.say(f"{person.good} the newest entries are in {' and '.join(map(str, filled))}")
        person.say(f"  {_MAIL_PROGRAMS}")
    elif files:
        person.say(f"· {' and '.join(map(str, files))} are filled by the first entry that comes")


COMMANDS = {"init": init}

"""Find the feeds of a blog, from whatever a person calls its address.

What a person typed may lie in a private network, as what stands in a configuration may; what a page names may
not, unless it is on that very server.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from crosspost.beginning.found import Found, FoundFeed, Link, Page
from crosspost.beginning.places import common, known, of_comments, starts
from crosspost.beginning.reading import Answer, first_answer, get, is_page, read_feed, read_page
from crosspost.errors import FeedError
from crosspost.feeds import Changed, Validators
from crosspost.feeds.address import same_server, with_user_of, without_user
from crosspost.feeds.fetch import read_file
from crosspost.feeds.given import feeds_at
from crosspost.http import Client
from crosspost.redact import hide, one_line

_LONGEST_SEARCH = timedelta(minutes=1)
_MOST_NAMED = 10
"""So many feeds that a page names are read: some name one for each category."""
_AT_ONCE = 6


async def discover(client: Client, typed: str) -> Found:
    """Find the feeds at what a person typed: a blog's address or a feed's, a file or a folder.

    Raise `FeedError`, which says where it looked and what to do.
    """
    try:
        async with asyncio.timeout(_LONGEST_SEARCH.total_seconds()):
            if (files := _files(typed)) is not None:
                return await _in_files(files)
            return await _on_the_web(client, typed)
    except TimeoutError as error:
        raise FeedError(
            f"{_shown(typed)} took longer than {_LONGEST_SEARCH.seconds} s to look through; "
            "try again, or name the feed itself with --feed"
        ) from error


async def feed_at(client: Client, typed: str) -> FoundFeed:
    """Read the feed that a person names, wherever it is. Raise `FeedError`."""
    if (files := _files(typed)) is not None:
        found = await _in_files(files)
        return found.feeds[0]
    urls = starts(typed)
    if not urls:
        raise FeedError(
            f"{_shown(typed)} is neither a web address nor a file; write it like https://example.org/feed"
        )
    answer = await first_answer(client, urls)
    if answer.refusal:
        raise FeedError(f"{answer.refusal}, so no feed could be read there; check its address")
    return await read_feed(answer.changed, answer.kept, "")


def _shown(typed: str) -> str:
    """Return what a person typed as it can be shown: what is before an @ may be a password."""
    return one_line(typed.rpartition("@")[2]) or "this"


def _files(typed: str) -> Sequence[Path] | None:
    """Return the files that are named; None if it is something on the web. Raise `FeedError`."""
    if "://" in typed and not typed.startswith("file:"):
        return None
    try:
        is_here = typed.startswith("file:") or Path(typed).expanduser().exists()
    except (OSError, ValueError, RuntimeError):
        is_here = False
    looks_like_one = typed.startswith(("/", "./", "../", "~"))
    if not typed or not (is_here or looks_like_one):
        return None
    try:
        return [Path(feed.url) for feed in feeds_at(typed).values()]
    except FeedError as error:
        raise FeedError(f"{one_line(typed)}: {error}") from error


async def _in_files(files: Iterable[Path]) -> Found:
    feeds, unread = [], []
    for file in files:
        try:
            changed = await read_file(file, Validators())
            assert isinstance(changed, Changed), "nothing is known of it"
            if is_page(changed.body, ""):
                raise FeedError(
                    f"{file} is a web page, not a feed; name the feed's file, or the blog's address"
                )
            feeds.append(await read_feed(changed, str(file), ""))
        except FeedError as error:
            unread.append(str(error))
    if not feeds:
        raise FeedError(unread[0])
    return Found(feeds=_in_order(feeds), unread=tuple(unread))


async def _on_the_web(client: Client, typed: str) -> Found:
    urls = starts(typed)
    if not urls:
        raise FeedError(
            f"{_shown(typed)} is neither a web address nor a file; write it like example.org or "
            "https://example.org/blog"
        )
    answer = await first_answer(client, urls)
    changed = answer.changed
    if not answer.refusal and not is_page(changed.body, changed.content_type):
        try:
            return Found(url=changed.url, feeds=(await read_feed(changed, answer.kept, ""),))
        except FeedError:
            page = Page()
    else:
        page = await read_page(changed) if not answer.refusal else Page()
    search = _Search(client, answer.url)
    if page.goes_to and not page.links:
        changed = (await search.ask(page.goes_to)).changed
        page = await read_page(changed)
    feeds = await search.named(page.links)
    if all(feed.of_comments for feed in feeds):
        feeds += await search.first([*map(Link, known(changed.url)), *page.mentions[:_MOST_NAMED]])
    if all(feed.of_comments for feed in feeds):
        feeds += await search.first([Link(url) for url in common(changed.url)])
    if not feeds:
        raise FeedError(_nothing(answer, page, search))
    if answer.refusal:
        refused = f"{answer.refusal} for {without_user(answer.changed.url)}; what follows was found beside it"
        return Found(url=without_user(changed.url), feeds=_in_order(feeds), unread=(refused, *search.unread))
    return Found(page=page, url=without_user(changed.url), feeds=_in_order(feeds), unread=tuple(search.unread))


def _nothing(answer: Answer, page: Page, search: "_Search") -> str:
    """Say that there is no feed, why that may be, and what to do."""
    where = without_user(answer.changed.url)
    if page.asks_login:
        why = (
            f"{where} is a page to log in, and what is behind it cannot be read; give the blog's public address"
        )
    elif answer.refusal:
        why = f"{answer.refusal} for {where}, and no feed was found beside it; check the address"
    elif search.unread:
        why = f"{where} names a feed that cannot be read: {search.unread[0]}"
    else:
        why = f"{where} names no feed, and {search.asked} usual places such as /feed and /index.xml have none"
    return f"{why}; if you know where the feed is, name it with --feed"


@dataclass(slots=True)
class _Search:
    """Read what may be feeds. `trusted`: what a person typed, whose server may lie in a private network."""

    client: Client
    trusted: str
    asked: int = 0
    unread: list[str] = field(default_factory=list)

    async def named(self, links: Sequence[Link]) -> list[FoundFeed]:
        """Read the feeds that a page declares, those of comments last; note what cannot be read."""
        ordered = sorted(links, key=lambda link: of_comments(link.url, link.title))[:_MOST_NAMED]
        feeds = []
        for link, read in zip(ordered, await asyncio.gather(*map(self._try, ordered)), strict=True):
            if isinstance(read, FoundFeed):
                feeds.append(read)
            else:
                self.unread.append(hide(f"{one_line(without_user(link.url))}: {read}"))
        return feeds

    async def first(self, links: Sequence[Link]) -> list[FoundFeed]:
        """Read what may be feeds, some at a time, until one is."""
        for start in range(0, len(links), _AT_ONCE):
            some = links[start : start + _AT_ONCE]
            self.asked += len(some)
            for read in await asyncio.gather(*map(self._try, some)):
                if isinstance(read, FoundFeed) and not read.of_comments:
                    return [read]
        return []

    async def ask(self, url: str) -> Answer:
        """Ask for what a page names; only the server that was typed may be private, and gets the password."""
        own = same_server(url, self.trusted)
        return await get(self.client, with_user_of(self.trusted, url) if own else url, allow_private=own)

    async def _try(self, link: Link) -> FoundFeed | str:
        """Read one feed; return the sentence why it cannot be read if it cannot."""
        try:
            answer = await self.ask(link.url)
            if answer.refusal:
                return answer.refusal
            if is_page(answer.changed.body, answer.changed.content_type):
                return "it is a web page, not a feed"
            return await read_feed(answer.changed, answer.kept, link.title)
        except FeedError as error:
            return str(error)


def _in_order(feeds: Iterable[FoundFeed]) -> tuple[FoundFeed, ...]:
    """Put feeds of posts before those of comments, and each address once."""
    once: dict[str, FoundFeed] = {}
    for feed in feeds:
        once.setdefault(feed.url, feed)
    return tuple(sorted(once.values(), key=lambda feed: feed.of_comments))

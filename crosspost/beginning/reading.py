"""Ask one place, and read what came: a feed, a page, or a refusal.

What strangers wrote is read in processes that can be killed: feeds by `feeds.parse`, pages by `page`.
"""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from crosspost.beginning.found import FoundFeed, Link, Page
from crosspost.beginning.guess import written_dates
from crosspost.beginning.places import holds_secret, of_comments
from crosspost.child.ask import Places, ask
from crosspost.errors import FeedError, FetchRefused, Garbled, Unproven
from crosspost.feeds import Changed, Validators
from crosspost.feeds.address import host, without_user
from crosspost.feeds.fetch import MAX_BODY
from crosspost.feeds.parse import parse
from crosspost.http import Client
from crosspost.redact import one_line, remember_address

_LONGEST_ANSWER = timedelta(seconds=15)
_READERS = Places(2)
_PAGE_TIME = timedelta(seconds=5)
"""Processor time; pages of 5 MB took up to 4.3 s of it (measured 2026-11-27), of links alone 1.9."""
_PATIENCE = timedelta(minutes=1)
_MOST_ANSWER = 1_000_000
_ACCEPT = "text/html, application/atom+xml, application/rss+xml, application/feed+json, */*;q=0.5"
_FEED = re.compile(rb"<(?:[\w-]+:)?(?:rss|feed|rdf)[\s>:]", re.IGNORECASE)
_PAGE = re.compile(rb"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_BRACES = (b"{", b"[")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server said to whoever asked for `url`, whatever its status."""

    url: str
    changed: Changed
    status: int

    @property
    def kept(self) -> str:
        """Return the address to keep: where a permanent redirect leads, else the one that was asked."""
        return self.changed.moved_to or self.url

    @property
    def refusal(self) -> str:
        """Say what else than a page came; "" for a page."""
        if self.status < HTTPStatus.MULTIPLE_CHOICES:
            return ""
        phrase = next((f" {one.phrase}" for one in HTTPStatus if one == self.status), "")
        return f"{host(self.changed.url)} answered {self.status}{phrase}"


async def first_answer(client: Client, urls: Sequence[str]) -> Answer:
    """Return what the first of these addresses that answers says. Raise `FeedError` if none does."""
    refused: list[FeedError] = []
    for url in urls:
        try:
            return await get(client, url, allow_private=True)
        except Unproven:
            raise  # it is not asked again where it need not prove who it is
        except FeedError as error:
            refused.append(error)
    raise refused[0]


async def get(client: Client, url: str, allow_private: bool) -> Answer:
    """Ask for a page or a feed, whatever its status. Raise `FeedError` if nothing came."""
    if holds_secret(url):
        remember_address(url)
    try:
        answer = await client.fetch(
            url,
            headers={"accept": _ACCEPT},
            max_raw=MAX_BODY,
            max_body=MAX_BODY,
            allow_private=allow_private,
            deadline=_LONGEST_ANSWER,
        )
    except Garbled as error:
        raise FeedError(f"what {host(url)} answered could not be read: {error}") from error
    except FetchRefused as error:
        raise _unreached(host(url), error) from error
    except ValueError as error:
        raise FeedError(f"{one_line(without_user(url))} is not a valid address; check its spelling") from error
    changed = Changed(
        validators=Validators(),
        body=answer.body,
        content_type=answer.headers.get("content-type", ""),
        url=without_user(answer.url),
        moved_to=answer.moved_to,
    )
    return Answer(url=url, changed=changed, status=answer.status)


def _unreached(name: str, error: FetchRefused) -> FeedError:
    """Say why nothing came, and what to do."""
    why = str(error).partition(" did not answer: ")[2] or str(error)
    if "certificate" in why.lower():
        return Unproven(
            f"{name} could not prove who it is ({why}); have its certificate mended, or give its address with "
            "http:// if you trust the way there"
        )
    if "WRONG_VERSION_NUMBER" in why or "record layer failure" in why:
        return FeedError(
            f"{name} does not speak https there; check its port, or give its address with http:// if you trust "
            "the way there"
        )
    if why.endswith("cannot be found"):
        return FeedError(
            f"there is no server {name}; check the spelling, and that this machine is on the internet"
        )
    return FeedError(f"{name} could not be read: {why}; check the address, or try again later")


def is_page(body: bytes, content_type: str) -> bool:
    """Tell whether this is a web page rather than a feed, by how it begins; headers often lie."""
    head = _head(body)
    feed, page = _FEED.search(head), _PAGE.search(head)
    if page:
        return feed is None or page.start() < feed.start()
    if feed or head.startswith(_BRACES):
        return False
    return "html" in content_type.lower()


async def read_page(changed: Changed) -> Page:
    """Read a page in a process that can be killed. What cannot be read names nothing."""
    seconds = max(1, math.ceil(_PAGE_TIME.total_seconds()))
    header = {"url": changed.url, "content_type": changed.content_type, "seconds": seconds}
    question = json.dumps(header).encode() + b"\n" + changed.body
    try:
        async with _READERS.one:
            ended = await ask("crosspost.beginning.page", question, patience=_PATIENCE, most=_MOST_ANSWER)
        said = json.loads(ended.answer) if ended.code == 0 else {}
    except (OSError, ValueError):
        said = {}
    if not said:
        return Page()
    links, mentions = (
        [Link(url, one_line(title)) for url, title in said[name]] for name in ("links", "mentions")
    )
    return Page(
        title=one_line(said["title"]),
        language=one_line(said["language"]),
        links=tuple(links),
        mentions=tuple(mentions),
        goes_to=said["goes_to"],
        asks_login=said["asks_login"],
    )


async def read_feed(changed: Changed, url: str, title: str) -> FoundFeed:
    try:
        document = await parse(changed, feed="blog")
    except FeedError as error:
        raise FeedError(str(error).removesuffix("; the next poll tries again")) from error
    return FoundFeed(
        url=url,
        title=document.title or title,
        kind=_kind(changed.body),
        document=document,
        of_comments=of_comments(changed.url, title) or of_comments("", document.title),
        dates=written_dates(changed.body),
    )


def _kind(body: bytes) -> str:
    head = _head(body)
    if head.startswith(_BRACES):
        return "JSON Feed"
    named = _FEED.search(head)
    return "Atom" if named and b"feed" in named[0].lower() else "RSS"


def _head(body: bytes) -> bytes:
    """Return how a document begins, without marks and blanks, and as if its letters were ASCII."""
    return body[:4_000].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n")

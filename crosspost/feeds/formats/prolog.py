"""What stands before a document's first element: is it a web page, does it define entities? Pure."""

import re
from html.parser import HTMLParser

from crosspost.errors import FeedError
from crosspost.feeds.address import absolute, web_base

_SKIPPED = re.compile(rb"\s+|<\?.*?\?>|<!--.*?-->|\xef\xbb\xbf|\xff\xfe|\xfe\xff", re.DOTALL)
_DOCTYPE = re.compile(rb"<!DOCTYPE\s+([^\s>\[]+)[^>\[]*(\[?)", re.IGNORECASE)
_ELEMENT = re.compile(rb"<([A-Za-z_][\w.:-]*)")
_WEB_PAGE = frozenset((b"html", b"head", b"body", b"script", b"div"))
_FEED_TYPES = frozenset(
    ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
)
_READ_OF_PAGE = 300_000


def refuse_entities(body: bytes, name: str) -> None:
    """Refuse a document that defines its own entities: a few lines of them unfold to gigabytes.

    The bare DOCTYPE of RSS 0.91 is harmless; what it points to is never fetched.
    """
    body, position = _past_the_prolog(body)
    doctype = _DOCTYPE.match(body, position)
    element = _ELEMENT.search(body, position)
    before = body[: element.start() if element else len(body)]
    if (doctype and doctype[2]) or b"<!entity" in before.lower():
        raise FeedError(
            f"{name} defines XML entities of its own, which no feed needs and attacks are made "
            "of; it was not read"
        )


def refuse_web_page(body: bytes, name: str, url: str) -> None:
    """Refuse a web page, and name the feeds it names."""
    body, position = _past_the_prolog(body)
    root = _DOCTYPE.match(body, position) or _ELEMENT.match(body, position)
    if root is None or root[1].lower() not in _WEB_PAGE:
        return
    reader = _Alternates()
    reader.feed(body[:_READ_OF_PAGE].decode("utf-8", "replace"))
    feeds = list(dict.fromkeys(filter(None, (absolute(href, web_base(url)) for href in reader.links))))[:3]
    advice = (
        f"the page names its feed: put {' or '.join(feeds)} into the configuration"
        if feeds
        else "look for the address of its feed, and put that into the configuration"
    )
    raise FeedError(f"{name} is not a feed but a web page; {advice}")


def _past_the_prolog(body: bytes) -> tuple[bytes, int]:
    """Return the document in a form that can be searched (also UTF-16), and where its markup begins."""
    body = body.replace(b"\0", b"")
    position = 0
    while skipped := _SKIPPED.match(body, position):
        position = skipped.end()
    return body, position


class _Alternates(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "link" and "alternate" in said.get("rel", "").lower().split():
            kind = said.get("type", "").lower().partition(";")[0].strip()
            if kind in _FEED_TYPES:
                self.links.append(said.get("href", ""))

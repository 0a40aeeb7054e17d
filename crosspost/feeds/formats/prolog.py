"""What stands before a feed's own element: is it a web page, does it define entities? Pure."""

import re
from html.parser import HTMLParser

from crosspost.errors import FeedError
from crosspost.feeds.address import absolute, web_base

_SKIPPED = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE\s+([^\s>\[]+)", re.IGNORECASE)
_ELEMENT = re.compile(r"<([A-Za-z_][\w.:-]*)")
# In these, what looks like a feed is none. Without an end, they go to the end.
_FEED = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<\?.*?(?:\?>|\Z)"
    r"|<(script|style|template|textarea|svg)(?=[\s>]).*?(?:</\1\s*>|\Z)"
    r"|(<(?:[\w.-]+:)?(?:rss|feed|rdf|channel)(?=[\s/>]))",
    re.DOTALL | re.IGNORECASE,
)
_ENTITIES = re.compile(r"<!DOCTYPE[^<>\[]*\[|<!ENTITY", re.IGNORECASE)
_WEB_PAGE = frozenset(("html", "head", "body", "script", "div"))
_FEED_TYPES = frozenset(
    ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
)
_READ_OF_PAGE = 300_000


def beginning(text: str) -> int | None:
    """Return where a feed's own element begins, whatever stands before it; None if there is none."""
    return next((found.start() for found in _FEED.finditer(text) if found[2]), None)


def refuse_entities(before: str, name: str) -> None:
    """Refuse a document that defines its own entities: a few lines of them unfold to gigabytes.

    `before`: what stands before the feed. The bare DOCTYPE of RSS 0.91 is harmless; what it points to is never
    fetched.
    """
    if _ENTITIES.search(before):
        raise FeedError(
            f"{name} defines XML entities of its own, which no feed needs and attacks are made "
            "of; it was not read"
        )


def refuse_web_page(text: str, name: str, url: str) -> None:
    """Refuse a web page, and name the feeds it names."""
    position = 0
    while skipped := _SKIPPED.match(text, position):
        position = skipped.end()
    root = _DOCTYPE.match(text, position) or _ELEMENT.match(text, position)
    if root is None or root[1].lower() not in _WEB_PAGE:
        return
    reader = _Alternates()
    reader.feed(text[:_READ_OF_PAGE])
    feeds = list(dict.fromkeys(filter(None, (absolute(href, web_base(url)) for href in reader.links))))[:3]
    advice = (
        f"the page names its feed: put {' or '.join(feeds)} into the configuration"
        if feeds
        else "look for the address of its feed, and put that into the configuration"
    )
    raise FeedError(f"{name} is not a feed but a web page; {advice}")


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

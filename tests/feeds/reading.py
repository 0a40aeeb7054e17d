"""Small feeds, and a short way to have them read."""

from datetime import timedelta
from typing import Any

from crosspost.errors import FeedError
from crosspost.feeds import Changed, Document, Validators, formats
from crosspost.feeds.parse import parse
from crosspost.feeds.raw import RawFeed
from crosspost.model import Entry

URL = "https://blog.example/fr/feed.xml"
_SPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:atom="http://www.w3.org/2005/Atom"'
)


def rss(*items: str, head: str = "<title>Blog</title><link>https://blog.example/</link>") -> str:
    """Write RSS 2.0; an item without a link or an id gets a link."""
    whole = ""
    for number, item in enumerate(items):
        own = "<link>" in item or "<guid" in item
        link = "" if own else f"<link>https://blog.example/{number}</link>"
        whole += f"<item>{link}{item}</item>"
    return f'<?xml version="1.0"?><rss version="2.0" {_SPACES}><channel>{head}{whole}</channel></rss>'


def atom(*entries: str, attributes: str = "") -> str:
    """Write Atom 1.0; an entry without a link gets one."""
    whole = ""
    for number, entry in enumerate(entries):
        link = "" if "<link" in entry else f'<link href="https://blog.example/{number}"/>'
        whole += f"<entry>{link}<id>tag:{number}</id>{entry}</entry>"
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}><title>Blog</title>{whole}</feed>'


async def read(
    body: str | bytes, *, url: str = URL, content_type: str = "", seconds: float = 15, **more: Any
) -> Document:
    """Read a document in a process of its own; `more` is what else `parse` takes."""
    changed = Changed(
        validators=Validators(),
        body=body if isinstance(body, bytes) else body.encode(),
        url=url,
        content_type=content_type,
    )
    return await parse(changed, feed="blog", deadline=timedelta(seconds=seconds), **more)


async def entries(*items: str) -> list[Entry]:
    """Read items of an RSS feed."""
    return [item.entry for item in (await read(rss(*items))).items]


def raw(body: str | bytes, *, url: str = URL, content_type: str = "") -> RawFeed:
    """Read a document in this process, as far as its fields."""
    document = body if isinstance(body, bytes) else body.encode()
    return formats.read(document, content_type=content_type, name="the feed", url=url)


def titles(body: str | bytes, **how: str) -> list[str]:
    """Return the titles of its items, as written."""
    return [item.title.value for item in raw(body, **how).items]


async def fails(body: str | bytes, *, url: str = URL, content_type: str = "", seconds: float = 15) -> str:
    """Return the sentence that reading this ends with."""
    try:
        found = await read(body, url=url, content_type=content_type, seconds=seconds)
    except FeedError as error:
        return str(error)
    raise AssertionError(f"it was read: {found}")


SLOW = rss(
    *["<title>x</title><description>" + "&lt;p&gt;mot &lt;b&gt;mot&lt;/b&gt;" * 4_000 + "</description>"] * 120
)
"""A document that keeps its reader at work for many seconds."""

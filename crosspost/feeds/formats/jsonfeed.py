"""Read JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1), forgiving what can be forgiven.

Runs in the child process only.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from crosspost.errors import FeedError
from crosspost.feeds.raw import Markup, RawFeed, RawItem, RawPicture
from crosspost.text import is_web_link


def is_json(body: bytes) -> bool:
    """Tell whether a document is meant to be JSON: no XML begins with a brace."""
    return body[:1_000].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1] in (b"{", b"[")


def read(body: bytes, name: str) -> RawFeed:
    """Read a JSON Feed. Raise `FeedError`."""
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FeedError(f"{name} is broken JSON: {_cause(error)}") from error
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise FeedError(f"{name} is JSON, but not a feed: it has no list of items; check the address")
    authors = _authors(feed)
    return RawFeed(
        title=Markup(_text(feed.get("title")), "text"),
        link=_text(feed.get("home_page_url")),
        language=_text(feed.get("language")),
        items=tuple(_item(item, authors) for item in feed["items"] if isinstance(item, dict)),
    )


def _item(item: Mapping[str, Any], feed_authors: tuple[str, ...]) -> RawItem:
    guid = _text(item.get("id"))
    marked_up = _text(item.get("content_html"))
    tags = item.get("tags")
    return RawItem(
        guid=guid,
        # An id that is an address is the permalink: the specification asks for that.
        link=_text(item.get("url")) or (guid if is_web_link(guid) else ""),
        title=Markup(_text(item.get("title")), "text"),
        summary=Markup(_text(item.get("summary")), "text"),
        content=Markup(marked_up, "html") if marked_up else Markup(_text(item.get("content_text")), "text"),
        authors=_authors(item) or feed_authors,
        categories=tuple(_text(tag) for tag in tags) if isinstance(tags, list) else (),
        published=_text(item.get("date_published")),
        updated=_text(item.get("date_modified")),
        language=_text(item.get("language")),
        pictures=tuple(_pictures(item)),
    )


def _pictures(item: Mapping[str, Any]) -> Iterator[RawPicture]:
    for name in ("image", "banner_image"):
        if address := _text(item.get(name)):
            yield RawPicture(address)
    attachments = item.get("attachments")
    for attachment in attachments if isinstance(attachments, list) else ():
        if isinstance(attachment, dict) and _text(attachment.get("mime_type")).startswith("image/"):
            yield RawPicture(_text(attachment.get("url")), _text(attachment.get("title")))


def _authors(holder: Mapping[str, Any]) -> tuple[str, ...]:
    """Return names: a list since 1.1, a single author in 1.0."""
    listed = holder.get("authors")
    people = listed if isinstance(listed, list) else [holder.get("author")]
    return tuple(name for person in people if isinstance(person, dict) and (name := _text(person.get("name"))))


def _text(value: object) -> str:
    """Return a string or a number as text, "" for all else; ids are often numbers."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _cause(error: BaseException) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg}, line {error.lineno}"
    return "it nests too deep" if isinstance(error, RecursionError) else "its characters cannot be decoded"

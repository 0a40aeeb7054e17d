"""Read JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1), forgiving what can be forgiven.

Runs in the child process only.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from crosspost.errors import FeedError
from crosspost.feeds.formats.links import spelled
from crosspost.feeds.raw import Markup, RawFeed, RawItem, RawPicture
from crosspost.text import is_web_link

_HALVES = re.compile("[\ud800-\udfff]")  # of a letter that `\\ud83d` began and nothing ended
_COMMA = re.compile(r",\s*\Z")


def is_json(text: str) -> bool:
    """Tell whether a document is meant to be JSON: no XML begins with a brace."""
    return text[:1_000].lstrip()[:1] in ("{", "[")


def read(text: str, name: str) -> RawFeed:
    """Read a JSON Feed. Raise `FeedError`."""
    try:
        # Numbers as they are written: an id of twenty digits, or one that ends in .0, is none of ours to round.
        feed = json.loads(text, parse_int=str, parse_float=str, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise FeedError(f"{name} is broken JSON: {_cause(error, text)}") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if isinstance(items, dict):
        items = list(items.values())  # PHP writes a list as this as soon as one of it was taken out
    if not isinstance(items, list):
        raise FeedError(f"{name} is JSON, but not a feed: it has no list of items; check the address")
    authors = _authors(feed)
    return RawFeed(
        title=Markup(_text(feed.get("title")), "text"),
        link=spelled(_text(feed.get("home_page_url"))),
        language=_text(feed.get("language")),
        items=tuple(_item(item, authors) for item in items if isinstance(item, dict)),
    )


def _item(item: Mapping[str, Any], feed_authors: tuple[str, ...]) -> RawItem:
    guid = _text(item.get("id"))
    marked_up = _text(item.get("content_html"))
    return RawItem(
        guid=guid,
        # An id that is an address is the permalink: the specification asks for that.
        link=spelled(_text(item.get("url"))) or (guid if is_web_link(guid) else ""),
        title=Markup(_text(item.get("title")), "text"),
        summary=Markup(_text(item.get("summary")), "text"),
        content=Markup(marked_up, "html") if marked_up else Markup(_text(item.get("content_text")), "text"),
        authors=_authors(item) or feed_authors,
        categories=tuple(filter(None, map(_text, _listed(item.get("tags"))))),
        published=_text(item.get("date_published")),
        updated=_text(item.get("date_modified")),
        language=_text(item.get("language")),
        pictures=tuple(_pictures(item)),
    )


def _pictures(item: Mapping[str, Any]) -> Iterator[RawPicture]:
    for name in ("image", "banner_image"):
        said = item.get(name)
        if address := _text(said.get("url") if isinstance(said, dict) else said):
            yield RawPicture(address, marks=name)
    for attachment in _listed(item.get("attachments")):
        if isinstance(attachment, dict) and _text(attachment.get("mime_type")).lower().startswith("image/"):
            mime, address = _text(attachment.get("mime_type")), _text(attachment.get("url"))
            yield RawPicture(address, _text(attachment.get("title")), mime=mime, marks="enclosure")


def _authors(holder: Mapping[str, Any]) -> tuple[str, ...]:
    """Return whom a feed or an item names: in a list since 1.1, one in 1.0; some write bare names."""
    people = _listed(holder.get("authors")) or _listed(holder.get("author"))
    said = (_text(person.get("name") if isinstance(person, dict) else person) for person in people)
    return tuple(filter(None, said))


def _listed(value: object) -> list[Any]:
    """Return a list as it is, anything else as a list of one."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _text(value: object) -> str:
    """Return a string, or a number as it was written; "" for all else; ids are often numbers."""
    return _HALVES.sub("", value).strip() if isinstance(value, str) else ""


def _cause(error: BaseException, text: str) -> str:
    if not isinstance(error, json.JSONDecodeError):
        return "it nests too deep"
    if text[error.pos : error.pos + 1] in ("}", "]") and _COMMA.search(
        text, max(0, error.pos - 200), error.pos
    ):
        return f"a comma with nothing behind it, line {text.count(chr(10), 0, error.pos) + 1}"
    return f"{error.msg}, line {error.lineno}"

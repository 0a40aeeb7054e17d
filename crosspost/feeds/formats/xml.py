"""Read RSS and Atom: as it is, else mended, else item by item. Runs in the child process only."""

from dataclasses import dataclass, replace
from xml.parsers import expat

from crosspost.errors import FeedError
from crosspost.feeds.address import web_base
from crosspost.feeds.formats import atom, rss
from crosspost.feeds.formats.ending import ends
from crosspost.feeds.formats.mend import mended
from crosspost.feeds.formats.prolog import beginning, refuse_entities, refuse_web_page
from crosspost.feeds.formats.salvage import salvaged
from crosspost.feeds.formats.tree import Element, Intricate, parsed
from crosspost.feeds.raw import RawFeed


@dataclass(frozen=True, slots=True)
class _Found:
    """A feed's own element and its items; `fault`: why not even what was mended is well-formed."""

    root: Element
    items: list[Element]
    whole: bool = True
    fault: expat.ExpatError | None = None


def read(text: str, name: str, url: str) -> RawFeed:
    """Read an XML feed, also a broken one as far as it goes. Raise `FeedError`."""
    start = beginning(text)
    if start is None:
        refuse_web_page(text, name, url)
    refuse_entities(text[:start], name)
    try:
        found = _found(text[start:], web_base(url)) if start is not None else None
    except Intricate as error:
        raise FeedError(f"{name} has more elements than any feed needs; it was not read") from error
    if found is None or _is_something_else(found):
        raise FeedError(f"{name} is not a feed of any known kind; check the address")
    if found.fault and not found.items:
        line = found.fault.lineno + text.count("\n", 0, start)
        raise FeedError(f"{name} is broken beyond reading (line {line}); the next poll tries again")
    reader = atom.read if found.root.name == "feed" else rss.read
    feed = reader(found.root, found.items)
    return replace(feed, whole=found.whole)


def _found(text: str, base: str) -> _Found:
    try:
        root = parsed(text, base)
        return _Found(root, _items(root))
    except expat.ExpatError:
        text = mended(text)
    try:
        root = parsed(text, base)
        return _Found(root, _items(root))
    except expat.ExpatError as error:
        whole = ends(text)
        return _Found(*salvaged(text, base, whole=whole), whole=whole, fault=error)


def _items(root: Element) -> list[Element]:
    """Return a feed's items: those in their place, or if none is, wherever they are."""
    places = (root, *root.all("channel"))
    in_place = [item for place in places for item in place.all("item", "entry")]
    return in_place or [*root.below("item"), *root.below("entry")]


def _is_something_else(found: _Found) -> bool:
    """Tell whether an element that feeds have in common with other documents holds none."""
    return not found.items and found.root.name not in ("rss", "feed") and not any(found.root.all("channel"))

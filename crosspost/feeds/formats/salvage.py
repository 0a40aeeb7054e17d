"""Read what is not well-formed, each item by itself, so that none costs another. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.parsers import expat

from crosspost.feeds.formats.tree import Element, parsed, recovered

_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<(/?)((?:[\w.-]+:)?(?:item|entry))(?=[\s/>])[^<>]*?(/?)>",
    re.DOTALL | re.IGNORECASE,
)
_OUTER = re.compile(r"<((?:[\w.-]+:)?(?:rss|rdf|feed|channel))(?:\s[^<>]*)?>", re.IGNORECASE)


_OPENING, _CLOSING, _EMPTY = "opening", "closing", "empty"
_Tag = tuple[int, int, str]  # where it starts and ends, and which of the three it is


@dataclass(frozen=True, slots=True)
class Piece:
    """An item's own text; `closed`: its end tag was found."""

    text: str
    closed: bool


def salvaged(text: str, base: str, *, whole: bool) -> tuple[Element, list[Element]]:
    """Return the feed's own element and its items, each read strictly if it can be. Raise `Intricate`.

    Of a document that is not `whole`, the entry whose end nobody saw is left out: what it lacks, such as a
    category that keeps it private, nobody can know.
    """
    head, pieces = cut(text)
    if not whole:
        pieces = _seen_to_end(pieces)
    # Every item stands in the root and, mostly, in a channel: they say what prefixes mean.
    outer = [tag for tag in _OUTER.finditer(head) if not tag[0].endswith("/>")][:2]
    before = "".join(tag[0] for tag in outer)
    behind = "".join(f"</{tag[1]}>" for tag in reversed(outer))
    items = [_item(f"{before}{piece.text}{behind}", base, len(outer)) for piece in pieces]
    return recovered(head, base), items


def cut(text: str) -> tuple[str, list[Piece]]:
    """Cut a document into what stands before its items, and these. Items within items stay in them."""
    tags = [(tag.start(), tag.end(), _kind(tag)) for tag in _TAG.finditer(text) if tag[2]]
    ends = _ends(tags)
    pieces, place = [], 0
    for number, (start, _, kind) in enumerate(tags):
        if kind == _CLOSING or start < place:
            continue
        place = ends.get(number) or _next_start(tags, number + 1, len(text))
        pieces.append(Piece(text[start:place], closed=number in ends))
    return text[: tags[0][0]] if tags else text, pieces


def _kind(tag: re.Match[str]) -> str:
    return _CLOSING if tag[1] else _EMPTY if tag[3] else _OPENING


def _ends(tags: Sequence[_Tag]) -> dict[int, int]:
    """Return where items end, by the numbers of their tags: each end closes the last one open."""
    ends: dict[int, int] = {}
    open_: list[int] = []
    for number, (_, end, kind) in enumerate(tags):
        if kind == _EMPTY:
            ends[number] = end
        elif kind == _OPENING:
            open_.append(number)
        elif open_:
            ends[open_.pop()] = end
    return ends


def _next_start(tags: Sequence[_Tag], number: int, end: int) -> int:
    return next((tags[n][0] for n in range(number, len(tags)) if tags[n][2] != _CLOSING), end)


def _seen_to_end(pieces: list[Piece]) -> list[Piece]:
    """Leave out the last item; if some have no end, also the last of those, which may hold what follows."""
    last = len(pieces) - 1
    while last >= 0 and pieces[last].closed:
        last -= 1
    while last > 0 and not pieces[last - 1].closed:
        last -= 1
    return pieces[:last] if last >= 0 else pieces[:-1]


def _item(wrapped: str, base: str, depth: int) -> Element:
    try:
        element = parsed(wrapped, base)
    except expat.ExpatError:
        element = recovered(wrapped, base)
    for _ in range(depth):
        element = next(element.elements, element)
    return element

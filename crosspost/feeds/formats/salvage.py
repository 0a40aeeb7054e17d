"""Read what is not well-formed, each item by itself, so that none costs another. Pure."""

import re
from dataclasses import dataclass
from xml.parsers import expat

from crosspost.feeds.formats.tree import Element, parsed, recovered

_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<(/?)((?:[\w.-]+:)?(?:item|entry))(?=[\s/>])[^<>]*?(/?)>",
    re.DOTALL | re.IGNORECASE,
)
_OUTER = re.compile(r"<((?:[\w.-]+:)?(?:rss|rdf|feed|channel))(?:\s[^<>]*)?>", re.IGNORECASE)


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
    tags = [tag for tag in _TAG.finditer(text) if tag[2]]
    ends = _ends(tags)
    pieces, place = [], 0
    for number, tag in enumerate(tags):
        if tag[1] or tag.start() < place:
            continue
        place = ends.get(number) or _next_start(tags, number + 1, len(text))
        pieces.append(Piece(text[tag.start() : place], closed=number in ends))
    return text[: tags[0].start()] if tags else text, pieces


def _ends(tags: list[re.Match[str]]) -> dict[int, int]:
    """Return where items end, by the numbers of their tags: each end closes the last one open."""
    ends: dict[int, int] = {}
    open_: list[int] = []
    for number, tag in enumerate(tags):
        if tag[3]:
            ends[number] = tag.end()
        elif not tag[1]:
            open_.append(number)
        elif open_:
            ends[open_.pop()] = tag.end()
    return ends


def _next_start(tags: list[re.Match[str]], number: int, end: int) -> int:
    return next((tags[n].start() for n in range(number, len(tags)) if not tags[n][1]), end)


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

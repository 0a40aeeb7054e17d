"""Elements that were left in a line, apart from those that the line speaks of: `Using <div>`, `List<int>`."""

import re
from collections import defaultdict

from crosspost.feeds.words.entities import decoded
from crosspost.text import BLOCKS

_ELEMENTS = BLOCKS | frozenset(
    "a abbr acronym audio b bdi bdo big blink body button caption center cite code col colgroup data"
    " datalist del details dialog dfn em fieldset font form head html i iframe ins kbd label legend map"
    " mark marquee menu meter nobr noscript object optgroup option output picture progress q rp rt ruby s"
    " samp script search select slot small span strike strong style sub summary sup svg tbody template"
    " textarea tfoot thead time title tt u var video".split()
)
# What gives words a look. Whoever writes about elements hardly ever closes one of these around a word.
_LOOKS = frozenset("a abbr b big cite del em font i ins mark q s small span strike strong sub sup tt u".split())
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9]*(?::[a-z]+)?)(?P<attributes>\s[^<>]*)?/?>")
_UNREAD = frozenset(
    ("script", "style", "template", "noscript", "iframe", "svg", "textarea", "select", "object")
)
_COMMENTS = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_SECTIONS = re.compile(r"<!\[CDATA\[|\]\]>")
_BEGINS = re.compile(r"[\w\"“«‘'(¿¡]")
_WORD = re.compile(r"\w")
_ALT = re.compile(r"""\salt\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)


def has_elements(text: str, *, escaped: bool = False) -> bool:
    """Tell whether `without_elements` would take elements of HTML out of a text."""
    return bool(_TAG.search(text)) and without_elements(text, escaped=escaped) != text


def without_elements(text: str, *, escaped: bool = False) -> str:
    """Take out the elements around words, breaks, pictures and comments; a tag without its other half stays.

    A picture that is an emoji comes back as one. Entities are left as they are. `escaped`: the tags were
    escaped, as a text about them must be; then only what gives words a look goes, and what holds all of them.
    """
    if not escaped:
        text = _SECTIONS.sub("", _COMMENTS.sub("", text))
    tags = list(_TAG.finditer(text))
    if not tags:
        return text
    goes = _looks(tags, text) if escaped else _alone(tags, text) | _pairs(tags, text)
    kept: list[str] = []
    read_to = 0
    for number, other in sorted(goes.items()):
        tag = tags[number]
        if tag.start() < read_to:
            continue
        kept += (text[read_to : tag.start()], _instead(tag))
        unread = other > number and tag["name"].lower() in _UNREAD
        read_to = tags[other].end() if unread else tag.end()
    return "".join((*kept, text[read_to:]))


def _pairs(tags: list[re.Match[str]], text: str) -> dict[int, int]:
    """Return which tags around words belong to which, both ways. Elements may overlap, as they do in feeds."""
    pairs: dict[int, int] = {}
    opened: defaultdict[str, list[int]] = defaultdict(list)
    for number, tag in enumerate(tags):
        name = tag["name"].lower()
        if not _is_element(name):
            continue
        if not tag["end"]:
            opened[name].append(number)
        elif opened[name]:
            begun = opened[name].pop()
            if not _is_named(tags[begun], tag, text):
                pairs |= {begun: number, number: begun}
    return pairs


def _is_named(opened: re.Match[str], closed: re.Match[str], text: str) -> bool:
    """Tell a pair that a line speaks of, as in `between <head> and </head>`, from one around its words."""
    inside = text[opened.end() : closed.start()]
    if opened["attributes"] or (opened.start(), closed.end()) == _edges(text):
        return False
    stand_apart = not inside or (inside[0] == inside[-1] == " ")
    around = text[max(0, opened.start() - 1) : opened.start()] + text[closed.end() : closed.end() + 1]
    return stand_apart and not around.strip(" ")


def _looks(tags: list[re.Match[str]], text: str) -> dict[int, int]:
    """Return the pairs that only give words a look, and one that holds all there is."""
    first, last = _edges(text)
    return {
        number: other
        for number, other in _pairs(tags, text).items()
        if tags[number]["name"].lower() in _LOOKS
        or (tags[min(number, other)].start() == first and tags[max(number, other)].end() == last)
    }


def _alone(tags: list[re.Match[str]], text: str) -> dict[int, int]:
    """Return the tags that need no other half: breaks, pictures, and those left open or closed beside a word.

    `<p>Title` lost its end, and `Title</b>` its beginning; `<p> explained` and `the </b>` are about them.
    """
    edges = _edges(text)
    alone: dict[int, int] = {}
    for number, tag in enumerate(tags):
        name = tag["name"].lower()
        stands_alone = name in ("br", "wbr") or (name in ("img", "hr") and tag["attributes"])
        if stands_alone or (_is_element(name) and _touches_a_word(tag, text, edges)):
            alone[number] = number
    return alone


def _touches_a_word(tag: re.Match[str], text: str, edges: tuple[int, int]) -> bool:
    """Tell whether a tag stands as one around a word would; at an edge, another may be between."""
    first, last = edges
    before = text[max(0, tag.start() - 1) : tag.start()].strip()
    after = text[tag.end() : tag.end() + 1].strip()
    if tag["end"]:
        return tag.end() == last if before == ">" else bool(before) and not _WORD.match(after)
    return tag.start() == first if after == "<" else not before and bool(_BEGINS.match(after))


def _is_element(name: str) -> bool:
    """Tell elements, such as a word processor's `o:p`, from the types of programs in such brackets."""
    return name in _ELEMENTS or ":" in name


def _edges(text: str) -> tuple[int, int]:
    """Return where a text begins and ends, but for blanks."""
    return len(text) - len(text.lstrip()), len(text.rstrip())


def _instead(tag: re.Match[str]) -> str:
    """Return what stands in the place of a tag: a blank for what breaks a line, an emoji for its picture."""
    name = tag["name"].lower()
    if name == "img":
        alt = _ALT.search(tag["attributes"] or "")
        said = decoded(next((value for value in alt.groups() if value), "")) if alt else ""
        return said if said and not any(letter.isascii() or letter.isalpha() for letter in said) else ""
    return " " if name in BLOCKS or name == "br" else ""

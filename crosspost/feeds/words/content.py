"""What an entry says: HTML from strangers made safe, bounded and readable. Called in the child process only."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser

import nh3

from crosspost.feeds.address import absolute
from crosspost.feeds.pictures import ATTRIBUTES as OF_PICTURES
from crosspost.feeds.pictures import of_element
from crosspost.feeds.raw import Markup, RawPicture
from crosspost.feeds.words.line import shortened
from crosspost.text import plain, tidy

MOST_CHARACTERS = 500_000
_MOST_TAGS = 5_000
_DEEPEST = 200  # nh3 needs 4.8 s for 40,000 nested elements (measured 2026-11)
_LONGEST_SUMMARY = 10_000

TAGS = frozenset(
    "a abbr address article aside b blockquote br cite code dd del div dl dt em figcaption figure footer"
    " h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark ol p pre q s section small strong sub sup"
    " table tbody td tfoot th thead tr u ul".split()
)
"""The elements an entry's HTML may have, and no others."""
ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"src", "alt", "title", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
"""The attributes these elements may have."""
_UNSEEN = {"script", "style", "noscript", "template", "iframe", "object"}
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_UNFINISHED = re.compile(r"<(?=!|[^<>]*(?:<|\Z))")
# Elements without an end, or whose end may be left out: they do not nest in themselves.
_FLAT = frozenset(
    "area base br col dd dt embed hr img input li link meta option p param source tbody td th tr track"
    " wbr".split()
)


@dataclass(frozen=True, slots=True)
class Content:
    """Sanitised HTML, its words, and the pictures in it as they were written."""

    html: str = ""
    text: str = ""
    pictures: tuple[RawPicture, ...] = ()


def read(markup: Markup, base: str) -> Content:
    """Sanitise an entry's HTML, and make its links absolute from `base`.

    What is too large is cut, and what is too intricate becomes plain text.
    """
    value = _cut(markup)
    if markup.kind == "text" or _is_intricate(value):
        text = tidy(value) if markup.kind == "text" else plain(_tamed(value))
        return Content(html=_paragraphs(text), text=text)
    clean = nh3.clean(
        value,
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        attribute_filter=_absolutely(markup.base or base),
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    ).strip()
    return Content(html=clean, text=plain(clean), pictures=_pictures(value, markup.base))


def summary(markup: Markup) -> str:
    """Read a summary as plain text."""
    return in_short(read(markup, "").text)


def in_short(text: str) -> str:
    """Return as much of a text as any network has room for."""
    return shortened(text, _LONGEST_SUMMARY)


def _cut(markup: Markup) -> str:
    value = markup.value
    if len(value) <= MOST_CHARACTERS:
        return value
    value = value[:MOST_CHARACTERS]
    opened = value.rfind("<")
    return value[:opened] if markup.kind != "text" and opened > value.rfind(">") else value


def _is_intricate(value: str) -> bool:
    """Tell whether a real parser may take too long over this HTML. Nesting is estimated, from below."""
    if value.count("<") > _MOST_TAGS:
        return True
    depth = 0
    for slash, name in _TAG.findall(value):
        if name.lower() not in _FLAT:
            depth = max(0, depth + (-1 if slash else 1))
            if depth > _DEEPEST:
                return True
    return False


def _tamed(value: str) -> str:
    """Leave only whole elements: on unfinished ones html.parser takes quadratic time (measured 2026-11)."""
    first, *others = value.split("<!--")
    return _UNFINISHED.sub("&lt;", first + "".join(other.partition("-->")[2] for other in others))


def _absolutely(base: str) -> Callable[[str, str, str], str | None]:
    """Make addresses absolute."""

    def keep(tag: str, attribute: str, value: str) -> str | None:
        if attribute not in ("href", "src") or value.lower().startswith("mailto:"):
            return value if attribute != "src" else None
        return absolute(value, base) or None

    return keep


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{html.escape(part, quote=False)}</p>" for part in text.split("\n") if part.strip())


class _Pictures(HTMLParser):
    def __init__(self, base: str) -> None:
        super().__init__(convert_charrefs=True)
        self.base = base
        self.pictures: list[RawPicture] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in reversed(attrs)}
        if tag == "img" and (picture := of_element(said, self.base)):
            self.pictures.append(picture)


def _pictures(value: str, base: str) -> tuple[RawPicture, ...]:
    """Return the pictures of HTML, with their addresses as they were written."""
    reader = _Pictures(base)
    reader.feed(
        nh3.clean(value, tags={"img"}, attributes={"img": set(OF_PICTURES)}, clean_content_tags=_UNSEEN)
    )
    reader.close()
    return tuple(reader.pictures)

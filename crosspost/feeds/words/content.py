"""What an entry says: HTML from strangers made safe, bounded and readable. Called in the child process only."""

import html
import re
from dataclasses import dataclass

from crosspost.feeds.address import absolute
from crosspost.feeds.raw import Markup, RawPicture
from crosspost.feeds.words.article import cleared, quotable, trimmed
from crosspost.feeds.words.clearing import BEST, Clearing, prune
from crosspost.feeds.words.safe import ATTRIBUTES, sanitised, well_formed, written
from crosspost.text import plain, tidy
from crosspost.text.plain import text_of
from crosspost.text.tree import Element, Words, parse, walk

MOST_CHARACTERS = 500_000
_LONGEST_BEGINNING = 4_000
"""Characters of a content that are compared to its summary."""
_ESCAPED = re.compile(
    r"\s*&(?:amp;)?lt;(?:p|div|h[1-6]|ul|ol|figure|img|a|blockquote|table|span|strong|em|br|b|i|!--)\b", re.I
)
_ESCAPED_END = re.compile(
    r"&(?:amp;)?lt;(?:/[a-z][a-z0-9]*|(?:br|img|hr)\b[^<]{0,2000}?/?)\s*&(?:amp;)?gt;", re.IGNORECASE
)
_A_TAG = re.compile(r"</?[a-z]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Content:
    """Sanitised HTML, its words, and the pictures in it as they were written.

    `quotable`: those of its words that an excerpt may be taken from; without captions, code, tables, headings
    and lists of links, if anything is left then. `goes_on`: what was behind its words said that they go on
    elsewhere. `beginning`: its first characters as they were, before anything was taken out.
    """

    html: str = ""
    text: str = ""
    pictures: tuple[RawPicture, ...] = ()
    quotable: str = ""
    goes_on: bool = False
    beginning: str = ""


def read(markup: Markup, base: str, title: str = "", language: str = "") -> Content:
    """Sanitise an entry's HTML, leave out what is not its words, and make its links absolute from `base`.

    `title`: the entry's, which the words need not begin with. What is too large is cut, and what is too
    intricate becomes plain text.
    """
    root = _tree(markup)
    if isinstance(root, str):
        return _of_text(root)
    base = markup.base or base
    beginning = _beginning(root)
    found = Clearing(root, base=base, language=language)
    lines, goes_on = trimmed(cleared(found.lines, titled=bool(title)), title)
    prune(root, found.hollow)
    said, text = _settled(root, base)
    return Content(
        html=said,
        text=text,
        pictures=tuple(found.pictures),
        quotable=quotable(lines) or text,
        goes_on=goes_on,
        beginning=beginning,
    )


def summary(markup: Markup, language: str = "") -> str:
    """Read what an author, or an engine, says of an entry in short: its words, with what is around them."""
    root = _tree(markup)
    if isinstance(root, str):
        return root
    found = Clearing(root, base="", language=language)
    cleared(found.lines, titled=True)
    return text_of(walk(root))


def _tree(markup: Markup) -> Element | str:
    """Return HTML as a tree, or what is no HTML, or too intricate, as plain text."""
    value = _cut(markup)
    if markup.kind == "text":
        return tidy(value)
    value = _unescaped(value)
    clean = well_formed(value)
    return plain(value) if clean is None else parse(clean)


def _beginning(root: Element) -> str:
    pieces, length = [], 0
    for step in walk(root):
        if isinstance(step, Words):
            pieces.append(step.text)
            length += len(step.text)
            if length >= _LONGEST_BEGINNING:
                break
    return "".join(pieces)[:_LONGEST_BEGINNING]


def _of_text(text: str) -> Content:
    parts = [part for part in html.escape(text, quote=False).split("\n\n") if part.strip()]
    said = "".join(f"<p>{part}</p>" for part in parts).replace("\n", "<br>").replace("\u00a0", "&nbsp;")
    text = plain(said)
    return Content(html=said, text=text, quotable=text, beginning=text[:_LONGEST_BEGINNING])


def _cut(markup: Markup) -> str:
    value = markup.value
    if len(value) <= MOST_CHARACTERS:
        return value
    value = value[:MOST_CHARACTERS]
    opened = value.rfind("<")
    return value[:opened] if markup.kind != "text" and opened > value.rfind(">") else value


def _unescaped(value: str) -> str:
    """Decode HTML that was escaped once too often: text that begins with a tag and has an end of one."""
    for _ in range(2):
        if _A_TAG.search(value) or not (_ESCAPED.match(value) and _ESCAPED_END.search(value)):
            break
        value = html.unescape(value)
    return value


def _settled(root: Element, base: str) -> tuple[str, str]:
    """Return a tree as HTML that stays as it is when it is sanitised again, and its text."""
    steps = tuple(walk(root))
    said = written(steps, lambda element: _attributes(element, base))
    clean = sanitised(said)
    if clean is None:
        as_text = _of_text(text_of(steps))
        return as_text.html, as_text.text
    return clean, text_of(steps) if clean == said else plain(clean)


def _attributes(element: Element, base: str) -> dict[str, str]:
    allowed = ATTRIBUTES.get(element.name)
    if allowed is None or not element.attributes:
        return {}
    kept = {name: value for name, value in element.attributes.items() if name in allowed}
    if "href" in kept and not kept["href"].lower().startswith("mailto:"):
        kept["href"] = absolute(kept["href"], base)
    if element.name == "img":
        kept["src"] = absolute(kept.get("src", ""), base) or absolute(element.attributes.get(BEST, ""), base)
    return {name: value for name, value in kept.items() if value or name not in ("href", "src")}

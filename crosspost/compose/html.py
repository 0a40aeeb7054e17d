"""A draft's text in HTML: the same words, with the entry's own HTML where the template shows its content whole.

Imported when a channel whose network takes HTML composes: other channels need no sanitiser.
"""

import re
from collections.abc import Callable, Iterable
from html import escape
from html.parser import HTMLParser

import nh3

from crosspost.contract import Capabilities
from crosspost.errors import ConfigError
from crosspost.feeds.words.safe import ATTRIBUTES, TAGS
from crosspost.text import BLOCKS, acted_on, is_web_link, spaced, tidy, without_controls

_LONGEST = 500_000
_PASSES = 5
"""How often HTML is sanitised, at most, until another time changes nothing; two are the rule."""
_ATTRIBUTES = {**ATTRIBUTES, "div": {"dir"}, "p": {"dir"}}
_LINE_ENDS_IN_PRE = re.compile(r"(?<=<pre>)\n+")  # a parser drops the first of them, each time it parses
_RIGHT_TO_LEFT = re.compile(
    r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def in_html(
    text: str,
    fill: Callable[[str], str],
    *,
    body: str,
    content: str,
    rules: Capabilities,
    links: Iterable[str],
) -> str:
    """Return a draft's `text` in HTML that is sanitised, and stays as it is when it is sanitised again.

    `fill` fills the template as for `text`, with its argument in the place of `body`, the entry's content
    as text. `content` is the same as HTML; `rules` say what is neutralised in it. `links` are the
    addresses that become links.
    """
    parts = _around(text, fill, body)
    bare = _bare(links)
    if len(parts) > 1:
        whole = _whole(content, rules)
        if whole is not None and len(whole) * (len(parts) - 1) <= _LONGEST:
            html = _safe(whole.join(_paragraphs(part, bare) for part in parts))
            if html is not None:
                return html
    return _safe(_paragraphs(text, bare)) or ""


class _Marked(str):
    """A text with marks around it wherever a template shows it as it is.

    Filters and comparisons see the text without its marks and make mere text of it, so no filter can tear
    the HTML that takes the marked text's place.
    """

    __slots__ = ()

    def __str__(self) -> str:
        return f"\x02{self[:]}\x03"  # `tidy` drops these characters from what a template or a feed says


def _around(text: str, fill: Callable[[str], str], body: str) -> list[str]:
    """Split a text where its template shows the body whole: joined by the body, its parts are the text."""
    marked = _Marked(body)
    try:
        filled = fill(marked)
    except ConfigError:  # with its marks, it is longer than what a template may make
        return [text]
    said = tidy(filled)
    if not text.startswith(said):  # a filter over a block of the template has counted the marks
        return [text]
    return (filled + text[len(said) :]).split(str(marked))


def _paragraphs(text: str, bare: re.Pattern[str]) -> str:
    made = []
    for paragraph in filter(None, tidy(text).split("\n\n")):
        pieces = [escape(piece) for piece in bare.split(paragraph)]  # words, link, words, link, words
        pieces[1::2] = [f'<a href="{link}">{link}</a>' for link in pieces[1::2]]
        made.append(f"<p{_direction(paragraph)}>{''.join(pieces)}</p>".replace("\n", "<br>"))
    return "".join(made)


def _bare(links: Iterable[str]) -> re.Pattern[str]:
    """Match these addresses where they are not part of a longer one."""
    known = sorted({link for link in links if is_web_link(link)}, key=len, reverse=True)
    either = "|".join(map(re.escape, known)) or r"(?!)"
    return re.compile(rf"(?<![\w/=&?#%@:.-])({either})(?![\w/#&=%~-]|[?.,:;!]\w)", re.ASCII)


def _direction(shown: str) -> str:
    return ' dir="auto"' if _RIGHT_TO_LEFT.search(shown) else ""


def _whole(content: str, rules: Capabilities) -> str | None:
    """Return an entry's HTML as one block, its mentions neutralised; None if it is too long or never safe."""
    safe = _safe(without_controls(content)) if len(content) <= _LONGEST else None
    if safe is None:
        return None
    reader = _Reader()
    reader.feed(safe)
    reader.close()
    shown = reader.neutral(rules)
    return f"<div{_direction(shown)}>{shown}</div>" if shown.strip() else ""


class _Reader(HTMLParser):
    """Read sanitised HTML as its tags and the words between them, without the pictures that show nothing."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[tuple[str, str]] = []
        """Either a tag and the white space a reader sees for it, or "" and words."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "img" or _is_picture(dict(attrs)):
            self._tag(tag, self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        self._tag(tag, f"</{tag}>")

    def _tag(self, name: str, written: str) -> None:
        self.pieces.append((written, "\n" if name in BLOCKS else ""))

    def handle_data(self, data: str) -> None:
        self.pieces.append(("", data))

    def neutral(self, rules: Capabilities) -> str:
        """Return the HTML with its words neutralised, also where tags stand within what the network acts on."""
        text = "".join(seen for _, seen in self.pieces)
        places = acted_on(text, rules.neutralise, rules.links)
        made, at = [], 0
        for tag, seen in self.pieces:
            within = {place - at for place in places if at <= place < at + len(seen)}
            made.append(tag or escape(spaced(seen, within), quote=False))
            at += len(seen)
        return "".join(made)


def _is_picture(attributes: dict[str, str | None]) -> bool:
    """Tell a picture from one that is nowhere, and from one that only counts readers, by the size it gives."""
    return bool(attributes.get("src")) and not {attributes.get("width"), attributes.get("height")} & {"0", "1"}


def _safe(html: str) -> str | None:
    """Sanitise HTML until it stays as it is; None if it does not soon."""
    for _ in range(_PASSES):
        clean = nh3.clean(
            _LINE_ENDS_IN_PRE.sub("", html),
            tags=set(TAGS),
            attributes=_ATTRIBUTES,
            attribute_filter=_kept,
            url_schemes={"http", "https", "mailto"},
            link_rel=None,
        )
        clean = without_controls(clean)
        if clean == html:
            return html
        html = clean
    return None


def _kept(_tag: str, attribute: str, value: str) -> str | None:
    if attribute == "dir":
        return value if value == "auto" else None
    if attribute == "src" or (attribute == "href" and not value.lower().startswith("mailto:")):
        return value if is_web_link(value) else None
    return value

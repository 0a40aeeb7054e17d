"""The lines of an article, and what is taken from them: shortcodes, labels, what stands at its edges."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from crosspost.feeds.words import edges
from crosspost.feeds.words.labels import is_address, says_nothing
from crosspost.feeds.words.shortcodes import shortcodes
from crosspost.text.plain import in_one_line, raised, seen
from crosspost.text.tree import Element, Words

_LEFT_OVER = re.compile(r"\s?\[\s*\]|\s?\(\s*\)")
_NOTE = re.compile(r"\[\^[^\s\[\]]{1,40}\]:\s")
"""A note as Markdown has it, of an engine that knows no notes."""
_CODE = "\ufffc"
_MOST_EDGES = 20
"""How many lines are looked at for a beginning, and how often one line for an end."""


@dataclass(slots=True, eq=False)
class Line:
    """The words between two line ends of an article.

    `fit`: an excerpt may be taken from it. `aside`: it stands in a caption or a table. `code`: its white space
    counts. `item`: it stands in a list. `terse`: it stands where one word may be all that is said, in a list, a
    table or a heading. `after_break`: only a `<br>` stands between it and the line before.
    """

    fit: bool
    aside: bool
    code: bool
    item: bool
    terse: bool
    after_break: bool
    words: list[Words] = field(default_factory=list)
    in_code: set[Words] = field(default_factory=set)
    scripts: dict[Words, str] = field(default_factory=dict)
    """Which of its words are raised or lowered, by the element that does it."""
    pictures: list[Element] = field(default_factory=list)
    breaks: Element | None = None
    """The `<br>` that ends it."""
    trimmed: bool = False
    """Whether something was taken out of it."""
    linked: bool = True
    """Whether all of its words are links."""
    note: bool = False
    """Whether it begins with the mark of a note, as the note itself does."""
    _text: str | None = None

    @property
    def written(self) -> str:
        return "".join(words.text for words in self.words)

    @property
    def text(self) -> str:
        """The line as a reader sees it."""
        if self._text is None:
            self._text = in_one_line(self.written).strip(" \u00a0\u200c\u200d")
        return self._text

    def add(self, words: Words) -> None:
        """Let the line go on."""
        self.words.append(words)
        self._text = None

    def close_up(self) -> None:
        """Take out the space at the end of it so far, behind which something was taken out."""
        if self.words:
            self.words[-1].text = self.words[-1].text.rstrip(" ")
            self._text = None

    def drop(self, *, with_pictures: bool = False) -> None:
        """Take the whole line out."""
        for piece in (*self.words, *(self.pictures if with_pictures else ())):
            piece.gone = True
        self.words, self._text = [], None
        if self.breaks is not None:
            self.breaks.gone = True

    def cut(self, places: Iterable[tuple[int, int]]) -> None:
        """Take out what stands at these places of what is written, which are in order and do not overlap."""
        todo = list(places)
        at = now = 0
        for words in self.words:
            kept, start, end = [], at, at + len(words.text)
            while now < len(todo) and todo[now][0] < end:
                kept.append(words.text[start - at : max(start, todo[now][0]) - at])
                start = max(start, min(end, todo[now][1]))
                if todo[now][1] > end:
                    break
                now += 1
            kept.append(words.text[start - at :])
            words.text = "".join(kept)
            words.gone = not words.text
            at = end
        self._text = None
        self.trimmed = self.trimmed or bool(todo)

    def end_at(self, length: int) -> None:
        """Keep so many characters of its text."""
        self._as_seen()
        self.cut([(length, len(self.written))])
        for words in reversed(self.words):
            words.text, self._text = words.text.rstrip(), None
            words.gone = not words.text
            if words.text:
                break

    def clear(self) -> None:
        """Take out shortcodes and what they leave, or all of it if it says nothing."""
        if self.code:
            return
        if _NOTE.match(self.text):
            self.drop()
            return
        if "[" in (written := self.written):
            # Code that shows a shortcode means it.
            if self.in_code:
                written = "".join(
                    _CODE * len(words.text) if words in self.in_code else words.text for words in self.words
                )
            self.cut(shortcodes(written))
        if self.trimmed:
            self.cut(place.span() for place in _LEFT_OVER.finditer(self.written))
        text = self.text
        if says_nothing(text, as_button=self.linked or not self.terse) or (
            self.trimmed and not any(map(str.isalnum, text))
        ):
            self.drop()

    def is_address(self, *, behind: str) -> bool:
        """Tell whether it is an address on a line of its own, such as becomes a film on the author's page.

        `behind`: the line before, which may lead to it: « The code is here: ».
        """
        part_of_more = self.item or self.after_break or self.breaks is not None or behind.endswith(":")
        return not self.code and is_address(self.text, played=part_of_more)

    def _as_seen(self) -> None:
        """Let what is written be its text, without white space that nobody sees."""
        after_space = True
        for words in self.words:
            text = in_one_line(words.text)
            words.text = text[1:] if after_space and text.startswith(" ") else text
            after_space = words.text.endswith(" ") if words.text else after_space
        for words in self.words:
            stripped = words.text.lstrip(" \u00a0")
            words.text = stripped
            if stripped:
                break


def quotable(lines: list[Line]) -> str:
    """Return the text that an excerpt may be taken from."""
    pieces: list[str] = []
    for line in lines:
        if line.fit:
            text = line.text
            if line.scripts:
                text = "".join(raised(part.text, line.scripts.get(part, "")) for part in line.words)
            pieces += ("\n" if line.after_break else "\n\n", in_one_line(text))
    return seen("".join(pieces))


def cleared(lines: list[Line], *, titled: bool) -> list[Line]:
    """Take out of an article what its lines say of the page.

    A note without a title that is nothing but an address is that address.
    """
    if _is_one_word(lines):
        return lines
    for line in lines:
        line.clear()
    lines = [line for line in lines if line.text]
    before = ["", *(line.text for line in lines)]
    addresses = [line for line, said in zip(lines, before, strict=False) if line.is_address(behind=said)]
    if titled or len(addresses) < len(lines):
        for line in addresses:
            line.drop()
    lines = [line for line in lines if line.text]
    while lines and lines[-1].note and not all(line.note for line in lines):
        lines.pop().drop()
    return lines


def trimmed(lines: list[Line], title: str) -> tuple[list[Line], bool]:
    """Take out what stands before and behind an article's words; tell whether that said that they go on.

    A credit stays, but is no beginning.
    """
    _open(lines, title)
    goes_on = _close(lines, title)
    return [line for line in lines if line.text], goes_on


def _open(lines: list[Line], title: str) -> None:
    for line in [line for line in lines if not line.aside and not line.code][:_MOST_EDGES]:
        if not edges.begins(line.text, title):
            break
        if edges.begins(line.text, ""):
            line.fit = False
        else:
            line.drop()


def _is_one_word(lines: list[Line]) -> bool:
    """Tell whether all that an article says is one word, which its author wrote, whatever engines say by it."""
    return len(lines) == 1 and not lines[0].linked and edges.is_word(lines[0].text)


def _close(lines: list[Line], title: str) -> bool:
    goes_on = False
    if _is_one_word(lines):
        return goes_on
    for line in reversed(lines):
        for _ in range(_MOST_EDGES):
            text = line.text
            end = len(text) if line.code else edges.ends(text, title)
            if text and end >= len(text):
                return goes_on
            goes_on = goes_on or edges.was_shortened(text[end:])
            if end <= 0:
                line.drop(with_pictures=True)
                break
            line.end_at(end)
    return goes_on

"""Text as readers see it: out of HTML, decoded once, tidy."""

import re
from collections.abc import Iterable

from crosspost.redact import without_controls
from crosspost.text.tree import Element, End, Step, Words, parse, walk

BLOCKS = frozenset(
    "address article aside blockquote br caption center dd details div dl dt fieldset figcaption figure footer"
    " form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table td th tr ul".split()
)
"""The elements of HTML that stand on lines of their own."""
STRUCK = frozenset("del s strike rp rt".split())
"""What is shown, but not as words of the text: words struck out, and how others are pronounced."""
_UNSEEN = STRUCK | frozenset(
    "audio button canvas embed head iframe math noscript object script select style svg template textarea"
    " title video".split()
)
_RAISED = str.maketrans("0123456789+-\u2212=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾")
_LOWERED = str.maketrans("0123456789+-\u2212=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_LETTERS = {"n": "ⁿ", "i": "ⁱ", "o": "º", "a": "ª"}
"""Letters that are raised by themselves and have a character for that: 2ⁿ, and 1º, 1ª in Romance languages."""
_OF_SIGNS = re.compile(r"[0-9+\-\u2212=()]+")
_WHITE = "\t\r\n\f"
_SPACES = re.compile(r" {2,}")
_BETWEEN_CELLS = " · "


def plain(markup: str) -> str:
    """Return the readable text of HTML: blocks on lines of their own, entities decoded once.

    A row of a table is one line, and code keeps its lines.
    """
    return text_of(walk(parse(markup)))


def text_of(steps: Iterable[Step]) -> str:
    """Return the readable text of a walk through a tree, as `plain` does."""
    writer = _Writer()
    for step in steps:
        writer.take(step)
    return seen("".join(writer.pieces))


class _Writer:
    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._skipped: Element | None = None
        self._in_pre = 0
        self._script: int | None = None
        """Where in the pieces what is raised or lowered begins."""
        self._rows: list[list[int] | None] = []
        """Where in the pieces the cells of a row begin, the innermost row last; None if a table is in one."""

    def take(self, step: Step) -> None:
        if self._skipped is not None:
            if isinstance(step, End) and step.element is self._skipped:
                self._skipped = None
        elif isinstance(step, Words):
            self.pieces.append(step.text if self._in_pre else in_one_line(step.text))
        elif isinstance(step, Element):
            if step.name in _UNSEEN:
                self._skipped = step
            else:
                self._enter(step.name)
        else:
            self._leave(step.element.name)

    def _enter(self, name: str) -> None:
        if name == "tr":
            self._rows.append([])
        elif name in ("td", "th"):
            if self._rows and (cells := self._rows[-1]) is not None:
                cells.append(len(self.pieces))
        elif name == "table":
            if self._rows:
                self._rows[-1] = None
        elif name in ("sup", "sub"):
            self._script = len(self.pieces)
        elif name == "pre":
            self._in_pre += 1
        if name in BLOCKS:
            self.pieces.append("\n")
        elif name == "q":
            self.pieces.append("“")

    def _leave(self, name: str) -> None:
        if name in ("sup", "sub") and self._script is not None:
            self.pieces[self._script :] = [raised("".join(self.pieces[self._script :]), name)]
            self._script = None
        elif name == "pre":
            self._in_pre -= 1
        elif name == "tr":
            self._row(self._rows.pop())
            return
        if name in BLOCKS and name != "br":
            self.pieces.append("\n")
        elif name == "q":
            self.pieces.append("”")

    def _row(self, starts: list[int] | None) -> None:
        """Let a row with several cells that say something be one line, unless whole paragraphs are in it."""
        if not starts:
            return
        ends = [*starts[1:], len(self.pieces)]
        cells = [seen("".join(self.pieces[start:end])) for start, end in zip(starts, ends, strict=True)]
        said = [cell for cell in cells if cell]
        if len(said) > 1 and not any("\n\n" in cell and len(cell) > _LONGEST_CELL for cell in said):
            self.pieces[starts[0] :] = [_BETWEEN_CELLS.join(re.sub(r"\s*\n\s*", " ", cell) for cell in said)]
        elif len(said) > 1:
            self.pieces.append("\n")


_LONGEST_CELL = 200
"""Characters of a cell with paragraphs in it; with more, a table only puts columns beside each other."""


def raised(text: str, name: str) -> str:
    """Write what is in a `sup` or `sub` by characters that mean it; what has none stays as it is."""
    if not name:
        return text
    signs = text.strip()
    if _OF_SIGNS.fullmatch(signs):
        return signs.translate(_RAISED if name == "sup" else _LOWERED)
    return _LETTERS.get(signs, text) if name == "sup" else text


def in_one_line(text: str) -> str:
    """Return words of HTML, where a line end is a space; only elements break lines."""
    for white in _WHITE:  # whoever looks for one sign at a time is done before a pattern has begun
        text = text.replace(white, " ")
    return _SPACES.sub(" ", text) if "  " in text else text


def seen(text: str) -> str:
    """Tidy a text that comes from HTML, where non-breaking spaces also stand for distance and for nothing."""
    if "\u00a0" in text:
        text = re.sub(
            r"[ \t]*\u00a0[ \t\u00a0]*", lambda run: " " if run[0].strip("\u00a0") else "\u00a0", text
        )
        text = text.replace("\u00a0\n", "\n").replace("\n\u00a0", "\n")
    return tidy(text.strip(" \n\t\u00a0"))


def tidy(text: str) -> str:
    """Drop control characters, and white space that nobody sees. Non-breaking spaces stay."""
    text = without_controls(text.replace("\r\n", "\n").replace("\r", "\n"))
    if "\t" in text or "  " in text:
        text = re.sub(r"[ \t]+", " ", text)
    text = text.replace(" \n", "\n").replace("\n ", "\n")
    if "\n\n\n" in text:
        text = re.sub(r"\n{3,}", "\n\n", text)
    return text.strip(" \n\t")

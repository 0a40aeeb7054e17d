"""What the signature says: a block between two marks, in a file that is otherwise the user's. Pure."""

import html
import re
from collections.abc import Sequence
from typing import Literal, Protocol

Format = Literal["txt", "html"]

# Recipients see the marks of a text, so they look like a frame. Any heading is recognised: it may change.
_MARKS: dict[Format, tuple[str, str]] = {
    "txt": ("~~ … ~~", "~~"),
    "html": ("<!-- crosspost:begin -->", "<!-- crosspost:end -->"),
}
_ANY_MARK: dict[Format, re.Pattern[str]] = {
    "txt": re.compile(r"^(?:(?P<begin>~~ .+ ~~)|~~)[ \t]*(?=\r?$)", re.MULTILINE),
    "html": re.compile(r"<!--\s*crosspost:(?:(?P<begin>begin)|end)\s*-->"),
}
_NEW_HTML = '<!DOCTYPE html>\n<html>\n<head><meta charset="utf-8"></head>\n<body>\n</body>\n</html>\n'
_BODY_END = re.compile(r"</body\s*>", re.IGNORECASE)


class Shown(Protocol):
    """An entry as the signature shows it."""

    @property
    def text(self) -> str: ...

    @property
    def link(self) -> str: ...


class Repertoire(Protocol):
    """What the file's characters make of ours."""

    def fit(self, text: str) -> str: ...

    def fit_link(self, link: str) -> str: ...


class BrokenMarks(Exception):
    """Say on which line a mark stands that has no other half, and what to do about it."""

    def __init__(self, line: int, says: str) -> None:
        super().__init__(says)
        self.line = line
        self.says = says


def with_block(
    format_: Format, text: str | None, heading: str, entries: Sequence[Shown], characters: Repertoire
) -> str | None:
    """Return the file's text with these entries in our block; None if there is nothing to show, and no block.

    `text`: what the file holds now; None: there is no file. Raise `BrokenMarks`, and what `characters` raises.
    """
    ours = _ours(format_, text or "")
    if not entries and ours is None:
        return None
    lines = (_html_lines if format_ == "html" else _text_lines)(heading, entries, characters)
    return _with_lines(format_, text, ours, lines)


def _text_lines(heading: str, entries: Sequence[Shown], characters: Repertoire) -> list[str]:
    lines = []
    for entry in entries:
        first, *more = (characters.fit(line) for line in entry.text.splitlines())
        lines += [f"{characters.fit('•')} {first}", *(f"  {line}" for line in more if line.strip())]
        if entry.link not in entry.text:
            lines.append(f"  {characters.fit_link(entry.link)}")
    return [f"~~ {characters.fit(heading)} ~~", *lines, "~~"]


def _html_lines(heading: str, entries: Sequence[Shown], characters: Repertoire) -> list[str]:
    begin, end = _MARKS["html"]
    items = []
    for entry in entries:
        shown = "<br>".join(
            characters.fit(html.escape(line)) for line in entry.text.splitlines() if line.strip()
        )
        link = characters.fit_link(html.escape(entry.link))
        items.append(f'<li><a href="{link}">{shown}</a></li>')
    if not items:
        return [begin, end]
    return [
        begin,
        f'<p style="margin:1em 0 .3em">{characters.fit(html.escape(heading))}</p>',
        '<ul style="margin:0;padding-left:1.2em">',
        *items,
        "</ul>",
        end,
    ]


def _with_lines(format_: Format, text: str | None, ours: tuple[int, int] | None, lines: Sequence[str]) -> str:
    """Put the block where it stands; else at the end, in HTML before the body's end."""
    if text is None and format_ == "html":
        text = _NEW_HTML
    text = text or ""
    ends = re.search(r"\r?\n", text)
    eol = ends[0] if ends else "\n"
    block = eol.join(lines)
    if ours is not None:
        return text[: ours[0]] + block + text[ours[1] :]
    bodies = list(_BODY_END.finditer(text)) if format_ == "html" else []
    at = bodies[-1].start() if bodies else len(text)
    gap = "" if not at or text[at - 1] == "\n" else eol
    if at and format_ == "txt":
        gap += eol
    return text[:at] + gap + block + eol + text[at:]


def _ours(format_: Format, text: str) -> tuple[int, int] | None:
    """Find where our block begins and ends; None if there is none. Raise `BrokenMarks`."""
    marks = list(_ANY_MARK[format_].finditer(text))
    order = "".join("b" if mark["begin"] else "e" for mark in marks)
    if order == "be":
        return marks[0].start(), marks[1].end()
    if not order:
        return None
    begin, end = _MARKS[format_]
    paired = re.match("(?:be)*", order)
    odd = paired.end() if paired else 0
    if odd == len(order):
        odd, says = 2, "a second list begins here; delete one of the two with its marks"
    elif order[odd] == "b":
        says = f"no {end} ends what begins here; put one below the articles, or delete this mark"
    else:
        says = f"nothing begins that this {end} could end; put {begin} above the articles, or delete this mark"
    raise BrokenMarks(text.count("\n", 0, marks[odd].start()) + 1, says)

"""One's own opening lines, by category: `Python = ["New in the workshop:", "From the bench:"]`."""

import unicodedata
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from crosspost.text import without_controls

EVERY_OTHER = "*"
"""Stands for the categories that are not named."""
_MOST_LINES = 100
_LONGEST_LINE = 200


def same_category(category: str) -> str:
    """Return what spellings of a category have in common: case does not matter, nor how accents are kept."""
    return unicodedata.normalize("NFC", category).casefold().strip()


def _lines(given: object) -> tuple[str, ...]:
    lines = [given] if isinstance(given, str) else given
    if not isinstance(lines, list | tuple):
        raise ValueError(  # noqa: TRY004 - pydantic knows no other
            'must be a list of lines, such as ["New on the blog:", "Just published:"]'
        )
    if not 1 <= len(lines) <= _MOST_LINES:
        raise ValueError(f"must have 1 to {_MOST_LINES} lines; write one, or take the category away")
    return tuple(_line(number, line) for number, line in enumerate(lines, 1))


def _line(number: int, line: object) -> str:
    if not isinstance(line, str):
        raise ValueError(f"line {number} must be a string, in quotes")  # noqa: TRY004 - as above
    if not line.strip():
        raise ValueError(f"line {number} is empty; write what it says, or take it away")
    if len(line) > _LONGEST_LINE:
        raise ValueError(f"line {number} has {len(line)} characters; {_LONGEST_LINE} are the most")
    if without_controls(line) != line or len(line.splitlines()) > 1 or "\t" in line:
        raise ValueError(f"line {number} holds a line break or a control character; take it away")
    return line.strip(" ")


def _told_apart(words: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    first: dict[str, str] = {}
    for name in words:
        other = first.setdefault(same_category(name), name)
        if not same_category(name):
            raise ValueError(f'has a category without a name; "{EVERY_OTHER}" stands for every other')
        if other != name:
            raise ValueError(f"names a category twice: {other} and {name}; write all its lines in one list")
    return words


Lines = Annotated[tuple[str, ...], BeforeValidator(_lines)]
Words = Annotated[Mapping[str, Lines], AfterValidator(_told_apart)]
"""Opening lines by category, in the file's order."""

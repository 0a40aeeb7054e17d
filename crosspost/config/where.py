"""Find the line on which a TOML key stands; the standard library's parser does not say."""

import re
from collections.abc import Mapping

_KEY = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_DOTTED = re.compile(rf"{_KEY}(?:\s*\.\s*{_KEY})*")
_HEADER = re.compile(rf"\s*\[\[?\s*({_DOTTED.pattern})\s*\]\]?")
_PAIR = re.compile(rf"\s*({_DOTTED.pattern})\s*=")
Path = tuple[str, ...]


def lines_of_keys(text: str) -> Mapping[Path, int]:
    """Map the path of each key and table to its line, counted from 1. For texts that parse as TOML."""
    found: dict[Path, int] = {}
    table: Path = ()
    inside = ""  # the closing quotes of a multi-line string we are in
    for number, line in enumerate(text.splitlines(), start=1):
        if inside:
            if inside in line:
                inside = ""
            continue
        if header := _HEADER.match(line):
            table = _split(header[1])
            found.setdefault(table, number)
        elif pair := _PAIR.match(line):
            found.setdefault(table + _split(pair[1]), number)
        for quotes in ('"""', "'''"):
            if line.count(quotes) % 2:
                inside = quotes
    return found


def line_of(path: Path, lines: Mapping[Path, int]) -> int | None:
    """Return the line of a key, or of the nearest table around it."""
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return None


def _split(dotted: str) -> Path:
    return tuple(key.strip("\"'") for key in re.findall(_KEY, dotted))

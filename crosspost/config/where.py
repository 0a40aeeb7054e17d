"""Find the line on which a TOML key stands; the standard library's parser does not say."""

import re
import tomllib
from collections.abc import Mapping

_KEY = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_DOTTED = rf"{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*"
_HEADER = re.compile(rf"[ \t]*\[\[?[ \t]*({_DOTTED})[ \t]*\]")
_PAIR = re.compile(rf"[ \t]*({_DOTTED})[ \t]*=")
# What decides where a statement ends: strings and comments, whose brackets and line ends do not count, and
# brackets. The closing quotes of a multi-line string may have two of the text's own before them.
_TOKEN = re.compile(
    r"""
    \"{3} (?:[^\\]|\\.)*? \"{3,5}
    | '{3} .*? '{3,5}
    | "(?:[^"\\\n]|\\.)*"
    | '[^'\n]*'
    | \#[^\n]*
    | [\[\]{}\n]
    """,
    re.DOTALL | re.VERBOSE,
)
Path = tuple[str, ...]


def lines_of_keys(text: str) -> Mapping[Path, int]:
    """Map the path of each key and table to its line, counted from 1. For texts that parse as TOML."""
    lines: dict[Path, int] = {}
    table: Path = ()
    position, line = 0, 1
    while position < len(text):
        path: Path = ()
        if header := _HEADER.match(text, position):
            table = path = _split(header[1])
        elif pair := _PAIR.match(text, position):
            path = table + _split(pair[1])
        for depth in range(1, len(path) + 1):
            lines.setdefault(path[:depth], line)  # [a.b] is also the first word about a
        end = _end_of_statement(text, position)
        line += text.count("\n", position, end)
        position = end
    return lines


def line_of(path: Path, lines: Mapping[Path, int]) -> int | None:
    """Return the line of a key, or of the nearest table around it."""
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return None


def _end_of_statement(text: str, position: int) -> int:
    """Return where the next statement begins: behind the first line end outside of strings and brackets."""
    depth = 0
    for token in _TOKEN.finditer(text, position):
        if token[0] in "[{":
            depth += 1
        elif token[0] in "]}":
            depth -= 1
        elif token[0] == "\n" and depth <= 0:
            return token.end()
    return len(text)


def _split(dotted: str) -> Path:
    """Return the words of a dotted key, quotes and escapes undone."""
    path, value = [], tomllib.loads(f"{dotted} = 0")
    while isinstance(value, dict):
        ((name, value),) = value.items()
        path.append(name)
    return tuple(path)

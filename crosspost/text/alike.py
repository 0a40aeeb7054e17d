"""How much two texts say the same."""

import re
import unicodedata

_WORD = re.compile(r"\w+")
_ROW = 3
"""Words in a row that are compared: single words are shared by any two texts of one author."""
_MOST = 5000
"""Words of a text that are looked at."""


def alike(one: str, other: str) -> float:
    """Return from 0 to 1 how much of the rows of three words in either text is in both."""
    rows, others = _rows(one), _rows(other)
    return len(rows & others) / len(rows | others) if rows and others else 0.0


def _rows(text: str) -> frozenset[tuple[str, ...]]:
    words = _WORD.findall(unicodedata.normalize("NFC", text).casefold())[:_MOST]
    size = min(_ROW, len(words))
    return (
        frozenset(tuple(words[at : at + size]) for at in range(len(words) - size + 1)) if size else frozenset()
    )

"""What two spellings of the same words have in common."""

import re
import unicodedata

_REST = re.compile(r"[\W_]+")
# Where marks stand that are more than accents: from Cyrillic's to those of Asia's scripts.
_SCRIPTS = re.compile(
    "[\u0483-\u1dff\u20d0-\u20ff\u2cef-\u2dff\u302a-\u309a\ua66f-\uabff\ufb1e\ufe00-\ufe2f\U00010000-\U0010ffff]"
)


def folded(text: str) -> str:
    """Return letters and digits only, caseless and without accents: `nonclasse` for “Non classé”."""
    if text.isascii():
        return _REST.sub("", text.lower())
    text = unicodedata.normalize("NFKD", text).casefold()
    return _REST.sub(_signs_of_scripts if _SCRIPTS.search(text) else "", text)


def folded_with_places(text: str) -> tuple[str, list[int]]:
    """Return the `folded` signs of a text, each by itself, and for each where it stands in the text."""
    pieces = [folded(sign) for sign in text]
    return "".join(pieces), [place for place, piece in enumerate(pieces) for _ in piece]


def level(text: str) -> str:
    """Return a text in which case, white space and the kinds of apostrophes make no difference."""
    return " ".join(text.replace("'", "’").casefold().split())


def _signs_of_scripts(rest: re.Match[str]) -> str:
    """Keep vowel signs, without which Hindi says something else, but no accents, which are often left out."""
    marks = (sign for sign in rest[0] if unicodedata.category(sign) in ("Mn", "Mc"))
    return "".join(mark for mark in marks if not "\u0300" <= mark <= "\u036f")

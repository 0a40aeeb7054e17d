"""What two ways to write the same words share: their letters and digits, without accents and case."""

import re
import unicodedata

_WORDS = re.compile(r"[^\W_]+")


def squeezed(text: str) -> str:
    """Return the letters and digits of a text alone, without accents and case."""
    plainest = text.lower() if text.isascii() else unicodedata.normalize("NFKD", text).casefold()
    return "".join(_WORDS.findall(plainest))


def squeezed_with_places(text: str) -> tuple[str, list[int]]:
    """Return the letters and digits of a text alone, and for each of them where it stands in the text."""
    pieces = [_squeezed(sign) for sign in text]
    return "".join(pieces), [place for place, piece in enumerate(pieces) for _ in piece]


def _squeezed(sign: str) -> str:
    if sign.isascii():
        return sign.lower() if sign.isalnum() else ""
    return squeezed(sign)

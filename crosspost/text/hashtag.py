"""Hashtags from categories: CamelCase, accents kept, punctuation dropped."""

import re
import unicodedata
from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f][^\W_]*)*")
_LONGEST = 100


def hashtag(category: str) -> str:
    """Turn a category into a hashtag, without `#`; "" if no network would link it (empty, only digits)."""
    words = _WORD.findall(unicodedata.normalize("NFC", category)[:_LONGEST])
    # A word with capitals of its own (iOS, RSS) keeps them.
    tag = "".join(word[0].upper() + word[1:] if word.islower() else word for word in words)
    return "" if tag.isdigit() else tag


def hashtags(categories: Iterable[str], most: int) -> tuple[str, ...]:
    """Turn categories into at most `most` different hashtags, in their order."""
    found: dict[str, str] = {}
    for category in categories:
        if len(found) >= most:
            break
        if tag := hashtag(category):
            found.setdefault(tag.casefold(), tag)
    return tuple(found.values())

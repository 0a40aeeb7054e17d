"""Hashtags from categories: CamelCase, accents kept, punctuation dropped."""

import unicodedata
from collections.abc import Iterable
from itertools import groupby

_LONGEST = 100
_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))  # marks by name only: they choose an emoji's look


def hashtag(category: str) -> str:
    """Turn a category into a hashtag, without `#`; "" if no network would link it (empty, only digits)."""
    text = unicodedata.normalize("NFC", category)[:_LONGEST]
    pieces = ("".join(letters) for belongs, letters in groupby(text, _in_word) if belongs)
    words = [piece for piece in pieces if piece[0].isalnum()]
    # A word with capitals of its own (iOS, RSS) keeps them.
    tag = "".join(word[0].upper() + word[1:] if word.islower() else word for word in words)
    return "" if tag.isdigit() else tag


def _in_word(letter: str) -> bool:
    """Letters, digits, and the marks on them: without its vowel signs, Hindi says something else."""
    return letter.isalnum() or (unicodedata.category(letter) in ("Mn", "Mc") and letter not in _SELECTORS)


def hashtags(categories: Iterable[str], most: int) -> tuple[str, ...]:
    """Turn categories into at most `most` different hashtags, in their order."""
    tags: dict[str, str] = {}
    for category in categories:
        if len(tags) >= most:
            break
        if tag := hashtag(category):
            tags.setdefault(tag.casefold(), tag)
    return tuple(tags.values())

"""Hashtags from categories: CamelCase, accents kept, punctuation dropped."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import groupby

from crosspost.text.default_categories import SAYS_NOTHING
from crosspost.text.fold import folded

_LONGEST = 50
"""Characters of the longest hashtag that anybody would read; X and LinkedIn link longer ones."""
_LONGEST_CATEGORY = 200
_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))  # marks by name only: they choose an emoji's look
# `Tech > Python`, `News » Local`: the path to a category, of which the last step is the one.
_PATH = re.compile(r".*\s(?:>|»|›|→|::)\s+(?=\S)", re.DOTALL)
_OF_LANGUAGE = re.compile(r"\s@[a-z]{2}(?:-[a-z]+)?$")  # WPML's, where two languages have one name
# The signs that are part of a name, as those who use it write it.
_NAMES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\bASP\.NET\b", re.IGNORECASE), "AspNet"),
    (re.compile(r"(?<!\w)\.NET\b", re.IGNORECASE), " Dot Net"),
    (re.compile(r"(?<!\w)\.(?=[^\W\d_])"), " Dot "),
    (re.compile(r"(?<=\w)\.js\b", re.IGNORECASE), " JS"),
    (re.compile(r"\b([A-Z])[#♯](?!\w)", re.IGNORECASE), r"\1 Sharp "),
    (re.compile(r"(?<=\w)\+\+(?![^\W\d])"), " Plus Plus "),
    (re.compile(r"(?<=\w)\+(?![\w+])"), " Plus "),
    (re.compile(r"\b([A-Z]) ?& ?(?=[A-Z]\b)"), r"\1n"),
)
# An ending of English behind an apostrophe, and the dot within Catalan's l·l, part no words.
_GLUE = re.compile(r"(?<=\w)(?:['’](?=(?:s|t|re|ve|ll|d|m|hui)\b)|·(?=\w))", re.IGNORECASE)


def hashtag(category: str) -> str:
    """Turn a category into a hashtag, without `#`; "" if no network would link it (empty, only digits).

    So is one that is longer than anybody reads.
    """
    text = unicodedata.normalize("NFC", category)[:_LONGEST_CATEGORY].replace("\u00ad", "")
    text = _OF_LANGUAGE.sub("", _PATH.sub("", text))
    for sign, name in _NAMES:
        text = sign.sub(name, text)
    text = _GLUE.sub("", text)
    pieces = ("".join(letters) for belongs, letters in groupby(text, _in_word) if belongs)
    words = [piece for piece in pieces if piece[0].isalnum()]
    # A word with capitals of its own (iOS, RSS) keeps them.
    tag = "".join(word[0].upper() + word[1:] if word.islower() else word for word in words)
    return "" if tag.isdigit() or len(tag) > _LONGEST else tag


def _in_word(letter: str) -> bool:
    """Letters, digits, and the marks on them: without its vowel signs, Hindi says something else."""
    return letter.isalnum() or (unicodedata.category(letter) in ("Mn", "Mc") and letter not in _SELECTORS)


def hashtags(categories: Iterable[str], most: int, never: Iterable[str] = ()) -> tuple[str, ...]:
    """Turn categories into at most `most` different hashtags, in their order.

    Those in `never` become none, and neither do those that an engine gives an entry that has none.
    """
    unsaid = SAYS_NOTHING.union(folded(hashtag(name)) for name in never)
    tags: dict[str, str] = {}
    for category in categories:
        if len(tags) >= most:
            break
        tag = hashtag(category)
        if tag and folded(tag) not in unsaid:
            tags.setdefault(folded(tag), tag)
    return tuple(tags.values())

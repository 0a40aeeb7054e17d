"""Cut a text so that it still reads well: at a sentence, else at a word, never inside a grapheme."""

import re
from collections.abc import Callable

from crosspost.text.sentence import sentence_ends

ELLIPSIS = "…"
# The white space at which a line may break. The non-breaking spaces of French (U+00A0, U+202F) are not in it:
# what they tie together is one word.
_BREAK = re.compile(r"[ \t\n\r\u2000-\u2006\u2008-\u200b\u205f\u3000]+")
_DANGLING = " \t\n\r\u00a0\u202f,;:–—-([{«“‘/&"
_DANGLING_LINK = _DANGLING.translate({ord(sign): None for sign in "/&-"})  # a link may end in these
_LINK_AT_END = re.compile(r"https?://\S*\Z", re.IGNORECASE)
# What is torn nowhere: a link, or what may become one.
_WHOLE = re.compile(r"https?://[^\s<>\"]+|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.IGNORECASE)
_WORTH = 0.6  # a sentence end is preferred if it keeps this share of what fits


def cut(text: str, fits: Callable[[str], bool]) -> str:
    """Return the longest good beginning of `text` for which `fits` holds; "" if not even a word does.

    `fits` must be monotonic: what fits stays fitting when shortened. A cut at a sentence needs no mark;
    any other ends in `…`.
    """
    if fits(text):
        return text
    words = [match.start() for match in _BREAK.finditer(text) if match.start()]
    word = _longest(words, lambda end: fits(_trimmed(text, end)))
    sentence = _longest(sentence_ends(text), lambda end: fits(text[:end]))
    if sentence and sentence >= _WORTH * word:
        return text[:sentence]
    if word:
        return _trimmed(text, word)
    return _inside_word(text, fits)


def _trimmed(text: str, end: int) -> str:
    last_space = max(text.rfind(space, 0, end) for space in " \n")
    is_link = _LINK_AT_END.search(text, last_space + 1, end)
    return text[:end].rstrip(_DANGLING_LINK if is_link else _DANGLING) + ELLIPSIS


def _inside_word(text: str, fits: Callable[[str], bool]) -> str:
    """Cut between two graphemes where there is no space (Japanese, one endless word), but in no link."""
    import regex  # late: rarely needed

    text = text[:5000]
    within = {place for whole in _WHOLE.finditer(text) for place in range(whole.start() + 1, whole.end())}
    ends = [match.end() for match in regex.finditer(r"\X", text) if match.end() not in within]
    end = _longest(ends, lambda end: fits(_trimmed(text, end)))
    return _trimmed(text, end) if end else ""


def _longest(ends: list[int], fits: Callable[[int], bool]) -> int:
    """Return the largest of the ascending `ends` that fits, 0 if none does."""
    low, high = 0, len(ends)
    while low < high:
        middle = (low + high) // 2
        if fits(ends[middle]):
            low = middle + 1
        else:
            high = middle
    return ends[low - 1] if low else 0

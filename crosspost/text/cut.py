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
_PAIRS = {"«": "»", "»": "«", "“": "”", "„": "“”", "‹": "›", "(": ")", "[": "]"}  # also German »so« and „so“
_IN_PAIRS = re.compile(r"[«»“”„‹›()\[\]]")
_OPENS = re.compile(r"[«“„‹(\[]|(?<!\w)»(?=\w)")
_INSIDE = "\u00a0\u202f "
"""The spaces that French puts inside its quotation marks."""


def cut(text: str, fits: Callable[[str], bool]) -> str:
    """Return the longest good beginning of `text` for which `fits` holds; "" if not even a word does.

    `fits` must be monotonic: what fits stays fitting when shortened. A cut at a sentence needs no mark;
    any other ends in `…`. Quotation marks and brackets that are open there are closed.
    """
    if fits(text):
        return text
    closing = _Closing(text)
    words = [match.start() for match in _BREAK.finditer(text) if match.start()]
    word = _longest(words, lambda end: fits(_trimmed(text, end, closing)))
    sentence = _longest(list(sentence_ends(text)), lambda end: fits(text[:end] + closing.at(end)))
    if sentence and sentence >= _WORTH * word:
        return text[:sentence] + closing.at(sentence)
    if word:
        return _trimmed(text, word, closing)
    return _inside_word(text, fits, closing)


class _Closing:
    """What closes the quotation marks and brackets of a text, wherever it is cut."""

    def __init__(self, text: str) -> None:
        self._pairs: list[tuple[int, int, str]] = []
        """Where each begins and ends, and what closes it."""
        opened: list[tuple[int, str]] = []
        for sign in _IN_PAIRS.finditer(text):
            place, mark = sign.start(), sign[0]
            if opened and mark in _PAIRS[opened[-1][1]]:
                begin, opening = opened.pop()
                self._pairs.append((begin, place, _closer(text, begin, opening)))
            elif _OPENS.match(text, place):
                opened.append((place, mark))
        # A bracket that the text itself leaves open may be no bracket, such as the mouth of a :(
        self._pairs += [(at, len(text), _closer(text, at, mark)) for at, mark in opened if mark in "«“„‹"]
        self._pairs.sort(reverse=True)

    def at(self, end: int) -> str:
        """Return what closes the pairs that are open at `end`, the innermost first."""
        return "".join(closer for begin, close, closer in self._pairs if begin < end <= close)


def _closer(text: str, begin: int, opening: str) -> str:
    space = text[begin + 1 : begin + 2]
    tie = space.replace(" ", "\u00a0") if space and opening in "«‹“" and space in _INSIDE else ""
    return tie + _PAIRS[opening][0]


def _trimmed(text: str, end: int, closing: _Closing) -> str:
    last_space = max(text.rfind(space, 0, end) for space in " \n")
    is_link = _LINK_AT_END.search(text, last_space + 1, end)
    kept = text[:end].rstrip(_DANGLING_LINK if is_link else _DANGLING + ".…")
    return kept + ELLIPSIS + closing.at(len(kept))


def _inside_word(text: str, fits: Callable[[str], bool], closing: _Closing) -> str:
    """Cut between two graphemes where there is no space (Japanese, one endless word), but in no link."""
    import regex  # late: rarely needed

    text = text[:5000]
    within = {place for whole in _WHOLE.finditer(text) for place in range(whole.start() + 1, whole.end())}
    ends = [match.end() for match in regex.finditer(r"\X", text) if match.end() not in within]
    end = _longest(ends, lambda end: fits(_trimmed(text, end, closing)))
    return _trimmed(text, end, closing) if end else ""


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

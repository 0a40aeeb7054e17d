"""A title that the words behind it repeat, and what is left where it is said once."""

import re
import unicodedata
from collections.abc import Iterator

from crosspost.text.sentence import sentence_ends

_LONGEST_TITLE = 200
_CUT_OFF = ("…", "...")
_CLOSES = "»”’\"')\\]"
# What follows a title that stands by itself at the head of a text: its end, a line's, a sentence's, or a dash.
_STANDS_ALONE = re.compile(
    rf"[{_CLOSES}\u00a0\u202f ]*"
    rf"(?:(?P<stop>[.!?…]+)[{_CLOSES}\u00a0\u202f ]*(?:\s+|$)"
    rf"|[。！？]+[{_CLOSES}」』]*\s*"  # no space follows these
    r"|\s*\n\s*"
    r"|\s*[|:–—-]\s+(?=[«“\"(\[]*[^\W_])"
    r"|$)"
)


def without_title(text: str, title: str) -> str:
    """Return a text without the title that it begins with, where what is left can stand by itself.

    Case, quotation marks and punctuation do not matter. "" if the text says nothing else.
    """
    if is_cut_from(text, title):
        return ""
    end = _end_of(title, text)
    alone = _STANDS_ALONE.match(text, end) if end else None
    if alone is None or (alone["stop"] == "." and not _ends_sentence(text, alone.end("stop"), alone.end())):
        return text
    rest = text[alone.end() :]
    goes_on = rest[:1].islower() and "\n" not in alone[0]
    return text if goes_on else rest


def completed(title: str, text: str) -> str:
    """Return a title that is but the cut beginning of a text (`Il revient chaque…`) as whole sentences of it.

    Any other title comes back as it is, as does one whose sentence is long.
    """
    if not is_cut_from(title, text):
        return title
    begun = _end_of(title, text) or 0
    end = next((end for end in sentence_ends(text[: 2 * _LONGEST_TITLE]) if end >= begun), len(text))
    return text[:end] if 0 < end <= _LONGEST_TITLE else title


def is_cut_from(short: str, text: str) -> bool:
    """Tell whether `short` says nothing of its own: it is a text's beginning, cut off with an ellipsis."""
    end = _end_of(short, text) if short.rstrip().endswith(_CUT_OFF) else None
    return end is not None and any(True for _ in _marks(text[end:]))


def _ends_sentence(text: str, first: int, last: int) -> bool:
    """Tell whether a sentence ends at one of these places."""
    return any(first <= end <= last for end in sentence_ends(text[: last + _LONGEST_TITLE]))


def said_once(text: str, title: str) -> str:
    """Return a text without the line that is just its title, if another of its lines begins with that."""
    lines, marks = text.split("\n"), [mark for mark, _ in _marks(title)]
    said = [place for place, line in enumerate(lines) if _begins_with(line, title)]
    just = [place for place in said if [mark for mark, _ in _marks(lines[place])] == marks]
    if len(said) < 2 or not just:
        return text
    # Of two lines that say nothing else, the first stays.
    dropped = just[0] if len(just) < len(said) else just[-1]
    return "\n".join(line for place, line in enumerate(lines) if place != dropped)


def _begins_with(line: str, title: str) -> bool:
    """Tell whether a line of words begins with a title; hashtags and links are no words."""
    line = line.strip()
    if line.startswith(("#", "http://", "https://")):
        return False
    end = _end_of(title, line)
    return end is not None and (title.endswith(_CUT_OFF) or _ends_word(line, end))


def _end_of(beginning: str, text: str) -> int | None:
    """Return where in a text the words end with which it begins; None if it begins otherwise, or with none."""
    end, said = 0, _marks(text)
    for mark, _ in _marks(beginning):
        found = next(said, None)
        if found is None or found[0] != mark:
            return None
        end = found[1]
    return end or None


def _ends_word(text: str, end: int) -> bool:
    """Tell whether a word ends there; `C` is none of the words in `C++` and `C#`."""
    return end == len(text) or not (_is_mark(text[end]) or text[end] in "+#_")


def _marks(text: str) -> Iterator[tuple[str, int]]:
    """Yield what two spellings of a text have in common, and where each piece of it ends."""
    for place, character in enumerate(text):
        for mark in unicodedata.normalize("NFD", character).casefold():
            if _is_mark(mark):
                yield mark, place + 1


def _is_mark(character: str) -> bool:
    """Letters, digits, the signs on them, and emoji."""
    category = unicodedata.category(character)
    return category[0] in "LNM" or category == "So"

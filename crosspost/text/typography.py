"""Spaces as readers expect them, above all French ones: no mark of punctuation begins a line."""

import re

# A plain space before a mark that stands by itself, or behind an opening guillemet.
_LOOSE = re.compile(
    r"(?<=\S) (?=[?!]+(?:[\s»)\]]|\Z)|[:;](?:[\s»]|\Z)|»(?:[\s.,;:!?…)\]]|\Z))"  # but no :)
    r"|(?:(?<=\A«)|(?<=[\s(\[]«)) (?=\S)"
)
_BLANKS = re.compile(r"[ \u00a0\u2000-\u200a\u202f\u205f\u3000]{2,}")


def is_french(language: str) -> bool:
    """Tell whether an entry's language is French, whatever the country."""
    return language.lower().partition("-")[0] == "fr"


def tied(text: str) -> str:
    """Tie French punctuation to its word, where its author wrote a space at which a line may break.

    With U+00A0, the one that every font has and X counts as one; whoever wrote the narrow one keeps it.
    """
    return _LOOSE.sub("\u00a0", text)


def single_spaced(text: str) -> str:
    """Leave one of several blanks: the non-breaking one where French has it, before or behind a mark."""
    return _BLANKS.sub(_one_blank, text)


def _one_blank(blanks: re.Match[str]) -> str:
    text, first, last = blanks.string, blanks.start(), blanks.end()
    is_tie = text[first - 1 : first] == "«" or text[last : last + 1] in tuple("»!?:;%€")
    return next((blank for blank in blanks[0] if blank in "\u00a0\u202f"), " ") if is_tie else " "

"""What French readers expect of a line: no mark of punctuation stands alone at its beginning."""

import re

# A plain space before a mark that stands by itself, or behind an opening guillemet.
_LOOSE = re.compile(
    r"(?<=\S) (?=[?!]+(?:[\s»)\]]|\Z)|[:;](?:[\s»]|\Z)|»(?:[\s.,;:!?…)\]]|\Z))"  # but no :)
    r"|(?:(?<=\A«)|(?<=[\s(\[]«)) (?=\S)"
)


def is_french(language: str) -> bool:
    """Tell whether an entry's language is French, whatever the country."""
    return language.lower().partition("-")[0] == "fr"


def tied(text: str) -> str:
    """Tie French punctuation to its word, where its author wrote a space at which a line may break.

    With U+00A0, the one that every font has and X counts as one; whoever wrote the narrow one keeps it.
    """
    return _LOOSE.sub("\u00a0", text)

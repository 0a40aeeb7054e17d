"""Notes that an engine ran into the text when it took the markup off: `begin1. This is the note. ↩`."""

import re

from crosspost.text import sentence_ends

_BACK = re.compile("[↩↵⤴][\ufe0e\ufe0f]?")
"""What leads back from a note, as kramdown, goldmark and Python-Markdown write it (recorded 2026-11)."""


def without_notes(text: str) -> str:
    """Return a text without the notes at its end and without their numbers, which stand behind words.

    Of the first note is known only where it ends: it is taken for one sentence.
    """
    ends = list(_BACK.finditer(text))
    if not ends or text[ends[-1].end() :].strip():
        return text
    said = text[: ends[0].start()].rstrip()
    before = [end for end in sentence_ends(said) if end < len(said)]
    begun = max(before[-1] if before else 0, said.rfind("\n"))
    said = said[:begun].rstrip()
    for number in range(1, len(ends) + 1):
        said = re.sub(rf"(?<=[^\W\d_]){number}(?!\w)", "", said, count=1)
    return said

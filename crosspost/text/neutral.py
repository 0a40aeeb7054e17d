"""Strangers' words, without what a network would act on in our user's name."""

import re
from collections.abc import Callable, Collection, Iterable

ZERO_WIDTH_SPACE = "\u200b"

Links = Callable[[str], Iterable[tuple[int, int]]]
"""Where a network finds links in a text: their beginnings and ends."""


def neutralise(text: str, pattern: re.Pattern[str] | None, links: Links) -> str:
    """Take apart, with zero-width spaces, what a network would act on outside the links of a text.

    The reader sees the same words; nobody is mentioned, no ticker is linked, and nothing becomes a link.
    """
    return spaced(text, acted_on(text, pattern, links))


def acted_on(text: str, pattern: re.Pattern[str] | None, links: Links) -> frozenset[int]:
    """Return the places in a text behind which zero-width spaces take apart what `pattern` matches.

    Such a place is the first character of a match; and what stands before a dot of `@name.com`, since behind
    its "@" the rest would be a link.
    """
    matched = {match.start() for match in pattern.finditer(text)} if pattern else set()
    if not matched:
        return frozenset()
    written = set(links(text))
    places = matched - {place for begin, end in written for place in range(begin, end)}
    while dots := _dots_of_new_links(text, places, written, links) - places:
        places |= dots
    return frozenset(places)


def _dots_of_new_links(
    text: str, places: Collection[int], written: set[tuple[int, int]], links: Links
) -> set[int]:
    """Return what stands before the dots of those links that zero-width spaces at `places` would make."""
    origin = [place for place in range(len(text)) for _ in range(1 + (place in places))]
    made = {(origin[begin], origin[end - 1] + 1) for begin, end in links(spaced(text, places))}
    return {place - 1 for begin, end in made - written for place in range(begin + 1, end) if text[place] == "."}


def spaced(text: str, places: Collection[int]) -> str:
    """Put a zero-width space behind the characters at these places."""
    if not places:
        return text
    return "".join(
        letter + ZERO_WIDTH_SPACE if place in places else letter for place, letter in enumerate(text)
    )

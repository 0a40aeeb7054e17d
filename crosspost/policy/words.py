"""One's own opening lines: which of them an entry gets."""

from collections.abc import Iterable, Mapping, Sequence

from crosspost.config.words import EVERY_OTHER, same_category


def opening(
    words: Mapping[str, Sequence[str]], categories: Iterable[str], earlier: Mapping[tuple[str, ...], int]
) -> str:
    """Return the line with which an entry of these categories opens; "" if there is none for them.

    The first category of `words` that the entry has speaks for it. `earlier`: how many entries came before it,
    by their categories. The lines of a category take turns: none comes again until all were said.
    """
    speaks = _speaks(words, categories)
    lines = words.get(speaks, ())
    if not lines:
        return ""
    turn = sum(count for others, count in earlier.items() if _speaks(words, others) == speaks)
    return lines[turn % len(lines)]


def _speaks(words: Iterable[str], categories: Iterable[str]) -> str:
    """Return the first of the named categories that is among these, else what stands for every other."""
    has = {same_category(category) for category in categories}
    return next((name for name in words if same_category(name) in has), EVERY_OTHER)

"""What a text gives up so that it fits its network, and how that is told."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import takewhile

from crosspost.text import cut

_LAST_WORDS = 4
_RECOGNISED = 60
"""Characters by which the beginning of an excerpt is known again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a template is filled with that may be given up, whole or in part."""

    opening: str
    title: str
    excerpt: str
    tags: tuple[str, ...]


Render = Callable[[Words], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Where a draft's words were cut to fit. `kept` of `of` characters of the entry's words are in the text."""

    words: str = ""
    """The last ones before the cut; "" if none was made, or nothing was kept."""
    excerpt: bool = False
    """Whether no room was left for any of the excerpt."""
    kept: int = 0
    of: int = 0
    tags: tuple[str, ...] = ()
    """The hashtags that were left out."""
    opening: bool = False
    """Whether the opening line was left out."""
    title: bool = False
    """Whether the title was cut as well."""


def fit(render: Render, fits: Callable[[str], bool], whole: Words) -> Words | None:
    """Give up, in this order: the end of the excerpt, the hashtags from the last, the opening, the title's end.

    Without a title, hashtags and opening make room for the first of the excerpt: else there were no words.
    """
    for words in _fewer(whole):
        excerpt = whole.excerpt if words is whole or not whole.title else ""
        short = _shortened(excerpt, partial(_with_excerpt, words), render, fits)
        if fits(render(short)) and (whole.title or short.excerpt or not whole.excerpt):
            return short
    bare = _shortened(whole.title, _only_a_title, render, fits)
    return bare if fits(render(bare)) else None


def _shortened(
    text: str, holding: Callable[[str], Words], render: Render, fits: Callable[[str], bool]
) -> Words:
    return holding(cut(text, lambda part: fits(render(holding(part)))))


def _with_excerpt(words: Words, excerpt: str) -> Words:
    return replace(words, excerpt=excerpt)


def _only_a_title(title: str) -> Words:
    return Words(opening="", title=title, excerpt="", tags=())


def _fewer(whole: Words) -> Iterator[Words]:
    yield whole
    for most in reversed(range(len(whole.tags))):
        yield replace(whole, tags=whole.tags[:most])
    if whole.opening:
        yield replace(whole, tags=(), opening="")


def what_was_cut(render: Render, whole: Words, words: Words, *, of: str) -> Cut:
    """Tell what of the whole words is not in those that fit. `of`: what the excerpt was cut from."""
    text, full = render(words), render(whole)
    same = takewhile(lambda pair: pair[0] == pair[1], zip(words.excerpt, of, strict=False))
    kept = "".join(letter for letter, _ in same).rstrip()
    is_cut = bool(kept) and kept != of and is_in(words.excerpt, text)
    return Cut(
        words=" ".join(kept.split()[-_LAST_WORDS:]) if is_cut else "",
        excerpt=bool(whole.excerpt) and not kept and full != render(replace(whole, excerpt="")),
        kept=len(kept) if is_cut else 0,
        of=len(of),
        tags=whole.tags[len(words.tags) :] if full != render(replace(whole, tags=())) else (),
        opening=words.opening != whole.opening and full != render(replace(whole, opening="")),
        title=words.title != whole.title,
    )


def is_in(excerpt: str, text: str) -> bool:
    """Tell whether a text says an excerpt, or its beginning: cut anew to fit, its end is missing."""
    beginning = excerpt.rstrip("…")[:_RECOGNISED]
    return bool(beginning) and beginning in text

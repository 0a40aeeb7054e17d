"""Whether a title is one: no engine's stand-in, no beginning of the text, and without the blog's name."""

import re
from collections.abc import Sequence

from crosspost.feeds.words.untitled import UNTITLED
from crosspost.text import folded, is_web_link

_MARK = r"\s*(?:…|\.{3,}|[\[(](?:…|\.{3,})[\])])"
_CUT = re.compile(rf"{_MARK}$")
_GOES_ON = re.compile(rf"(?!{_MARK}).")
_SHORTEST_CUT = 20
"""Characters of the shortest beginning that an engine makes a title of; `Waiting…` is somebody's own."""
_SEPARATOR = r"\s*(?:\s[|·•»«–—/~:-]+\s|\|)\s*"


def own_title(title: str, text: str) -> str:
    """Return the title of an entry, "" where it has a text and no title of its own.

    None of its own is what engines write for none, an address, and the beginning of the text, cut.
    """
    stands_in = folded(title) in UNTITLED or (is_web_link(title) and " " not in title)
    return "" if text and (stands_in or _is_cut_from(title, text)) else title


def _is_cut_from(title: str, text: str) -> bool:
    """Tell whether a title is what Tumblr and micro.blog make of a text without one: its beginning, cut.

    That shows by a mark that the text does not have there, or by a word that goes on.
    """
    beginning = " ".join(_CUT.sub("", title).split())
    start = " ".join(text[: 2 * len(title) + 100].split())
    if len(beginning) < _SHORTEST_CUT or not start.startswith(beginning):
        return False
    rest = start.removeprefix(beginning)
    return bool(_GOES_ON.match(rest)) if _CUT.search(title) else rest[:1].islower()


def without_blog(titles: Sequence[str], blog: str) -> tuple[str, ...]:
    """Take the blog's own name off titles, as in `Title | Blog`, where every one of several has it."""
    said = [title for title in titles if title]
    if not blog or len(said) < 2:
        return tuple(titles)
    name = re.escape(blog)
    for edge in (rf"{_SEPARATOR}{name}$", rf"^{name}(?:\s*:\s+|{_SEPARATOR})"):
        shorter = tuple(re.sub(edge, "", title, count=1, flags=re.IGNORECASE) for title in titles)
        if all(short not in ("", title) for short, title in zip(shorter, titles, strict=True) if title):
            return shorter
    return tuple(titles)

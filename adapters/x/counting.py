"""How X counts a text, and what it takes for a link: by X's own library, twitter-text, in its port to Python.

A link, also a bare name such as deno.land, counts 23; an emoji 2; letters of most scripts 1, ideographs 2.
Reserved names (blog.example) and bare numbers are no links. Source: twitter-text 3.1.0, configuration 3.
"""

import re
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from types import ModuleType
from typing import Any

from crosspost.text import in_ascii

_WORD = re.compile(r"\S+")
LINK = 23
_LONGEST_LINK, _LONGEST_LABEL = 4096, 63
# In one word: the library's time grows with the square of what is beyond ASCII, and quicker with dots.
_MOST_BEYOND_ASCII, _MOST_DOTS = 1000, 50
_NEWER = re.compile("[🤏🦻🧍🧎🧏🦯🦼🦽🦺🗨♾]|[👫👬👭][🏻-🏿]|\u200d🤝")
"""In emoji that the port joins, and X's library, which ends with Emoji 11, counts by their parts."""


def weight(text: str) -> int:
    """Count a text as X does; in doubt, more. X takes at most 280."""
    # Word by word: no link or emoji goes over white space, and while a text is cut most words come again.
    text = unicodedata.normalize("NFC", text)
    spaces = _WORD.sub("", text)
    return _weight_of(spaces) + sum(_weight_of(word) for word in _WORD.findall(text))


def links(text: str) -> Iterator[tuple[int, int]]:
    """Yield where X finds links in a text: their beginnings and ends."""
    for word in _WORD.finditer(text):
        for begin, end in _links_of(word.group()):
            yield word.start() + begin, word.start() + end


def whole_link(link: str) -> str:
    """Return an address that X takes for one link to its last character: itself, or the same one in ASCII."""
    is_whole = unicodedata.is_normalized("NFC", link) and list(links(link)) == [(0, len(link))]
    return link if is_whole else in_ascii(link)


@lru_cache(4096)
def _weight_of(word: str) -> int:
    if word.isascii():
        return len(word) + sum(LINK - (end - begin) for begin, end in _links_of(word))
    if _is_beyond_reading(word):
        return 2 * len(word)
    library = _library()
    emoji = library.extract_emojis_with_indices(word)
    return int(library.parse_tweet(word).weightedLength) + sum(_more_than_joined(one["emoji"]) for one in emoji)


@lru_cache(4096)
def _links_of(word: str) -> tuple[tuple[int, int], ...]:
    if "." not in word or _is_beyond_reading(word):
        return ()
    found = _library().extract_urls_with_indices(word)
    return tuple((link["indices"][0], link["indices"][1]) for link in found)


def _is_beyond_reading(word: str) -> bool:
    """Tell what no post has room for, and the library might read for minutes."""
    longest = _LONGEST_LINK if word.isascii() else _MOST_BEYOND_ASCII
    return len(word) > longest or word.count(".") > _MOST_DOTS


def _more_than_joined(emoji: str) -> int:
    """Return how much more than 2 X's library counts for an emoji that it does not know as one."""
    if len(emoji) == 1:
        return 0
    from twitter_text.regexp.emoji import emoji_dict  # late, and after `_library`

    known = emoji_dict.get(emoji)
    is_loose = "\u200d" in emoji and (known is None or known.status != "fully-qualified")
    if not is_loose and not _NEWER.search(emoji):
        return 0
    return sum(1 if character == "\u200d" else 2 for character in emoji) - 2


def _in_punycode(domain: str) -> str | None:
    """Return a host as X's library writes it in ASCII; None if it takes it for none."""
    labels = [
        label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in domain.split(".")
    ]
    return ".".join(labels) if all(0 < len(label) <= _LONGEST_LABEL for label in labels) else None


@cache
def _library() -> Any:
    """Import the library: late, since most runs compose nothing for X.

    It reads its list of emoji by `pkg_resources`, which came with setuptools until version 82, and does not say
    that it needs it: during this one import the standard library takes its place. And it refuses hosts by rules
    that X's library does not know, such as letters of both directions in one label: it is told X's.
    """
    instead, before = ModuleType("pkg_resources"), sys.modules.get("pkg_resources")
    vars(instead)["resource_string"] = lambda module, name: (
        files(module.rpartition(".")[0]).joinpath(name).read_bytes()
    )
    sys.modules["pkg_resources"] = instead
    try:
        import twitter_text
    finally:
        del sys.modules["pkg_resources"]
        if before is not None:
            sys.modules["pkg_resources"] = before
    vars(sys.modules["twitter_text.extract_urls"])["idna_to_ascii"] = _in_punycode
    return twitter_text

"""What an entry is about: its categories, without what machines tell machines."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from crosspost.feeds.raw import Markup
from crosspost.feeds.words.line import line

_MOST = 50
_LONGEST = 100
_LONGEST_WRITTEN = 2_000
# Blogger says in each entry's categories that it is one: http://schemas.google.com/blogger/2008/kind#post
_ADDRESS = re.compile(
    r"[a-z][a-z0-9+.-]*:/\S*|(?:mailto|tag|urn|acct):\S+|www\.\S+|\S+@\S+\.\S+", re.IGNORECASE
)
_LISTED = re.compile(r"\s*[;\n|]\s*")
_COMMAS = re.compile(r"\s*(?:(?<!\d),|,(?!\d)|[،、，])\s*")
_AND = re.compile(r"(?:and|et|und|y|e|en|og|och|&)\s", re.IGNORECASE)


def categories(written: Iterable[str]) -> tuple[str, ...]:
    """Return an entry's categories, each once; the first of those that differ only in case stays.

    Several in one field are parted, also those behind commas if it can be no single one: `Berlin, Germany` is.
    """
    kept: dict[str, str] = {}
    for field in written:
        for name in _parted(field[:_LONGEST_WRITTEN]):
            if len(kept) < _MOST:
                kept.setdefault(name.casefold(), name)
    return tuple(kept.values())


@lru_cache(maxsize=2_000)  # a feed has a few categories, and names them again and again
def _parted(field: str) -> tuple[str, ...]:
    field = unicodedata.normalize("NFC", field.strip().replace("\n", ";"))
    names: list[str] = []
    for part in _LISTED.split(line(Markup(field, "guess"))):
        listed = [name for name in _COMMAS.split(part) if name]
        # Three are a list, unless the last one ends a phrase: "Health, safety, and environment". So are two
        # tags, which are written small; a name such as "Berlin, Germany" is not.
        is_list = (len(listed) > 2 and not _AND.match(listed[-1])) or (len(listed) == 2 and part.islower())
        names += listed if is_list and not _ADDRESS.fullmatch(part) else [part.strip(",")]
    short = (name[:_LONGEST].strip() for name in names)
    return tuple(name for name in short if name and not _ADDRESS.fullmatch(name))

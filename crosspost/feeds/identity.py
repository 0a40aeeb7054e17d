"""By what an entry is recognised. Pure.

Three traits, each a key (a hash), each "" where it does not identify:

* guid: the feed's own id. Half of all blogs write the link there, so an id that is a web link is compared
  like one: the step from http to https would rename everything otherwise.
* link: the permalink, without what does not tell pages apart (`text.canonical_link`).
* print: the words and the date of publication. Without a date it takes eighty characters of text: "Hello"
  is no fingerprint.

A trait does not identify if different items of one document share it (a podcast whose items all link to its
home page; an id that a broken generator gives to all), nor does a link to the feed's own home page.

Nothing here depends on the order of the items: any permutation, with any repetitions, has the same result.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache

from crosspost.feeds.document import Item
from crosspost.model import Entry
from crosspost.text import canonical_link, is_web_link

_ENOUGH_TEXT = 80
_OWN_ID = re.compile(r"(?:tag|urn):\S{6,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.IGNORECASE)
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An entry and what is known of it beside. `text`: all its readable words."""

    entry: Entry
    guid: str = ""
    text: str = ""
    odd_date: str = ""
    """See `Item.odd_date`."""
    unread_date: str = ""
    """See `Item.unread_date`."""


def guid_key(guid: str) -> str:
    """Return the key of a feed's own id."""
    guid = guid.strip()
    return _key("guid", canonical_link(guid) if is_web_link(guid) else guid) if guid else ""


def is_own_id(guid: str) -> bool:
    """Tell whether a feed's id can be nobody else's: an address, a tag, an urn, a UUID."""
    guid = guid.strip()
    return is_web_link(guid) or bool(_OWN_ID.match(guid))


def link_key(permalink: str) -> str:
    """Return the key of a permalink."""
    return _key("link", canonical_link(permalink))


def print_key(candidate: Candidate) -> str:
    """Return the fingerprint of what a reader sees, "" if it could be that of another entry."""
    enough = candidate.entry.published or len(_squeezed(candidate.text)) >= _ENOUGH_TEXT
    return _fingerprint(candidate) if enough else ""


def revision(entry: Entry, text: str) -> str:
    """Return a hash that changes when a reader would see a change."""
    return _key("revision", entry.title, entry.summary, text, canonical_link(entry.permalink))


def recognise(candidates: Iterable[Candidate], homes: Iterable[str]) -> tuple[list[Item], list[Entry]]:
    """Return the items, in their order and without repetitions, and the entries that nothing identifies.

    `homes`: the addresses of the feed itself, which identify no entry.
    """
    home_links = {canonical_link(home) for home in homes if home}

    def is_home(link: str) -> bool:
        return is_web_link(link) and canonical_link(link) in home_links

    def same_id_and_link(candidate: Candidate) -> Hashable:
        if candidate.guid.strip() and not is_home(candidate.entry.permalink):
            return guid_key(candidate.guid), link_key(candidate.entry.permalink)
        return same_words_and_link(candidate)

    def same_words_and_link(candidate: Candidate) -> Hashable:
        return link_key(candidate.entry.permalink), _fingerprint(candidate)

    different = _merged(_merged(candidates, same_id_and_link), same_words_and_link)
    items = [
        Item(
            entry=candidate.entry,
            guid_key="" if is_home(candidate.guid.strip()) else guid_key(candidate.guid),
            link_key="" if is_home(candidate.entry.permalink) else link_key(candidate.entry.permalink),
            print_key=print_key(candidate),
            has_own_id=is_own_id(candidate.guid),
            odd_date=candidate.odd_date,
            unread_date=candidate.unread_date,
        )
        for candidate in different
    ]
    shared = Counter(key for item in items for key in (item.guid_key, item.link_key, item.print_key))

    def alone(key: str) -> str:
        return key if shared[key] == 1 else ""

    items = [
        replace(
            item,
            guid_key=alone(item.guid_key),
            link_key=alone(item.link_key),
            print_key=alone(item.print_key),
        )
        for item in items
    ]
    known = [item for item in items if item.guid_key or item.link_key or item.print_key]
    nameless = [item.entry for item in items if not (item.guid_key or item.link_key or item.print_key)]
    return known, nameless


def _merged(candidates: Iterable[Candidate], trait: Callable[[Candidate], Hashable]) -> list[Candidate]:
    """Keep one candidate per trait, in the place of the first: the one edited last."""
    best: dict[Hashable, Candidate] = {}
    for candidate in candidates:
        key = trait(candidate)
        there = best.get(key)
        if there is None or _recency(candidate) > _recency(there):
            best[key] = candidate
    return list(best.values())


def _recency(candidate: Candidate) -> tuple[datetime, str, str]:
    """Order repetitions totally, so that the choice does not depend on which came first."""
    entry = candidate.entry
    return entry.updated or entry.published or _NEVER, entry.revision, repr(candidate)


@lru_cache(maxsize=4_096)  # asked for each entry again and again, and made of all its words
def _fingerprint(candidate: Candidate) -> str:
    published = candidate.entry.published
    return _key(
        "print",
        _squeezed(candidate.entry.title),
        _squeezed(candidate.text),
        published.isoformat() if published else "",
    )


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _key(kind: str, *traits: str) -> str:
    # "surrogatepass": a key must not fail over half a character.
    text = "\0".join((f"{kind}:{traits[0]}", *traits[1:]))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

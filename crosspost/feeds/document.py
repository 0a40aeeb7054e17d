"""What fetching and reading a feed comes to, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosspost.model import Entry

PAGE = "(page)"
"""In place of a feed's name: an entry made of a page that a person named. No feed can be called so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What makes the next request conditional. `body_hash`: SHA-256 of the decoded body, in hex."""

    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """Nothing new: the server said 304, or the bytes are those of last time.

    `fresh_until`: the server asked not to be called before (aware UTC); None if it did not say. `moved_back`:
    the adopted address failed, and the configured one answered.
    """

    validators: Validators
    fresh_until: datetime | None = None
    moved_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """Bytes not seen before, not yet read. Keep `validators` only once `parse` could read them.

    `url`: the final address, without user and password; the base of relative links. `moved_to`: the target
    of a permanent redirect, "" if there was none. Adopt it only after it came repeatedly with a document
    that could be read, and do not show it whole: it may hold a key. `moved_back`: as in `Unchanged`.
    """

    validators: Validators
    fresh_until: datetime | None = None
    moved_back: bool = False
    body: bytes
    content_type: str = ""
    url: str
    moved_to: str = ""


class Trait(StrEnum):
    """What of an entry a key is made of, and so how far the key reaches."""

    ID = "id"
    """An id that nothing else in the world has: an address, a tag or an urn."""
    GUID = "guid"
    """An id that is good within its feed: another site may count 1, 2, 3 too."""
    LINK = "link"
    WORDS = "words"
    UNKNOWN = ""
    """Put on record before traits were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An entry and what it is recognised by. A key is "" where that trait does not identify.

    Two items are the same entry if any key agrees; `identity` says how keys are made.
    """

    entry: Entry
    guid_key: str = ""
    link_key: str = ""
    print_key: str = ""
    has_own_id: bool = False
    """Whether its id is its own in the whole world, not only in its feed."""
    odd_date: str = ""
    """A date of publication that no entry can have, as a day (`1970-01-01`); the entry then has none."""
    unread_date: str = ""
    """A date of publication that cannot be read, as written but short; "" where no date of the feed can be."""

    @property
    def keys(self) -> tuple[str, ...]:
        """All that it is recognised by."""
        return tuple(self.traits)

    @property
    def traits(self) -> Mapping[str, Trait]:
        """What each of its keys is made of."""
        guid = Trait.ID if self.has_own_id else Trait.GUID
        traits = {self.guid_key: guid, self.link_key: Trait.LINK, self.print_key: Trait.WORDS}
        return {key: trait for key, trait in traits.items() if key}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A feed that was read: its items in their order, without repetitions.

    `skipped`: a sentence for each entry that cannot be announced. `whole`: it came to its end; of one that
    was cut on its way, the last entry that could be seen is left out, and no validators may be kept.
    """

    title: str = ""
    link: str = ""
    language: str = ""
    items: tuple[Item, ...] = ()
    skipped: tuple[str, ...] = ()
    whole: bool = True

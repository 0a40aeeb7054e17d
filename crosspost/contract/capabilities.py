"""What a network can carry: data on which the core acts, so that adapters need not."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from crosspost.text import code_points, links_in, neutralise

FOR_EVER = timedelta.max
"""For `repeatable_for`: we choose the post's id, so a repeat finds it taken however late it comes."""


class LinkPlace(Enum):
    """Where the reader's link goes."""

    TEXT = "in the text, always"
    CARD = "in a card beside the text, always"
    CARD_UNLESS_PICTURE = "in a card; in the text when a picture takes the card's place"


class HashtagPlace(Enum):
    """Where hashtags go."""

    TEXT = "in the text, with #"
    FIELD = "in a field of their own"
    NOWHERE = "the network has none"


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRule:
    """What a network takes as a picture. The core scales and re-encodes to fit, or leaves it out."""

    max_bytes: int
    types: frozenset[str] = frozenset({"image/jpeg", "image/png"})
    max_side: int = 4096
    alt_length: int = 1000
    by_default: bool = True
    """Whether channels send pictures unless told otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a channel's network can carry."""

    max_length: int | None
    """The longest text, in what `count` counts; None: no limit."""
    count: Callable[[str], int] = code_points
    link: LinkPlace = LinkPlace.TEXT
    hashtags: HashtagPlace = HashtagPlace.TEXT
    picture: PictureRule | None = None
    html: bool = False
    """Whether drafts carry HTML beside their text."""
    repeatable_for: timedelta | None = None
    """For how long after the first attempt the network honours our key, so that the same request may be sent
    again without a second post; None: it knows no key. Past it, an uncertain delivery is looked for."""
    knows_entries: bool = False
    """Whether a post is known by its entry, whatever the key: said again, it is the same post."""
    template: str = "{{ opening }}\n\n{{ title }}\n\n{{ excerpt }}\n\n{{ hashtags }}"
    """The default template of the channel's text: what people write there, without what its card says."""
    excerpt: int = 300
    """The longest excerpt by default, in characters."""
    neutralise: re.Pattern[str] | None = None
    """Matches what the network would act on in text that came from a feed (a mention, a ticker). Outside links,
    the core puts a zero-width space after the first character of each match."""
    links: Callable[[str], Iterable[tuple[int, int]]] = links_in
    """Where the network finds links in a text: their beginnings and ends."""
    whole_link: Callable[[str], str] = str
    """Writes an address so that the network takes it for one link to its last character; the same address."""
    max_title: int | None = None
    """The longest title of a card, in code points; None: no limit."""
    max_description: int | None = None
    """The longest description of a card, in code points; None: no limit."""
    settle: timedelta = timedelta(minutes=2)
    """How long after a lost answer the network may still commit; nobody looks before."""
    shows: int | None = None
    """How many entries it shows, the newest, calling nobody's attention: a signature, a list, a line of a
    profile. Such a channel is filled with the newest entries on record; None: it is told only what is new."""
    refuses_duplicates: bool = False
    """Whether the network refuses the same words said again: an answer too, where nobody can look."""

    def neutral(self, text: str) -> str:
        """Return a stranger's words with nothing in them on which the network would act."""
        return neutralise(text, self.neutralise, self.links)

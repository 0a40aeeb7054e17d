"""What readers would take for a repetition: an entry like an earlier one, two channels in the same words."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from crosspost.compose.preview import Preview
from crosspost.config import Channel
from crosspost.config.account import account_key
from crosspost.house import House
from crosspost.model import Entry
from crosspost.store import accounts, entries
from crosspost.text import alike, canonical_link, plain

NEARLY = 0.6
"""How much of two entries must be the same."""
LOOK_BACK = 300
"""How many of the latest entries are compared."""
_NOT_WORDS = re.compile(r"https?://\S+|#\w+")


class Said(Protocol):
    """What a channel would say, as far as words are compared."""

    @property
    def channel(self) -> str: ...

    @property
    def permalink(self) -> str: ...

    @property
    def preview(self) -> Preview | None: ...

    @property
    def has_more(self) -> bool:
        """Whether the entry says more than its title."""


async def earlier_entries(house: House) -> Sequence[Entry]:
    """Return the latest entries on record."""
    return await house.read(entries.latest, LOOK_BACK) or ()


def repeats(entry: Entry, earlier: Iterable[Entry]) -> str:
    """Return a warning if an entry nearly repeats an earlier one, else ""."""
    own, said = canonical_link(entry.permalink), _words(entry)
    others = (past for past in earlier if canonical_link(past.permalink) != own)
    likeness, other = max(
        ((alike(said, _words(past)), past) for past in others), key=_first, default=(0.0, entry)
    )
    if likeness < NEARLY:
        return ""
    which = f"{other.title}, {other.permalink}" if other.title else other.permalink
    return f"nearly repeats an earlier entry ({likeness:.0%} the same): {which}"


def _first(pair: tuple[float, Entry]) -> float:
    return pair[0]


def _words(entry: Entry) -> str:
    return f"{entry.title} {plain(entry.content) if entry.content else entry.summary}"


async def accounts_of(house: House) -> Mapping[str, str]:
    """Return whom each channel speaks for: by all that is on record, without a database by the settings."""
    channels = house.config.channels
    known = await house.read(accounts.of, channels.values())
    return known or {name: account_key(channel) for name, channel in channels.items()}


def same_account(speaking: Mapping[str, str], shown: Sequence[Said]) -> dict[int, str]:
    """Return warnings for the previews of an entry on a second channel of one account, by their place.

    `speaking`: see `accounts_of`.
    """
    warnings, first = dict[int, str](), dict[tuple[str, str], str]()
    for place, view in enumerate(shown):
        account = speaking[view.channel]
        other = first.setdefault((canonical_link(view.permalink), account), view.channel)
        if account and view.preview is not None and other != view.channel:
            warnings[place] = f"speaks for the same account as {other}: the entry goes out on one of them"
    return warnings


def same_words(shown: Sequence[Said], channels: Mapping[str, Channel]) -> dict[int, str]:
    """Return warnings for the previews that say an entry in the words of one before them, by their place.

    Only networks count: nobody minds that two signatures are alike. And only what a person can mend.
    """
    warnings, before = dict[int, str](), dict[tuple[str, str], list[str]]()
    for place, view in enumerate(shown):
        if view.preview is None or view.preview.request is None:
            continue
        words = " ".join(_NOT_WORDS.sub(" ", view.preview.draft.text).split())
        others = before.setdefault((view.permalink, words), [])
        channel = channels[view.channel]
        other = next((name for name in others if _can_differ(channels[name], channel, view.has_more)), None)
        if words and other is not None:
            warnings[place] = f"says the same words as {other}; give one of them a template of its own"
        others.append(view.channel)
    return warnings


def _can_differ(one: Channel, other: Channel, has_more: bool) -> bool:
    """Tell whether a person would have these channels say an entry otherwise.

    Two of one template say every entry alike. Else it is chance: our own templates differ by network, and an
    entry that is but a title leaves little to say.
    """
    if one.template is None and other.template is None:
        return one.adapter == other.adapter
    return has_more or one.template == other.template

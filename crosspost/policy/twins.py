"""Entries that came twice, by other feeds or channels: which are one, and what speaks against saying it.

An account may show an entry once, whatever its feeds and channels are called (docs/decisions/0018).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from urllib.parse import urlsplit

from crosspost.feeds import Trait
from crosspost.feeds.identity import link_key
from crosspost.model import State


class Likeness(Enum):
    """How sure it is that two entries are one."""

    SAME = "the same"
    MAYBE = "perhaps the same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """What of an entry is compared beside its keys."""

    feed: str
    title: str
    permalink: str
    published: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A delivery of an entry, as far as it speaks against another. `feed` and `title`: the entry's."""

    id: int
    channel: str
    account: str
    state: State
    in_doubt: bool
    """Whether an earlier attempt may have arrived, whatever the state."""
    feed: str
    title: str

    @property
    def may_be_out(self) -> bool:
        return self.in_doubt or self.state in _OUT

    def __str__(self) -> str:
        return f"delivery {self.id} ({self.channel}, feed {self.feed}: {self.title}) is {self.state}"


SAME_ACCOUNT = "another channel speaks for the same account and"
"""How the reason begins for which an entry is let go on one of an account's channels."""
_OUT = frozenset({State.SENDING, State.UNCERTAIN, State.DELIVERED, State.HANDED, State.RETRACTED})
_LET_GO = frozenset({State.SKIPPED, State.FAILED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """An entry that is, or may be, the one in question, with its deliveries: also that entry itself."""

    likeness: Likeness
    feed: str
    deliveries: Sequence[Told] = ()


def likeness(one: Face, other: Face, shared: Mapping[str, Trait]) -> Likeness | None:
    """Judge two entries of different feeds by the keys that they share; None: they are two."""
    links = {link_key(one.permalink), link_key(other.permalink)}
    traits = {trait or (Trait.LINK if key in links else Trait.GUID) for key, trait in shared.items()}
    if traits & {Trait.LINK, Trait.ID}:
        return Likeness.SAME
    near = _host(one) == _host(other)
    agree = bool(one.title and one.title == other.title) or bool(
        one.published and one.published == other.published
    )
    if Trait.GUID in traits and near and agree:
        return Likeness.SAME
    # A bare id is good on one site only, and even there two counters may meet; words alone may be repeated.
    return Likeness.MAYBE if Trait.WORDS in traits or near or agree else None


def _host(face: Face) -> str:
    return (urlsplit(face.permalink).hostname or "").removeprefix("www.")


def already_told(twins: Iterable[Twin], channel: str, account: str) -> Told | None:
    """Return the delivery for which a new entry is not announced on a channel.

    On the same channel whatever became of it; on another one of the same account unless it was let go.
    """
    for told in _of(twins, Likeness.SAME):
        elsewhere = _same_account(told, account) and (told.may_be_out or told.state not in _LET_GO)
        if told.channel == channel or elsewhere:
            return told
    return None


def perhaps_told(twins: Iterable[Twin], channel: str, account: str, configured: Collection[str]) -> Told | None:
    """Return the delivery for which a person should look before a new entry is announced on a channel.

    Of a channel that is gone, and whose account nobody noted, it is not known for whom it spoke.
    """
    for twin in twins:
        for told in twin.deliveries:
            lost = not told.account and told.channel not in configured
            here = told.channel == channel or _same_account(told, account)
            if (here or lost) and (told.may_be_out or told.state not in _LET_GO):
                return told
    return None


def shown_already(twins: Iterable[Twin], delivery_id: int, channel: str, account: str) -> Told | None:
    """Return the delivery by which the account may show the entry by now, so that this one must not leave."""
    others = _others(twins, delivery_id, channel, account)
    return next((told for told in others if told.may_be_out), None)


def goes_first(twins: Iterable[Twin], delivery_id: int, channel: str, account: str) -> Told | None:
    """Return the delivery that the account may show, or will, so that this one need not wait any more."""
    others = list(_others(twins, delivery_id, channel, account))
    out = next((told for told in others if told.may_be_out), None)
    waiting = (told for told in others if told.state is State.PENDING)
    return out or min(waiting, key=lambda told: told.id, default=None)


def perhaps_goes_first(twins: Iterable[Twin], delivery_id: int, channel: str, account: str) -> bool:
    """Tell whether what may be the same entry is on its way to the account: of two, `--all` lets one go."""
    return any(
        told.id != delivery_id
        and (told.channel == channel or _same_account(told, account))
        and told.state in (State.PENDING, State.SENDING, State.UNCERTAIN)
        for told in _of(twins, Likeness.MAYBE)
    )


def is_repetition(told: Told, channel: str) -> str:
    """Say why an entry is not announced on a channel."""
    if told.channel == channel:
        return f"another feed brought the same entry before: {told}"
    return f"{SAME_ACCOUNT} has the same entry: {told}"


def may_be_repetition(told: Told) -> str:
    """Say why a person should look before an entry is announced."""
    return f"it may be the same entry as another: {told}; approve it if it is a new one"


def _others(twins: Iterable[Twin], delivery_id: int, channel: str, account: str) -> Iterator[Told]:
    for told in _of(twins, Likeness.SAME):
        if told.id != delivery_id and (told.channel == channel or _same_account(told, account)):
            yield told


def _of(twins: Iterable[Twin], likeness: Likeness) -> Iterator[Told]:
    return (told for twin in twins if twin.likeness is likeness for told in twin.deliveries)


def _same_account(told: Told, account: str) -> bool:
    return bool(account) and told.account == account

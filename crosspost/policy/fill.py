"""What fills a channel that shows the newest entries and calls nobody's attention, such as an email signature.

Such a channel is a list to its readers, whether crosspost came before an entry or after it: so the entries
that a first sight takes as known belong on it too (docs/decisions/0038).
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from crosspost.model import State
from crosspost.policy.admission import WANTS_APPROVAL, Admission
from crosspost.policy.announce import NewDelivery
from crosspost.policy.oddities import FAR_AHEAD, scheduled, waits_for_date
from crosspost.policy.twins import Told, Twin, already_told
from crosspost.policy.wanted import unwanted
from crosspost.text import canonical_link

FILLS = "one of the newest entries, which this channel shows"
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """An entry on record, as far as its place among the newest goes. Moments are in UTC."""

    entry_id: int
    feed: str
    permalink: str
    categories: Sequence[str]
    published: datetime | None
    first_seen: datetime
    baseline: bool

    @property
    def since(self) -> datetime:
        """When it came out. Nobody knows of what was there before us without a date: all others are newer."""
        return self.published or (_NEVER if self.baseline else self.first_seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """A delivery that a rule let go, and no person, and what becomes of it: the same as of a new one."""

    delivery_id: int
    admission: Admission
    not_before: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """What is to be done so that a channel shows the newest entries: none of it twice, the oldest first."""

    new: Sequence[tuple[int, NewDelivery]]
    again: Sequence["Again"] = ()


def source_of(digest: str, seen: Iterable[str]) -> str:
    """Return what a channel is filled from, as a hash: the configuration, and the feeds that were seen by now.

    A channel is filled anew when either changes; every later entry reaches it as it reaches all channels.
    """
    return hashlib.sha256("\0".join((digest, *sorted(seen))).encode()).hexdigest()


def newest_first(
    known: Iterable[Remembered], *, include: Collection[str], exclude: Collection[str]
) -> Sequence[Remembered]:
    """Return what a channel may show, each page once, the newest first. Ids rise in order of publication."""
    wanted = [entry for entry in known if not unwanted(entry.categories, include, exclude)]
    wanted.sort(key=lambda entry: (entry.since, entry.entry_id), reverse=True)
    pages: dict[str, Remembered] = {}
    for entry in wanted:
        pages.setdefault(canonical_link(entry.permalink), entry)
    return list(pages.values())


def fill(
    newest: Iterable[Remembered],
    twins: Mapping[int, Sequence[Twin]],
    *,
    channel: str,
    account: str,
    shows: int,
    approve: bool,
    knows_entries: bool,
    skipped_by_people: Collection[int],
    waits: Collection[str],
    now: datetime,
    zone: tzinfo = UTC,
) -> Filling:
    """Decide what fills a channel that shows so many entries.

    `newest`: what it may show, the newest first, with nothing that is protected; `twins`: these entries and the
    same ones of other feeds, with their deliveries; `skipped_by_people`: deliveries that a person let go, and
    that stay so; `waits`: the feeds whose entries wait for their date. What is scheduled takes no room before.
    `zone`: by whose clocks people are told of that date.
    """
    new: list[tuple[int, NewDelivery]] = []
    again: list[Again] = []
    room = shows
    for entry in newest:
        moment = scheduled(entry.published, now, waits=entry.feed in waits)
        if room == 0 or (moment is not None and moment > now + FAR_AHEAD):
            continue
        room -= moment is None
        admission = Admission(
            state=State.HELD if approve else State.PENDING,
            reason=WANTS_APPROVAL if approve else waits_for_date(moment, zone) if moment else FILLS,
            look_first=not knows_entries,
        )
        told = already_told(twins[entry.entry_id], channel, account)
        if told is None:
            delivery = NewDelivery(
                channel=channel,
                admission=admission,
                not_before=moment or now,
                expires=None,
                account=account,
                fills=True,
            )
            new.append((entry.entry_id, delivery))
        elif told.state is State.SKIPPED and told.id not in skipped_by_people:
            again += (
                Again(delivery_id=number, admission=admission, not_before=moment or now)
                for number in _unless_elsewhere(told, twins[entry.entry_id], channel, account)
            )
    return Filling(new=new[::-1], again=again[::-1])


def _unless_elsewhere(told: Told, twins: Sequence[Twin], channel: str, account: str) -> Iterator[int]:
    """Yield the delivery unless another one shows the entry to the same readers, or will."""
    others = (other for twin in twins for other in twin.deliveries if other.id != told.id)
    if not any(
        (other.channel == channel or (account and other.account == account))
        and (other.may_be_out or other.state in (State.PENDING, State.HELD))
        for other in others
    ):
        yield told.id

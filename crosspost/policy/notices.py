"""What people are to be told, when, and how often. Pure. The messages are made in `policy.messages`.

What needs a person is a state, not a stream of events: each message tells what is new in it since the last.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from crosspost.config.limits import Calendar, Limit
from crosspost.policy.periods import period


@dataclass(frozen=True, slots=True)
class Link:
    """Something to open; `label` is what a button says."""

    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Something that needs a person. `topic` says what it is about; when `mark` changes, it is told again.

    `grows`: only when `mark` rises, since what becomes less is no news.
    """

    topic: str
    mark: str
    text: str
    grows: bool = False
    channel: str = ""
    """The channel or feed it is about; "" if it is about none, or several."""
    entry_id: int | None = None
    title: str = ""
    """The entry's, as a stranger wrote it."""
    link: str = ""
    """The entry's."""
    remedies: tuple[str, ...] = ()
    """What a person can type, as whole commands."""
    count: int = 1
    """How many deliveries it is about."""
    words: str = ""
    """What is to be seen of it: how the text begins that would go out; of several, which ones."""
    links: tuple[Link, ...] = ()
    """What there is to open beside the entry."""

    def is_news(self, notice: "Notice | None") -> bool:
        """Tell whether this is not what is on record of it."""
        if notice is None or not self.grows:
            return notice is None or notice.mark != self.mark
        return self.mark > notice.mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A need that is on record. `told`: whether a person has heard of it, as it is marked.

    `mark`: "" once it is over.
    """

    topic: str
    mark: str
    told: bool
    text: str = ""


def untold(needs: Sequence[Need], known: Mapping[str, Notice]) -> list[Need]:
    """Return what a person has not heard of."""
    return [
        need
        for need in needs
        if (notice := known.get(need.topic)) is None or not notice.told or need.is_news(notice)
    ]


def over(needs: Iterable[Need], known: Mapping[str, Notice]) -> list[Notice]:
    """Return what a person has heard of, and what needs nobody any more."""
    open_topics = {need.topic for need in needs}
    return [notice for topic, notice in known.items() if notice.told and topic not in open_topics]


def is_all_well(needs: Sequence[Need], known: Mapping[str, Notice]) -> bool:
    """Tell whether a person heard of something, and none of all that is left."""
    return not needs and any(notice.told for notice in known.values())


def has_room(
    limits: Iterable[Limit], sent: Sequence[datetime], now: datetime, zone: ZoneInfo, week_starts: int
) -> bool:
    """Tell whether one more message fits. `sent`: when the others went, as far back as any limit reaches."""
    for limit in limits:
        begins = (
            period(limit.period, now, zone, week_starts)[0]
            if isinstance(limit.period, Calendar)
            else now - limit.period
        )
        inside = sum(
            moment >= begins if isinstance(limit.period, Calendar) else moment > begins for moment in sent
        )
        if inside >= limit.amount:
            return False
    return True


def topic_of(*words: str) -> str:
    """Make a topic that fits into its column, whatever the words are."""
    whole = " ".join(words)
    return whole if len(whole) <= 64 else f"{whole[:40]} {hashlib.sha256(whole.encode()).hexdigest()[:16]}"


def mark_of(reason: str) -> str:
    """Tell one reason from another by its words, not by numbers and names of files in it.

    A network counts its answers and names moments; the trouble is the same.
    """
    words = " ".join(word for word in reason.split() if not re.search(r"[\d/]", word))
    return hashlib.sha256(words.encode()).hexdigest()[:16]

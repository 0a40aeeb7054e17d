"""What people are told, when, and how much at once. Pure.

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
    """The channel or feed concerned."""
    entry_id: int | None = None
    title: str = ""
    """Of the entry."""
    link: str = ""
    """The entry's permalink, or the page to look at."""
    remedies: tuple[str, ...] = ()
    """Whole commands to type."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message, for all notifiers."""

    title: str
    text: str
    needs: tuple[Need, ...] = ()


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


def message_of(new: Sequence[Need], total: int) -> Message:
    """Collect what is new into one message. `total`: how much needs a person altogether."""
    count = f"{len(new)} {'thing needs' if len(new) == 1 else 'things need'} you"
    lines = [need.text for need in new]
    if total > len(new):
        lines.append(f"({total - len(new)} that you know of: crosspost status)")
    return Message(title=f"crosspost: {count}", text="\n\n".join(lines), needs=tuple(new))


ALL_WELL = Message(title="crosspost: all is well again", text="Nothing needs you any more.")


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

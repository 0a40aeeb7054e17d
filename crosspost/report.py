"""What happens, as values: the command line prints them, the daemon logs them, tests read them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class What(StrEnum):
    """The kinds of event."""

    FEED_UNCHANGED = "feed unchanged"
    FEED_READ = "feed read"
    FEED_HELD = "feed held"
    FEED_FAILED = "feed failed"
    RENAMED = "renamed"
    FILLED = "filled"
    ENTRY_PASSED = "entry passed over"
    DUE = "due"
    DELIVERED = "delivered"
    SHOWN = "shown"
    WAITS = "waits"
    HELD = "held"
    HANDED = "handed"
    SKIPPED = "skipped"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    RETRACTED = "retracted"
    CHANNEL_CLOSED = "channel closed"
    ENDS = "ends"
    CLOCK_DOUBTED = "clock doubted"
    UNHEARD = "not heard"
    NEEDED = "needs you"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened. `subject` is the feed or channel, `text` a sentence, `data` for machines.

    What is `NEEDED` is told once per change, and what is `OVER` once: in whole sentences, without a subject.
    """

    what: What
    subject: str
    text: str
    data: Mapping[str, Any] = field(default_factory=dict)
    shown: Any = None
    """For `SHOWN`: the preview itself, for whoever draws it."""
    needs_person: bool = False


Tell = Callable[[Event], None]

_NO_NEWS = frozenset({What.FEED_UNCHANGED, What.RENAMED, What.DUE})


def is_news(event: Event) -> bool:
    """Tell whether it is worth a summary: a feed that was read and has nothing new is not."""
    if event.what is What.FEED_READ:
        return any(event.data.get(key) for key in ("new", "first_sight", "not_announced"))
    return event.what not in _NO_NEWS


class Calmly:
    """Tell of trouble when it begins or changes, not each time that somebody runs into it again: for a log."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._told: dict[str, tuple[What, str]] = {}

    def __call__(self, event: Event) -> None:
        before = self._told.pop(event.subject, None)
        if event.what in _LASTS:
            # A doubted clock is told with its moment, and that is never the same.
            now = event.what, "" if event.what is What.CLOCK_DOUBTED else event.text
            self._told[event.subject] = now
            if now == before:
                return
        self._tell(event)


_LASTS = frozenset({What.FEED_FAILED, What.CHANNEL_CLOSED, What.CLOCK_DOUBTED, What.UNHEARD})
"""What is told again and again for as long as it lasts."""

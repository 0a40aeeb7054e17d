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


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened. `subject` is the feed or channel, `text` a sentence, `data` for machines."""

    what: What
    subject: str
    text: str
    data: Mapping[str, Any] = field(default_factory=dict)
    shown: Any = None
    """For `SHOWN`: the preview itself, for whoever draws it."""
    needs_person: bool = False


Tell = Callable[[Event], None]

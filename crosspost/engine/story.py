"""What the daemon says of itself: what it watches when it starts, and what it did when it stops."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from crosspost.config import Config
from crosspost.config.units import show_duration
from crosspost.report import Event, Tell, What
from crosspost.text import counted, local_time

_NAMED = 5
"""So many feeds are named; whoever has more knows them."""
_TOLD = (
    What.DELIVERED,
    What.SHOWN,
    What.HANDED,
    What.HELD,
    What.FAILED,
    What.UNCERTAIN,
    What.SKIPPED,
    What.RETRACTED,
    What.FEED_HELD,
)
"""What is counted, in the order in which it is said."""


class Story:
    """Pass on what happens, and count it since the start."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._began = time.monotonic()
        self._counts: Counter[What] = Counter()

    def __call__(self, event: Event) -> None:
        self._counts[event.what] += 1
        self._tell(event)

    @property
    def counts(self) -> Mapping[str, int]:
        """Return how often each of what is said at the end happened, where it did."""
        return {str(what): self._counts[what] for what in _TOLD if self._counts[what]}

    def ends(self, why: str) -> str:
        """Say why the daemon stops, and what it did: `stopped by SIGTERM after 2h: 3 delivered, 1 held`."""
        ran = timedelta(seconds=round(time.monotonic() - self._began))
        did = ", ".join(f"{count} {what}" for what, count in self.counts.items()) or "nothing was announced"
        return f"stopped {why} after {show_duration(ran)}: {did}"


def begins(config: Config, *, first: bool, due: datetime | None) -> str:
    """Say what is watched, by which file, and what comes next. `due`: when something that waits is due."""
    says = "started" if first else "the new configuration is in use"
    next_ = "every feed is read now"
    if due is not None:
        next_ += f", and what waits is looked at {local_time(due, config.timezone)}"
    return f"{says}: {serves(config)}, by {config.path}; watching {_named(list(config.feeds))}; {next_}"


def serves(config: Config) -> str:
    """Say in few words what the daemon serves."""
    return f"{counted(len(config.feeds), 'feed')}, {counted(len(config.channels), 'channel')}"


def said(event: str, **data: Any) -> Mapping[str, Any]:
    """Return what a log record carries for machines beside its sentence."""
    return {"data": {"event": event, **data}}


def _named(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "") or "nothing"

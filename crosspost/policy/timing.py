"""May this delivery go now, and if not, when and why."""

from dataclasses import dataclass
from datetime import datetime

from crosspost.model import Delivery


@dataclass(frozen=True, slots=True)
class Go:
    """Send it now."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Send it no earlier than `until` (UTC)."""

    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Never:
    """Let it go unsent."""

    reason: str


def may_go(delivery: Delivery, *, now: datetime) -> Go | Wait | Never:
    """Decide on a pending delivery."""
    if delivery.expires is not None and now >= delivery.expires:
        return Never("older than the feed's horizon")
    if delivery.not_before > now:
        return Wait(delivery.not_before, delivery.reason)
    return Go()

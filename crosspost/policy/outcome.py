"""What an attempt's outcome means for the delivery and its channel."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from crosspost.errors import Duplicate, NotSent, PublishError, RateLimited, Rejected, Unauthorized
from crosspost.model import Receipt, State

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
FAILURES_TO_TELL = 3
"""A feed that fails so many times in a row needs a person; once or twice is the weather."""
UNAUTHORIZED_WAIT = timedelta(hours=1)
"""How long a channel whose credential was refused is left alone before it is verified again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The move that follows an attempt.

    `not_before`: when the delivery may be touched again (UTC). `used`: whether the attempt counts.
    `closes_channel`: nothing else goes out there before `not_before`; `needs_person` says that a person acts.
    """

    state: State
    reason: str = ""
    not_before: datetime | None = None
    used: bool = True
    remote_id: str = ""
    url: str = ""
    closes_channel: bool = False
    needs_person: bool = False
    duplicate: bool = False
    """Uncertain because the network says that it has this already."""
    looked: bool = False
    """Uncertain still, after a look that did not find it."""
    adopted: bool = False
    """Delivered by the network's word about an earlier post."""
    repeat_until: datetime | None = None
    """Sent again under a key that the network honours until then (UTC): past it, it is looked for first."""
    anew: bool = False
    """Sent again, and composed anew: what was refused is not sent a second time."""
    keeps_booking: bool = False
    """Sent again though it may be there already: what it cost stays booked until then."""


def after_receipt(receipt: Receipt) -> Outcome:
    """Deliver, with the network's receipt as the proof."""
    return Outcome(state=State.DELIVERED, remote_id=receipt.remote_id, url=receipt.url)


def after_failure(
    error: PublishError,
    *,
    key: str,
    attempt: int,
    attempts: int,
    now: datetime,
    settle: timedelta,
    asks: bool = False,
    looks: bool = False,
) -> Outcome:
    """Decide what follows a failed attempt. `attempt` is its number, `attempts` how many there may be.

    `asks`: whether only a person can tell what became of a lost answer; `looks`: whether crosspost can.
    """
    reason = str(error)
    match error:
        case RateLimited():
            until = max(error.until or now, now) + FIRST_WAIT * (0 if error.until else 5)
            return Outcome(
                state=State.PENDING, reason=reason, not_before=until, used=False, closes_channel=True
            )
        case NotSent() if attempt < attempts:
            return Outcome(state=State.PENDING, reason=reason, not_before=now + backoff(key, attempt))
        case NotSent():
            says = f"given up after {attempt} tries; the last time: {reason}"
            return Outcome(state=State.FAILED, reason=says, needs_person=True)
        case Unauthorized():
            # The delivery waits unharmed for a good credential; its attempt does not count.
            return Outcome(
                state=State.PENDING,
                reason=reason,
                not_before=now + UNAUTHORIZED_WAIT,
                used=False,
                closes_channel=True,
                needs_person=True,
            )
        case Rejected():
            return Outcome(state=State.FAILED, reason=reason, needs_person=True)
        case Duplicate(remote_id=str() as remote_id, url=url) if not looks:
            return Outcome(
                state=State.DELIVERED,
                reason=reason,
                remote_id=remote_id,
                url=url or "",
                adopted=True,
            )
        case Duplicate():
            # The network has these words; whether as a post of ours that still stands, a look tells at once.
            return Outcome(
                state=State.UNCERTAIN, reason=reason, not_before=now, duplicate=True, needs_person=not looks
            )
        case _:
            # Uncertain, or an adapter's novelty: the post may be there.
            return Outcome(state=State.UNCERTAIN, reason=reason, not_before=now + settle, needs_person=asks)


def refuse_taken(reason: str, holder: int) -> Outcome:
    """Refuse to adopt a post that is, or was, another delivery's, or one that was deleted on purpose."""
    says = f"{reason}; but that post is delivery {holder}'s; change the entry's words and retry, or skip it"
    return Outcome(state=State.FAILED, reason=says, needs_person=True)


def lease_ran_out(now: datetime, settle: timedelta, *, asks: bool) -> Outcome:
    """Decide on a delivery found `sending` after its lease: whoever sent it died, or was frozen."""
    reason = "the program ended while it was being sent; the network may have it"
    return Outcome(state=State.UNCERTAIN, reason=reason, not_before=now + settle, needs_person=asks)


def feed_needs_person(failures: int, *, gone: bool) -> bool:
    """Tell whether a failing feed needs a person: when it is gone, or fails again and again."""
    return gone or failures >= FAILURES_TO_TELL


def backoff(key: str, attempt: int) -> timedelta:
    """Return a wait that doubles per attempt, spread by up to half so that deliveries do not march in step.

    The spread comes from the delivery's key: pure, and the same on every replica.
    """
    wait = min(FIRST_WAIT * (1 << min(attempt - 1, 20)), LONGEST_WAIT)
    digest = hashlib.sha256(f"{key}/{attempt}".encode()).digest()
    return wait * (1 + digest[0] / 510)

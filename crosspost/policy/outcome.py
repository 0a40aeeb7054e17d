"""What an attempt's outcome means for the delivery and its channel."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import ClassVar, Literal

from crosspost.errors import (
    BadPicture,
    Barred,
    Duplicate,
    Intercepted,
    NotSent,
    PublishError,
    RateLimited,
    Rejected,
    Unauthorized,
    Uncertain,
)
from crosspost.model import Draft, Receipt, State

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
FAILURES_TO_TELL = 3
"""A feed that fails so many times in a row needs a person; once or twice is the weather."""
BARRED_WAIT = timedelta(hours=1)
"""How long a channel whose account or credential was refused is left alone before it is verified again."""
PICTURE_TRIES = 3
"""After so many tries the entry goes out without a picture that is not taken, or not ready."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """Let the delivery be delivered. `named_by_network`: the network named the post, whoever's that is."""

    state: ClassVar = State.DELIVERED
    reason: str = ""
    remote_id: str = ""
    url: str = ""
    named_by_network: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """Let the delivery be sent, not before then (UTC). `counts`: the attempt uses up a try."""

    state: ClassVar = State.PENDING
    reason: str
    not_before: datetime
    counts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeatable:
    """Let the delivery be sent again though it may be there: the network makes no second post of it.

    What it cost stays booked. `until`: past it (UTC), the network knows its key no more, and it is looked for.
    """

    state: ClassVar = State.PENDING
    reason: str
    not_before: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bare:
    """Let the delivery be sent at once without its picture, which the network does not take. No try is used up.

    `note`: what people are told of it; `draft`: what is said now, once it is composed.
    """

    state: ClassVar = State.PENDING
    counts: ClassVar = False
    reason: str
    not_before: datetime
    note: str
    draft: Draft | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Let nothing go out on the channel before then (UTC). The delivery waits unharmed: no try is used up.

    `grows`: nobody named that moment, so that the wait is longer each time in a row; `unauthorized`: another
    credential mends it.
    """

    state: ClassVar = State.PENDING
    counts: ClassVar = False
    reason: str
    not_before: datetime
    needs_person: bool = False
    grows: bool = False
    unauthorized: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class InDoubt:
    """Let the delivery be uncertain, and be looked for from then on (UTC).

    `duplicate`: the network says that it has this already. `note`: its picture was the trouble, so that it is
    sent without, as `draft` says once that is composed, if it is not there.
    """

    state: ClassVar = State.UNCERTAIN
    reason: str
    not_before: datetime
    duplicate: bool = False
    needs_person: bool = False
    note: str = ""
    draft: Draft | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Let a person mend what is wrong.

    `may_be_there`: what the delivery cost stays booked; `refused`: the network said no to these words;
    `unexplained`: for no reason that is known as an entry's own.
    """

    state: ClassVar = State.FAILED
    reason: str
    may_be_there: bool = False
    refused: bool = False
    unexplained: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """Let the delivery rest: nothing is due about it unless a person says so."""

    state: Literal[State.HELD, State.HANDED, State.SKIPPED, State.RETRACTED]
    reason: str


Outcome = Delivered | Pending | Repeatable | Bare | Closed | InDoubt | Failed | SetAside
"""The move that follows an attempt, a look or a person's word; `state` is where it leads."""


def after_receipt(receipt: Receipt) -> Delivered:
    """Deliver, with the network's receipt as the proof. Raise `Uncertain` for one that names no post."""
    if not receipt.proves:
        raise Uncertain("the network said yes and named no post, which proves nothing; it is looked for")
    return Delivered(remote_id=receipt.remote_id, url=receipt.url)


def after_failure(
    error: PublishError,
    *,
    key: str,
    attempt: int,
    attempts: int,
    now: datetime,
    settle: timedelta,
    leaves_to_person: bool = False,
    looks: bool = False,
    may_be_there: bool = False,
    has_picture: bool = False,
) -> Outcome:
    """Decide what follows a failed attempt. `attempt` is its number, `attempts` how many there may be.

    Of a lost answer, `leaves_to_person`: only a person can tell what became of it; `looks`: crosspost can.
    `may_be_there`: an earlier attempt may have arrived, whatever became of this one.
    """
    reason, asked = str(error), error.until or now
    may_leave_picture = has_picture and not may_be_there
    match error:
        case RateLimited() | Barred():
            return closed_by(error, key=key, now=now, settle=settle)
        case BadPicture(passing=True) if may_leave_picture and attempt < min(PICTURE_TRIES, attempts):
            return Pending(reason=reason, not_before=max(now + backoff(key, attempt), asked))
        case BadPicture() if may_leave_picture:
            return Bare(reason=reason, not_before=now, note=f"went out without its picture: {reason}")
        case NotSent() if attempt < attempts:
            return Pending(reason=reason, not_before=max(now + backoff(key, attempt), asked))
        case Intercepted():
            closed = closed_by(error, key=key, now=now, settle=settle)
            return replace(closed, needs_person=True)
        case NotSent():
            says = f"given up after {attempt} tries; the last time: {reason}"
            return give_up(says, may_be_there=may_be_there, now=now, leaves_to_person=leaves_to_person)
        case Rejected(unexplained=unexplained):
            given_up = give_up(reason, may_be_there=may_be_there, now=now, leaves_to_person=leaves_to_person)
            if isinstance(given_up, InDoubt):
                return given_up
            return replace(given_up, refused=True, unexplained=unexplained)
        case Duplicate(remote_id=str() as remote_id, url=url) if (
            not looks and Receipt(remote_id=remote_id).proves
        ):
            return Delivered(reason=reason, remote_id=remote_id, url=url or "", named_by_network=True)
        case Duplicate():
            # The network has these words; whether as a post of ours that still stands, a look tells at once.
            return InDoubt(reason=reason, not_before=now, duplicate=True, needs_person=not looks)
        case _:
            # Uncertain, or an adapter's novelty: the post may be there.
            over_picture = isinstance(error, Uncertain) and error.over_picture and may_leave_picture
            return InDoubt(
                reason=reason,
                not_before=max(now + settle, min(asked, now + LONGEST_WAIT)),
                needs_person=leaves_to_person,
                note=f"may be without its picture: {reason}" if over_picture else "",
            )


def give_up(reason: str, *, may_be_there: bool, now: datetime, leaves_to_person: bool) -> Failed | InDoubt:
    """Give a delivery up; or, where an earlier attempt of it may have arrived, let it be looked for first."""
    if not may_be_there:
        return Failed(reason=reason)
    says = f"{reason}; an earlier attempt may have arrived"
    return InDoubt(reason=says, not_before=now, needs_person=leaves_to_person)


def closed_by(error: PublishError, *, key: str, now: datetime, settle: timedelta) -> Closed:
    """Decide for how long a channel is left alone that did not take or show anything, and who must act."""
    match error:
        case RateLimited():
            wait = FIRST_WAIT * 5
        case NotSent():
            wait = backoff(key, 1)
        case Barred():
            wait = BARRED_WAIT
        case _:
            wait = settle
    not_before = max(error.until or now + wait, now)
    if isinstance(error, NotSent) and not isinstance(error, RateLimited):
        not_before = max(not_before, now + wait)
    return Closed(
        reason=str(error),
        not_before=not_before,
        needs_person=isinstance(error, Rejected),
        unauthorized=isinstance(error, Unauthorized),
        grows=error.until is None
        and isinstance(error, RateLimited | Intercepted | Barred)
        # A credential is only looked at again, which harms nobody, and may have been mended.
        and not isinstance(error, Unauthorized),
    )


def refuse_taken(reason: str, holder: int) -> Failed:
    """Refuse to adopt a post that is, or was, another delivery's, or one that was deleted on purpose."""
    says = f"{reason}; but that post is delivery {holder}'s; change the entry's words and retry, or skip it"
    return Failed(reason=says)


def lease_ran_out(now: datetime, settle: timedelta, *, leaves_to_person: bool) -> InDoubt:
    """Decide on a delivery found `sending` after its lease: whoever sent it died, or was frozen."""
    reason = "the program ended while it was being sent; the network may have it"
    return InDoubt(reason=reason, not_before=now + settle, needs_person=leaves_to_person)


def feed_needs_person(failures: int, *, gone: bool, was_read: bool) -> bool:
    """Tell whether a failing feed needs a person: when it is gone, fails again and again, or never was read.

    `was_read`: at the address that it has. A person has just typed one that never was.
    """
    return gone or failures >= FAILURES_TO_TELL or (failures > 0 and not was_read)


def backoff(key: str, attempt: int) -> timedelta:
    """Return a wait that doubles per attempt, spread by up to half so that deliveries do not march in step.

    The spread comes from the delivery's key: pure, and the same on every replica.
    """
    wait = min(FIRST_WAIT * (1 << min(attempt - 1, 20)), LONGEST_WAIT)
    digest = hashlib.sha256(f"{key}/{attempt}".encode()).digest()
    return wait * (1 + digest[0] / 510)

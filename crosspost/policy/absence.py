"""What follows a look at the network."""

from datetime import UTC, datetime, timedelta

from crosspost.model import Delivery, RemotePost, State
from crosspost.policy.outcome import Outcome

LOOKS = 2
"""Lists are late: one look proves nothing."""
EVER = datetime.max.replace(tzinfo=UTC)
_CENTURY = timedelta(days=36_525)
A_REQUEST = timedelta(minutes=2)
"""How long a request may be on its way, its attempt's lease included."""
NEXT_LOOK = timedelta(minutes=10)
"""How long until a network that could not be read is asked again."""


def adopt_found(post: RemotePost) -> Outcome:
    """Adopt what a look has found."""
    return Outcome(state=State.DELIVERED, reason="found on the network", remote_id=post.remote_id, url=post.url)


def after_absence(delivery: Delivery, *, attempts: int, settle: timedelta, now: datetime) -> Outcome:
    """Decide on an uncertain delivery that is not among the account's posts since its first attempt.

    `attempts`: how many tries it has. `UNCERTAIN` means that it stays so until `not_before`.
    """
    if delivery.looks + 1 < LOOKS:
        return Outcome(
            state=State.UNCERTAIN,
            reason="not among the account's recent posts; looked for once more before it is sent again",
            not_before=now + settle,
            looked=True,
        )
    if delivery.duplicate:
        return Outcome(
            state=State.FAILED,
            reason=f"{delivery.reason}; but the original is not among the account's posts: it may have been "
            "deleted; change the entry's words and retry, or skip it",
            needs_person=True,
        )
    says = "not on the network on two looks, so it is sent again"
    return send_again(delivery, attempts=attempts, reason=says, now=now, proved=True)


def send_again(
    delivery: Delivery,
    *,
    attempts: int,
    reason: str,
    now: datetime,
    proved: bool = False,
    repeat_until: datetime | None = None,
) -> Outcome:
    """Let an uncertain delivery be sent again, if it has a try left.

    `proved`: it is certainly not there; `repeat_until`: else, until when its key makes that safe.
    """
    if delivery.counted >= attempts:
        return Outcome(
            state=State.FAILED,
            reason=f"given up after {delivery.counted} tries; the last time: {delivery.reason}",
            needs_person=True,
            keeps_booking=not proved,
        )
    return Outcome(
        state=State.PENDING,
        reason=reason,
        not_before=now,
        keeps_booking=not proved,
        repeat_until=repeat_until if repeat_until != EVER else None,
    )


def key_is_over(delivery: Delivery, now: datetime) -> Outcome | None:
    """Decide on a delivery that was to be sent again under its key, if the key's life is over by now."""
    if delivery.repeat_until is None or now < delivery.repeat_until:
        return None
    reason = "an earlier attempt may have arrived, and its key is no longer honoured; looked for first"
    return Outcome(state=State.UNCERTAIN, reason=reason, not_before=now)


def repeatable_until(began: datetime, repeatable_for: timedelta | None) -> datetime | None:
    """Return until when the same request cannot make a second post, by the key that the network honours.

    `began`: when the first attempt under this key was made, from which its life counts at the earliest;
    `repeatable_for`: how long it lives. None: it knows no key. A request must be there within its life, so that
    its own time is taken off.
    """
    if repeatable_for is None:
        return None
    return began + repeatable_for - A_REQUEST if repeatable_for < _CENTURY else EVER


def stay_uncertain(cause: str, now: datetime) -> Outcome:
    """Leave an uncertain delivery uncertain: what could not be read proves nothing."""
    return Outcome(state=State.UNCERTAIN, reason=f"it stays open: {cause}", not_before=now + NEXT_LOOK)


def leave_to_person(delivery: Delivery, network: str, now: datetime) -> Outcome:
    """Leave an uncertain delivery to a person."""
    return Outcome(
        state=State.UNCERTAIN,
        reason=f"{network} may or may not have it; see for yourself, then: "
        f"crosspost resolve {delivery.id} --delivered URL, or --absent",
        not_before=now + NEXT_LOOK,
        needs_person=True,
    )

"""What follows a look at the network."""

from datetime import datetime, timedelta

from crosspost.model import Delivery, RemotePost, State
from crosspost.policy.outcome import Outcome

LOOKS = 2
"""Lists are late: one look proves nothing."""
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
    delivery: Delivery, *, attempts: int, reason: str, now: datetime, proved: bool = False
) -> Outcome:
    """Let an uncertain delivery be sent again, if it has a try left. `proved`: it is certainly not there."""
    if delivery.counted >= attempts:
        return Outcome(
            state=State.FAILED,
            reason=f"given up after {delivery.counted} tries; the last time: {delivery.reason}",
            needs_person=True,
            keeps_booking=not proved,
        )
    return Outcome(state=State.PENDING, reason=reason, not_before=now, keeps_booking=not proved)


def may_repeat(began: datetime, repeatable_for: timedelta | None, now: datetime) -> bool:
    """Tell whether the same request cannot make a second post, by the key that the network honours.

    `began`: when the first attempt was made under this key, whose life counts from then at the earliest;
    `repeatable_for`: how long it lives. A request has to be there within it, so that its own time is taken off.
    """
    return repeatable_for is not None and now - began < repeatable_for - A_REQUEST


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

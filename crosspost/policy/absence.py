"""What follows a look at the network."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crosspost.contract import is_descending
from crosspost.model import Delivery, RemotePost, State
from crosspost.policy.outcome import Delivered, Failed, InDoubt, Pending, Repeatable, SetAside
from crosspost.policy.recognise import recognise

LOOKS = 2
"""Lists are late: one look proves nothing."""
EVER = datetime.max.replace(tzinfo=UTC)
_CENTURY = timedelta(days=36_525)
A_REQUEST = timedelta(minutes=2)
"""How long a request may be on its way, its attempt's lease included."""
NEXT_LOOK = timedelta(minutes=10)
"""How long until a network that could not be read is asked again."""
RAREST_LOOK = timedelta(days=1)
LOOKS_FIRST = timedelta(hours=1)
"""How long a look after a gap waits for a list that proves something, before a person is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsettled:
    """Let the delivery stay uncertain until then (UTC), at least. `looked`: a look did not find it."""

    reason: str
    not_before: datetime
    looked: bool = False


def wait_anew(delivery: Delivery, *, settle: timedelta, now: datetime) -> Unsettled | None:
    """Let the settle time begin anew for what is uncertain since a moment to come: a clock was set back since.

    How long ago it was sent is not known then, so no look would prove anything yet.
    """
    if delivery.updated <= now:
        return None
    return Unsettled(reason=delivery.reason, not_before=now + settle)


def adopt_found(post: RemotePost) -> Delivered:
    """Adopt what a look has found."""
    return Delivered(reason="found on the network", remote_id=post.remote_id, url=post.url)


def no_list(posts: Sequence[RemotePost], went_out: Sequence[Delivery]) -> str:
    """Say why an account's posts, as its network lists them, prove no absence; "" if they do.

    `went_out`: the deliveries of which the list ought to show the posts.
    """
    if not is_descending(posts):
        return "the list of the account's posts is not in order of time"
    there = {post.remote_id for post in posts}
    for delivery in went_out:
        if delivery.remote_id in there or (delivery.draft and recognise(delivery.draft, posts)):
            continue
        name = delivery.url or delivery.remote_id
        return f"the list of the account's posts lacks {name}, which went out: it is late, or that was deleted"
    return ""


def distrust(delivery: Delivery, why: str, now: datetime) -> Unsettled:
    """Leave an uncertain delivery uncertain: the list that does not show it proves nothing; see `no_list`.

    Looks grow rarer: in the end a person decides, as after a post was deleted by hand.
    """
    wait = min(max(NEXT_LOOK, (now - delivery.updated) / 4), RAREST_LOOK)
    says = (
        f"{why}; it is looked for again; or see for yourself whether this one is there, then: "
        f"crosspost resolve {delivery.id} --delivered URL, or --absent"
    )
    return Unsettled(reason=says, not_before=now + wait)


def hold_unseen(waiting: Sequence[Delivery], why: str, now: datetime) -> SetAside | None:
    """Hold what must be looked for after a gap, if lists proved nothing for long; None while they may yet."""
    if not why or not waiting or now < max(delivery.created for delivery in waiting) + LOOKS_FIRST:
        return None
    says = f"{why}, so nobody can tell whether this went out before: see for yourself, then approve or skip it"
    return SetAside(state=State.HELD, reason=says)


def after_absence(
    delivery: Delivery, *, attempts: int, settle: timedelta, now: datetime
) -> Unsettled | Pending | Failed:
    """Decide on an uncertain delivery that is not among the account's posts since its first attempt.

    `attempts`: how many tries it has.
    """
    if delivery.looks + 1 < LOOKS:
        says = "not among the account's recent posts; looked for once more before it is sent again"
        return Unsettled(reason=says, not_before=now + settle, looked=True)
    if delivery.duplicate:
        says = (
            f"{delivery.reason}; but the original is not among the account's posts: it may have been "
            "deleted; change the entry's words and retry, or skip it"
        )
        return Failed(reason=says)
    if delivery.counted >= attempts:
        return Failed(reason=_given_up(delivery))
    return Pending(reason="not on the network on two looks, so it is sent again", not_before=now)


def repeat(
    delivery: Delivery, *, attempts: int, reason: str, until: datetime | None, now: datetime
) -> Repeatable | Failed:
    """Let an uncertain delivery be sent again, if it has a try left. `until`: see `repeatable_until`."""
    if delivery.counted >= attempts:
        return Failed(reason=_given_up(delivery), may_be_there=True)
    return Repeatable(reason=reason, not_before=now, until=until if until != EVER else None)


def _given_up(delivery: Delivery) -> str:
    return f"given up after {delivery.counted} tries; the last time: {delivery.reason}"


def key_is_over(
    delivery: Delivery,
    repeatable_for: timedelta | None,
    *,
    now: datetime,
    behind: timedelta = timedelta(0),
    leaves_to_person: bool,
) -> InDoubt | None:
    """Decide on a delivery that may be there already, and is to be sent, if its key is not honoured by now.

    A key that would live longer than any does is from a clock that was wrong: it proves nothing. `behind`: how
    far our clock may be behind by now.
    """
    until, longest = delivery.repeat_until, repeatable_for or timedelta(0)
    if until is None or behind < until - now <= longest:
        return None
    reason = "an earlier attempt may have arrived, and its key is no longer honoured; looked for first"
    return InDoubt(reason=reason, not_before=now, needs_person=leaves_to_person)


def repeatable_until(began: datetime, repeatable_for: timedelta | None, *, now: datetime) -> datetime | None:
    """Return until when the same request cannot make a second post, by the key that the network honours.

    `began`: when the first attempt under this key was made, from which its life counts at the earliest;
    `repeatable_for`: how long it lives. A request must be there within its life, so that its own time is taken
    off. None: the network knows no key, or a wrong clock says when it began.
    """
    if repeatable_for is None:
        return None
    if repeatable_for >= _CENTURY:
        return EVER
    return began + repeatable_for - A_REQUEST if began <= now else None


def stay_uncertain(cause: str, now: datetime) -> Unsettled:
    """Leave an uncertain delivery uncertain: what could not be read proves nothing."""
    return Unsettled(reason=f"it stays open: {cause}", not_before=now + NEXT_LOOK)


def leave_to_person(delivery: Delivery, network: str, now: datetime) -> Unsettled:
    """Leave an uncertain delivery to a person."""
    return Unsettled(
        reason=f"{network} may or may not have it; see for yourself, then: "
        f"crosspost resolve {delivery.id} --delivered URL, or --absent",
        not_before=now + NEXT_LOOK,
    )

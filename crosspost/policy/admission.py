"""What becomes of a new entry on one channel: announced, held for a person's yes, or let go."""

from dataclasses import dataclass

from crosspost.model import State
from crosspost.policy.gap import UNKNOWABLE, Gap

WANTS_APPROVAL = "the channel's deliveries wait for crosspost approve"


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """The state in which a delivery begins, and why."""

    state: State
    reason: str = ""
    look_first: bool = False
    """Whether the network must be asked first: it may have the entry from before a gap in what we know."""


def admit(
    *,
    repetition: str,
    unwanted: str,
    held: str,
    gap: Gap,
    notices_repeats: bool,
    approve: bool,
) -> Admission:
    """Decide how the delivery of a new entry begins. What lets it go comes before what holds it.

    `repetition`, `unwanted` and `held` are sentences, "" if nothing speaks against it. `notices_repeats` and
    `approve` are the channel's.
    """
    if refused := repetition or unwanted:
        return Admission(state=State.SKIPPED, reason=refused)
    unknowable = UNKNOWABLE if gap is Gap.COPY and not notices_repeats else ""
    waits = held or unknowable or (WANTS_APPROVAL if approve else "")
    state = State.HELD if waits else State.PENDING
    return Admission(state=state, reason=waits, look_first=gap is not Gap.NONE)

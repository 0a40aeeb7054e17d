"""What becomes of an entry on a channel when a person asks by name that it be announced there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosspost.model import Delivery, State
from crosspost.policy.twins import Twin, goes_first, is_repetition
from crosspost.policy.wanted import unwanted


class Step(StrEnum):
    """What is done about an entry on one channel."""

    CREATE = "created"
    MOVE = "let go"
    KEEP = "waits already"
    LEAVE = "left alone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is done on a channel. `says`: why it is left alone; "" if it is not."""

    step: Step
    says: str = ""


_LEFT = {
    State.SENDING: "it is being sent at this moment",
    State.HANDED: "a person has it to post by hand",
    State.RETRACTED: "it was announced there, and deleted since; that is not undone",
}


def asked_for(
    delivery: Delivery | None, twins: Sequence[Twin], *, channel: str, account: str, refused: str = ""
) -> Answer:
    """Decide on one channel. `delivery`: the entry's there, if any; `refused`: why it is not wanted there.

    A yes by name is a yes to what was held, skipped or failed, but to no second post.
    """
    if delivery is not None and delivery.state is State.DELIVERED:
        return Answer(step=Step.LEAVE, says="it is there already")
    if delivery is not None and delivery.state is State.UNCERTAIN:
        says = (
            f"it may be there already: look, then crosspost resolve {delivery.id} --delivered URL, or --absent"
        )
        return Answer(step=Step.LEAVE, says=says)
    if delivery is not None and delivery.state in _LEFT:
        return Answer(step=Step.LEAVE, says=_LEFT[delivery.state])
    told = goes_first(twins, delivery.id if delivery else 0, channel, account)
    if told is not None:
        return Answer(step=Step.LEAVE, says=is_repetition(told, channel))
    if delivery is not None and delivery.state is State.PENDING:
        return Answer(step=Step.KEEP)
    if refused:
        return Answer(step=Step.LEAVE, says=refused)
    return Answer(step=Step.CREATE if delivery is None else Step.MOVE)


def refusal(
    categories: Sequence[str], *, channel: str, include: Collection[str], exclude: Collection[str]
) -> str:
    """Say why a channel that nobody named is not asked; "" if it is."""
    says = unwanted(categories, include, exclude)
    return f"{says}; --channel {channel} announces it there nevertheless" if says else ""


def first_moment(now: datetime, at: datetime | None, scheduled: datetime | None) -> datetime:
    """Return before when it does not go: at the moment that was named, else when there is something to read."""
    return at or scheduled or now

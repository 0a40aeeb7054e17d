"""How the delivery of a new entry begins: the first reason that there is, in this order, decides."""

from itertools import product
from typing import Any

import pytest

from crosspost.model import State
from crosspost.policy import UNKNOWABLE, Admission, Gap, admit

FLOOD = "8 entries are new at once"
TWICE = "another feed brought the same entry before"
EXCLUDED = "the channel excludes the category Sale"
NOTHING: dict[str, Any] = {
    "repetition": "",
    "unwanted": "",
    "held": "",
    "gap": Gap.NONE,
    "notices_repeats": True,
    "approve": False,
}
CAUSES: tuple[tuple[dict[str, Any], State, str], ...] = (
    ({"repetition": TWICE}, State.SKIPPED, TWICE),
    ({"unwanted": EXCLUDED}, State.SKIPPED, EXCLUDED),
    ({"held": FLOOD}, State.HELD, FLOOD),
    ({"gap": Gap.COPY, "notices_repeats": False}, State.HELD, UNKNOWABLE),
    ({"approve": True}, State.HELD, "the channel's deliveries wait for crosspost approve"),
    ({}, State.PENDING, ""),
)


@pytest.mark.parametrize("present", list(product((True, False), repeat=len(CAUSES) - 1)))
def test_the_first_reason_decides_whatever_else_there_is(present: tuple[bool, ...]) -> None:
    given = dict(NOTHING)
    for there, (cause, _, _) in zip(present, CAUSES, strict=False):
        given |= cause if there else {}
    _, state, reason = next(cause for there, cause in zip((*present, True), CAUSES, strict=True) if there)
    admission = admit(**given)
    assert (admission.state, admission.reason) == (state, reason)


@pytest.mark.parametrize("gap", Gap)
@pytest.mark.parametrize(("cause", "state", "reason"), CAUSES)
def test_after_a_gap_all_that_may_still_go_out_is_looked_for_first(
    gap: Gap, cause: dict[str, Any], state: State, reason: str
) -> None:
    given = NOTHING | {"gap": gap} | cause
    gap = given["gap"]
    expected = gap is not Gap.NONE and state is not State.SKIPPED
    assert admit(**given) == Admission(state=state, reason=reason, look_first=expected)


@pytest.mark.parametrize(
    ("gap", "notices_repeats", "state"),
    [
        (Gap.NONE, False, State.PENDING),
        (Gap.PAUSE, False, State.PENDING),
        (Gap.COPY, False, State.HELD),
        (Gap.COPY, True, State.PENDING),
    ],
)
def test_only_after_a_copy_and_where_nobody_notices_a_repeat_a_person_must_look(
    gap: Gap, notices_repeats: bool, state: State
) -> None:
    assert admit(**NOTHING | {"gap": gap, "notices_repeats": notices_repeats}).state is state

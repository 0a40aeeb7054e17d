"""What is told, once, and within its limit."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.config.limits import parse_limits
from crosspost.policy import Need, Notice, has_room, is_all_well, message_of, topic_of, untold

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")


def need(topic: str, mark: str = "1") -> Need:
    return Need(topic=topic, mark=mark, text=f"{topic} is {mark}")


@pytest.mark.parametrize(
    ("known", "new"),
    [
        ({}, True),
        ({"a": Notice(topic="a", mark="1", told=True)}, False),
        ({"a": Notice(topic="a", mark="1", told=False)}, True),
        ({"a": Notice(topic="a", mark="0", told=True)}, True),
        ({"b": Notice(topic="b", mark="1", told=True)}, True),
    ],
)
def test_what_is_new_is_told(known: dict[str, Notice], new: bool) -> None:
    assert bool(untold([need("a")], known)) is new


def test_all_is_well_after_something_was_told_and_only_then() -> None:
    told = {"a": Notice(topic="a", mark="1", told=True)}
    assert is_all_well([], told)
    assert not is_all_well([need("b")], told)
    assert not is_all_well([], {"a": Notice(topic="a", mark="1", told=False)})
    assert not is_all_well([], {})


def test_a_message_collects_and_counts() -> None:
    message = message_of([need("a"), need("b")], 3)
    assert message.title == "crosspost: 2 things need you"
    assert message.text == "a is 1\n\nb is 1\n\n(1 that you know of: crosspost status)"
    assert message_of([need("a")], 1).title == "crosspost: a is 1"


@given(st.lists(st.sampled_from(["a1", "a2", "b1", "c1", ""]), max_size=30), st.integers(1, 4))
def test_every_change_is_told_once_and_never_more_messages_than_the_limit(
    states: list[str], limit: int
) -> None:
    """Each run sees some state; the program's own record is played here as the store keeps it."""
    known: dict[str, Notice] = {}
    sent: list[datetime] = []
    limits = parse_limits(f"{limit}/10m")
    for minute, state in enumerate(states):
        now = NOW + timedelta(minutes=minute)
        needs = [need(state[0], state[1])] if state else []
        new = untold(needs, known)
        known |= {one.topic: Notice(topic=one.topic, mark=one.mark, told=False) for one in new}
        if new and has_room(limits, sent, now, PARIS, 0):
            sent.append(now)
            known |= {one.topic: Notice(topic=one.topic, mark=one.mark, told=True) for one in new}
            assert not untold(needs, known), "it would be told again at once"
        known = {topic: one for topic, one in known.items() if topic in {one.topic for one in needs}}
    for moment in sent:
        assert sum(moment - timedelta(minutes=10) < other <= moment for other in sent) <= limit


def test_a_limit_per_day_begins_at_local_midnight() -> None:
    midnight = datetime(2026, 11, 23, 23, tzinfo=UTC)  # in Paris
    sent = [midnight - timedelta(minutes=1)]
    assert not has_room(parse_limits("1/day"), sent, midnight - timedelta(seconds=1), PARIS, 0)
    assert has_room(parse_limits("1/day"), sent, midnight, PARIS, 0)


def test_topics_fit_and_stay_apart() -> None:
    long = ["x" * 200 + str(n) for n in range(3)]
    assert len({topic_of("held", one) for one in long}) == 3
    assert all(len(topic_of("held", one)) <= 64 for one in long)

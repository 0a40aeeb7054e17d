"""Whose turn it is; and that weeks of turns never exceed a limit, and leave no room that somebody wants."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosspost.config.hours import parse_hours
from crosspost.config.limits import ATTENTION, POSTS, Ration, parse_limit
from crosspost.policy import (
    EVERYTHING,
    Booking,
    Cover,
    Go,
    Ledger,
    Line,
    Never,
    Rules,
    Scope,
    Wait,
    Waiting,
    may_go,
)
from crosspost.policy.turns import A_MOMENT, judge_all, judge_channel, schedule
from tests.policy.oracle import exceeded, is_open

NOW = datetime(2026, 12, 29, 12, tzinfo=UTC)
ZONE = ZoneInfo("America/Montreal")


def rules(channel: str, *limits: str, budget: str = "", **values: Any) -> Rules:
    covers = [Cover(limit=parse_limit(one), scope=Scope.channel(channel), zone=ZONE) for one in limits]
    if budget:
        covers.append(Cover(limit=parse_limit(budget), scope=EVERYTHING, zone=ZONE))
    return Rules(channel=channel, zone=ZONE, covers=tuple(covers), **{"attention": 360, **values})


def line(made: Rules, *ids: int, **values: Any) -> Line:
    return Line(rules=made, waiting=[waiting(made, number) for number in ids], **values)


def waiting(made: Rules, number: int, **values: Any) -> Waiting:
    cost = {POSTS: 1, ATTENTION: made.attention}
    expires = NOW + timedelta(days=900)
    return replace(
        Waiting(id=number, channel=made.channel, not_before=NOW, expires=expires, cost=cost), **values
    )


def went(decisions: Any) -> list[int]:
    return [one.id for one, verdict in decisions if isinstance(verdict, Go)]


def gone(decisions: Any) -> dict[int, str]:
    return {one.id: verdict.reason for one, verdict in decisions if isinstance(verdict, Never)}


def test_the_oldest_goes_first_and_the_others_wait() -> None:
    decisions = judge_all([line(rules("one", "2/day"), 3, 1, 2)], Ledger(), NOW)
    assert went(decisions) == [1, 2]
    assert [type(verdict) for _, verdict in decisions] == [Go, Go, Wait]


def test_priority_goes_before_age() -> None:
    made = rules("one", "1/day")
    urgent = waiting(made, 9, priority=5)
    assert went(judge_all([Line(rules=made, waiting=[waiting(made, 1), urgent])], Ledger(), NOW)) == [9]


def test_a_shared_budget_goes_to_the_channel_with_priority() -> None:
    budget = "6m/day"
    first, second = (line(rules(name, budget=budget), number) for name, number in (("one", 1), ("two", 2)))
    assert went(judge_all([first, second], Ledger(), NOW)) == [1]
    second.waiting = [waiting(second.rules, 2, priority=1)]
    assert went(judge_all([first, second], Ledger(), NOW)) == [2]


def test_who_waits_for_another_channel_asks_again_soon() -> None:
    """The other may fail, or find its network closed: the room is free then."""
    lines = [line(rules(name, budget="6m/week"), number) for name, number in (("one", 1), ("two", 2))]
    ((_, verdict),) = judge_channel("two", lines, Ledger(), NOW)
    assert isinstance(verdict, Wait)
    assert verdict.until == NOW + A_MOMENT
    assert verdict.reason == "another entry goes first: the time box of 6m/week is used up"
    assert went(judge_channel("one", lines, Ledger(), NOW)) == [1]


@pytest.mark.parametrize("overflow", ["skip", "newest"])
def test_nobody_is_let_go_for_another_who_may_never_come_to_it(overflow: str) -> None:
    lines = [
        line(rules(name, budget="6m/week", overflow=overflow), number)
        for name, number in (("one", 1), ("two", 2))
    ]
    ((_, verdict),) = judge_channel("two", lines, Ledger(), NOW)
    assert verdict == Wait(
        until=NOW + A_MOMENT, reason="another entry goes first: the time box of 6m/week is used up"
    )


def test_nobody_waits_longer_for_another_than_alone() -> None:
    """The other may never come to it; the note would keep the channel from asking."""
    made, other = (rules(name, budget="6m/day") for name in ("one", "two"))
    ledger = Ledger()
    ledger.book(made.booking(NOW, {POSTS: 1, ATTENTION: 360}))
    lines = [line(made, 1), line(other, 2)]
    alone = may_go(lines[1].waiting[0], other, ledger, now=NOW)
    about_to = [other.booking(NOW + timedelta(hours=20), {POSTS: 1, ATTENTION: 360})]
    lines[0].taken = about_to
    ((_, verdict),) = judge_channel("two", lines, ledger, NOW)
    assert isinstance(verdict, Wait)
    assert isinstance(alone, Wait)
    assert verdict.until == alone.until


def test_what_somebody_is_about_to_send_has_its_room_already() -> None:
    made = rules("one", "1/day")
    about_to = made.booking(NOW, {POSTS: 1})
    assert not went(judge_all([line(made, 2, taken=[about_to])], Ledger(), NOW))


@pytest.mark.parametrize(
    ("overflow", "sent", "skipped"), [("defer", [1], []), ("newest", [1], [2, 3]), ("skip", [1], [2, 3, 4])]
)
def test_what_does_not_fit(overflow: str, sent: list[int], skipped: list[int]) -> None:
    decisions = judge_all([line(rules("one", "1/day", overflow=overflow), 1, 2, 3, 4)], Ledger(), NOW)
    assert went(decisions) == sent
    assert sorted(gone(decisions)) == skipped
    assert all("one’s 1/day is used up" in reason for reason in gone(decisions).values())


@pytest.mark.parametrize("overflow", ["newest", "skip"])
def test_what_a_person_wanted_to_go_waits(overflow: str) -> None:
    made = rules("one", "1/day", overflow=overflow)
    queue = [waiting(made, 1), waiting(made, 2, expires=None), waiting(made, 3)]
    decisions = judge_all([Line(rules=made, waiting=queue)], Ledger(), NOW)
    assert 2 not in gone(decisions)
    assert went(decisions) == [1]


def test_a_closed_channel_skips_nothing() -> None:
    """`skip` is about room, not about the time of day."""
    made = rules("one", "1/day", overflow="skip", hours=parse_hours("09:00-10:00"))
    assert not gone(judge_all([line(made, 1, 2)], Ledger(), NOW))


def test_others_overtake_promotion_and_make_room_for_it() -> None:
    made = rules("one", ration=Ration(1, 3))
    offer = waiting(made, 1, promotional=True)
    queue = Line(
        rules=made, waiting=[offer, *(waiting(made, number) for number in (2, 3))], last_posts=[True, False]
    )
    assert went(judge_all([queue], Ledger(), NOW)) == [2, 3], "the offer was looked at first, and waited"
    assert went(
        judge_all([Line(rules=made, waiting=[offer], last_posts=[False, False, True])], Ledger(), NOW)
    ) == [1]


def test_a_plan_says_when_everything_goes() -> None:
    made = rules("one", "1/day", hours=parse_hours("Mon-Fri 09:00-10:00"))
    late = waiting(made, 3, expires=NOW + timedelta(days=1, hours=20))
    planned = schedule(
        [Line(rules=made, waiting=[waiting(made, 1), waiting(made, 2), late])],
        Ledger(),
        NOW,
        NOW + timedelta(days=30),
    )
    times = [one.at and one.at.astimezone(ZONE).strftime("%a %d %H:%M") for one in planned]
    assert times == ["Tue 29 09:00", "Wed 30 09:00", None]
    assert planned[0].reason == "outside its posting hours (Mon-Fri 09:00-10:00)"
    assert planned[1].reason.startswith("one’s 1/day is used up")
    assert planned[2].skipped


def test_all_that_a_limit_keeps_back_says_so_also_what_stood_behind_a_closed_channel() -> None:
    made = rules("one", "1/day")
    closed = [
        waiting(made, number, not_before=NOW + timedelta(hours=1), reason="it is closed")
        for number in (1, 2, 3)
    ]
    planned = schedule([Line(rules=made, waiting=closed)], Ledger(), NOW, NOW + timedelta(days=30))
    used_up = "one’s 1/day is used up"
    assert [one.reason for one in planned] == ["it is closed", used_up, used_up]


def test_a_plan_leaves_the_ledger_as_it_was() -> None:
    ledger = Ledger()
    schedule([line(rules("one", "2/day"), 1, 2, 3)], ledger, NOW, NOW + timedelta(days=9))
    assert not ledger.account(EVERYTHING, POSTS).entries


# Weeks of turns, against the independent judge.

CHANNELS = ("one", "two", "three")
LIMITS = st.lists(
    st.sampled_from(["1/30m", "2/4h", "3/day", "9/week", "40m/week", "18m/day", "4/26h"]), max_size=2
)
BUDGETS = st.sampled_from(["", "1h/week", "24m/day", "30m/36h"])
HOURS = st.sampled_from([None, None, "Mon-Fri 08:00-10:00, 17:00-18:30", "00:00-24:00"])
ARRIVALS = st.lists(
    st.tuples(st.integers(0, 8 * 1440), st.sampled_from(CHANNELS), st.integers(0, 2)), max_size=30
)


@dataclass
class Life:
    """Channels on which deliveries arrive and go, as the engine would let them."""

    lines: dict[str, Rules]
    hours: dict[str, str | None]
    arriving: list[Waiting]
    now: datetime = NOW
    ledger: Ledger = field(default_factory=Ledger)
    waiting: list[Waiting] = field(default_factory=list)
    sent: list[Booking] = field(default_factory=list)

    def run(self) -> None:
        """Go from one promised moment, or arrival, to the next."""
        for _ in range(1000):
            if not (self.arriving or self.waiting):
                return
            self.waiting += [one for one in self.arriving if one.not_before <= self.now]
            self.arriving = [one for one in self.arriving if one.not_before > self.now]
            moments = [one.not_before for one in self.arriving] + list(self.tick())
            if moments:
                assert min(moments) > self.now
                self.now = min(moments)
        pytest.fail(f"{len(self.waiting)} still wait at {self.now}")

    def tick(self) -> Iterator[datetime]:
        for name in self.lines:
            while True:
                queues = [
                    Line(rules=made, waiting=[one for one in self.waiting if one.channel == other])
                    for other, made in self.lines.items()
                ]
                verdicts = judge_channel(name, queues, self.ledger, self.now)
                if not verdicts:
                    break
                one, verdict = verdicts[-1]
                if isinstance(verdict, Wait):
                    assert verdict.until is not None
                    yield verdict.until
                    break
                assert isinstance(verdict, Go)
                self.waiting.remove(one)
                booking = self.lines[name].booking(self.now, one.cost)
                self.ledger.book(booking)
                self.sent.append(booking)
                assert is_open(self.now, ZONE, self.hours[name])

    def within(self, *more: Booking) -> bool:
        """Count everything anew."""
        for made in self.lines.values():
            for cover in made.covers:
                spent = [
                    (one.at, one.cost.get(cover.limit.unit, 0))
                    for one in (*self.sent, *more)
                    if cover.scope in (EVERYTHING, Scope.channel(one.channel))
                ]
                if exceeded(cover.limit, spent, ZONE):
                    return False
        return True


@settings(max_examples=60)
@given(st.tuples(LIMITS, LIMITS, LIMITS), BUDGETS, st.tuples(HOURS, HOURS, HOURS), ARRIVALS)
def test_no_limit_is_ever_exceeded_and_nobody_starves(
    limits: tuple[list[str], ...],
    budget: str,
    hours: tuple[str | None, ...],
    arrivals: list[tuple[int, str, int]],
) -> None:
    made = {
        name: rules(name, *own, budget=budget, hours=parse_hours(when) if when else None)
        for name, own, when in zip(CHANNELS, limits, hours, strict=True)
    }
    arriving = [
        waiting(made[name], number, not_before=NOW + timedelta(minutes=minutes), priority=priority)
        for number, (minutes, name, priority) in enumerate(arrivals)
    ]
    life = Life(made, dict(zip(CHANNELS, hours, strict=True)), arriving)
    life.run()
    assert len(life.sent) == len(arrivals), "everything went"
    assert life.within()


@settings(max_examples=60)
@given(LIMITS, BUDGETS, HOURS, ARRIVALS)
def test_nobody_waits_while_there_is_room(
    limits: list[str], budget: str, hours: str | None, arrivals: list[tuple[int, str, int]]
) -> None:
    """After a tick, whoever waits would break a limit, or stands before a closed door."""
    made = {
        name: rules(name, *limits, budget=budget, hours=parse_hours(hours) if hours else None)
        for name in CHANNELS
    }
    life = Life(made, dict.fromkeys(CHANNELS, hours), [])
    for number, (minutes, name, priority) in enumerate(sorted(arrivals)):
        life.now = NOW + timedelta(minutes=minutes)
        life.waiting.append(waiting(made[name], number, not_before=life.now, priority=priority))
        list(life.tick())
        for one in life.waiting:
            fits = life.within(made[one.channel].booking(life.now, one.cost))
            assert not (is_open(life.now, ZONE, hours) and fits), f"{one} could have gone at {life.now}"


def test_nobody_overtakes_because_it_is_cheaper() -> None:
    """Else the dear one would wait for ever."""
    made = rules("one", "0.30 USD/day", "9/day")
    dear = waiting(made, 1, cost={POSTS: 1, "USD": 200_000})
    queue = [dear, waiting(made, 2, cost={POSTS: 1, "USD": 200_000}), waiting(made, 3, cost={POSTS: 1})]
    assert went(judge_all([Line(rules=made, waiting=queue)], Ledger(), NOW)) == [1]

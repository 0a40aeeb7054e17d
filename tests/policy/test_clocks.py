"""What our clock is worth against the servers' clocks: nothing is let go early, and no limit is outrun."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.config.limits import POSTS, parse_limit
from crosspost.policy import EVERYTHING, Booking, Clocks, Cover, Ledger

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
NONE, MINUTE, HOUR, DAY = timedelta(0), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("servers", "pause", "ahead", "behind", "doubted"),
    [
        ([], NONE, NONE, NONE, False),
        ([], 40 * DAY, 40 * DAY, NONE, False),  # nobody confirms that so much time has passed
        ([NONE], 40 * DAY, NONE, NONE, False),  # a laptop slept: its clock is right
        ([2 * MINUTE], NONE, NONE, NONE, False),
        ([-40 * DAY], 40 * DAY, 40 * DAY, NONE, True),
        ([-40 * DAY, -41 * DAY], NONE, 40 * DAY, NONE, True),
        ([-40 * DAY, MINUTE], NONE, NONE, NONE, False),  # one that agrees is enough
        ([-2 * HOUR], NONE, 2 * HOUR, NONE, False),
        ([3 * HOUR], NONE, NONE, 3 * HOUR, False),
        ([3 * DAY], NONE, NONE, 3 * DAY, True),
        ([], -3 * HOUR, NONE, 3 * HOUR, False),  # set back since the last poll
        ([NONE], -3 * HOUR, NONE, NONE, False),  # that poll's clock was the wrong one
        ([-6000 * DAY], NONE, NONE, NONE, False),  # a server that begins in 2010
    ],
)
def test_what_clocks_are_worth(
    servers: list[timedelta], pause: timedelta, ahead: timedelta, behind: timedelta, doubted: bool
) -> None:
    said = {f"server-{n}": NOW + offset for n, offset in enumerate(servers)}
    clocks = Clocks(now=NOW, servers=said, pause=pause)
    assert (clocks.ahead, clocks.behind, bool(clocks.doubt)) == (ahead, behind, doubted)


def test_the_doubt_names_both_clocks() -> None:
    says = Clocks(now=NOW + 40 * DAY, servers={"blog.example": NOW}).doubt
    assert "2027-01-05 12:00" in says
    assert "blog.example says Thu 2026-11-26 12:00" in says


STEPS = st.lists(
    st.tuples(st.integers(0, 15), st.sampled_from([0, 0, 90, -90, 120, 60 * 24 * 40, -60 * 24 * 2])),
    max_size=60,
)


def played(steps: list[tuple[int, int]], *, heard: bool) -> list[datetime]:
    """Send as often as "8/20m" allows; return when, by a watch.

    Each step: minutes that pass, and our clock's error.
    """
    cover = Cover(limit=parse_limit("8/20m"), scope=EVERYTHING, zone=ZoneInfo("UTC"))
    ledger, truth, sent = Ledger(), NOW, list[datetime]()
    for minutes, error in steps:
        truth += minutes * MINUTE
        now = truth + error * MINUTE
        clocks = Clocks(now=now, servers={"blog.example": truth} if heard else {})
        ledger.ahead = clocks.ahead
        while cover.used(ledger, now) < 8:
            ledger.book(Booking(at=now + clocks.behind, cost={POSTS: 1}))
            sent.append(truth)
    return sent


def most_in_a_window(sent: list[datetime]) -> int:
    return max((sum(start <= at < start + 20 * MINUTE for at in sent) for start in sent), default=0)


@given(STEPS)
def test_no_clock_that_goes_forth_and_back_outruns_a_limit(steps: list[tuple[int, int]]) -> None:
    """In real time there are never more than eight in twenty minutes."""
    assert most_in_a_window(played(steps, heard=True)) <= 8


@given(st.lists(st.sampled_from([0, 90]), max_size=60))
def test_where_no_server_tells_only_the_first_step_ahead_frees_room(errors: list[int]) -> None:
    assert len(played([(0, error) for error in errors], heard=False)) <= 16

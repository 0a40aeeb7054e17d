"""Limits, hours and quiet days as people write them; and what is said about those that cannot be read."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.config.hours import Quiet, parse_hours, parse_quiet
from crosspost.config.limits import (
    ATTENTION,
    POSTS,
    Calendar,
    Limit,
    Ration,
    millionths,
    parse_limit,
    parse_limits,
    parse_ration,
    show_amount,
)
from crosspost.model import Money

WEEK = 7


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("3/day", Limit(3, POSTS, Calendar.DAY)),
        ("3 posts/day", Limit(3, POSTS, Calendar.DAY)),
        ("1/30m", Limit(1, POSTS, timedelta(minutes=30))),
        ("10 / 1m", Limit(10, POSTS, timedelta(minutes=1))),
        ("30m/week", Limit(1800, ATTENTION, Calendar.WEEK)),
        ("1h30m/4h", Limit(5400, ATTENTION, timedelta(hours=4))),
        ("5 USD/month", Limit(5_000_000, "USD", Calendar.MONTH)),
        ("0.25EUR/7d", Limit(250_000, "EUR", timedelta(days=7))),
    ],
)
def test_reads_a_limit(written: str, meant: Limit) -> None:
    assert parse_limit(written) == meant
    assert parse_limit(str(meant)) == meant, "what is shown is read back"


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("3/dya", "at 'dya' (character 3)"),
        ("3", "at its end (character 2)"),
        ("3/", "at its end (character 3)"),
        ("x/day", "at 'x/day' (character 1)"),
        ("5 usd/month", "at ' usd/month' (character 2)"),
        ("5.5/day", "at '/day' (character 4)"),
        ("30 m/week", "at ' m/week' (character 3)"),
        ("1h3/day", "at '/day' (character 4)"),
        ("0/day", "at '0/day' (character 1)"),
        ("0.0 USD/day", "at '0.0 USD/day' (character 1)"),
        ("3/0s", "at '0s' (character 3)"),
        ("3/400d", "at '400d' (character 3)"),
        ("-3/day", "at '-3/day' (character 1)"),
        ("3/day/week", "at 'day/week' (character 3)"),
        ("٣/day", "at '٣/day' (character 1)"),
        ("", "at its end (character 1)"),
    ],
)
def test_a_limit_that_cannot_be_read_is_named_with_the_place(written: str, place: str) -> None:
    with pytest.raises(ValueError, match="is no limit") as error:
        parse_limit(written)
    assert repr(written) in str(error.value)
    assert place in str(error.value)
    assert '"3/day" or "30m/week"' in str(error.value)


@pytest.mark.parametrize("value", [3, 1.5, True, None, ["3/day"]])
def test_only_text_is_a_limit(value: object) -> None:
    with pytest.raises(ValueError, match=r'is no limit; write it like "3/day" or "30m/week"'):
        parse_limit(value)


def test_one_limit_needs_no_list() -> None:
    assert parse_limits("3/day") == parse_limits(["3/day"])


def test_money_is_rounded_against_the_limit() -> None:
    assert millionths(Money(Decimal("0.0000001"), "USD")) == 1
    assert millionths(Money(Decimal("0.20"), "USD")) == 200_000


@given(st.integers(0, 10**12))
def test_amounts_are_shown_as_they_are_read(amount: int) -> None:
    shown = show_amount(amount, "USD")
    assert millionths(Money(Decimal(shown.removesuffix(" USD")), "USD")) == amount


def test_amounts_read_well() -> None:
    shown = [show_amount(n, POSTS) for n in (1, 2)] + [show_amount(n, ATTENTION) for n in (0, 90, 5400, 90_000)]
    assert shown == ["1 post", "2 posts", "0m", "1m30s", "1h30m", "25h"]
    assert [show_amount(n, "USD") for n in (200_000, 15_000, 5_000_000)] == [
        "0.20 USD",
        "0.015 USD",
        "5.00 USD",
    ]


@pytest.mark.parametrize("written", ["5 in 1", "1 in 1", "0 in 5", "1/5", "one in five", "", 5, None])
def test_a_ration_leaves_room_for_others(written: object) -> None:
    with pytest.raises(ValueError, match='"1 in 5" or "2 in 7"'):
        parse_ration(written)
    assert parse_ration(" 1 in 5 ") == Ration(1, 5)


def minutes(text: str) -> list[list[str]]:
    return [
        [f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}" for start, end in day]
        for day in parse_hours(text).days
    ]


def test_days_hold_for_the_times_after_them() -> None:
    office = ["08:00-10:00", "17:00-18:30"]
    assert minutes("Mon-Fri 08:00-10:00, 17:00-18:30") == [office] * 5 + [[], []]
    assert minutes("Mon-Fri 08:00-10:00, 17:00-18:30; Sat 9:00-12:00")[5:] == [["09:00-12:00"], []]
    assert minutes("09:00-18:00") == [["09:00-18:00"]] * WEEK
    assert minutes("tue, Thursday 00:00-24:00") == [[], ["00:00-24:00"], [], ["00:00-24:00"], [], [], []]
    assert minutes("Sat-Mon 17:00-18:00, 08:00-09:00")[0] == ["08:00-09:00", "17:00-18:00"]


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("Mon-Fri", "at 'Mon-Fri' (character 1): these days have no times"),
        ("08:00-10:00, Sat", "at 'Sat' (character 14): these days have no times"),
        ("08:00-10:00, Mun 9:00-10:00", "at 'Mun 9:00-10:00' (character 14): days are Mon, Tue"),
        ("Mon-Fry 08:00-10:00", "at 'Fry 08:00-10:00' (character 5): days are Mon, Tue"),
        ("18:00-08:00", "at '18:00-08:00' (character 1): it ends before it begins"),
        ("08:00-08:00", "it ends before it begins"),
        ("08:00-24:30", "times go from 00:00 to 24:00"),
        ("08:60-09:00", "times go from 00:00 to 24:00"),
        ("Mon 8:00-10:00, 9:00-11:00", "at '9:00-11:00' (character 17): Monday has a part of this twice"),
        ("Mon-Wed 8:00-9:00, Wed 8:00-9:00", "Wednesday has a part of this twice"),
        ("8-10", "at '8-10' (character 1): this is neither days nor times"),
        ("08:00–10:00", "this is neither days nor times"),
        ("", "at its end: there are no times"),
    ],
)
def test_hours_that_cannot_be_read_are_named_with_the_place(written: str, says: str) -> None:
    with pytest.raises(ValueError, match="are no posting hours") as error:
        parse_hours(written)
    assert repr(written) in str(error.value)
    assert says in str(error.value)
    assert '"Mon-Fri 08:00-10:00, 17:00-18:30" or "09:00-18:00"' in str(error.value)


def test_quiet_days() -> None:
    one, year_end = date(2026, 7, 1), Quiet(date(2026, 12, 24), date(2027, 1, 2))
    assert parse_quiet(["2026-07-01", "2026-12-24..2027-01-02"]) == (Quiet(one, one), year_end)
    assert parse_quiet(one) == (Quiet(one, one),), "TOML has dates of its own"


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("2026-12-24..2026-01-02", "at '2026-01-02' (character 13): it ends before it begins"),
        ("2026-13-01", "at '2026-13-01' (character 1): this is no date"),
        ("2026-12-24..", "this is no date"),
        ("Christmas", "this is no date"),
    ],
)
def test_quiet_days_that_cannot_be_read_are_named_with_the_place(written: str, says: str) -> None:
    with pytest.raises(ValueError, match="is no quiet day") as error:
        parse_quiet(written)
    assert says in str(error.value)
    assert '"2026-12-24..2027-01-02" or "2026-07-01"' in str(error.value)

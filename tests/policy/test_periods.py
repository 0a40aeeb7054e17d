"""Days, weeks and months, and posting hours, whatever the clocks do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crosspost.config.hours import parse_hours
from crosspost.config.limits import Calendar
from crosspost.config.quiet import parse_quiet
from crosspost.policy.opening import next_opening, open_spans
from crosspost.policy.periods import day_start, local_day, period
from tests.policy.oracle import first_day, is_open

MONTREAL, PARIS, LORD_HOWE = (
    ZoneInfo(name) for name in ("America/Montreal", "Europe/Paris", "Australia/Lord_Howe")
)
HOUR = timedelta(hours=1)
ZONES = st.sampled_from([MONTREAL, PARIS, LORD_HOWE, ZoneInfo("Asia/Kathmandu"), ZoneInfo("UTC")])
ODD = st.sampled_from(
    # Clocks that skip midnight, go back over it, or skip a whole day.
    [
        ZoneInfo(name)
        for name in ("Africa/Cairo", "America/St_Johns", "Pacific/Apia", "America/Santiago", "Asia/Beirut")
    ]
)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (MONTREAL, date(2027, 3, 14), 23),
        (MONTREAL, date(2026, 11, 1), 25),
        (PARIS, date(2027, 3, 28), 23),
        (PARIS, date(2026, 10, 25), 25),
        (LORD_HOWE, date(2026, 10, 4), 23.5),
        (LORD_HOWE, date(2027, 4, 4), 24.5),
        (ZoneInfo("Africa/Cairo"), date(2027, 4, 30), 23),  # begins at 01:00
        (MONTREAL, date(2028, 2, 29), 24),
    ],
)
def test_a_day_is_as_long_as_it_is(zone: ZoneInfo, day: date, hours: float) -> None:
    start, end = period(Calendar.DAY, day_start(day, zone) + 5 * HOUR, zone)
    assert start == day_start(day, zone)
    assert (end - start) == timedelta(hours=hours)
    assert start.astimezone(zone).date() == day
    assert (start - timedelta(seconds=1)).astimezone(zone).date() < day


def test_a_week_with_a_year_end() -> None:
    start, end = period(Calendar.WEEK, datetime(2027, 1, 1, 12, tzinfo=UTC), MONTREAL)
    assert (start.isoformat(), end.isoformat()) == ("2026-12-28T05:00:00+00:00", "2027-01-04T05:00:00+00:00")
    start, _ = period(Calendar.WEEK, datetime(2027, 1, 1, 12, tzinfo=UTC), MONTREAL, week_starts=6)
    assert start.isoformat() == "2026-12-27T05:00:00+00:00"


@given(st.sampled_from(Calendar), MOMENTS, ZONES, st.integers(0, 6))
@example(Calendar.MONTH, datetime(2028, 2, 29, 23, 59, tzinfo=UTC), MONTREAL, 0)
def test_a_moment_lies_in_its_period(kind: Calendar, when: datetime, zone: ZoneInfo, week_starts: int) -> None:
    start, end = period(kind, when, zone, week_starts)
    assert start <= when < end
    first = first_day(kind, when.astimezone(zone).date(), week_starts)
    for at in (start, end - timedelta(microseconds=1)):
        assert first_day(kind, at.astimezone(zone).date(), week_starts) == first
    for outside in (start - timedelta(microseconds=1), end):
        assert first_day(kind, outside.astimezone(zone).date(), week_starts) != first


@given(
    st.sampled_from(Calendar),
    st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    ODD,
)
@example(Calendar.DAY, datetime(2006, 10, 29, 2, 45, tzinfo=UTC), ZoneInfo("America/St_Johns"))
@example(Calendar.DAY, datetime(2011, 12, 30, 9, 59, tzinfo=UTC), ZoneInfo("Pacific/Apia"))
def test_periods_follow_on_one_another_wherever_clocks_go_wild(
    kind: Calendar, when: datetime, zone: ZoneInfo
) -> None:
    start, end = period(kind, when, zone)
    assert start <= when < end
    assert period(kind, start, zone) == (start, end)
    assert period(kind, end, zone)[0] == end


HOURS = st.sampled_from(
    [
        "Mon-Fri 08:00-10:00, 17:00-18:30",
        "00:00-24:00",
        "Sun 01:30-02:30, 02:45-03:15",
        "01:00-02:00",
        "Sat 23:00-24:00",
    ]
)
QUIET = st.sampled_from([[], ["2026-12-24..2027-01-02"], ["2027-03-14", "2026-11-01"]])


@given(MOMENTS, ZONES, HOURS, QUIET)
@example(datetime(2027, 3, 14, 6, 50, tzinfo=UTC), MONTREAL, "Sun 02:15-03:30", [])  # opens in a skipped hour
@example(datetime(2026, 11, 1, 5, 59, tzinfo=UTC), MONTREAL, "Sun 01:30-02:00", [])  # opens twice
@example(datetime(2026, 10, 3, 15, 0, tzinfo=UTC), LORD_HOWE, "02:10-02:20", [])  # is skipped altogether
def test_the_next_opening_is_the_first_one(
    when: datetime, zone: ZoneInfo, hours: str, quiet: list[str]
) -> None:
    days = parse_quiet(quiet)
    found = next_opening(when, zone, parse_hours(hours), days)
    assert found is not None
    assert found >= when
    assert is_open(found, zone, hours, days)
    if found > when:
        assert not is_open(when, zone, hours, days)
        assert not is_open(found - timedelta(microseconds=1), zone, hours, days)
        step = (found - when) / 200
        assert not any(is_open(when + step * n, zone, hours, days) for n in range(200))


@given(MOMENTS, ZONES, HOURS)
def test_a_days_spans_are_when_the_wall_says_open(when: datetime, zone: ZoneInfo, hours: str) -> None:
    spans = open_spans(local_day(when, zone), zone, parse_hours(hours), ())
    assert any(start <= when < end for start, end in spans) is is_open(when, zone, hours)


def test_nothing_opens_for_ever() -> None:
    quiet = parse_quiet(["2026-01-01..2036-01-01"])
    assert next_opening(datetime(2026, 11, 23, tzinfo=UTC), PARIS, None, quiet) is None

"""A moment of each week: as people write it, and when it was due."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.config.weekly import Weekly, parse_weekly
from crosspost.policy.weekly import last_due, next_due

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("text", "weekday", "at"),
    [
        ("Monday 08:00", 0, time(8)),
        ("mon 8:00", 0, time(8)),
        ("lundi 8h", 0, time(8)),
        ("Lun. 8h30", 0, time(8, 30)),
        ("Vendredi à 17h05", 4, time(17, 5)),
        ("  FRIDAY, 17:30 ", 4, time(17, 30)),
        ("dimanche 0h", 6, time(0)),
        ("Sat at 23.59", 5, time(23, 59)),
        ("mercredi 9", 2, time(9)),
        ("Montag 8 Uhr", 0, time(8)),
        ("miércoles 8:30", 2, time(8, 30)),
        ("Sunday 5 pm", 6, time(17)),
    ],
)
def test_it_is_read_as_people_write_it(text: str, weekday: int, at: time) -> None:
    assert (parse_weekly(text).weekday, parse_weekly(text).at) == (weekday, at)


@pytest.mark.parametrize(
    "text", ["", "Monday", "08:00", "Mo 8:00", "Someday 8:00", "Monday 24:00", "Monday 8:60", 8]
)
def test_what_is_none_is_said_with_an_example(text: object) -> None:
    with pytest.raises(ValueError, match='such as "Monday 08:00"'):
        parse_weekly(text)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    st.integers(0, 6),
    st.times(timezones=st.none()),
    st.sampled_from([PARIS, ZoneInfo("America/St_Johns"), ZoneInfo("Pacific/Apia"), ZoneInfo("UTC")]),
)
def test_the_last_and_the_next_are_a_week_apart_with_now_between(
    now: datetime, weekday: int, at: time, zone: ZoneInfo
) -> None:
    weekly = Weekly(weekday, at.replace(second=0, microsecond=0), "")
    last, following = last_due(weekly, now, zone), next_due(weekly, now, zone)
    assert last <= now < following
    assert abs(following - last - timedelta(days=7)) <= timedelta(hours=1), "summer time begins or ends"
    assert last.astimezone(zone).weekday() == weekday


def test_it_stays_at_its_local_time_through_summer_time() -> None:
    weekly = parse_weekly("Monday 08:00")
    for month in (1, 7):
        due = next_due(weekly, datetime(2026, month, 1, tzinfo=UTC), PARIS)
        assert due.astimezone(PARIS).time() == time(8)

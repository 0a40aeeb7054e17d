"""Moments as people say them, in the zone that is configured."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crosspost.config.moment import parse_moment

ZONE = ZoneInfo("America/Montreal")
NOW = datetime(2026, 11, 27, 14, 0, tzinfo=ZONE).astimezone(UTC)  # a Friday
SAID = {
    "2026-12-01 09:00": "2026-12-01 09:00",
    "2026-12-01T09:00:00": "2026-12-01 09:00",
    "2026-12-01T09:00:00Z": "2026-12-01 04:00",
    "2026-12-01 09:00+01:00": "2026-12-01 03:00",
    "2026-12-1, 9h": "2026-12-01 09:00",
    "tomorrow 9:00": "2026-11-28 09:00",
    "Tomorrow at 9 am": "2026-11-28 09:00",
    "demain 9h30": "2026-11-28 09:30",
    "aujourd’hui 18h": "2026-11-27 18:00",
    "today 15.30": "2026-11-27 15:30",
    "15:30": "2026-11-27 15:30",
    "9:00": "2026-11-28 09:00",
    "3 pm": "2026-11-27 15:00",
    "12:15 am": "2026-11-28 00:15",
    "monday 9:00": "2026-11-30 09:00",
    "fri 9:00": "2026-12-04 09:00",
    "vendredi 18h": "2026-11-27 18:00",
    "Montag um 9 Uhr": "2026-11-30 09:00",
    "mañana a las 9:00": "2026-11-28 09:00",
    "tomorrow noon": "2026-11-28 12:00",
    "sam. 9h": "2026-11-28 09:00",
    "in 2h": "2026-11-27 16:00",
    "in 90 minutes": "2026-11-27 15:30",
    "dans 1 jour": "2026-11-28 14:00",
    "in 2 Stunden": "2026-11-27 16:00",
    "in 1h 30m": "2026-11-27 15:30",
}


@pytest.mark.parametrize("said", SAID)
def test_a_moment_is_understood(said: str) -> None:
    moment = parse_moment(said, NOW, ZONE)
    assert moment.tzinfo is UTC
    assert f"{moment.astimezone(ZONE):%Y-%m-%d %H:%M}" == SAID[said]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("2026-11-27 13:59", "is over"),
        ("today 9:00", "is over"),
        ("2028-01-01 09:00", "more than a year ahead"),
        ("2027-03-14 02:30", "no clock in America/Montreal shows 2027-03-14 02:30"),
        *(
            (said, "is no moment")
            for said in (
                "9999-12-31 23:59",
                "0001-01-01T00:00+05:00",
                "",
                "9",
                "soon",
                "25:00",
                "13 pm",
                "2026-02-30 9:00",
                "in 2 moons",
            )
        ),
    ],
)
def test_what_cannot_be_meant_is_told(said: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_moment(said, NOW, ZONE)


def test_of_two_moments_that_a_clock_shows_twice_it_is_the_first() -> None:
    assert parse_moment("2027-11-07 01:30", NOW, ZONE) == datetime(2027, 11, 7, 5, 30, tzinfo=UTC)

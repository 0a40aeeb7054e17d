"""Durations, paths and addresses as people write them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.config.units import is_address, local_path, parse_duration, show_duration


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("90s", timedelta(seconds=90)),
        ("15m", timedelta(minutes=15)),
        ("1h30m", timedelta(minutes=90)),
        ("7d", timedelta(days=7)),
        ("2w", timedelta(weeks=2)),
        ("1w2d3h4m5s", timedelta(weeks=1, days=2, hours=3, minutes=4, seconds=5)),
        ("0m", timedelta(0)),
        (" 5m ", timedelta(minutes=5)),
        ("15 min", timedelta(minutes=15)),
        ("15\u00a0MIN", timedelta(minutes=15)),
        ("1h30", timedelta(minutes=90)),
        ("1 h 30", timedelta(minutes=90)),
        ("2 heures et 30 minutes", timedelta(minutes=150)),
        ("1 hour, 30 minutes", timedelta(minutes=90)),
        ("3 jours", timedelta(days=3)),
        ("2 semaines", timedelta(weeks=2)),
        (timedelta(minutes=1), timedelta(minutes=1)),
    ],
)
def test_reads_a_duration(written: object, meant: timedelta) -> None:
    assert parse_duration(written) == meant


@pytest.mark.parametrize(
    "written",
    [
        "",
        "15",
        "m",
        "15 m x",
        "1h3",
        "2 mois",
        "-5m",
        "1.5h",
        "fifteen minutes",
        "5M",
        "PT5M",
        "٣m",
        15,
        1.5,
        True,
        None,
        ["5m"],
    ],
)
def test_refuses_what_does_not_say_of_what(written: object) -> None:
    with pytest.raises(ValueError, match=r'is no duration; write it with its unit, such as "15m"'):
        parse_duration(written)


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("15mon", "'mon' (character 3)"),
        ("5M", "'M' (character 2)"),
        ("1h5x", "'x' (character 4)"),
        ("x", "'x' (character 1)"),
    ],
)
def test_names_the_place(written: str, place: str) -> None:
    with pytest.raises(ValueError, match="is no duration") as error:
        parse_duration(written)
    assert f"it goes wrong at {place}" in str(error.value)


@pytest.mark.parametrize("written", ["999999w", "36501d", "999999w" * 10])
def test_refuses_what_no_calendar_holds(written: str) -> None:
    with pytest.raises(ValueError, match="longer than a hundred years"):
        parse_duration(written)


def test_the_longest_duration_can_be_added_to_now() -> None:
    assert datetime.now(UTC) + parse_duration("36500d") > datetime.now(UTC)


@given(st.integers(0, 36_500 * 86_400))
def test_what_is_shown_is_read_back(seconds: int) -> None:
    span = timedelta(seconds=seconds)
    assert parse_duration(show_duration(span)) == span


def test_shows_a_duration_in_its_largest_units() -> None:
    assert show_duration(timedelta(minutes=90)) == "1h30m"
    assert show_duration(timedelta(0)) == "0s"
    assert show_duration(timedelta(days=8)) == "1w1d"


def test_a_path_begins_at_home_with_a_tilde(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert local_path("~/signature") == tmp_path / "signature"
    assert local_path("signature") == Path("signature")


@pytest.mark.parametrize("text", ["", "a\0b"])
def test_a_path_no_file_can_have_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be the path of a file"):
        local_path(text)


def test_a_home_nobody_has_is_refused() -> None:
    with pytest.raises(ValueError, match="names a home that does not exist: ~nobody-of-this-name/x"):
        local_path("~nobody-of-this-name/x")


@pytest.mark.parametrize(
    "text", ["https://blog.example/feed", "HTTP://blog.example", "http://[::1]:8000/", "http://127.0.0.1"]
)
def test_is_an_address(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "blog.example",
        "https://",
        "http:///x",
        "ftp://x/y",
        "http://[::1/x",
        "http://x:99999/",
        "http://x:0/",
        "x:y",
    ],
)
def test_is_no_address(text: str) -> None:
    assert not is_address(text)

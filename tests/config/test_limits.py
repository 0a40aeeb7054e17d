"""Limits as people write them; and what is said about those that cannot be read."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        ("2/jour", Limit(2, POSTS, Calendar.DAY)),
        ("2 par jour", Limit(2, POSTS, Calendar.DAY)),
        ("2 fois par jour", Limit(2, POSTS, Calendar.DAY)),
        ("2 posts a day", Limit(2, POSTS, Calendar.DAY)),
        ("2 per Day", Limit(2, POSTS, Calendar.DAY)),
        ("1 toutes les 4\u00a0h", Limit(1, POSTS, timedelta(hours=4))),
        ("1 every 4 hours", Limit(1, POSTS, timedelta(hours=4))),
        ("2 per hour", Limit(2, POSTS, timedelta(hours=1))),
        ("30 min/semaine", Limit(1800, ATTENTION, Calendar.WEEK)),
        ("1h30 par semaine", Limit(5400, ATTENTION, Calendar.WEEK)),
        ("2 h/sem", Limit(7200, ATTENTION, Calendar.WEEK)),
        ("5,50 EUR/mois", Limit(5_500_000, "EUR", Calendar.MONTH)),
        ("5 usd/month", Limit(5_000_000, "USD", Calendar.MONTH)),
        ("5 € par mois", Limit(5_000_000, "EUR", Calendar.MONTH)),
        ("5 $CA/mois", Limit(5_000_000, "CAD", Calendar.MONTH)),
        ("twice a day", Limit(2, POSTS, Calendar.DAY)),
        ("deux par jour.", Limit(2, POSTS, Calendar.DAY)),
        ("max. 2 per day", Limit(2, POSTS, Calendar.DAY)),
        ("au plus 2 par jour", Limit(2, POSTS, Calendar.DAY)),
        ("2 per day, at most!", Limit(2, POSTS, Calendar.DAY)),
        ("3/wk", Limit(3, POSTS, Calendar.WEEK)),
        ("1/hr", Limit(1, POSTS, timedelta(hours=1))),
    ],
)
def test_reads_a_limit(written: str, meant: Limit) -> None:
    assert parse_limit(written) == meant
    assert parse_limit(str(meant)) == meant, "what is shown is read back"


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("5 $/mois", "whose dollars are they? write USD, CAD or AUD"),
        ("$5/month", "whose dollars are they?"),
        ("5 xyz/month", "at ' xyz/month' (character 2)"),
        ("2 per year", "at 'year' (character 7)"),
        ("3/dya", "at 'dya' (character 3)"),
        ("3", "at its end (character 2)"),
        ("3/", "at its end (character 3)"),
        ("x/day", "at 'x/day' (character 1)"),
        ("5.5/day", "at '/day' (character 4)"),
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
    example = '"3 par jour" or "30 min par semaine"' if "mois" in written else '"3/day" or "30m/week"'
    assert example in str(error.value)


@pytest.mark.parametrize("value", [3, 1.5, True, None, ["3/day"]])
def test_only_text_is_a_limit(value: object) -> None:
    with pytest.raises(ValueError, match=r'is no limit; write it like "3/day" or "30m/week"'):
        parse_limit(value)


def test_one_limit_needs_no_list() -> None:
    assert parse_limits("3/day") == parse_limits(["3/day"])


@pytest.mark.parametrize(
    "written", ["3/day, 10/week", "3 a day and 10 a week", "3 par jour et 10 par semaine."]
)
def test_several_limits_in_one_text_are_a_list(written: str) -> None:
    assert parse_limits(written) == parse_limits(["3/day", "10/week"])


@pytest.mark.parametrize("written", ["none", "Unlimited", "aucune limite", "any"])
def test_who_wants_no_limit_is_told_how(written: str) -> None:
    with pytest.raises(ValueError, match="is no limit; where there is to be none, leave the key out"):
        parse_limits(written)


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
    assert parse_ration(" 1 in 5 ") == parse_ration("1 sur 5") == Ration(1, 5)

"""When a credential is renewed, and when its end is told."""

from datetime import UTC, datetime, timedelta

import pytest

from crosspost.policy.lifetime import (
    WARNINGS,
    Life,
    ends,
    is_good,
    needs_person,
    next_look,
    pause,
    renewal_due,
    wants_renewal,
    warning,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def life(*, lasts: timedelta | None, renewable_for: timedelta | None = None, renewable: bool = True) -> Life:
    return Life(
        obtained=NOW,
        expires=NOW + lasts if lasts else None,
        renewable=renewable,
        renewable_until=NOW + renewable_for if renewable_for else None,
    )


X = life(lasts=timedelta(hours=2), renewable_for=timedelta(days=180))
TUMBLR = life(lasts=timedelta(minutes=42), renewable_for=timedelta(days=42))
LINKEDIN = life(lasts=timedelta(days=60), renewable=False)
PARTNER = life(lasts=timedelta(days=60), renewable_for=timedelta(days=365))
FACEBOOK = life(lasts=None, renewable=False)


@pytest.mark.parametrize(
    ("one", "after"),
    [
        (X, timedelta(minutes=108)),
        (TUMBLR, timedelta(minutes=37, seconds=48)),
        (PARTNER, timedelta(days=7)),
        (life(lasts=timedelta(seconds=60)), -timedelta(minutes=1)),  # shorter than the least margin: at once
        (life(lasts=None, renewable_for=timedelta(days=42)), timedelta(days=7)),
        (life(lasts=None, renewable_for=timedelta(days=10)), timedelta(days=3)),
        (life(lasts=timedelta(days=60)), timedelta(days=54)),
    ],
)
def test_it_is_renewed_in_the_last_tenth_of_its_life_or_weekly(one: Life, after: timedelta) -> None:
    assert renewal_due(one) == NOW + after
    assert wants_renewal(one, NOW + after)
    assert not wants_renewal(one, NOW + after - SECOND)


@pytest.mark.parametrize("one", [LINKEDIN, FACEBOOK])
def test_what_cannot_be_renewed_never_wants_it(one: Life) -> None:
    assert renewal_due(one) is None
    assert not wants_renewal(one, NOW + timedelta(days=1000))


def test_it_is_good_until_the_last_second() -> None:
    assert is_good(LINKEDIN, NOW + timedelta(days=60) - SECOND)
    assert not is_good(LINKEDIN, NOW + timedelta(days=60))
    assert is_good(FACEBOOK, NOW + timedelta(days=10_000))


def test_it_ends_when_only_a_person_can_help() -> None:
    assert ends(LINKEDIN) == NOW + timedelta(days=60)
    assert ends(PARTNER) == NOW + timedelta(days=365)
    assert ends(X) == NOW + timedelta(days=180)
    assert ends(FACEBOOK) is None


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [
        (timedelta(days=14, seconds=1), None),
        (timedelta(days=14), 14),
        (timedelta(days=7, seconds=1), 14),
        (timedelta(days=7), 7),
        (timedelta(days=2, seconds=1), 7),
        (timedelta(days=2), 2),
        (timedelta(0), 2),
        (timedelta(days=-30), 2),
    ],
)
def test_warnings_come_14_7_and_2_days_ahead(ahead: timedelta, expected: int | None) -> None:
    found = warning(NOW + ahead, NOW)
    assert (found.days if found else None) == expected


def test_a_run_looks_at_it_when_there_is_something_to_do() -> None:
    assert next_look(LINKEDIN, NOW) == NOW + timedelta(days=60) - WARNINGS[0]
    assert next_look(X, NOW) == NOW + timedelta(days=7), "a token of two hours is renewed when it is used"
    assert next_look(FACEBOOK, NOW) is None


def test_pauses_grow_and_stay_within_an_hour() -> None:
    passing = [pause(n, lost=False) for n in range(1, 9)]
    assert passing == sorted(passing)
    assert passing[0] == timedelta(minutes=1)
    assert passing[-1] == timedelta(hours=1)
    assert pause(1, lost=True) == timedelta(seconds=30)
    assert pause(2, lost=True) == pause(9, lost=True) == timedelta(hours=1)


def test_a_person_is_asked_after_two_lost_answers_three_failures_or_the_network_s_word() -> None:
    assert not needs_person(failures=2, lost=1, gone=False)
    assert needs_person(failures=0, lost=2, gone=False)
    assert needs_person(failures=3, lost=0, gone=False)
    assert needs_person(failures=0, lost=0, gone=True)

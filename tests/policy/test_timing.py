"""May it go now, and if not, when: exactly then, not one second before."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crosspost.config.hours import parse_hours
from crosspost.config.limits import ATTENTION, POSTS, Limit, Ration, parse_limit
from crosspost.config.quiet import parse_quiet
from crosspost.policy import EVERYTHING, Booking, Cover, Go, Ledger, Never, Rules, Scope, Wait, Waiting, may_go
from tests.policy.oracle import SECOND, first_day, is_open

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ZONE = ZoneInfo("America/Montreal")
COST = {POSTS: 1, ATTENTION: 360, "USD": 200_000}
OWNERS = {"one": "marie", "two": "marie", "three": ""}
SCOPES = [Scope.channel("one"), Scope.person("marie"), EVERYTHING]


def waiting(**values: Any) -> Waiting:
    return replace(Waiting(id=1, channel="one", not_before=NOW, reason="because", cost=COST), **values)


def rules(*limits: str, scope: Scope | None = None, **values: Any) -> Rules:
    covers = tuple(Cover(limit=parse_limit(one), scope=scope or SCOPES[0], zone=ZONE) for one in limits)
    return Rules(channel="one", person="marie", zone=ZONE, covers=covers, **values)


def ledger(*bookings: Booking) -> Ledger:
    made = Ledger()
    for one in bookings:
        made.book(one)
    return made


def post(at: datetime, channel: str = "one", **more: int) -> Booking:
    return Booking(at=at, cost={**COST, **more}, channel=channel, person=OWNERS[channel])


def test_without_rules_only_its_own_moments_count() -> None:
    none = rules()
    assert may_go(waiting(), none, Ledger(), now=NOW) == Go()
    assert may_go(waiting(), none, Ledger(), now=NOW - SECOND) == Wait(until=NOW, reason="because")
    assert isinstance(may_go(waiting(expires=NOW), none, Ledger(), now=NOW), Never)
    assert may_go(waiting(expires=NOW + SECOND), none, Ledger(), now=NOW) == Go()


@pytest.mark.parametrize(
    ("limit", "spent", "until", "says"),
    [
        ("1/30m", [-29], NOW + timedelta(minutes=1), "one’s 1/30m is used up"),
        ("1/30m", [-30], NOW, ""),
        ("3/day", [-100, -50, -1], datetime(2026, 11, 24, 5, tzinfo=UTC), "one’s 3/day is used up"),
        ("30m/week", [-4, -3, -2, -1], NOW, ""),
        ("30m/week", [-5, -4, -3, -2, -1], datetime(2026, 11, 30, 5, tzinfo=UTC), "one’s 30m/week is used up"),
        (
            "20m/week",
            [-3, -2, -1],
            datetime(2026, 11, 30, 5, tzinfo=UTC),
            "20m/week has 2m left, and this takes 6m",
        ),
        (
            "0.5 USD/month",
            [-2, -1],
            datetime(2026, 12, 1, 5, tzinfo=UTC),
            "has 0.10 USD left, and this takes 0.20 USD",
        ),
    ],
)
def test_a_sentence_says_why(limit: str, spent: Sequence[int], until: datetime, says: str) -> None:
    booked = ledger(*(post(NOW + timedelta(minutes=minutes)) for minutes in spent))
    verdict = may_go(waiting(), rules(limit), booked, now=NOW)
    if until == NOW:
        assert verdict == Go()
    else:
        assert isinstance(verdict, Wait)
        assert (verdict.until, verdict.full) == (until, True)
        assert says in verdict.reason


def test_a_periods_first_moment_belongs_to_it() -> None:
    midnight = datetime(2026, 11, 23, 5, tzinfo=UTC)
    assert isinstance(may_go(waiting(), rules("1/day"), ledger(post(midnight)), now=NOW), Wait)
    assert may_go(waiting(), rules("1/day"), ledger(post(midnight - SECOND)), now=NOW) == Go()


def test_what_costs_nothing_always_fits() -> None:
    spent = ledger(Booking(at=NOW, cost={ATTENTION: 9_999}, person="marie"))
    free = waiting(cost={POSTS: 1, ATTENTION: 0})
    assert may_go(free, rules("10m/week", scope=EVERYTHING), spent, now=NOW) == Go()


def test_what_can_never_fit_asks_a_person() -> None:
    verdict = may_go(waiting(), rules("5m/week", scope=EVERYTHING), Ledger(), now=NOW)
    assert isinstance(verdict, Never)
    assert verdict.needs_person
    assert "it takes 6m, and the time box of 5m/week is less; raise that limit" in verdict.reason


def test_what_hinders_now_and_what_does_for_longest_are_both_named() -> None:
    hours = parse_hours("Mon-Fri 07:00-10:00, 17:00-18:00")
    now = NOW + timedelta(hours=2)
    verdict = may_go(waiting(), rules("1/3h", hours=hours), ledger(post(NOW)), now=now)
    assert isinstance(verdict, Wait)
    assert verdict.until == datetime(2026, 11, 23, 22, tzinfo=UTC)
    assert verdict.reason == f"one’s 1/3h is used up; after that, outside its posting hours ({hours})"
    assert verdict.full
    verdict = may_go(waiting(), rules("1/day", hours=hours), ledger(post(NOW)), now=NOW + timedelta(hours=9))
    assert isinstance(verdict, Wait)
    assert not verdict.full, "the channel is closed: whether it fits is asked when it opens"


@pytest.mark.parametrize(
    ("ration", "last_posts", "missing"),
    [
        (Ration(1, 5), [], 4),
        (Ration(1, 5), [False] * 4, 0),
        (Ration(1, 5), [False, False, True, False, False], 1),
        (Ration(1, 5), [False, False, False, False, True], 0),
        (Ration(2, 5), [True, False, False, False], 0),
        (Ration(2, 5), [True, True, False, False, False], 1),
    ],
)
def test_promotion_waits_until_enough_others_went_out(
    ration: Ration, last_posts: list[bool], missing: int
) -> None:
    verdict = may_go(waiting(promotional=True), rules(ration=ration), Ledger(), now=NOW, last_posts=last_posts)
    if missing:
        assert isinstance(verdict, Wait)
        assert verdict.until is None
        assert f"waits until {missing} other entr" in verdict.reason
        assert not verdict.full
    else:
        assert verdict == Go()
    assert may_go(waiting(), rules(ration=ration), Ledger(), now=NOW, last_posts=last_posts) == Go()


def test_what_is_sent_again_does_not_stand_in_its_own_way() -> None:
    booked = Ledger()
    booked.take_over(7, post(NOW - timedelta(minutes=5)))
    assert isinstance(may_go(waiting(), rules("1/30m"), booked, now=NOW), Wait)
    assert may_go(waiting(booked=7), rules("1/30m"), booked, now=NOW) == Go()
    assert isinstance(may_go(waiting(), rules("1/30m"), booked, now=NOW), Wait), "it counts again"


LIMITS = st.sampled_from(
    [
        "1/30m",
        "2/4h",
        "3/day",
        "5/week",
        "20/month",
        "30m/week",
        "18m/day",
        "12m/6h",
        "1 USD/month",
        "0.5 USD/day",
        "4/26h",
    ]
).map(parse_limit)
BEGINNINGS = st.sampled_from(
    # A change of clocks in each zone, a year end, a leap day: always a few days before it.
    [
        (ZoneInfo("America/Montreal"), datetime(2027, 3, 12, tzinfo=UTC)),
        (ZoneInfo("Europe/Paris"), datetime(2026, 10, 22, tzinfo=UTC)),
        (ZoneInfo("Australia/Lord_Howe"), datetime(2026, 10, 1, tzinfo=UTC)),
        (ZoneInfo("Australia/Lord_Howe"), datetime(2027, 4, 1, tzinfo=UTC)),
        (ZoneInfo("America/Montreal"), datetime(2026, 12, 29, tzinfo=UTC)),
        (ZoneInfo("Europe/Paris"), datetime(2028, 2, 27, tzinfo=UTC)),
    ]
)
HOURS = st.sampled_from([None, None, "Mon-Fri 08:00-10:00, 17:00-18:30", "01:30-03:15", "00:00-24:00"])
SPENT = st.lists(
    st.tuples(st.integers(-40 * 1440, 1440), st.sampled_from(list(OWNERS)), st.sampled_from([0, 200_000])),
    max_size=40,
)


@settings(max_examples=300)
@given(
    BEGINNINGS,
    st.lists(st.tuples(LIMITS, st.integers(0, 2)), min_size=1, max_size=4),
    HOURS,
    SPENT,
    st.integers(0, 6),
)
@example((ZONE, NOW), [(Limit(1, POSTS, timedelta(hours=2)), 0)], None, [(0, "one", 0), (60, "one", 0)], 0)
def test_the_promised_moment_is_the_first_at_which_it_fits(
    beginning: tuple[ZoneInfo, datetime],
    limits: list[tuple[Limit, int]],
    hours: str | None,
    spent: list[tuple[int, str, int]],
    week_starts: int,
) -> None:
    """Also when limits were lowered since, so that more is spent than they allow; or a clock was ahead."""
    zone, now = beginning
    booked = [post(now + timedelta(minutes=minutes), channel, USD=price) for minutes, channel, price in spent]
    covers = tuple(
        Cover(limit=limit, scope=SCOPES[scope], zone=zone, week_starts=week_starts) for limit, scope in limits
    )
    made = Rules(channel="one", zone=zone, covers=covers, hours=parse_hours(hours) if hours else None)
    wants = waiting(not_before=now)

    def fits(at: datetime) -> bool:
        spent_by = [replace(booking, at=min(booking.at, at)) for booking in booked]  # a clock ahead spent it
        return is_open(at, zone, hours) and not any(
            overspent(cover, [*spent_by, post(at)], at) for cover in covers
        )

    verdict = may_go(wants, made, ledger(*booked), now=now)
    if isinstance(verdict, Go):
        assert fits(now)
        return
    assert isinstance(verdict, Wait)
    assert verdict.until is not None
    assert fits(verdict.until)
    assert not fits(verdict.until - SECOND)
    step = (verdict.until - now) / 50
    assert not any(fits(now + step * n) for n in range(50))
    assert may_go(wants, made, ledger(*booked), now=verdict.until) == Go()
    assert isinstance(may_go(wants, made, ledger(*booked), now=verdict.until - SECOND), Wait)


def overspent(cover: Cover, bookings: Sequence[Booking], at: datetime) -> bool:
    """Tell whether a period that holds `at` holds more than the limit."""
    unit, scope = cover.limit.unit, cover.scope
    counted = [
        (one.at, one.cost.get(unit, 0))
        for one in bookings
        if scope in (EVERYTHING, Scope.channel(one.channel), Scope.person(one.person))
    ]
    # Two amounts share a period of the calendar, or could share one span.
    limit = cover.limit
    if isinstance(limit.period, timedelta):
        beside = [amount for when, amount in counted if abs(when - at) < limit.period]
    else:
        here = first_day(limit.period, at.astimezone(cover.zone).date(), cover.week_starts)
        days = ((when.astimezone(cover.zone).date(), amount) for when, amount in counted)
        beside = [amount for day, amount in days if first_day(limit.period, day, cover.week_starts) == here]
    return sum(beside) > limit.amount


def test_a_days_posts_are_spread_over_its_hours() -> None:
    spread = rules("3/day", hours=parse_hours("09:00-17:00"), spread=True)
    booked, now = Ledger(), datetime(2026, 11, 23, 5, tzinfo=UTC)  # local midnight
    went = []
    for left in (5, 4, 3):
        verdict = may_go(waiting(not_before=now), spread, booked, now=now, queued=left)
        assert isinstance(verdict, Wait)
        assert verdict.until is not None
        assert may_go(waiting(), spread, booked, now=verdict.until, queued=left) == Go()
        now = verdict.until
        booked.book(post(now))
        went.append(now.astimezone(ZONE).strftime("%H:%M"))
    assert went == ["11:00", "13:00", "15:00"]
    verdict = may_go(waiting(), spread, booked, now=now, queued=2)
    assert isinstance(verdict, Wait)
    assert verdict.until is not None
    assert verdict.until.astimezone(ZONE).strftime("%d %H:%M") == "24 11:40", "two left: thirds of the next day"


def test_who_comes_late_goes_at_once_and_the_rest_share_what_is_left_of_the_day() -> None:
    spread = rules(hours=parse_hours("09:00-17:00"), spread=True)
    now = datetime(2026, 11, 23, 20, tzinfo=UTC)  # 15:00
    assert may_go(waiting(), spread, Ledger(), now=now, queued=2) == Go()
    verdict = may_go(waiting(), spread, ledger(post(now)), now=now, queued=1)
    assert verdict == Wait(until=now + timedelta(hours=1), reason="spread over its posting hours")


def test_quiet_days_are_quiet_in_the_channels_zone() -> None:
    quiet = rules(quiet=parse_quiet(["2026-12-24..2027-01-02"]))
    before, last = datetime(2026, 12, 24, 4, 59, 59, tzinfo=UTC), datetime(2027, 1, 3, 5, tzinfo=UTC)
    assert may_go(waiting(), quiet, Ledger(), now=before) == Go()
    verdict = may_go(waiting(), quiet, Ledger(), now=before + SECOND)
    assert verdict == Wait(until=last, reason="quiet on 2026-12-24..2027-01-02")

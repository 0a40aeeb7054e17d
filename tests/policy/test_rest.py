"""At night nobody reads: what is limited, and has no hours of its own, rests from 22:00 to 07:00."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crosspost.config import Config, load
from crosspost.model import Money
from crosspost.policy import (
    Go,
    Ledger,
    Line,
    Planned,
    Rules,
    Verdict,
    Wait,
    Waiting,
    may_go,
    rules_for,
    schedule,
)

MONTREAL = ZoneInfo("America/Montreal")
Read = Callable[..., Rules]


@pytest.fixture
def rules(tmp_path: Path) -> Read:
    """Return the rules of the one channel that a configuration describes."""

    def read(lines: str, *, top: str = "", adapter: str = 'adapter = "x"\ndry_run = false') -> Rules:
        token = '\naccess_token = { file = "token" }' if '"x"' in adapter else '\npath = "signature"'
        (tmp_path / "token").write_text("a-token-of-some-length")
        (tmp_path / "crosspost.toml").write_text(
            f'timezone = "America/Montreal"\n{top}\n[feeds.blog]\nurl = "feed.xml"\n'
            f"[channels.one]\n{adapter}{token}\n{lines}\n"
        )
        config: Config = load(tmp_path / "crosspost.toml")
        return rules_for(config, config.channels["one"])

    return read


def at(hour: int, minute: int = 0, *, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=MONTREAL).astimezone(UTC)


def waiting(rules: Rules, number: int = 1, since: datetime | None = None) -> Waiting:
    return Waiting(id=number, channel="one", not_before=since or at(0, day=1), cost=rules.cost(Money()))


def verdict(rules: Rules, now: datetime) -> Verdict:
    return may_go(waiting(rules), rules, Ledger(), now=now)


@pytest.mark.parametrize(
    ("lines", "top"),
    [
        ('limits = "2/day"', ""),
        ('limits = "5 USD/month"', ""),
        ("", '[time_box]\nbudget = "2h/week"'),
        ('owner = "marie"', '[people.marie]\nbudget = "45m/week"'),
    ],
    ids=["its own limit", "money", "the time box", "its person's"],
)
def test_what_is_limited_rests_at_night(rules: Read, lines: str, top: str) -> None:
    limited = rules(lines, top=top)
    night = Wait(until=at(7), reason='the night\'s rest (22:00 to 07:00; hours = "any" ends it)')
    assert verdict(limited, at(0)) == verdict(limited, at(6, 59)) == night
    assert verdict(limited, at(7)) == verdict(limited, at(21, 59)) == Go()
    assert verdict(limited, at(22)) == Wait(until=at(7, day=24), reason=night.reason)


@pytest.mark.parametrize("hours", ["any", "toujours", "00:00-24:00"])
def test_hours_of_any_time_end_the_rest(rules: Read, hours: str) -> None:
    assert verdict(rules(f'limits = "2/day"\nhours = "{hours}"'), at(3)) == Go()


def test_hours_of_its_own_are_kept_at_night_too(rules: Read) -> None:
    late = rules('limits = "2/day"\nhours = "Mon 22h-2h"')
    assert verdict(late, at(23)) == Go()
    assert verdict(late, at(12)) == Wait(
        until=at(22), reason="outside its posting hours (Mon 22:00-24:00; Tue 00:00-02:00)"
    )


@pytest.mark.parametrize("lines", ["", 'quiet = "2026-12-24"', 'owner = "marie"'])
def test_what_nothing_limits_posts_at_any_time(rules: Read, lines: str) -> None:
    top = "[people.marie]" if "marie" in lines else ""
    assert verdict(rules(lines, top=top), at(3)) == Go()


def test_a_signature_and_a_dry_run_wake_nobody(rules: Read) -> None:
    assert verdict(rules('limits = "2/day"', adapter='adapter = "email_signature"'), at(3)) == Go()
    assert verdict(rules('limits = "2/day"', adapter='adapter = "x"\ndry_run = true'), at(3)) == Go()


def test_the_rest_is_by_the_channels_own_clocks(rules: Read) -> None:
    far = rules('limits = "2/day"\ntimezone = "Asia/Tokyo"')
    now = at(12)
    assert isinstance(verdict(far, now), Wait), "it is two at night there"
    assert verdict(far, datetime(2026, 11, 24, 9, tzinfo=ZoneInfo("Asia/Tokyo")).astimezone(UTC)) == Go()


def test_the_rest_ends_at_seven_when_clocks_change_in_it(rules: Read) -> None:
    limited = rules('limits = "2/day"')
    for night, hours in ((datetime(2027, 3, 13, 23), 7), (datetime(2026, 10, 31, 23), 9)):
        before = night.replace(tzinfo=MONTREAL).astimezone(UTC)
        waits = verdict(limited, before)
        assert isinstance(waits, Wait)
        assert waits.until == before + timedelta(hours=hours)


def test_two_a_day_are_not_planned_for_midnight(rules: Read) -> None:
    limited = rules('limits = "2/day"')
    line = Line(rules=limited, waiting=[waiting(limited, number) for number in range(1, 6)])
    planned: list[Planned] = schedule([line], Ledger(), at(12), at(12, day=30))
    assert [one.at for one in planned] == [at(12), at(12), at(7, day=24), at(7, day=24), at(7, day=25)]


def test_what_is_spread_is_spread_over_the_day(rules: Read) -> None:
    spread = rules('limits = "2/day"\nspread = true')
    line = Line(rules=spread, waiting=[waiting(spread, number, at(1)) for number in range(1, 3)])
    planned = schedule([line], Ledger(), at(1), at(12, day=30))
    assert all(one.at is not None and 7 < one.at.astimezone(MONTREAL).hour < 22 for one in planned)

"""Whether a daemon lives, by what it last said of itself."""

from datetime import UTC, datetime, timedelta

import pytest

from crosspost.policy.pulse import STOPPED, Sign, judge_pulse

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def sign(seconds_ago: float, every: int = 60) -> Sign:
    return Sign(NOW - timedelta(seconds=seconds_ago), every)


@pytest.mark.parametrize(
    ("signs", "alive", "text"),
    [
        ([], False, ""),
        ([sign(0)], True, "alive, last seen 0 s ago"),
        ([sign(179)], True, "alive, last seen 179 s ago"),
        ([sign(181)], False, "the daemon was last seen 181 s ago; is it running?"),
        ([sign(5, STOPPED)], False, "the daemon was stopped 5 s ago; start it with crosspost run"),
        ([sign(-5)], True, "alive, last seen 0 s ago"),
        ([sign(-3600)], False, "is from the future (Thu 2026-11-26 13:00 UTC)"),
        ([sign(-3600), sign(20)], True, "alive, last seen 20 s ago"),  # another host, whose clock was wrong
        ([sign(-3600), sign(900)], False, "last seen 900 s ago"),
        ([sign(5, STOPPED), sign(30)], True, "alive, last seen 30 s ago"),
        ([sign(5, STOPPED), sign(900)], False, "stopped 5 s ago"),
        ([sign(-5, STOPPED)], False, "stopped 0 s ago"),
    ],
)
def test_a_daemon_lives_by_what_it_said_last(signs: list[Sign], alive: bool, text: str) -> None:
    life = judge_pulse(signs, NOW)
    assert (life.alive, text in life.text) == (alive, True), life.text

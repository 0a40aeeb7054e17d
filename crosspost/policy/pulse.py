"""Whether a daemon lives, by what it last said of itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

from crosspost.text.moment import local_time

PATIENCE = 3
"""How many signs may fail to come before the daemon counts as dead."""
STOPPED = 0
"""In place of the seconds until the next sign: there will be none."""
_UNSTEADY = timedelta(minutes=1)
"""So far ahead may a sign lie on a clock that is being set right little by little."""


class Sign(NamedTuple):
    """What one daemon last said of itself: when, and in how many seconds it says so again."""

    at: datetime
    every: int


@dataclass(frozen=True, slots=True)
class Pulse:
    """What follows for people. `last`: when it was last seen; None: never."""

    alive: bool
    last: datetime | None
    text: str


def judge_pulse(signs: Sequence[Sign], now: datetime, zone: tzinfo = UTC) -> Pulse:
    """Judge by the newest sign that is not from the future: such a one says only that a clock was wrong."""
    past = [sign for sign in signs if sign.at <= now + _UNSTEADY]
    if not past:
        if not signs:
            return Pulse(False, None, "")
        last = min(sign.at for sign in signs)
        return Pulse(
            False,
            last,
            f"the daemon's last sign of life is from the future ({local_time(last, zone)}), so that it shows "
            "nothing; set the clock right; a daemon that runs gives another within a minute",
        )
    alive = [sign for sign in past if now - sign.at <= timedelta(seconds=sign.every * PATIENCE) and sign.every]
    newest = max(alive or past)
    ago = f"{max(0, int((now - newest.at).total_seconds()))} s ago"
    if alive:
        return Pulse(True, newest.at, f"alive, last seen {ago}")
    if newest.every == STOPPED:
        return Pulse(False, newest.at, f"the daemon was stopped {ago}; start it with crosspost run")
    return Pulse(False, newest.at, f"the daemon was last seen {ago}; is it running?")

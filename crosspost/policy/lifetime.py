"""When a credential is renewed, until when it is good, and when its end is told. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

IDLE = timedelta(days=7)
"""A refresh token that dies unused is used at least so often, though nothing is posted."""
WARNINGS = (timedelta(days=14), timedelta(days=7), timedelta(days=2))
"""How long before an end people are told; after the last of them, on each run."""
LEASE = timedelta(minutes=2)
"""How long one process has for a refresh; another takes it for dead after that."""
LOST_BEFORE_ASKING = 2
"""So many lost answers in a row need a person: the network may have used up what we hold."""
FAILURES_BEFORE_ASKING = 3
"""So many failures in a row, of any kind but a lost answer, need a person."""
_PASSING = (1, 5, 15, 60)  # minutes between tries while the network is out of order
_LOST = (0.5, 60)  # after a lost answer: one repeat, soon; then rarely, since a person has been asked
_SOONEST, _LATEST = timedelta(minutes=2), timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What is known of a credential's life. All moments in UTC; None: no end that is known."""

    obtained: datetime
    expires: datetime | None
    renewable: bool
    renewable_until: datetime | None
    gone: bool = False


def wants_renewal(life: Life, now: datetime) -> bool:
    """Tell whether to renew a credential before it is used: in the last tenth of its life, or when idle."""
    due = renewal_due(life)
    return due is not None and now >= due


def renewal_due(life: Life) -> datetime | None:
    """Return from when on a credential should be renewed; None: never."""
    if life.gone or not life.renewable:
        return None
    moments = _idle(life)
    if life.expires is not None:
        tenth = (life.expires - life.obtained) / 10
        moments.append(life.expires - min(max(tenth, _SOONEST), _LATEST))
    return min(moments, default=None)


def _idle(life: Life) -> list[datetime]:
    """Return when a refresh token that dies unused has to be used, if it does."""
    if life.renewable_until is None:
        return []
    return [min(life.obtained + IDLE, life.renewable_until - IDLE)]


def is_good(life: Life, now: datetime) -> bool:
    """Tell whether a credential may still be used as it is, by our clock."""
    return not life.gone and (life.expires is None or now < life.expires)


def ends(life: Life) -> datetime | None:
    """Return from when on only a person can help a credential, if nothing else is done."""
    return life.renewable_until if life.renewable else life.expires


def warning(end: datetime, now: datetime) -> timedelta | None:
    """Return the last of the warnings whose time has come; None while the end is far."""
    return next((before for before in reversed(WARNINGS) if now >= end - before), None)


def next_look(life: Life, now: datetime) -> datetime | None:
    """Return when a run has something to do about a credential: a renewal while idle, or a warning."""
    end = ends(life)
    # A token that lives for hours is renewed when it is used; while nothing goes out, only what would die is.
    moments = _idle(life) if life.renewable and not life.gone else []
    if end is not None:
        moments.append(end - WARNINGS[0])
    return min(moments, default=None)


def needs_person(*, failures: int, lost: int, gone: bool) -> bool:
    """Tell whether a person should know that renewing does not go well."""
    return gone or lost >= LOST_BEFORE_ASKING or failures >= FAILURES_BEFORE_ASKING


def pause(failures: int, *, lost: bool) -> timedelta:
    """Return how long nobody tries to renew after so many failures in a row."""
    steps = _LOST if lost else _PASSING
    return timedelta(minutes=steps[min(failures, len(steps)) - 1])

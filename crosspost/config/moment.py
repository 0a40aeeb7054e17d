"""Moments as people say them: `2026-12-01 09:00`, `tomorrow 9:00`, `monday 9h`, `15:30`, `in 2h`."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crosspost.config.calendar import composed, plain, weekday
from crosspost.config.tokens import time_of_day
from crosspost.config.units import parse_duration
from crosspost.text import local_time

FARTHEST = timedelta(days=366)
_EXAMPLES = 'write it like "2026-12-01 09:00", "tomorrow 9:00", "15:30" or "in 2h"'
_IN = re.compile(r"(?:in|dans|en) (.+)", re.IGNORECASE)
_SECONDS = re.compile(r"(?<=\d:\d\d):\d{2}(?:\.\d+)?$")
_DAY_AND_CLOCK = re.compile(
    r"(?P<day>\d{4}-\d{1,2}-\d{1,2}|[^\W\d]+(?:['’][^\W\d]+)?\.?)[,T\s]+(?P<clock>.+)", re.IGNORECASE
)
_OFFSET = re.compile(r"(Z|[+-]\d{2}:?\d{2})$")
_NEAR = {
    name: days
    for days, names in enumerate(("today aujourd'hui heute hoy", "tomorrow demain morgen manana"))
    for name in names.split()
}


def parse_moment(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment (UTC) that somebody means who says this at `now`, in a zone, as a duration or a time.

    Raise `ValueError` for what cannot be read, is over, is more than a year ahead, or no clock there shows.
    """
    said = " ".join(text.split())
    try:
        moment = _after(said, now) or _at(said, now.astimezone(zone), zone)
        moment = moment.astimezone(UTC) if moment is not None else None
    except OverflowError as error:  # the first and the last day of all, in a zone that is beside them
        raise ValueError(f"{text!r} is no moment that any clock will show; {_EXAMPLES}") from error
    if moment is None:
        raise ValueError(f"{text!r} is no moment; {_EXAMPLES}")
    if moment <= now:
        raise ValueError(f"{_shown(moment, zone)} is over; name a moment that is to come")
    if moment > now + FARTHEST:
        raise ValueError(f"{_shown(moment, zone)} is more than a year ahead; name a nearer moment")
    return moment


def _shown(moment: datetime, zone: ZoneInfo) -> str:
    try:
        return local_time(moment, zone)
    except OverflowError:
        return local_time(moment)


def _after(said: str, now: datetime) -> datetime | None:
    """Read a duration from now: `in 2h`, `in 90 minutes`, `in 1h 30m`."""
    after = _IN.fullmatch(said)
    try:
        return now + parse_duration(after[1]) if after else None
    except ValueError:
        return None


def _at(said: str, here: datetime, zone: ZoneInfo) -> datetime | None:
    """Read a time of a day; without a day, when a clock shows it next."""
    if offset := _OFFSET.search(said):
        try:
            return datetime.fromisoformat(said) if offset.start() > len("2026-12-01") else None
        except ValueError:
            return None
    if (clock := _clock(said)) is not None:
        today = _local(here.date(), clock, zone)
        return today if today > here else _local(here.date() + timedelta(days=1), clock, zone)
    parts = _DAY_AND_CLOCK.fullmatch(said)
    clock = _clock(parts["clock"]) if parts else None
    if parts is None or clock is None:
        return None
    named = plain(composed(parts["day"]))
    day = _day(named, here.date())
    if day is None:
        return None
    moment = _local(day, clock, zone)
    return moment if moment > here or weekday(named) is None else _local(day + timedelta(days=7), clock, zone)


def _clock(said: str) -> time | None:
    # A bare number says too little.
    return None if said.isdigit() else time_of_day(_SECONDS.sub("", said))


def _day(named: str, today: date) -> date | None:
    if named in _NEAR:
        return today + timedelta(days=_NEAR[named])
    if (day := weekday(named)) is not None:
        return today + timedelta(days=(day - today.weekday()) % 7)
    try:
        return date(*map(int, named.split("-")))
    except (ValueError, TypeError):
        return None


def _local(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return when a clock in the zone shows this, the first time if twice. Raise `ValueError` if none does."""
    moment = datetime.combine(day, clock, tzinfo=zone)
    if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment.replace(tzinfo=None):
        shown = f"{day} {clock.isoformat('minutes')}"
        raise ValueError(f"no clock in {zone} shows {shown}: it is set forward then; name another time")
    return moment

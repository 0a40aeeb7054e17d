"""Moments as people say them: `2026-12-01 09:00`, `tomorrow 9:00`, `monday 9h`, `15:30`, `in 2h`."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crosspost.config.units import parse_duration

FARTHEST = timedelta(days=366)
_EXAMPLES = 'write it like "2026-12-01 09:00", "tomorrow 9:00", "15:30" or "in 2h"'
_IN = re.compile(r"(?:in|dans)\s+(\d{1,6})\s*([a-z]+)((?:\s*\d+\s*[a-z]+)*)", re.IGNORECASE)
_CLOCK = re.compile(
    r"(?:at\s+|à\s+)?(?P<hour>\d{1,2})(?:(?:[:.]|\s?h\s?)(?P<minute>\d{2})?(?::\d{2}(?:\.\d+)?)?)?"
    r"\s?(?P<half>[ap]\.?m\.?)?(?:\s*uhr)?",
    re.IGNORECASE,
)
_DAY_AND_CLOCK = re.compile(
    r"(?P<day>\d{4}-\d{1,2}-\d{1,2}|[^\W\d]+(?:['’][^\W\d]+)?)[,T\s]+(?P<clock>.+)", re.IGNORECASE
)
_OFFSET = re.compile(r"(Z|[+-]\d{2}:?\d{2})$")
_UNITS = {"m": "m", "h": "h", "d": "d", "w": "w", "j": "d"} | {
    word: unit
    for unit, words in {
        "m": "min mins minute minutes",
        "h": "hour hours heure heures",
        "d": "day days jour jours",
        "w": "week weeks semaine semaines",
    }.items()
    for word in words.split()
}
_NEAR = {"today": 0, "aujourd'hui": 0, "heute": 0, "tomorrow": 1, "demain": 1, "morgen": 1}
_WEEKDAYS = (
    ("monday", "lundi"),
    ("tuesday", "mardi"),
    ("wednesday", "mercredi"),
    ("thursday", "jeudi"),
    ("friday", "vendredi"),
    ("saturday", "samedi"),
    ("sunday", "dimanche"),
)


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
        return f"{moment.astimezone(zone):%a %Y-%m-%d %H:%M}"
    except OverflowError:
        return f"{moment:%a %Y-%m-%d %H:%M} UTC"


def _after(said: str, now: datetime) -> datetime | None:
    """Read a duration from now: `in 2h`, `in 90 minutes`, `in 1h 30m`."""
    if not _IN.fullmatch(said):
        return None
    pairs = re.findall(r"(\d+)\s*([a-z]+)", said.lower())
    if not all(unit in _UNITS for _, unit in pairs):
        return None
    return now + parse_duration("".join(f"{number}{_UNITS[unit]}" for number, unit in pairs))


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
    day = _day(parts["day"].lower().replace("’", "'"), here.date())
    if day is None:
        return None
    moment = _local(day, clock, zone)
    names_weekday = not parts["day"][0].isdigit() and parts["day"].lower().replace("’", "'") not in _NEAR
    return moment if moment > here or not names_weekday else _local(day + timedelta(days=7), clock, zone)


def _clock(said: str) -> time | None:
    clock = _CLOCK.fullmatch(said)
    if clock is None or said.isdigit():
        return None  # a bare number says too little
    hour, minute = int(clock["hour"]), int(clock["minute"] or 0)
    if half := (clock["half"] or "").lower():
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _day(named: str, today: date) -> date | None:
    if named in _NEAR:
        return today + timedelta(days=_NEAR[named])
    for number, names in enumerate(_WEEKDAYS):
        if any(len(named) >= 3 and name.startswith(named) for name in names):
            return today + timedelta(days=(number - today.weekday()) % 7)
    try:
        year, month, day = map(int, named.split("-"))
        return date(year, month, day)
    except ValueError:
        return None


def _local(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return when a clock in the zone shows this, the first time if twice. Raise `ValueError` if none does."""
    moment = datetime.combine(day, clock, tzinfo=zone)
    if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment.replace(tzinfo=None):
        raise ValueError(
            f"no clock in {zone} shows {moment:%Y-%m-%d %H:%M}: it is set forward then; name another time"
        )
    return moment

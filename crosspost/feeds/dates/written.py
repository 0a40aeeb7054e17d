"""One date as somebody wrote it: day, time and zone are understood and nothing is left, or it is none.

Pure, and quick whatever the text: what is longer than any date is not looked at.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from crosspost.feeds.dates.names import BETWEEN, DAYS, MONTHS, ZONES, plain

_LONGEST = 120
_LONGEST_MARKUP = 500
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FURTHEST = timedelta(hours=14)  # Kiribati's zone

# Drupal writes `<time datetime="2026-11-24T10:00:00Z">24. Nov</time>` into its feeds.
_MACHINE = re.compile(r"""\b(?:datetime|content)\s*=\s*["']([^"'<>]*)""", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_SIGNS = str.maketrans({"−": "-", "–": "-", "—": "-", "年": "-", "月": "-", "日": " "})

_SECONDS = re.compile(r"(-?\d{9,13}|0)(?:\.\d+)?")
_COMPACT = re.compile(
    r"((?:19|20)\d\d)(\d\d)(\d\d)(?:t?(\d\d):?(\d\d)(?::?(\d\d)([.,]\d+)?)?(\s?(?:z|[+-][\d:]+)?))?"
)
_COMMENT = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_CLOCK = re.compile(
    r"(?:(?<=\d)t)?(?<![\d:+-])(?P<hour>\d{1,2})"
    r"(?:\s?[:h]\s?(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?(?!\d)"
    r"(?:\s?(?P<half>[ap])\.?\s?m\b\.?)?|\s?(?P<only>[ap])\.?\s?m\b\.?)"
)
_OFFSET = re.compile(r"\s*(?:gmt|utc|ut)?\s?([+-])(\d{1,2}):?(\d\d)?(?![\d:])")
_OFFSET_OF_DAY = re.compile(r"(?<=\d-\d\d)([+-])(\d\d):(\d\d)$")  # XML Schema's dates may have one
_YEAR_FIRST = re.compile(r"(?<![\d-])(\d{4})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(?<![\d-])(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4})(?!\d)")
_BEFORE_CHRIST = re.compile(r"(?<!\S)-\d")
_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_SEPARATORS = re.compile(r"[\s,.;:/|@·°'’-]*")


def moment(text: str, *, month_first: bool | None = None) -> datetime | None:
    """Read a date as UTC; None if it is not understood, or no such day or time exists.

    `month_first`: how the feed writes days such as 05/03/2026, if its other dates tell. One without a zone is
    taken for UTC, one without a time for its first moment.
    """
    said = _readable(text)
    try:
        if compact := _COMPACT.fullmatch(said):
            year, month, day, hour, minute, second, fraction, zone = (part or "" for part in compact.groups())
            said = f"{year}-{month}-{day}"
            said += f"t{hour}:{minute}:{second or '00'}{fraction}{zone}" if hour else ""
        elif number := _SECONDS.fullmatch(said):
            return _since_epoch(number[1])
        return _understood(said, month_first)
    except (ValueError, OverflowError):
        return None


def puts_month_first(text: str) -> bool | None:
    """Tell whether a date of numbers puts the month before the day; None if it does not show that."""
    numbers = _YEAR_LAST.search(text[:_LONGEST])
    if numbers is None or (int(numbers[1]) > 12) == (int(numbers[3]) > 12):
        return None
    return int(numbers[3]) > 12


def _readable(text: str) -> str:
    """Return a date in one form, "" for what is none at a glance: far too long, or in other scripts' digits."""
    text = text.strip()
    if "<" in text[:_LONGEST_MARKUP] and len(text) <= _LONGEST_MARKUP:
        machine = _MACHINE.search(text)
        text = (machine[1] if machine else _TAG.sub(" ", text)).strip()
    if len(text) > _LONGEST or any(sign.isnumeric() and not sign.isascii() for sign in text):
        return ""
    return plain(text.translate(_SIGNS))


def _since_epoch(digits: str) -> datetime:
    """Read Unix time, in seconds or, from 12 digits on, in milliseconds."""
    in_milliseconds = len(digits.lstrip("-")) > 11
    return _EPOCH + timedelta(**{"milliseconds" if in_milliseconds else "seconds": int(digits)})


def _understood(said: str, month_first: bool | None) -> datetime | None:
    """Read a day with its time and zone. Raise ValueError if there is no such day or time."""
    comments = " ".join(first or second for first, second in _COMMENT.findall(said)).strip()
    said, time, offset = _without_time(_COMMENT.sub(" ", said))
    numeric = _YEAR_FIRST.search(said) or _YEAR_LAST.search(said)
    if numeric:
        said = f"{said[: numeric.start()]} {said[numeric.end() :]}"
    if _BEFORE_CHRIST.search(said) or not _SEPARATORS.fullmatch(_TOKEN.sub("", said)):
        return None
    tokens: list[str] = _TOKEN.findall(said)
    numbers = [token for token in tokens if token.isdecimal()]
    words = [token for token in tokens if not token.isdecimal()]
    zones = [word for word in words if word in ZONES]
    names = [word for word in words if word not in ZONES and word not in BETWEEN]
    if offset is None and (zones or comments):
        offset = ZONES.get(zones[0] if zones else comments)
        if offset is None:
            return None
    day = _numeric_day(numeric, numbers, names, month_first) if numeric else _named_day(numbers, names)
    return _moment_of(day, time - (offset or timedelta(0))) if day else None


def _without_time(said: str) -> tuple[str, timedelta, timedelta | None]:
    """Return what is left beside the time, the time since midnight, and how far its zone is ahead of UTC."""
    clock = _CLOCK.search(said)
    if clock is None:
        zone = _OFFSET_OF_DAY.search(said)
        return (said[: zone.start()], timedelta(0), _offset(zone)) if zone else (said, timedelta(0), None)
    zone = _OFFSET.match(said, clock.end())
    rest = f"{said[: clock.start()]} {said[(zone or clock).end() :]}"
    return rest, _time(clock), _offset(zone) if zone else None


def _moment_of(day: date, since: timedelta) -> datetime:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    try:
        return midnight + since
    except OverflowError:  # at either end of all years, where the zone does not matter
        return midnight


def _time(clock: re.Match[str]) -> timedelta:
    """Return how long after midnight a time is, leap seconds and 24:00 included. Raise ValueError."""
    hour, minute, second = (int(clock[name] or 0) for name in ("hour", "minute", "second"))
    half = clock["half"] or clock["only"]
    if half:
        if hour > (12 if half == "a" else 23):
            raise ValueError
        hour = hour % 12 + (12 if half == "p" else 0)
    time = timedelta(
        hours=hour, minutes=minute, seconds=second, microseconds=int(f"{clock['fraction'] or 0:0<6}"[:6])
    )
    if minute > 59 or second > 60 or time > timedelta(days=1, seconds=1 if second == 60 else 0):
        raise ValueError
    return time


def _offset(zone: re.Match[str]) -> timedelta:
    """Return how far a zone is ahead of UTC. Raise ValueError."""
    ahead = timedelta(hours=int(zone[2]), minutes=int(zone[3] or 0))
    if ahead > _FURTHEST or int(zone[3] or 0) > 59:
        raise ValueError
    return ahead if zone[1] == "+" else -ahead


def _named_day(numbers: Sequence[str], names: Sequence[str]) -> date | None:
    """Return the day that two numbers and the name of a month mean. Raise ValueError if there is none.

    Short years are read as RFC 2822, 4.3 has it: 26 and 126 are 2026.
    """
    # Whatever day of the week is said, the date counts; `mar. 24 mars` begins with a Tuesday.
    months = [name for name in names if name in MONTHS]
    month = months[-1] if months else ""
    others = [name for name in names if name is not month]
    if len(numbers) != 2 or not month or len(others) > 1 or not DAYS.keys() >= set(others):
        return None
    day, year = numbers if len(numbers[0]) <= 2 else reversed(numbers)
    if len(day) > 2 or not 2 <= len(year) <= 4:
        return None
    number = int(year)
    if len(year) < 4:
        number += 2000 if len(year) == 2 and number < 50 else 1900
    return date(number, MONTHS[month], int(day))


def _numeric_day(
    written: re.Match[str], numbers: Sequence[str], names: Sequence[str], month_first: bool | None
) -> date | None:
    """Return the day that three numbers mean, if no others are there. Raise ValueError if there is none.

    Of two days that 05/03/2026 may be, the name of the day decides, then how the feed writes its others. Dots
    and dashes put the day first, as in all locales of the CLDR and as PHP reads them; slashes tell nothing.
    """
    if numbers or len(names) > 1 or not DAYS.keys() >= set(names):
        return None
    if written.re is _YEAR_FIRST:
        return date(int(written[1]), int(written[3]), int(written[4]))
    first, second, year = int(written[1]), int(written[3]), int(written[4])
    if first > 12 or first == second:
        return date(year, second, first)
    if second > 12:
        return date(year, first, second)
    readings = {False: date(year, second, first), True: date(year, first, second)}
    fitting = [day for day in readings.values() if [day.weekday()] == [DAYS[name] for name in names]]
    if len(fitting) == 1:
        return fitting[0]
    if month_first is None:
        return readings[False] if written[2] in ".-" else None
    return readings[month_first]

"""Local dates and times as moments, whatever daylight saving does; and the periods of the calendar."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crosspost.config.limits import Calendar

_DAY = timedelta(days=1)


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """Return the first moment (UTC) of a local day; if its midnight is skipped, the moment after the skip."""
    midnight = datetime.combine(day, time(), zone)
    start = midnight.astimezone(UTC)
    if start.astimezone(zone).replace(tzinfo=None) == midnight.replace(tzinfo=None):
        return start
    # No clock ever showed it. The skip lies within a day of where its offset would have put it.
    return _change(start - _DAY, start + timedelta(seconds=1), zone)


def offsets(start: datetime, end: datetime, zone: ZoneInfo) -> list[tuple[datetime, datetime, timedelta]]:
    """Cut a span of at most a few days into parts of one offset from UTC each, in order.

    Zones change their offset at most once a day, which is what this relies on.
    """
    if start >= end:
        return []  # a day that a place skipped to change its side of the date line
    first, last = _offset(start, zone), _offset(end - timedelta(seconds=1), zone)
    if first == last:
        return [(start, end, first)]
    change = _change(start, end, zone)
    return [(start, change, first), (change, end, last)]


def _offset(when: datetime, zone: ZoneInfo) -> timedelta:
    return when.astimezone(zone).utcoffset() or timedelta(0)


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the first moment, to the second, with the offset of `after`."""
    new, low, high = _offset(after, zone), 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(before + timedelta(seconds=middle), zone) == new:
            high = middle
        else:
            low = middle
    return before + timedelta(seconds=high)


def local_day(when: datetime, zone: ZoneInfo) -> date:
    """Return the local day that has begun last: where clocks go back over midnight, no day begins twice."""
    day = when.astimezone(zone).date()
    while day_start(day + _DAY, zone) <= when:
        day += _DAY
    return day


def period(kind: Calendar, when: datetime, zone: ZoneInfo, week_starts: int = 0) -> tuple[datetime, datetime]:
    """Return the calendar's period around a moment: its first moment, and the first after it (UTC).

    `week_starts`: the first weekday of a week, 0 for Monday.
    """
    day = local_day(when, zone)
    match kind:
        case Calendar.DAY:
            first, after = day, day + _DAY
        case Calendar.WEEK:
            first = day - _DAY * ((day.weekday() - week_starts) % 7)
            after = first + 7 * _DAY
        case Calendar.MONTH:
            first = day.replace(day=1)
            after = (first + 31 * _DAY).replace(day=1)
    return day_start(first, zone), day_start(after, zone)

"""When what happens once a week was due last, and will be due next. Pure."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from crosspost.config.weekly import Weekly

_WEEK = timedelta(days=7)


def last_due(weekly: Weekly, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the newest moment (UTC) at which it was due by now."""
    day = _day_before(weekly, now, zone)
    moment = _moment(weekly, day, zone)
    return moment if moment <= now else _moment(weekly, day - _WEEK, zone)


def next_due(weekly: Weekly, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the first moment (UTC) after now at which it will be due."""
    day = _day_before(weekly, now, zone)
    moment = _moment(weekly, day, zone)
    return moment if moment > now else _moment(weekly, day + _WEEK, zone)


def _day_before(weekly: Weekly, now: datetime, zone: ZoneInfo) -> date:
    """Return today if it is the day, else the last one that was."""
    today = now.astimezone(zone).date()
    return today - timedelta(days=(today.weekday() - weekly.weekday) % 7)


def _moment(weekly: Weekly, day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, weekly.at, zone).astimezone(UTC)

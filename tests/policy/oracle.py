"""An independent judge of limits and hours: it counts all anew, by the definition, with no regard to speed."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from crosspost.config.hours import parse_hours
from crosspost.config.limits import Calendar, Limit
from crosspost.config.quiet import Quiet

Spent = tuple[datetime, int]
"""When, and how much of the limit's unit."""
SECOND = timedelta(seconds=1)
ZONE = ZoneInfo("America/Montreal")


def exceeded(limit: Limit, spent: Iterable[Spent], zone: ZoneInfo, week_starts: int = 0) -> list[Spent]:
    """Return the amounts of one period in which more was spent than the limit allows; [] if there is none."""
    spent = list(spent)
    if isinstance(limit.period, Calendar):
        periods: dict[date, list[Spent]] = {}
        for one in spent:
            periods.setdefault(first_day(limit.period, one[0].astimezone(zone).date(), week_starts), []).append(
                one
            )
        groups = list(periods.values())
    else:
        groups = [[one for one in spent if at <= one[0] < at + limit.period] for at, _ in spent]
    return next((group for group in groups if sum(amount for _, amount in group) > limit.amount), [])


def first_day(kind: Calendar, day: date, week_starts: int) -> date:
    if kind is Calendar.MONTH:
        return date(day.year, day.month, 1)
    while kind is Calendar.WEEK and day.weekday() != week_starts:
        day -= timedelta(days=1)
    return day


def is_open(at: datetime, zone: ZoneInfo, hours: str | None, quiet: Sequence[Quiet] = ()) -> bool:
    """Read the clock on the wall."""
    local = at.astimezone(zone)
    if any(one.first <= local.date() <= one.last for one in quiet):
        return False
    if hours is None:
        return True
    minute = local.hour * 60 + local.minute
    return any(start <= minute < end for start, end in parse_hours(hours).days[local.weekday()])

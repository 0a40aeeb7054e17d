"""When a channel is open: its posting hours and quiet days, by the clock on the wall."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from crosspost.config.hours import Hours
from crosspost.config.quiet import Quiet
from crosspost.policy.periods import day_start, local_day, offsets

FAR = timedelta(days=1100)
"""How far ahead an opening is looked for: three years. Nobody plans a longer silence."""
_DAY = timedelta(days=1)
Span = tuple[datetime, datetime]


def next_opening(
    when: datetime, zone: ZoneInfo, hours: Hours | None, quiet: Sequence[Quiet]
) -> datetime | None:
    """Return the first moment from `when` on at which the channel is open; None if none is in sight."""
    if hours is None and not quiet:
        return when
    day, last = local_day(when, zone), (when + FAR).date()
    while day < last:
        for start, end in open_spans(day, zone, hours, quiet):
            if end > when:
                return max(start, when)
        ended = [one.last for one in quiet if one.first <= day <= one.last]
        day = max(ended, default=day) + _DAY
    return None


def open_spans(day: date, zone: ZoneInfo, hours: Hours | None, quiet: Sequence[Quiet]) -> list[Span]:
    """Return the spans (UTC) in which the channel is open on a local day.

    An hour that clocks skip is not there; one that they show twice is open twice.
    """
    if any(one.first <= day <= one.last for one in quiet):
        return []
    start, end = day_start(day, zone), day_start(day + _DAY, zone)
    if hours is None:
        return [(start, end)]
    spans: list[Span] = []
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    for part_start, part_end, offset in offsets(start, end, zone):
        for first, last in hours.days[day.weekday()]:
            opening = max(midnight + timedelta(minutes=first) - offset, part_start)
            closing = min(midnight + timedelta(minutes=last) - offset, part_end)
            if opening < closing:
                spans.append((opening, closing))
    return spans


def after_open_time(spans: Sequence[Span], since: datetime, much: timedelta) -> datetime:
    """Return the moment at which the channel has been open for so long since then, within these spans."""
    for start, end in spans:
        length = end - max(start, since)
        if length > timedelta(0):
            if much < length:
                return max(start, since) + much
            much -= length
    return spans[-1][1]


def open_time(spans: Sequence[Span], since: datetime) -> timedelta:
    """Return for how long the channel is open in these spans from a moment on."""
    return sum((max(end - max(start, since), timedelta(0)) for start, end in spans), timedelta(0))

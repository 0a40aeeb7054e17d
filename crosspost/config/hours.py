"""Posting hours and quiet days as people write them: `Mon-Fri 08:00-10:00, 17:00-18:30`."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WHOLE_DAY = 24 * 60
_EXAMPLES = 'write them like "Mon-Fri 08:00-10:00, 17:00-18:30" or "09:00-18:00"'
_QUIET_EXAMPLES = 'write it like "2026-12-24..2027-01-02" or "2026-07-01"'
_DAYS = re.compile(r"([A-Za-z]+)(?: *- *([A-Za-z]+))?")
_TIMES = re.compile(r"([0-9]{1,2}):([0-9]{2}) *- *([0-9]{1,2}):([0-9]{2})")
_BETWEEN = re.compile(r"[ ,;]*")


@dataclass(frozen=True, slots=True)
class Hours:
    """The local times in which a channel may post.

    `days`: for each weekday from Monday, its spans in order, each from one minute of the day to before another.
    """

    days: tuple[tuple[tuple[int, int], ...], ...]
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Quiet:
    """Days on which a channel does not post, both included."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"{self.first}..{self.last}" if self.first != self.last else str(self.first)


def parse_hours(value: object) -> Hours:
    """Read posting hours: days hold for the times after them, up to the next days; without days, every day.

    Raise `ValueError` with the text, the place in it, and two right examples.
    """
    if isinstance(value, Hours):
        return value
    if not isinstance(value, str):
        raise ValueError(f"{value!r} are no posting hours; {_EXAMPLES}")  # noqa: TRY004 - pydantic collects it
    by_day: list[set[tuple[int, int]]] = [set() for _ in WEEKDAYS]
    days, timed, at = list(range(7)), False, 0
    named_at: int | None = None
    while (at := _end(_BETWEEN, value, at)) < len(value):
        if named := _DAYS.match(value, at):
            first, last = _day(value, at, named[1]), _day(value, at, named[2] or named[1])
            days = [] if timed or named_at is None else days
            days += [(first + step) % 7 for step in range((last - first) % 7 + 1)]
            timed, named_at, at = False, at, named.end()
            continue
        times = _TIMES.match(value, at)
        if times is None:
            raise _no_hours(value, at, "this is neither days nor times")
        span = _span(value, at, times)
        for day in days:
            if any(start < span[1] and span[0] < end for start, end in by_day[day]):
                raise _no_hours(value, at, f"{WEEKDAYS[day]} has a part of this twice")
            by_day[day].add(span)
        timed, at = True, times.end()
    if not timed:
        why = "these days have no times" if named_at is not None else "there are no times"
        raise _no_hours(value, named_at or 0, why)
    return Hours(tuple(tuple(sorted(spans)) for spans in by_day), value.strip())


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _day(text: str, at: int, name: str) -> int:
    close = [n for n, day in enumerate(WEEKDAYS) if len(name) >= 3 and day.lower().startswith(name.lower())]
    if not close:
        raise _no_hours(text, text.index(name, at), "days are Mon, Tue, Wed, Thu, Fri, Sat, Sun")
    return close[0]


def _span(text: str, at: int, times: re.Match[str]) -> tuple[int, int]:
    hour, minute, until_hour, until_minute = (int(part) for part in times.groups())
    start, end = hour * 60 + minute, until_hour * 60 + until_minute
    if minute > 59 or until_minute > 59 or start >= _WHOLE_DAY or end > _WHOLE_DAY:
        raise _no_hours(text, at, "times go from 00:00 to 24:00")
    if end <= start:
        why = "it ends before it begins; across midnight, write two: 22:00-24:00, 00:00-02:00"
        raise _no_hours(text, at, why)
    return start, end


def _no_hours(text: str, at: int, why: str) -> ValueError:
    where = f"at {text[at:]!r} (character {at + 1})" if text[at:] else "at its end"
    return ValueError(f"{text!r} are no posting hours, {where}: {why}; {_EXAMPLES}")


def parse_quiet(value: object) -> tuple[Quiet, ...]:
    """Read quiet days: a list of dates, and of first and last dates with two dots between them."""
    return tuple(_quiet(one) for one in (value if isinstance(value, list | tuple) else (value,)))


def _quiet(value: object) -> Quiet:
    if isinstance(value, Quiet):
        return value
    if type(value) is date:  # TOML has dates of its own
        return Quiet(value, value)
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no day; {_QUIET_EXAMPLES}")  # noqa: TRY004 - pydantic collects it
    first, dots, last = value.partition("..")
    start = _date(value, first, 0)
    end = _date(value, last, len(first) + 2) if dots else start
    if end < start:
        raise _no_days(value, len(first) + 2, "it ends before it begins")
    return Quiet(start, end)


def _date(whole: str, text: str, at: int) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise _no_days(whole, at, "this is no date") from error


def _no_days(text: str, at: int, why: str) -> ValueError:
    where = f"at {text[at:]!r} (character {at + 1})"
    return ValueError(f"{text!r} is no quiet day, {where}: {why}; {_QUIET_EXAMPLES}")


PostingHours = Annotated[Hours, BeforeValidator(parse_hours)]
QuietDays = Annotated[tuple[Quiet, ...], BeforeValidator(parse_quiet)]

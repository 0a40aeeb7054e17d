"""Posting hours as people write them: `Mon-Fri 08:00-10:00, 17:00-18:30`, `lun-ven 8h-10h`."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated

from pydantic import BeforeValidator

from crosspost.config.calendar import ENGLISH, WEEKDAYS, composed, plain

Span = tuple[int, int]
_ANY = frozenset("any anytime always toujours n'importequand jederzeit siempre 24/7 24h/24 24h/247j/7".split())
_BETWEEN = str.maketrans("", "", " ,.!")


@dataclass(frozen=True, slots=True)
class Hours:
    """The local times in which a channel may post.

    `days`: for each weekday from Monday, its spans in order, each from one minute of the day to before another.
    """

    days: tuple[tuple[Span, ...], ...]

    def __str__(self) -> str:
        """Write them in the one form in which they are shown, whatever they were written like."""
        if self == ANY:
            return "any"
        if len(set(self.days)) == 1:
            return _times(self.days[0])
        alike = {spans: [day for day in range(7) if self.days[day] == spans] for spans in self.days if spans}
        return "; ".join(f"{_named(days)} {_times(spans)}" for spans, days in alike.items())


def _times(spans: Sequence[Span]) -> str:
    return ", ".join("-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in span) for span in spans)


def _named(days: Sequence[int]) -> str:
    """Name weekdays: `Mon-Fri, Sun`."""
    runs = [[day for _, day in run] for _, run in groupby(enumerate(days), lambda pair: pair[1] - pair[0])]
    return ", ".join(
        "-".join(WEEKDAYS[day][:3] for day in ((run[0], run[-1]) if len(run) > 1 else run)) for run in runs
    )


ANY = Hours((((0, 24 * 60),),) * 7)
"""At any time: what `hours = "any"` says."""
DAYTIME = Hours((((7 * 60, 22 * 60),),) * 7)
"""When a channel posts whose posts are limited, if nobody said: by day, not at 00:00 sharp."""


def parse_hours(value: object) -> Hours:
    """Read posting hours: days hold for the times after them, up to the next days; without days, every day.

    Each item of a list stands by itself. Raise `ValueError` with the text, the place in it, and right examples.
    """
    if isinstance(value, Hours):
        return value
    texts = value if isinstance(value, list | tuple) and value else [value]
    by_day: list[list[Span]] = [[] for _ in WEEKDAYS]
    for text in texts:
        if not isinstance(text, str):
            says = f"{text!r} are no posting hours; write them like {ENGLISH.hours}"
            raise ValueError(says)  # noqa: TRY004 - pydantic collects it
        if plain(text).translate(_BETWEEN) in _ANY:
            return ANY
        from crosspost.config.timetable import add_hours  # late: cron starts every few minutes

        add_hours(by_day, composed(text))
    return Hours(tuple(tuple(sorted(spans)) for spans in by_day))


PostingHours = Annotated[Hours, BeforeValidator(parse_hours)]

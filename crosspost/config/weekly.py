"""A moment of each week as people write it: `Monday 08:00`, `lundi 8h`."""

import re
from dataclasses import dataclass
from datetime import time
from typing import Annotated

from pydantic import BeforeValidator

from crosspost.config.calendar import weekday

_WRITTEN = re.compile(r"([^\W\d_]{3,}\.?)[ ,]+(.+)")
_EXAMPLES = 'write a day and a time, such as "Monday 08:00" or "vendredi 17h30"'


@dataclass(frozen=True, slots=True)
class Weekly:
    """A local moment of each week. `weekday`: 0 for Monday."""

    weekday: int
    at: time
    text: str

    def __str__(self) -> str:
        return self.text


def parse_weekly(value: object) -> Weekly:
    """Read a weekday and a time of the day, in any language in which posting hours are read."""
    if isinstance(value, Weekly):
        return value
    written = _WRITTEN.fullmatch(" ".join(value.split())) if isinstance(value, str) else None
    if written is None:
        raise ValueError(f"{value!r} is no moment of a week; {_EXAMPLES}")
    from crosspost.config.tokens import time_of_day  # late: few have a digest

    day, at = weekday(written[1]), time_of_day(written[2])
    if day is None:
        raise ValueError(f"{value!r} names no weekday; {_EXAMPLES}")
    if at is None:
        raise ValueError(f"{value!r} names no time from 00:00 to 23:59; {_EXAMPLES}")
    return Weekly(day, at, written.string)


EachWeek = Annotated[Weekly, BeforeValidator(parse_weekly)]

"""A moment of each week as people write it: `Monday 08:00`, `lundi 8h`."""

import re
from dataclasses import dataclass
from datetime import time
from typing import Annotated

from pydantic import BeforeValidator

_ENGLISH = "monday tuesday wednesday thursday friday saturday sunday".split()
_FRENCH = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()
_WRITTEN = re.compile(r"([a-z]{3,})\.?[ ,]+(?:at |à )?([0-9]{1,2})(?:(?::|h|\.)([0-9]{2})|h)?", re.IGNORECASE)
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
    """Read a weekday, in English or French and as short as three letters, and a time of the day."""
    if isinstance(value, Weekly):
        return value
    written = _WRITTEN.fullmatch(value.strip()) if isinstance(value, str) else None
    if written is None:
        raise ValueError(f"{value!r} is no moment of a week; {_EXAMPLES}")
    name, hour, minute = written[1].lower(), int(written[2]), int(written[3] or 0)
    days = [day for names in (_ENGLISH, _FRENCH) for day, whole in enumerate(names) if whole.startswith(name)]
    if not days:
        raise ValueError(f"{value!r} names no weekday; {_EXAMPLES}")
    if hour > 23 or minute > 59:
        raise ValueError(f"{value!r}: times go from 00:00 to 23:59; {_EXAMPLES}")
    return Weekly(days[0], time(hour, minute), written.string)


EachWeek = Annotated[Weekly, BeforeValidator(parse_weekly)]

"""Durations, paths and addresses as people write them."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BeforeValidator

from crosspost.config.calendar import composed, plain

_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_NAMES = {
    "s": "s sec secs second seconds seconde secondes sekunde sekunden segundo segundos",
    "m": "m mn min mins minute minutes minuten minuto minutos",
    "h": "h hr hrs hour hours heure heures stunde stunden std hora horas",
    "d": "d day days j jour jours tag tage tagen dia dias",
    "w": "w wk wks week weeks sem semaine semaines woche wochen semana semanas",
}
_UNIT_OF = {name: unit for unit, names in _NAMES.items() for name in names.split()}
_PART = re.compile(r"(?P<count>[0-9]{1,6}) ?(?P<unit>[a-z]+?)(?=[0-9 ,]|$) *(?:(?:,|et|and|und|y)(?= ))? *")
_MINUTES = re.compile(r"[0-9]{2} *$")  # 1h30
_MOST_PARTS = 10
_LONGEST = timedelta(days=36_500)
"""Added to a date, more would leave the calendar."""


def parse_duration(value: object) -> timedelta:
    """Read `90s`, `15m`, `1h30m`, `7d`, `2w`, `15 min`, `2 heures`, `1h30`. A bare number is refused."""
    if isinstance(value, timedelta):
        return value
    text = composed(value) if isinstance(value, str) else ""
    span, at = _parts(text)
    if at < len(text) or not text.strip():
        at = _behind_digits(text, at)
        where = f": it goes wrong at {text[at:]!r} (character {at + 1})" if text[at:].strip() else ""
        raise ValueError(
            f'{value!r} is no duration; write it with its unit, such as "15m" or "1h30m" (w d h m s){where}'
        )
    if span > _LONGEST:
        raise ValueError(f"{value!r} is longer than a hundred years; write less")
    return span


def _parts(text: str) -> tuple[timedelta, int]:
    """Add up the numbers with their units; return also how far the text was understood."""
    words = plain(text)
    at, span, unit = len(words) - len(words.lstrip()), timedelta(), ""
    for _ in range(_MOST_PARTS):
        part = _PART.match(words, at)
        if part is None or part["unit"] not in _UNIT_OF or text[part.start("unit") : part.end("unit")] == "M":
            break  # M may stand for months
        unit = _UNIT_OF[part["unit"]]
        span, at = span + int(part["count"]) * _UNITS[unit], part.end()
    if unit == "h" and _MINUTES.match(words, at):
        return span + int(words[at:]) * _UNITS["m"], len(text)
    return span, at


def _behind_digits(text: str, at: int) -> int:
    return len(text) - len(text[at:].lstrip("0123456789"))


def show_duration(value: timedelta) -> str:
    """Write a duration as `parse_duration` reads it."""
    left, parts = int(value.total_seconds()), []
    for unit in ("w", "d", "h", "m", "s"):
        count, left = divmod(left, int(_UNITS[unit].total_seconds()))
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]


def local_path(text: str) -> Path:
    """Return a path as the user means it, with `~` as the home. Raise `ValueError` if no file can be there."""
    if not text or "\0" in text:
        raise ValueError("must be the path of a file")
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise ValueError(f"names a home that does not exist: {text}") from error


def is_address(text: str) -> bool:
    """Tell whether this is an http or https address that can be called."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False

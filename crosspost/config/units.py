"""Durations, paths and addresses as people write them."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BeforeValidator

_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_DURATION = re.compile(r"(?:[0-9]{1,6}[wdhms]){1,10}")
_BEGINNING = re.compile(r"(?:[0-9]{1,6}[wdhms]){0,10}[0-9]{0,6}")
_LONGEST = timedelta(days=36_500)
"""Added to a date, more would leave the calendar."""


def parse_duration(value: object) -> timedelta:
    """Read `90s`, `15m`, `1h30m`, `7d`, `2w`. A bare number is refused: it does not say of what."""
    if isinstance(value, timedelta):
        return value
    text = value.strip() if isinstance(value, str) else ""
    if not _DURATION.fullmatch(text):
        found = _BEGINNING.match(text)
        at = found.end() if found else 0
        where = f": it goes wrong at {text[at:]!r} (character {at + 1})" if text[at:] else ""
        raise ValueError(
            f'{value!r} is no duration; write it with its unit, such as "15m" or "1h30m" (w d h m s){where}'
        )
    span = sum((int(n) * _UNITS[unit] for n, unit in re.findall(r"(\d+)([wdhms])", text)), timedelta())
    if span > _LONGEST:
        raise ValueError(f"{value!r} is longer than a hundred years; write less")
    return span


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

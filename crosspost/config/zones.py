"""Time zones by their IANA names, as a configuration or `$TZ` has them; and which one somebody meant."""

import difflib
import re
from collections.abc import Mapping
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import BeforeValidator

from crosspost.config.calendar import composed, plain

_MEANT = {
    "est": ("America/New_York", "America/Toronto"),
    "edt": ("America/New_York", "America/Toronto"),
    "eastern": ("America/New_York", "America/Toronto"),
    "hne": ("America/Montreal",),
    "hae": ("America/Montreal",),
    "quebec": ("America/Montreal",),
    "cst": ("America/Chicago", "America/Winnipeg"),
    "cdt": ("America/Chicago", "America/Winnipeg"),
    "mst": ("America/Denver", "America/Phoenix"),
    "mdt": ("America/Denver", "America/Edmonton"),
    "pst": ("America/Los_Angeles", "America/Vancouver"),
    "pdt": ("America/Los_Angeles", "America/Vancouver"),
    "hst": ("Pacific/Honolulu",),
    "cet": ("Europe/Paris", "Europe/Berlin"),
    "cest": ("Europe/Paris", "Europe/Berlin"),
    "met": ("Europe/Paris", "Europe/Berlin"),
    "mez": ("Europe/Berlin",),
    "mesz": ("Europe/Berlin",),
    "eet": ("Europe/Helsinki", "Europe/Athens"),
    "eest": ("Europe/Helsinki", "Europe/Athens"),
    "wet": ("Europe/Lisbon",),
    "west": ("Europe/Lisbon",),
    "bst": ("Europe/London",),
    "ist": ("Asia/Kolkata", "Europe/Dublin"),
    "jst": ("Asia/Tokyo",),
    "aest": ("Australia/Sydney", "Australia/Brisbane"),
    "france": ("Europe/Paris",),
    "germany": ("Europe/Berlin",),
    "belgique": ("Europe/Brussels",),
    "suisse": ("Europe/Zurich",),
    "geneve": ("Europe/Zurich",),
    "geneva": ("Europe/Zurich",),
}
"""Words that are no place, or that the database knows as an offset without summer time (EST, MST, HST)."""
TZ = "TZ"
_A_NAME = re.compile(r":?([A-Za-z][\w+-]*(?:/[\w+-]+)*)", re.ASCII)
_OFFSET = re.compile(r"(?:utc|gmt)? ?[+-] ?[0-9]{1,2}(?::?[0-9]{2})?")


def parse_zone(value: object) -> ZoneInfo:
    """Return the zone of an IANA name. Raise `ValueError` with the one that was probably meant."""
    if isinstance(value, ZoneInfo):
        return value
    word = _word(str(value))
    if word in _MEANT:
        raise ValueError(
            f"{value!r} is not the time zone of a place, whose clocks change; write {_names(_MEANT[word])}"
        )
    try:
        return ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        if _OFFSET.fullmatch(word):
            says = "is no time zone: an offset does not say when clocks change; write"
            raise ValueError(f"{value!r} {says} {_names(())}") from error
        raise ValueError(f"{value!r} is no time zone; write {_names(_near(word))}") from error


def is_a_place(name: str) -> bool:
    """Tell whether a zone is one whose clocks change as a place's do, by its name: `EST` is none."""
    return _word(name) not in _MEANT


def _word(value: str) -> str:
    return plain(composed(value)).strip()


def _near(word: str) -> tuple[str, ...]:
    """Return the names that were probably meant; an example if none is near."""
    word = word.replace(" ", "_")
    every = {plain(name): name for name in sorted(available_timezones()) if "/" in name}
    places: dict[str, list[str]] = {}
    for name, written in every.items():
        places.setdefault(name.rpartition("/")[2], []).append(written)
    city = word.rpartition("/")[2]
    near = [every[word]] if word in every else places.get(city) or []
    if not near and (close := difflib.get_close_matches(word, every, n=1, cutoff=0.75)):
        near = [every[close[0]]]
    if not near and (close := difflib.get_close_matches(city, places, n=1, cutoff=0.75)):
        near = places[close[0]]
    # Of several names of one place, such as Canada/… and America/…, the continent's.
    near = [name for name in near if name.split("/")[0] in _CONTINENTS] or near
    return tuple(near[:2])


_CONTINENTS = frozenset("Africa America Antarctica Asia Atlantic Australia Europe Indian Pacific".split())


def _names(names: tuple[str, ...]) -> str:
    return " or ".join(f'"{name}"' for name in names) or 'the name of a place, such as "America/Montreal"'


Zone = Annotated[ZoneInfo, BeforeValidator(parse_zone)]


def surrounding_zone(environment: Mapping[str, str]) -> ZoneInfo | None:
    """Return the zone that `$TZ` names, as containers are told it; None for a rule or a path."""
    named = _A_NAME.fullmatch(environment.get(TZ, "").strip())
    try:
        return ZoneInfo(named[1]) if named else None
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder of the database, such as "Europe"
        return None


def doubt(environment: Mapping[str, str]) -> str:
    """Say that `$TZ` names no zone, and so counts for nothing; "" if it names one, or says nothing."""
    said = environment.get(TZ, "").strip()
    if not said or surrounding_zone(environment) is not None:
        return ""
    zone = next(iter(_near(_word(said))), "America/Montreal")
    return f"{TZ} says {said}, which is no time zone, so that UTC counts; write one such as {TZ}={zone}"

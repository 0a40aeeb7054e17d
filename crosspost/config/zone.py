"""The time zone of a configuration that names none: what `$TZ` says, as containers are told it."""

import re
from collections.abc import Mapping
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

TZ = "TZ"
_A_NAME = re.compile(r":?([A-Za-z][\w+-]*(?:/[\w+-]+)*)", re.ASCII)


def surrounding_zone(environment: Mapping[str, str]) -> ZoneInfo | None:
    """Return the zone that `$TZ` names; None if it names none, as a rule such as `CET-1CEST` or a path."""
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
    close = [zone for zone in sorted(available_timezones()) if zone.rpartition("/")[2] == said]
    zone = close[0] if close else "America/Montreal"
    return f"{TZ} says {said}, which is no time zone, so that UTC counts; write one such as {TZ}={zone}"

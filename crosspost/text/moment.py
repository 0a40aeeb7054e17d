"""Moments as people read them: by the clocks of a place, with the day, in one form."""

from datetime import UTC, datetime, tzinfo


def local_time(when: datetime, zone: tzinfo | None = UTC) -> str:
    """Write a moment as `Mon 2026-11-30 08:00`; in UTC, where nobody said by whose clocks, with that word."""
    return f"{when.astimezone(zone):%a %Y-%m-%d %H:%M}" + (" UTC" if str(zone) == "UTC" else "")


def local_date(when: datetime, zone: tzinfo | None = UTC) -> str:
    """Write the day of a moment as `2026-11-30`."""
    return f"{when.astimezone(zone):%Y-%m-%d}"


def local_clock(when: datetime, zone: tzinfo | None = UTC) -> str:
    """Write what a clock shows at a moment as `08:00`, where everybody knows the day."""
    return f"{when.astimezone(zone):%H:%M}"

"""Dates as feeds write them. Pure."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# Before the web, or so late that it means "never": the null of some program (1, 1900, 1970, 9999).
_EARLIEST, _LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def moment(text: str) -> datetime | None:
    """Read an RFC 3339 date, or a mail's, as UTC; one without a zone is taken for UTC."""
    for reader in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            date = reader(text)
            return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError, TypeError):
            continue
    return None


def oddity(date: datetime | None) -> str:
    """Return the day of a date that no entry can have, such as the null of some program; "" for the others."""
    return date.date().isoformat() if date and possible(date) is None else ""


def possible(date: datetime | None) -> datetime | None:
    """Return a date an entry can have, also one in the future; None for the absurd."""
    return date if date and _EARLIEST <= date < _LATEST else None

"""What the dates of one document come to: each is judged in the company of the others. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from crosspost.feeds.dates.written import moment, puts_month_first
from crosspost.text import tidy

# Before the web, or so late that it means "never": the null of some program (1, 1900, 1970, 9999).
_EARLIEST, _LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
# The nulls of MySQL, and what PHP makes of them (`Wed, 30 Nov -0001`).
_NO_YEAR = re.compile(r"-0001(?!\d)|(?:^|[^\d:+-]|\d-)0000(?!\d)")
_LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """The dates of one item. See `Item` for the last two."""

    published: datetime | None = None
    updated: datetime | None = None
    odd_date: str = ""
    unread_date: str = ""


@dataclass(frozen=True, slots=True)
class Dates:
    """All dates of a document, each text read once.

    `slips`: what cannot be read is a slip, since most of the others can be; else it is this feed's own way to
    write dates, and as good as none.
    """

    read: Mapping[str, datetime | None]
    slips: bool

    @classmethod
    def of(cls, items: Iterable[tuple[str, str]]) -> "Dates":
        """Read the dates of all items, as (published, updated)."""
        pairs = list(items)
        texts = {text for pair in pairs for text in pair if text.strip()}
        orders = {order for text in texts if (order := puts_month_first(text)) is not None}
        month_first = orders.pop() if len(orders) == 1 else None
        read = {text: moment(text, month_first=month_first) for text in texts}
        understood = [read[text] is not None for text, _ in pairs if text in read]
        return cls(read, slips=2 * sum(understood) > len(understood))

    def dated(self, published: str, updated: str) -> Dated:
        """Judge the dates of one item. The last change counts where publication is none: it is no earlier."""
        date, change = self.read.get(published), _possible(self.read.get(updated))
        if possible := _possible(date):
            return Dated(published=possible, updated=change)
        if not published.strip() or change:
            return Dated(published=change if published.strip() else None, updated=change)
        if date is not None:
            return Dated(odd_date=date.date().isoformat())
        # In a feed that writes only such dates, each new entry would wait for a person, for ever.
        return Dated(unread_date=_quote(published) if self.slips or _NO_YEAR.search(published) else "")


def _possible(date: datetime | None) -> datetime | None:
    """Return a date an entry can have, also one in the future; None for the absurd."""
    return date if date and _EARLIEST <= date < _LATEST else None


def _quote(text: str) -> str:
    """Return a stranger's date as it may be shown."""
    words = " ".join(tidy(text[: 4 * _LONGEST_QUOTE]).split())
    return words if len(words) <= _LONGEST_QUOTE else words[: _LONGEST_QUOTE - 1].rstrip() + "…"

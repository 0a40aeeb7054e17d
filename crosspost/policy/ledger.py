"""What was spent when, kept so that a limit is asked in microseconds however long the history is."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

Cost = Mapping[str, int]
"""What a delivery costs: amounts by unit, as `config.limits` counts them."""


class Scope(NamedTuple):
    """What a limit covers: the channel or the person of this name, or everything."""

    kind: str
    name: str = ""

    @classmethod
    def channel(cls, name: str) -> "Scope":
        return cls("channel", name)

    @classmethod
    def person(cls, name: str) -> "Scope":
        return cls("person", name)


EVERYTHING = Scope("everything")


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """What was spent at one moment (UTC), on a channel or on none, of one person's attention or of nobody's."""

    at: datetime
    cost: Cost
    channel: str = ""
    person: str = ""

    def accounts(self) -> Iterator[tuple[Scope, str, int]]:
        for unit, amount in self.cost.items():
            if amount:
                yield EVERYTHING, unit, amount
                if self.channel:
                    yield Scope.channel(self.channel), unit, amount
                if self.person:
                    yield Scope.person(self.person), unit, amount


@dataclass(slots=True)
class Account:
    """The amounts of one unit in one scope, in order of time, with their running totals."""

    entries: list[tuple[datetime, int]] = field(default_factory=list)
    _totals: list[int] = field(default_factory=lambda: [0])
    """`_totals[n]` is the sum of the first n amounts; those not yet asked for may be missing."""

    def add(self, at: datetime, amount: int) -> None:
        if not self.entries or at >= self.entries[-1][0]:
            self.entries.append((at, amount))
            return
        index = self._index_after(at)
        self.entries.insert(index, (at, amount))
        del self._totals[index + 1 :]

    def remove(self, at: datetime, amount: int) -> None:
        index = self.entries.index((at, amount), self._index(at))
        del self.entries[index]
        del self._totals[index + 1 :]

    def used(self, start: datetime, *, including_start: bool) -> int:
        """Return the sum from `start` on, itself included or not."""
        first = self._index(start) if including_start else self._index_after(start)
        return self._total(len(self.entries)) - self._total(first)

    def reached(self, after: datetime, amount: int) -> datetime | None:
        """Return when the sum of what came after a moment reached `amount`; None: not yet."""
        first = self._index_after(after)
        wanted = self._total(first) + amount
        self._total(len(self.entries))
        index = bisect_left(self._totals, wanted, lo=first + 1)
        return self.entries[index - 1][0] if index < len(self._totals) else None

    def last_before(self, moment: datetime) -> datetime | None:
        index = self._index(moment)
        return self.entries[index - 1][0] if index else None

    def _index(self, moment: datetime) -> int:
        return bisect_left(self.entries, moment, key=_at)

    def _index_after(self, moment: datetime) -> int:
        return bisect_right(self.entries, moment, key=_at)

    def _total(self, count: int) -> int:
        while len(self._totals) <= count:
            self._totals.append(self._totals[-1] + self.entries[len(self._totals) - 1][1])
        return self._totals[count]


def _at(entry: tuple[datetime, int]) -> datetime:
    return entry[0]


_EMPTY = Account()


class Ledger:
    """All bookings. Not for two threads at once.

    `revision`: up to where it knows what is on record; None: nothing of it yet.
    """

    def __init__(self) -> None:
        self.revision: int | None = None
        self.ahead = timedelta(0)
        """How far our clock may be ahead: what was spent counts for so much longer."""
        self._accounts: dict[tuple[Scope, str], Account] = {}
        self._known: dict[int, Booking] = {}
        self._supposed: list[Booking] = []

    def book(self, booking: Booking) -> None:
        for scope, unit, amount in booking.accounts():
            self._accounts.setdefault((scope, unit), Account()).add(booking.at, amount)

    def unbook(self, booking: Booking) -> None:
        for scope, unit, amount in booking.accounts():
            self._accounts[scope, unit].remove(booking.at, amount)

    def take_over(self, number: int, booking: Booking | None) -> None:
        """Take over what is on record under a number now; None: it no longer counts."""
        if (old := self._known.pop(number, None)) is not None:
            self.unbook(old)
        if booking is not None:
            self._known[number] = booking
            self.book(booking)

    def known(self) -> Collection[Booking]:
        """Return what is on record, without what is only supposed."""
        return self._known.values()

    def account(self, scope: Scope, unit: str) -> Account:
        return self._accounts.get((scope, unit), _EMPTY)

    @contextmanager
    def supposing(self, bookings: Iterable[Booking] = ()) -> Iterator[None]:
        """Suppose these; forget at the end what was supposed meanwhile."""
        before = len(self._supposed)
        try:
            for booking in bookings:
                self.suppose(booking)
            yield
        finally:
            while len(self._supposed) > before:
                self.unbook(self._supposed.pop())

    def suppose(self, booking: Booking) -> None:
        self.book(booking)
        self._supposed.append(booking)

    @contextmanager
    def without(self, number: int | None) -> Iterator[None]:
        """Let what is on record under a number not count meanwhile: it is about to be booked again."""
        booking = self._known.get(number) if number is not None else None
        if booking is None:
            yield
            return
        self.unbook(booking)
        try:
            yield
        finally:
            self.book(booking)

"""Limits, applied: how much is used, and from when on there is room."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from crosspost.config.limits import Calendar, Limit, show_amount
from crosspost.policy.ledger import Ledger, Scope
from crosspost.policy.periods import period


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """A limit and what it covers. `zone` and `week_starts` (0: Monday) say when days and weeks begin."""

    limit: Limit
    scope: Scope
    zone: ZoneInfo
    week_starts: int = 0

    def __str__(self) -> str:
        whose = f"{self.scope.name}’s" if self.scope.name else "the time box of"
        return f"{whose} {self.limit}"

    def used(self, ledger: Ledger, now: datetime) -> int:
        """Return how much was used in the period that counts now.

        What is booked later, by a clock that was ahead, was spent by now: setting a clock back frees no room.
        """
        account = ledger.account(self.scope, self.limit.unit)
        span, earliest = self.limit.period, now - ledger.ahead
        if isinstance(span, Calendar):
            start, _ = period(span, earliest, self.zone, self.week_starts)
            return account.used(start, including_start=True)
        return account.used(earliest - span, including_start=False)

    def frees(self, ledger: Ledger, now: datetime, amount: int = 1) -> datetime | None:
        """Return when so much of what is used now will be free again; None if less is used."""
        span = self.limit.period
        if isinstance(span, Calendar):
            enough = self.used(ledger, now) >= amount
            end = period(span, now - ledger.ahead, self.zone, self.week_starts)[1]
            return end + ledger.ahead if enough else None
        reached = ledger.account(self.scope, self.limit.unit).reached(now - ledger.ahead - span, amount)
        return reached + span + ledger.ahead if reached is not None else None

    def room_from(self, ledger: Ledger, amount: int, now: datetime) -> datetime:
        """Return the first moment from now on at which `amount` fits, if nothing else is booked until then.

        What is less than the limit fits some time. What costs nothing always does.
        """
        when = now
        while amount and (excess := self.used(ledger, when) + amount - self.limit.amount) > 0:
            later = self.frees(ledger, when, excess)
            if later is None:
                raise ValueError(f"{amount} can never fit {self.limit}")
            when = later
        return when

    def why(self, ledger: Ledger, amount: int, now: datetime) -> str:
        """Say why `amount` does not fit now."""
        left = self.limit.amount - self.used(ledger, now)
        if left <= 0:
            return f"{self} is used up"
        unit = self.limit.unit
        return f"{self} has {show_amount(left, unit)} left, and this takes {show_amount(amount, unit)}"

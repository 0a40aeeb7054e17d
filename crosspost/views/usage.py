"""How full the limits are, in numbers and in a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crosspost.config import Config
from crosspost.config.limits import ATTENTION, MILLIONTHS, POSTS, Calendar, show_amount
from crosspost.config.units import show_duration
from crosspost.delivery.lines import caught_up
from crosspost.house import House
from crosspost.policy import EVERYTHING, Cover, Ledger, Scope, all_covers
from crosspost.store.database import Tx

_PARTS = {POSTS: 1, ATTENTION: 60}
"""What a unit is counted in: an attention minute in seconds, money in millionths."""
_NOW = {Calendar.DAY: "today", Calendar.WEEK: "this week", Calendar.MONTH: "this month"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """How full one limit is. `used` and `amount`: in posts, minutes, or the currency that `unit` names."""

    scope: Scope
    limit: str
    """As the configuration writes it."""
    unit: str
    used: float
    amount: float
    used_text: str
    left_text: str
    frees: datetime | None
    """When something of it is free again, in the configured zone; None: nothing is used."""
    sentence: str
    """What a budget over everything went to; "" for the other limits."""


async def read_usage(house: House) -> Sequence[Usage]:
    """Return how full each limit is: the time box first, then people's, then channels'."""
    ledger = await house.read(lambda tx: read_ledger(tx, house, house.now()))
    return usage_of(house.config, ledger or Ledger(), house.now())


def read_ledger(tx: Tx, house: House, now: datetime) -> Ledger:
    """Return what was spent, in a ledger of its own: whoever only looks does not lock the bookings."""
    return caught_up(tx, house, Ledger(), now)


def usage_of(config: Config, ledger: Ledger, now: datetime) -> Sequence[Usage]:
    """Return how full every limit is by what the ledger knows."""
    return tuple(_usage(config, cover, ledger, now) for cover in all_covers(config))


def _usage(config: Config, cover: Cover, ledger: Ledger, now: datetime) -> Usage:
    used, unit = cover.used(ledger, now), cover.limit.unit
    frees = cover.frees(ledger, now)
    return Usage(
        scope=cover.scope,
        limit=str(cover.limit),
        unit="minutes" if unit == ATTENTION else unit,
        used=used / _PARTS.get(unit, MILLIONTHS),
        amount=cover.limit.amount / _PARTS.get(unit, MILLIONTHS),
        used_text=show_amount(used, unit),
        left_text=show_amount(max(cover.limit.amount - used, 0), unit),
        frees=frees.astimezone(config.timezone) if frees else None,
        sentence=_sentence(config, cover, ledger, now) if cover.scope == EVERYTHING else "",
    )


def _sentence(config: Config, cover: Cover, ledger: Ledger, now: datetime) -> str:
    """Say what a budget over everything went to: `12 of 120 minutes this week; facebook 5, linkedin 7`."""
    by_channel = {name: replace(cover, scope=Scope.channel(name)).used(ledger, now) for name in config.channels}
    used = cover.used(ledger, now)
    by_channel["elsewhere"] = used - sum(by_channel.values())
    minutes = cover.limit.unit == ATTENTION
    of = (
        f"{_number(used)} of {_number(cover.limit.amount)} minutes"
        if minutes
        else (f"{show_amount(used, cover.limit.unit)} of {show_amount(cover.limit.amount, cover.limit.unit)}")
    )
    span = cover.limit.period
    when = f"in the last {show_duration(span)}" if isinstance(span, timedelta) else _NOW[span]
    parts = [
        f"{name} {_number(amount) if minutes else show_amount(amount, cover.limit.unit)}"
        for name, amount in by_channel.items()
        if amount > 0
    ]
    return f"{of} {when}" + (f"; {', '.join(parts)}" if parts else "")


def _number(seconds: int) -> str:
    return f"{seconds / 60:.1f}".removesuffix(".0")

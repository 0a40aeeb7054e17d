"""How full the limits are, in numbers and in a sentence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crosspost.config import Config
from crosspost.config.limits import ATTENTION, MILLIONTHS, POSTS, Calendar, show_amount
from crosspost.config.units import show_duration
from crosspost.delivery.lines import caught_up
from crosspost.house import House
from crosspost.policy import EVERYTHING, Booking, Cover, Ledger, Scope, all_covers
from crosspost.store.database import Tx
from crosspost.views.dry import as_if_sent

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
    shown: float = 0
    """What the posts that dry runs showed would have taken of it: beside `used`, and never in it."""
    shown_text: str = ""
    """What `shown` is, in words: `as if sent: 39 minutes; facebook 15, linkedin 24`; "" for nothing."""


async def read_usage(house: House) -> Sequence[Usage]:
    """Return how full each limit is: the time box first, then people's, then channels'."""
    now = house.now()
    read = await house.read(lambda tx: (read_ledger(tx, house, now), as_if_sent(tx, house, now)))
    ledger, shown = read or (Ledger(), ())
    return usage_of(house.config, ledger, now, shown)


def read_ledger(tx: Tx, house: House, now: datetime) -> Ledger:
    """Return what was spent, in a ledger of its own: whoever only looks does not lock the bookings."""
    return caught_up(tx, house, Ledger(), now)


def usage_of(config: Config, ledger: Ledger, now: datetime, shown: Iterable[Booking] = ()) -> Sequence[Usage]:
    """Return how full every limit is by what the ledger knows. `shown`: what dry runs would have booked."""
    dry = Ledger()
    for booking in shown:
        dry.book(booking)
    return tuple(_usage(config, cover, ledger, dry, now) for cover in all_covers(config))


def _usage(config: Config, cover: Cover, ledger: Ledger, dry: Ledger, now: datetime) -> Usage:
    used, shown, unit = cover.used(ledger, now), cover.used(dry, now), cover.limit.unit
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
        shown=shown / _PARTS.get(unit, MILLIONTHS),
        shown_text=_as_if_sent(config, cover, dry, now) if shown else "",
    )


def _sentence(config: Config, cover: Cover, ledger: Ledger, now: datetime) -> str:
    """Say what a budget over everything went to: `12 of 120 minutes this week; facebook 5, linkedin 7`."""
    used, minutes = cover.used(ledger, now), cover.limit.unit == ATTENTION
    of = (
        f"{_number(used)} of {_number(cover.limit.amount)} minutes"
        if minutes
        else (f"{show_amount(used, cover.limit.unit)} of {show_amount(cover.limit.amount, cover.limit.unit)}")
    )
    span = cover.limit.period
    when = f"in the last {show_duration(span)}" if isinstance(span, timedelta) else _NOW[span]
    parts = _by_channel(config, cover, ledger, now)
    return f"{of} {when}" + (f"; {parts}" if parts else "")


def _as_if_sent(config: Config, cover: Cover, dry: Ledger, now: datetime) -> str:
    """Say what of a limit dry runs would have taken: `as if sent: 39 minutes; facebook 15, linkedin 24`."""
    shown, minutes = cover.used(dry, now), cover.limit.unit == ATTENTION
    says = "as if sent: " + (f"{_number(shown)} minutes" if minutes else show_amount(shown, cover.limit.unit))
    parts = _by_channel(config, cover, dry, now) if cover.scope == EVERYTHING else ""
    return f"{says}; {parts}" if parts else says


def _by_channel(config: Config, cover: Cover, ledger: Ledger, now: datetime) -> str:
    """Say which channels it went to: `facebook 5, linkedin 7`."""
    by_channel = {name: replace(cover, scope=Scope.channel(name)).used(ledger, now) for name in config.channels}
    by_channel["elsewhere"] = cover.used(ledger, now) - sum(by_channel.values())
    unit = cover.limit.unit
    return ", ".join(
        f"{name} {_number(amount) if unit == ATTENTION else show_amount(amount, unit)}"
        for name, amount in by_channel.items()
        if amount > 0
    )


def _number(seconds: int) -> str:
    return f"{seconds / 60:.1f}".removesuffix(".0")

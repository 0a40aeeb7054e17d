"""Carry out what people say about their time: what they really spent, and who takes over a channel."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from crosspost.config import Config
from crosspost.config.limits import ATTENTION, show_amount
from crosspost.errors import ConfigError
from crosspost.house import House
from crosspost.model import Money
from crosspost.policy import Booking, never_fits, owner_of, rules_for
from crosspost.store import bookings, channels, decisions, deliveries, waits
from crosspost.store.database import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Minutes that a person spent: on a channel or on none; or instead of a delivery's estimate."""

    much: timedelta
    made_by: str
    channel: str | None = None
    person: str | None = None
    instead: int | None = None
    note: str = ""


async def spend(house: House, spent: Spent) -> None:
    """Book what a person spent: now or, instead of a delivery's estimate, when that was booked.

    Raise `ConfigError` if that cannot be.
    """
    config, database = house.config, house.database
    _known("channel", spent.channel, config.channels)
    _known("person", spent.person, config.people)
    if spent.instead is None:
        await database.migrate()  # minutes may be spent before the first run
    elif not await database.is_there():
        raise ConfigError(f"there are no deliveries yet: {config.database} is made by the first run")
    await database.write(_spend, config, spent, house.now())


def _spend(tx: Tx, config: Config, spent: Spent, now: datetime) -> None:
    bookings.lock(tx)
    seconds = int(spent.much.total_seconds())
    channel = spent.channel or ""
    if spent.instead is not None:
        delivery = deliveries.get(tx, spent.instead)
        if delivery is None:
            raise ConfigError(f"there is no delivery {spent.instead}; `crosspost deliveries` lists them")
        if not bookings.instead(tx, delivery.id, seconds, note=spent.note, made_by=spent.made_by):
            hint = "; without --instead, minutes are booked beside it"
            raise ConfigError(f"delivery {delivery.id} is {delivery.state}, so it cost nothing{hint}")
        channel = delivery.channel
    else:
        person = spent.person or (_owner(tx, config, channel) if channel else "")
        booking = Booking(at=now, cost={ATTENTION: seconds}, channel=channel, person=person)
        bookings.spend(tx, booking, note=spent.note, made_by=spent.made_by)
    detail = f"{show_amount(seconds, ATTENTION)} {spent.note}".strip()
    decisions.record(
        tx, "spent", made_by=spent.made_by, channel=channel, delivery_id=spent.instead, detail=detail, now=now
    )
    waits.forget(tx)


async def assign(house: House, channel: str, person: str | None, *, made_by: str) -> str:
    """Let a person own a channel; None gives it back to the one whom the configuration names.

    Return the owner it has now, "" for nobody.
    """
    config = house.config
    _known("channel", channel, config.channels)
    _known("person", person, config.people)
    new = person or config.channels[channel].owner or ""
    rules = rules_for(config, config.channels[channel], person)
    if (small := never_fits(rules, rules.cost(Money()))) is not None:
        costs = f"one post there costs {show_amount(rules.attention, ATTENTION)} (attention)"
        raise ConfigError(f"{new} cannot take {channel}: {costs}, and {small} is less")
    await house.database.migrate()
    await house.database.write(_assign, channel, person, new, made_by, house.now())
    return new


def _assign(tx: Tx, channel: str, person: str | None, new: str, made_by: str, now: datetime) -> None:
    channels.assign(tx, channel, person)
    decisions.record(tx, "assign", made_by=made_by, channel=channel, detail=new, now=now)
    waits.forget(tx)


def _owner(tx: Tx, config: Config, channel: str) -> str:
    return owner_of(config, config.channels[channel], channels.assigned(tx).get(channel)) or ""


def _known(kind: str, name: str | None, names: Iterable[str]) -> None:
    known = list(names)
    if name is not None and name not in known:
        there = f"there are: {', '.join(known)}" if known else f"the configuration has no {kind}"
        raise ConfigError(f"there is no {kind} {name!r}; {there}")

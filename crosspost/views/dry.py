"""What the posts that dry runs showed would have taken, had they been sent."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from crosspost.delivery.lines import price_of, reach
from crosspost.house import House
from crosspost.model import SHOWN, Money
from crosspost.policy import Booking, Rules, rules_for
from crosspost.store import channels, listing
from crosspost.store.database import Tx

MOST = 200
"""So many of the newest are priced: what is composed for it takes milliseconds each."""


def as_if_sent(tx: Tx, house: House, now: datetime) -> Sequence[Booking]:
    """Return what would have been booked for what dry runs showed, as far back as any limit reaches.

    Only for channels that are dry runs still, and never on record: limits know only what was sent.
    """
    dry = {name: channel for name, channel in house.config.channels.items() if channel.dry_run}
    return tuple(_bookings(tx, house, dry.keys(), now)) if dry else ()


def _bookings(tx: Tx, house: House, dry: Collection[str], now: datetime) -> Iterator[Booking]:
    owners, since = channels.assigned(tx), now - reach(house.config)
    rules = {name: _rules(house, name, owners.get(name)) for name in dry}
    for shown in listing.newest(tx, states={SHOWN}, limit=MOST):
        delivery = shown.delivery
        if delivery.channel in rules and delivery.updated > since:
            its = rules[delivery.channel]
            channel = house.config.channels[delivery.channel]
            price = price_of(tx, house, channel, delivery) if its.counts_money else Money()
            yield its.booking(delivery.updated, its.cost(price))


def _rules(house: House, name: str, assigned: str | None) -> Rules:
    """Return the rules that the channel will have when it is no dry run any more."""
    channel = house.config.channels[name].model_copy(update={"dry_run": False})
    return rules_for(house.config, channel, assigned)

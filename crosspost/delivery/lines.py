"""Gather what decides whose turn it is: the rules, what was spent, and what waits as the decision sees it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from crosspost.compose import compose, preview
from crosspost.config import Channel, Config
from crosspost.config.limits import Calendar
from crosspost.contract import Adapter
from crosspost.delivery.wing import Turns
from crosspost.delivery.words import opening_of
from crosspost.house import House
from crosspost.model import Delivery, Draft, Money
from crosspost.policy import Ledger, Line, Rules, Verdict, Waiting, judge_channel
from crosspost.store import bookings, channels, entries, queue
from crosspost.store.database import Tx

_REACH = {Calendar.DAY: 2, Calendar.WEEK: 8, Calendar.MONTH: 32}


def verdicts(
    tx: Tx, house: House, channel: Channel, owners: Mapping[str, str], ledger: Ledger, now: datetime
) -> Sequence[tuple[Waiting, Verdict]]:
    """Decide on what is due on a channel, by a ledger that is up to date. `owners`: those assigned."""
    return judge_channel(channel.name, _lines(tx, house, channel, owners, now), ledger, now)


def locked_ledger(tx: Tx, house: House, now: datetime) -> Ledger:
    """Return the house's ledger, up to date as far back as any limit reaches. The bookings must be locked."""
    return caught_up(tx, house, house.wing(Turns).ledger, now)


def caught_up(tx: Tx, house: House, ledger: Ledger, now: datetime) -> Ledger:
    """Bring a ledger up to date; return it."""
    bookings.catch_up(tx, ledger, now - reach(house.config))
    ledger.ahead = house.clocks().ahead
    return ledger


def reach(config: Config) -> timedelta:
    """Return how far back what was spent can still matter."""
    limits = [limit for channel in config.channels.values() for limit in channel.limits]
    limits += [limit for person in config.people.values() for limit in person.budget]
    spans = [
        timedelta(days=_REACH[limit.period]) if isinstance(limit.period, Calendar) else limit.period
        for limit in (*limits, *config.time_box.budget)
    ]
    return max([timedelta(days=_REACH[Calendar.DAY]), *spans])  # a day: posts are spread by the day's last


def waiting_for(
    delivery: Delivery,
    rules: Rules,
    price: Money,
    booked: int | None = None,
    *,
    ahead: timedelta = timedelta(0),
) -> Waiting:
    """Return a delivery as the decision sees it. `booked`: its number in the ledger, if tried before.

    `ahead`: how far our clock may be ahead; its time is over no earlier for it.
    """
    return Waiting(
        id=delivery.id,
        channel=delivery.channel,
        not_before=delivery.not_before,
        expires=delivery.expires + ahead if delivery.expires else None,
        reason=delivery.reason,
        priority=delivery.priority + rules.priority,
        promotional=delivery.promotional,
        cost={} if delivery.fills else rules.cost(price),
        booked=booked,
        fills=delivery.fills,
    )


def _lines(tx: Tx, house: House, channel: Channel, owners: Mapping[str, str], now: datetime) -> Sequence[Line]:
    """Return what is due on this channel, and on those that share its budgets and take anything now."""
    all_rules = {
        name: house.wing(Turns).rules(other, owners.get(name)) for name, other in house.config.channels.items()
    }
    mine = all_rules[channel.name]
    sharing = [name for name, rules in all_rules.items() if rules.shared & mine.shared and name != channel.name]
    closed = channels.load(tx, sharing) if sharing else {}
    names = [channel.name]
    names += [name for name in sharing if (until := closed[name].closed_until) is None or until <= now]
    return [
        line_of(tx, house, all_rules[name], queued, now) for name, queued in queue.due(tx, names, now).items()
    ]


def line_of(tx: Tx, house: House, rules: Rules, queued: queue.Queued, now: datetime) -> Line:
    """Return what waits on one channel as the decision sees it."""
    channel, ahead = house.config.channels[rules.channel], house.clocks().ahead

    def seen(delivery: Delivery) -> Waiting:
        price = price_of(tx, house, channel, delivery) if rules.counts_money else Money()
        booked = bookings.number_of(tx, delivery.id) if delivery.attempts else None
        return waiting_for(delivery, rules, price, booked, ahead=ahead)

    return Line(
        rules=rules,
        waiting=[seen(delivery) for delivery in queued.free],
        queued=queued.count,
        last_posts=last_posts(tx, rules),
        taken=[rules.booking(now + house.clocks().behind, seen(delivery).cost) for delivery in queued.reserved],
    )


def last_posts(tx: Tx, rules: Rules, but: int | None = None) -> list[bool]:
    return bookings.last_posts(tx, rules.channel, rules.ration.of - 1, but=but) if rules.ration else []


def price_of(tx: Tx, house: House, channel: Channel, delivery: Delivery) -> Money:
    """Return what the network bills for a delivery; asked once per process, since composing is slow."""
    if channel.adapter_class.cost is Adapter.cost:
        return Money()  # it bills nothing
    prices = house.wing(Turns).prices
    if delivery.id not in prices:
        prices[delivery.id] = _price(tx, house, channel, delivery)
    return prices[delivery.id]


def _price(tx: Tx, house: House, channel: Channel, delivery: Delivery) -> Money:
    try:
        return preview.price_of(channel, draft_of(tx, house, channel, delivery))
    except Exception:
        # The adapter’s own faults too: it will fail when it is prepared, and say why.
        return Money()


def draft_of(tx: Tx, house: House, channel: Channel, delivery: Delivery) -> Draft:
    """Return a delivery's frozen draft, or one as it would be made now, without its picture.

    Raise `NoRoom` or `ConfigError` if none can be made.
    """
    if delivery.draft is not None:
        return delivery.draft
    entry, published = entries.get(tx, delivery.entry_id)
    opening = opening_of(tx, channel, entry, delivery.entry_id)
    return compose(house.ingredients(channel, entry, published, opening=opening))

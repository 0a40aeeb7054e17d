"""Apply the limits, in a transaction that has locked the bookings: whose turn it is, and what it costs.

The decisions are `policy`'s; this gathers what they need, and does as they say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crosspost.compose import compose, preview
from crosspost.config import Channel, Config
from crosspost.config.limits import Calendar
from crosspost.contract import Adapter
from crosspost.house import House
from crosspost.model import Delivery, Draft, Money, State
from crosspost.policy import (
    Go,
    Ledger,
    Line,
    Never,
    Outcome,
    Rules,
    Verdict,
    Wait,
    Waiting,
    judge_channel,
    key_is_over,
    may_go,
    rules_for,
)
from crosspost.store import attempts, bookings, channels, deliveries, entries, queue, waits
from crosspost.store.database import Tx

NOT_IN_SIGHT = timedelta(days=1)
"""How long a channel waits whose entries all wait for others; a new one ends it."""
_REACH = {Calendar.DAY: 2, Calendar.WEEK: 8, Calendar.MONTH: 32}


@dataclass(slots=True)
class Turns:
    """What turns are decided by, kept while the house is open."""

    house: House
    ledger: Ledger = field(default_factory=Ledger)
    """What was spent. Only for whoever has locked the bookings, and has caught up with them since."""
    prices: dict[int, Money] = field(default_factory=dict)
    """What networks bill for deliveries, by id, as far as anybody asked."""
    _rules: dict[tuple[str, str | None], Rules] = field(default_factory=dict)

    def rules(self, channel: Channel, assigned: str | None) -> Rules:
        """Return what decides when the channel's deliveries may go. `assigned`: who relieves its owner."""
        key = channel.name, assigned
        if key not in self._rules:
            self._rules[key] = rules_for(self.house.config, channel, assigned)
        return self._rules[key]

    async def close(self) -> None:
        """Do nothing: all of it is on record."""


Ended = list[tuple[Delivery, Outcome]]
"""What became of deliveries that did not go: to be told when the transaction is kept."""


@dataclass(slots=True, kw_only=True)
class Turn:
    """What a channel may do now: send this delivery, if any."""

    delivery: Delivery | None = None
    ended: Ended = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """An attempt's number, if it may be made, and when that was decided (UTC)."""

    number: int | None
    at: datetime
    ended: Ended = field(default_factory=list)


def take_turn(tx: Tx, house: House, channel: Channel, lease: timedelta) -> Turn:
    """Reserve the channel's next delivery if it may go, or note until when the channel waits."""
    bookings.lock(tx)
    now = house.now()
    owners = channels.assigned(tx)
    rules = house.wing(Turns).rules(channel, owners.get(channel.name))
    if not rules.limited:
        return _next(tx, house, rules, now, lease)
    found = Turn()
    while True:
        ledger = learn(tx, house, now)
        ended = len(found.ended)
        waits_for: tuple[Waiting, Wait] | None = None
        for waiting, verdict in verdicts(tx, house, channel, owners, ledger, now):
            match verdict:
                case Go():
                    until = now + lease
                    found.delivery = attempts.take(tx, waiting.id, owner=house.owner, now=now, until=until)
                    return found
                case Never():
                    found.ended += _let_go(tx, waiting.id, verdict, now)
                case Wait() if waits_for is None or verdict.until is not None:
                    waits_for = waiting, verdict
        if len(found.ended) > ended:
            continue  # those behind them were not looked at yet
        if waits_for is not None:
            found.ended += _note_wait(tx, house, channel, *waits_for, now)
        return found


def verdicts(
    tx: Tx, house: House, channel: Channel, owners: Mapping[str, str], ledger: Ledger, now: datetime
) -> Sequence[tuple[Waiting, Verdict]]:
    """Decide on what is due on a channel, by a ledger that is up to date. `owners`: those assigned."""
    return judge_channel(channel.name, _lines(tx, house, channel, owners, now), ledger, now)


def _next(tx: Tx, house: House, rules: Rules, now: datetime, lease: timedelta) -> Turn:
    """Reserve the next delivery of a channel that nothing limits: only its horizon can end its waiting."""
    found = Turn()
    while True:
        delivery = attempts.reserve(tx, rules.channel, owner=house.owner, now=now, until=now + lease)
        if delivery is None:
            return found
        verdict = may_go(waiting_for(delivery, rules, Money()), rules, house.wing(Turns).ledger, now=now)
        if not isinstance(verdict, Never):
            found.delivery = delivery
            return found
        found.ended += _let_go(tx, delivery.id, verdict, now)


def begin(
    tx: Tx,
    house: House,
    channel: Channel,
    delivery: Delivery,
    draft: Draft,
    price: Money,
    *,
    note: str,
    revision: str,
    lease: timedelta,
) -> Begun:
    """Put an attempt and what it costs on record, if there is still room, and its key still makes it safe."""
    bookings.lock(tx)
    now = house.now()
    if (outcome := key_is_over(delivery, now)) is not None:
        moved = deliveries.move(tx, delivery, outcome, now=now)
        return Begun(number=None, at=now, ended=[(delivery, outcome)] if moved else [])
    rules = house.wing(Turns).rules(channel, channels.assigned(tx).get(channel.name))
    booked = bookings.number_of(tx, delivery.id) if delivery.attempts else None
    waiting = waiting_for(delivery, rules, price, booked)
    if rules.limited:
        ledger = learn(tx, house, now)
        verdict = may_go(waiting, rules, ledger, now=now, last_posts=last_posts(tx, rules, but=delivery.id))
        if not isinstance(verdict, Go):
            ended = _not_now(tx, house, channel, delivery, waiting, verdict, now)
            return Begun(number=None, at=now, ended=ended)
    number = attempts.begin_attempt(
        tx, delivery, draft, owner=house.owner, note=note, revision=revision, now=now, until=now + lease
    )
    if number is not None:
        bookings.book(tx, delivery.id, rules.booking(now, waiting.cost), promotional=delivery.promotional)
    return Begun(number=number, at=now)


def _not_now(
    tx: Tx,
    house: House,
    channel: Channel,
    delivery: Delivery,
    waiting: Waiting,
    verdict: Wait | Never,
    now: datetime,
) -> Ended:
    """Give a reserved delivery back: somebody else took the room, or its hours ended, while it was prepared."""
    if isinstance(verdict, Never):
        return _let_go(tx, delivery.id, verdict, now)
    attempts.postpone(tx, delivery, reason=delivery.reason, until=delivery.not_before, now=now)
    return _note_wait(tx, house, channel, waiting, verdict, now)


def learn(tx: Tx, house: House, now: datetime) -> Ledger:
    """Return the house's ledger, up to date as far back as any limit reaches. The bookings must be locked."""
    return caught_up(tx, house, house.wing(Turns).ledger, now)


def caught_up(tx: Tx, house: House, ledger: Ledger, now: datetime) -> Ledger:
    """Bring a ledger up to date; return it."""
    bookings.catch_up(tx, ledger, now - reach(house.config))
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


def waiting_for(delivery: Delivery, rules: Rules, price: Money, booked: int | None = None) -> Waiting:
    """Return a delivery as the decision sees it. `booked`: its number in the ledger, if tried before."""
    return Waiting(
        id=delivery.id,
        channel=delivery.channel,
        not_before=delivery.not_before,
        expires=delivery.expires,
        reason=delivery.reason,
        priority=delivery.priority + rules.priority,
        promotional=delivery.promotional,
        cost=rules.cost(price),
        booked=booked,
    )


def _lines(tx: Tx, house: House, channel: Channel, owners: Mapping[str, str], now: datetime) -> Sequence[Line]:
    """Return what is due on this channel, and on those that share its budgets and take anything now."""
    all_rules = {
        name: house.wing(Turns).rules(one, owners.get(name)) for name, one in house.config.channels.items()
    }
    mine = all_rules[channel.name]
    sharing = [name for name, rules in all_rules.items() if rules.shared & mine.shared and name != channel.name]
    closed = channels.load(tx, sharing) if sharing else {}
    names = [channel.name]
    names += [name for name in sharing if (until := closed[name].closed_until) is None or until <= now]
    return [
        line_of(tx, house, all_rules[name], found, now) for name, found in queue.due(tx, names, now).items()
    ]


def line_of(tx: Tx, house: House, rules: Rules, found: queue.Queued, now: datetime) -> Line:
    """Return what waits on one channel as the decision sees it."""
    channel = house.config.channels[rules.channel]

    def seen(delivery: Delivery) -> Waiting:
        price = price_of(tx, house, channel, delivery) if rules.counts_money else Money()
        booked = bookings.number_of(tx, delivery.id) if delivery.attempts else None
        return waiting_for(delivery, rules, price, booked)

    return Line(
        rules=rules,
        waiting=[seen(delivery) for delivery in found.free],
        queued=found.count,
        last_posts=last_posts(tx, rules),
        taken=[rules.booking(now, seen(delivery).cost) for delivery in found.reserved],
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
    return compose(house.ingredients(channel, *entries.get(tx, delivery.entry_id)))


def _let_go(tx: Tx, delivery_id: int, verdict: Never, now: datetime) -> Ended:
    delivery = deliveries.get(tx, delivery_id)
    state = State.FAILED if verdict.needs_person else State.SKIPPED
    outcome = Outcome(state=state, reason=verdict.reason, needs_person=verdict.needs_person)
    return [(delivery, outcome)] if delivery and deliveries.move(tx, delivery, outcome, now=now) else []


def _note_wait(tx: Tx, house: House, channel: Channel, waiting: Waiting, verdict: Wait, now: datetime) -> Ended:
    """Note what a channel waits for, and until when nobody need ask again; tell it once.

    What becomes due meanwhile may go first, or cost less, or be what the others wait for.
    """
    until = verdict.until or now + NOT_IN_SIGHT
    again = min(until, waiting.expires or until, queue.next_due(tx, channel.name, now) or until)
    new = waits.note(tx, channel.name, again, verdict.reason, digest=house.config.digest, now=now)
    delivery = deliveries.get(tx, waiting.id) if new else None
    if delivery is None:
        return []
    local = until.astimezone(channel.timezone or house.config.timezone)
    when = f"; next {local:%a %Y-%m-%d %H:%M}" if verdict.until else ""
    return [(delivery, Outcome(state=State.PENDING, reason=verdict.reason + when, not_before=until))]

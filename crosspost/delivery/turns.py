"""Apply the limits, in a transaction that has locked the bookings: whose turn it is, and what it costs.

The decisions are `policy`'s, `lines` gathers what they need, and this does as they say.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crosspost.config import Channel
from crosspost.delivery.lines import last_posts, locked_ledger, verdicts, waiting_for
from crosspost.delivery.wing import Turns
from crosspost.house import House
from crosspost.model import Delivery, Draft, Money, State
from crosspost.policy import (
    Failed,
    Go,
    Never,
    Outcome,
    Pending,
    Rules,
    SetAside,
    Wait,
    Waiting,
    key_is_over,
    may_go,
)
from crosspost.policy.twins import is_repetition, shown_already
from crosspost.store import accounts, attempts, bookings, channels, deliveries, queue, twins, waits
from crosspost.store.database import Tx
from crosspost.text import local_time

_NOT_IN_SIGHT = timedelta(days=1)
"""How long a channel waits whose entries all wait for others; a new one ends it."""

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
    turn = Turn()
    while True:
        ledger = locked_ledger(tx, house, now)
        ended = len(turn.ended)
        waits_for: tuple[Waiting, Wait] | None = None
        for waiting, verdict in verdicts(tx, house, channel, owners, ledger, now):
            match verdict:
                case Go():
                    until = now + lease
                    turn.delivery = attempts.take(tx, waiting.id, owner=house.owner, now=now, until=until)
                    return turn
                case Never():
                    turn.ended += _let_go(tx, waiting.id, verdict, now)
                case Wait() if waits_for is None or verdict.until is not None:
                    waits_for = waiting, verdict
        if len(turn.ended) > ended:
            continue  # those behind them were not looked at yet
        if waits_for is not None:
            turn.ended += _note_wait(tx, house, channel, *waits_for, now)
        return turn


def _next(tx: Tx, house: House, rules: Rules, now: datetime, lease: timedelta) -> Turn:
    """Reserve the next delivery of a channel that nothing limits: only its horizon can end its waiting."""
    turn = Turn()
    while True:
        delivery = attempts.reserve(tx, rules.channel, owner=house.owner, now=now, until=now + lease)
        if delivery is None:
            return turn
        verdict = may_go(
            waiting_for(delivery, rules, Money(), ahead=house.clocks().ahead),
            rules,
            house.wing(Turns).ledger,
            now=now,
        )
        if not isinstance(verdict, Never):
            turn.delivery = delivery
            return turn
        turn.ended += _let_go(tx, delivery.id, verdict, now)


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
    """Put an attempt and its cost on record, if there is room, its key is good, and the account lacks it."""
    bookings.lock(tx)
    now = house.now()
    clocks, lives_for = house.clocks(), channel.capabilities.repeatable_for
    in_doubt = key_is_over(
        delivery, lives_for, now=now, behind=clocks.behind, leaves_to_person=not channel.looks
    )
    if in_doubt is not None:
        moved = deliveries.move(tx, delivery, in_doubt, now=now)
        return Begun(number=None, at=now, ended=[(delivery, in_doubt)] if moved else [])
    account = accounts.of(tx, [channel])[channel.name]
    same = twins.of_entries(tx, [delivery.entry_id])[delivery.entry_id]
    if (told := shown_already(same, delivery.id, channel.name, account)) is not None:
        # Only under the lock is this true until the attempt is on record: of two that come at once, one sees
        # the other.
        again = SetAside(state=State.SKIPPED, reason=is_repetition(told, channel.name))
        moved = deliveries.move(tx, delivery, again, now=now)
        return Begun(number=None, at=now, ended=[(delivery, again)] if moved else [])
    rules = house.wing(Turns).rules(channel, channels.assigned(tx).get(channel.name))
    booked = bookings.number_of(tx, delivery.id) if delivery.attempts else None
    waiting = waiting_for(delivery, rules, price, booked, ahead=clocks.ahead)
    if rules.limited:
        ledger = locked_ledger(tx, house, now)
        verdict = may_go(waiting, rules, ledger, now=now, last_posts=last_posts(tx, rules, but=delivery.id))
        if not isinstance(verdict, Go):
            ended = _not_now(tx, house, channel, delivery, waiting, verdict, now)
            return Begun(number=None, at=now, ended=ended)
    number = attempts.begin_attempt(
        tx,
        delivery,
        draft,
        owner=house.owner,
        account=account,
        note=note,
        revision=revision,
        now=now,
        until=now + lease,
        ahead=clocks.ahead,
    )
    if number is not None:
        bookings.book(
            tx, delivery.id, rules.booking(now + clocks.behind, waiting.cost), promotional=delivery.promotional
        )
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


def _let_go(tx: Tx, delivery_id: int, verdict: Never, now: datetime) -> Ended:
    delivery = deliveries.get(tx, delivery_id)
    reason = verdict.reason
    outcome = Failed(reason=reason) if verdict.needs_person else SetAside(state=State.SKIPPED, reason=reason)
    return [(delivery, outcome)] if delivery and deliveries.move(tx, delivery, outcome, now=now) else []


def _note_wait(tx: Tx, house: House, channel: Channel, waiting: Waiting, verdict: Wait, now: datetime) -> Ended:
    """Note what a channel waits for, and until when nobody need ask again; tell it once.

    What becomes due meanwhile may go first, or cost less, or be what the others wait for.
    """
    until = verdict.until or now + _NOT_IN_SIGHT
    again = min(until, waiting.expires or until, queue.next_due(tx, channel.name, now) or until)
    new = waits.note(tx, channel.name, again, verdict.reason, digest=house.config.digest, now=now)
    delivery = deliveries.get(tx, waiting.id) if new else None
    if delivery is None:
        return []
    when = f"; next {local_time(until, house.config.timezone)}" if verdict.until else ""
    return [(delivery, Pending(reason=verdict.reason + when, not_before=until))]

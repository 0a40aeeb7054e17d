"""Carry out what a person decides about deliveries."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Literal

from crosspost.errors import ConfigError
from crosspost.house import House
from crosspost.intake.renamed import take_over
from crosspost.model import Delivery, State
from crosspost.policy import Delivered, Outcome, Pending, SetAside
from crosspost.policy.oddities import still_scheduled, waits_for_date
from crosspost.policy.twins import Told, goes_first, is_repetition, perhaps_goes_first
from crosspost.store import accounts, attempts, channels, decisions, deliveries, entries, listing, twins, waits
from crosspost.store.database import Tx
from crosspost.text import local_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which deliveries a person named: those of these ids, or all in these states of a channel or feed."""

    ids: Sequence[int]
    states: Collection[State]
    channel: str | None = None
    feed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What becomes of the chosen deliveries, and on whose word."""

    verb: str
    made_by: str
    to: Literal[State.DELIVERED, State.PENDING, State.SKIPPED]
    reason: str
    url: str = ""


async def decide(house: House, chosen: Chosen, decision: Decision) -> int:
    """Move the chosen deliveries, all or none; return how many. Raise `ConfigError` for one that cannot.

    Who decided is on record.
    """
    config, database = house.config, house.database
    if not await database.is_there():
        raise ConfigError(f"there are no deliveries yet: {config.database} is made by the first run")
    moved = await database.write(_decide, house, chosen, decision, house.now())
    # A name of the past is fine as long as something of it is left.
    for kind, name, known in (
        ("channel", chosen.channel, config.channels),
        ("feed", chosen.feed, config.feeds),
    ):
        if not moved and name is not None and name not in known:
            raise ConfigError(f"there is no {kind} {name!r}; there are: {', '.join(known)}")
    return moved


def _decide(tx: Tx, house: House, chosen: Chosen, decision: Decision, now: datetime) -> int:
    take_over(tx, house)  # a person calls feeds and channels by the names that they have now
    outcome = _outcome(decision, now)
    if chosen.ids:
        named = [_allowed(tx, delivery_id, chosen.states) for delivery_id in chosen.ids]
    else:
        shown = listing.newest(
            tx, states=chosen.states, channel=chosen.channel, feed=chosen.feed, limit=1_000_000
        )
        named = [each.delivery for each in reversed(shown)]
    speaking = accounts.of(tx, house.config.channels.values())
    moved = []
    for delivery in named:
        told, perhaps = _before(tx, delivery, speaking) if decision.to is State.PENDING else (None, False)
        if told is not None and chosen.ids:
            raise ConfigError(_refusal(delivery, told))
        if told is not None:
            again = SetAside(state=State.SKIPPED, reason=is_repetition(told, delivery.channel))
            deliveries.move(tx, delivery, again, now=now)
        elif perhaps and not chosen.ids:
            continue  # a person is asked about this one by itself
        elif _carry_out(tx, house, delivery, _dated(tx, house, delivery, outcome), now):
            moved.append(delivery)
    for delivery in moved:
        decisions.record(
            tx,
            decision.verb,
            made_by=decision.made_by,
            channel=delivery.channel,
            delivery_id=delivery.id,
            detail=decision.url,
            now=now,
        )
    if moved:
        waits.forget(tx)
    return len(moved)


def _before(tx: Tx, delivery: Delivery, speaking: Mapping[str, str]) -> tuple[Told | None, bool]:
    """Return what the account shows, or will, of the entry; and whether it will of what may be the same."""
    account = speaking.get(delivery.channel, delivery.account)
    alike = twins.of_entries(tx, [delivery.entry_id])[delivery.entry_id]
    asked = alike, delivery.id, delivery.channel, account
    return goes_first(*asked), perhaps_goes_first(*asked)


def _refusal(delivery: Delivery, told: Told) -> str:
    what = f"crosspost skip {delivery.id}"
    if delivery.state is State.UNCERTAIN:
        what = f"see whether it is there, then crosspost resolve {delivery.id} --delivered URL"
    elif delivery.state is State.SKIPPED:
        what = f"only if {told.id} is let go, this one can go"
    return (
        f"delivery {delivery.id} would say the same entry twice: "
        f"{is_repetition(told, delivery.channel)}; {what}"
    )


def _dated(tx: Tx, house: House, delivery: Delivery, outcome: Outcome) -> Outcome:
    """Let what was held wait for its entry's date, once a person approved it; `retry` lets it go before."""
    if delivery.state is not State.HELD or not isinstance(outcome, Pending):
        return outcome
    entry, _ = entries.get(tx, delivery.entry_id)
    feed, now = house.config.feeds.get(entry.feed), house.now()
    waits = feed is None or feed.future == "wait"
    moment = still_scheduled(entry.published, now + house.clocks().behind, waits=waits)
    if moment is None:
        return outcome
    return Pending(
        reason=f"{waits_for_date(moment, house.config.timezone)}; {outcome.reason}", not_before=moment
    )


def _carry_out(tx: Tx, house: House, delivery: Delivery, outcome: Outcome, now: datetime) -> bool:
    """Move a delivery, or let one that waits go now; tell whether anything changed."""
    if delivery.state is State.PENDING and isinstance(outcome, Pending):
        _let_go(tx, delivery, outcome, now, house.config.timezone)
        return True
    return deliveries.move(tx, delivery, outcome, now=now, by_person=True)


def _let_go(tx: Tx, delivery: Delivery, outcome: Pending, now: datetime, zone: tzinfo) -> None:
    """Let a waiting delivery go. Raise `ConfigError` with what it waits for, where a person cannot end that."""
    closed = channels.load(tx, [delivery.channel])[delivery.channel]
    until = closed.closed_until
    if until is not None and until > now and not closed.needs_person:
        raise ConfigError(
            f"delivery {delivery.id} waits for its channel: {delivery.channel} takes nothing before "
            f"{local_time(until, zone)}: {closed.closed_because}"
        )
    if closed.needs_person:
        channels.hasten(tx, delivery.channel, now)  # the credential is verified first
    elif delivery.look_first:
        raise ConfigError(f"delivery {delivery.id} waits until its account was looked at: crosspost run-once")
    elif delivery.not_before <= now:
        raise ConfigError(
            f"delivery {delivery.id} is due already: it waits for limits, hours or the next run; "
            "crosspost plan says for which, and when it goes"
        )
    attempts.postpone(tx, delivery, reason=outcome.reason, until=min(delivery.not_before, now), now=now)


def _outcome(decision: Decision, now: datetime) -> Outcome:
    reason = f"{decision.reason} by {decision.made_by}"
    match decision.to:
        case State.DELIVERED:
            return Delivered(reason=reason, url=decision.url)
        case State.PENDING:
            return Pending(reason=reason, not_before=now)
        case State.SKIPPED:
            return SetAside(state=State.SKIPPED, reason=reason)


def _allowed(tx: Tx, delivery_id: int, allowed: Collection[State]) -> Delivery:
    delivery = deliveries.get(tx, delivery_id)
    if delivery is None:
        raise ConfigError(f"there is no delivery {delivery_id}; `crosspost deliveries` lists them")
    if delivery.state not in allowed:
        hint = (
            "; the network may have it: look, then "
            f"crosspost resolve {delivery_id} --delivered URL, or --absent"
            if delivery.state is State.UNCERTAIN
            else ""
        )
        raise ConfigError(
            f"delivery {delivery_id} is {delivery.state}; this is for those that are "
            f"{' or '.join(sorted(allowed))}{hint}"
        )
    return delivery

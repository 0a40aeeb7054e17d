"""May this delivery go now, and if not, when and why. The one place that decides it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crosspost.config.limits import POSTS, Calendar, show_amount
from crosspost.policy.ledger import Cost, Ledger, Scope
from crosspost.policy.opening import FAR, after_open_time, next_opening, open_spans, open_time
from crosspost.policy.periods import day_start, local_day
from crosspost.policy.rules import Rules, never_fits


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A pending delivery, as far as the decision goes. `priority`: its channel's included; moments are UTC.

    Without `expires` it is there by a person's yes: neither its age nor an overflow lets it go.
    """

    id: int
    channel: str
    not_before: datetime
    expires: datetime | None = None
    reason: str = ""
    priority: int = 0
    promotional: bool = False
    cost: Cost
    booked: int | None = None
    """The number of the booking of an attempt that may have arrived: it will move, not count twice."""
    fills: bool = False
    """Whether it calls nobody's attention: nothing but its own moment keeps it back."""


@dataclass(frozen=True, slots=True)
class Go:
    """Let the delivery be sent now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Let the delivery wait until then (UTC), at least; None: that depends on what else goes out.

    `full`: it does not fit a limit, though the channel is open.
    """

    until: datetime | None
    reason: str
    full: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Never:
    """Let the delivery go unsent; or, if a person must act, fail it."""

    reason: str
    needs_person: bool = False


Verdict = Go | Wait | Never
_GO = Go()


def may_go(
    waiting: Waiting,
    rules: Rules,
    ledger: Ledger,
    *,
    now: datetime,
    last_posts: Sequence[bool] = (),
    queued: int | None = None,
) -> Verdict:
    """Decide on a pending delivery, if nothing else is booked.

    `last_posts`: whether each of the channel's latest was promotional, the newest first; `queued`: how many
    deliveries wait on the channel, this one included; None: it has had its turn, and is not spread any more.
    """
    with ledger.without(waiting.booked):
        return _may_go(waiting, rules, ledger, now, last_posts, queued)


def _may_go(
    waiting: Waiting,
    rules: Rules,
    ledger: Ledger,
    now: datetime,
    last_posts: Sequence[bool],
    queued: int | None,
) -> Verdict:
    if waiting.expires is not None and now >= waiting.expires:
        return Never(reason="older than the feed's horizon")
    if waiting.fills:
        early = waiting.not_before > now
        return Wait(until=waiting.not_before, reason=waiting.reason or "its delay") if early else _GO
    if (small := never_fits(rules, waiting.cost)) is not None:
        takes = show_amount(waiting.cost[small.limit.unit], small.limit.unit)
        reason = f"it can never go: it takes {takes}, and {small} is less; raise that limit, then retry"
        return Never(reason=reason, needs_person=True)
    if waiting.promotional and rules.ration is not None:
        wanted = rules.ration.of - rules.ration.some
        missing = wanted - sum(not promotional for promotional in last_posts[: rules.ration.of - 1])
        if missing > 0:
            others = "1 other entry" if missing == 1 else f"{missing} other entries"
            return Wait(
                until=None, reason=f"promotion is at most {rules.ration}: waits until {others} went out"
            )
    when = now
    hindrances: list[_Hindrance] = []
    while (hindrance := _hindrance(waiting, rules, ledger, when, queued)) is not None:
        hindrances.append(hindrance)
        when = hindrance.until
        if when > now + FAR:
            when = now + FAR
            break
    if not hindrances:
        return _GO
    return Wait(until=when, reason=_sentence(hindrances, now), full=hindrances[0].is_limit)


@dataclass(frozen=True, slots=True)
class _Hindrance:
    """What stands in the way at a moment, and until when at least."""

    until: datetime
    why: str
    is_limit: bool = False


def _hindrance(
    waiting: Waiting, rules: Rules, ledger: Ledger, when: datetime, queued: int | None
) -> _Hindrance | None:
    """Return the first thing that stands in the way at a moment."""
    if waiting.not_before > when:
        return _Hindrance(waiting.not_before, waiting.reason or "its delay")
    opening = next_opening(when, rules.zone, rules.hours, rules.quiet)
    if opening is None:
        return _Hindrance(when + 2 * FAR, "its posting hours and quiet days leave no moment")
    if opening > when:
        return _Hindrance(opening, _closed(rules, when))
    if rules.spread and queued is not None and (slot := _slot(rules, ledger, when, queued)) > when:
        return _Hindrance(slot, "spread over its posting hours")
    for cover in rules.covers:
        amount = waiting.cost.get(cover.limit.unit, 0)
        if amount and (later := cover.room_from(ledger, amount, when)) > when:
            return _Hindrance(later, cover.why(ledger, amount, when), is_limit=True)
    return None


def _sentence(hindrances: Sequence[_Hindrance], now: datetime) -> str:
    """Name what stands in the way now, and what does so for longest, if that is something else."""
    began = [now, *(hindrance.until for hindrance in hindrances)]
    longest = max(zip(hindrances, began, strict=False), key=lambda pair: pair[0].until - pair[1])[0]
    first = hindrances[0]
    return first.why if longest.why == first.why else f"{first.why}; after that, {longest.why}"


def _closed(rules: Rules, when: datetime) -> str:
    day = local_day(when, rules.zone)
    quiet = next((days for days in rules.quiet if days.first <= day <= days.last), None)
    if quiet is not None:
        return f"quiet on {quiet}"
    where = f", {rules.zone}" if rules.far else ""
    if rules.rests:
        return f'the night\'s rest (22:00 to 07:00{where}; hours = "any" ends it)'
    return f"outside its posting hours ({rules.hours}{where})"


def _slot(rules: Rules, ledger: Ledger, when: datetime, queued: int) -> datetime:
    """Return when the day's next post is due, if they lie evenly between the last one and the day's end."""
    day = local_day(when, rules.zone)
    spans = open_spans(day, rules.zone, rules.hours, rules.quiet)
    account = ledger.account(Scope.channel(rules.channel), POSTS)
    last = account.last_before(when + timedelta(microseconds=1))
    since = max(day_start(day, rules.zone), last or spans[0][0])
    room = [queued]
    for cover in rules.covers:
        if cover.limit.unit == POSTS and cover.limit.period is Calendar.DAY:
            room.append(cover.limit.amount - cover.used(ledger, when))
    return after_open_time(spans, since, open_time(spans, since) / (max(min(room), 1) + 1))

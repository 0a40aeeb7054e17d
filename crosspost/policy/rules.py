"""Everything that decides when a channel's deliveries may go, taken from the configuration."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from crosspost.config import Channel, Config
from crosspost.config.calendar import WEEKDAYS
from crosspost.config.hours import ANY, DAYTIME, Hours
from crosspost.config.limits import ATTENTION, POSTS, Limit, Ration, millionths
from crosspost.config.quiet import Quiet
from crosspost.model import Money
from crosspost.policy.cover import Cover
from crosspost.policy.ledger import EVERYTHING, Booking, Cost, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules of one channel. `person`: whose attention its posts cost; "" for nobody's.

    `hours`: None for any; `rests`: they are the day's, since nobody said any; `far`: by clocks of its own.
    """

    channel: str
    person: str = ""
    attention: int = 0
    covers: tuple[Cover, ...] = ()
    hours: Hours | None = None
    rests: bool = False
    quiet: tuple[Quiet, ...] = ()
    zone: ZoneInfo
    far: bool = False
    spread: bool = False
    ration: Ration | None = None
    overflow: str = "defer"
    priority: int = 0

    @property
    def limited(self) -> bool:
        """Whether anything but its own moments can keep a delivery back."""
        return bool(self.covers or self.hours or self.quiet or self.ration)

    @property
    def shared(self) -> frozenset[Scope]:
        """What other channels' deliveries use up as well."""
        return frozenset(cover.scope for cover in self.covers if cover.scope.kind != "channel")

    def cost(self, price: Money) -> Cost:
        """Return what one delivery costs."""
        cost = {POSTS: 1, ATTENTION: self.attention}
        if price.amount:
            cost[price.currency] = millionths(price)
        return cost

    @property
    def counts_money(self) -> bool:
        return any(cover.limit.unit not in (POSTS, ATTENTION) for cover in self.covers)

    def booking(self, at: datetime, cost: Cost) -> Booking:
        return Booking(at=at, cost=cost, channel=self.channel, person=self.person)


def rules_for(config: Config, channel: Channel, assigned: str | None = None) -> Rules:
    """Return a channel's rules. `assigned`: the person asked to relieve its owner."""
    person = owner_of(config, channel, assigned)
    if channel.dry_run:
        return Rules(channel=channel.name, zone=config.timezone)  # it shows at once, and costs nobody anything
    budget = config.people[person].budget if person else ()
    covering = (
        *covers(config, Scope.channel(channel.name), channel.limits),
        *covers(config, Scope.person(person or ""), budget),
        *covers(config, EVERYTHING, config.time_box.budget),
    )
    rests = channel.hours is None and bool(covering) and channel.has_network
    return Rules(
        channel=channel.name,
        person=person or "",
        attention=int(channel.attention.total_seconds()),
        covers=covering,
        hours=DAYTIME if rests else None if channel.hours == ANY else channel.hours,
        rests=rests,
        quiet=channel.quiet,
        zone=channel.timezone or config.timezone,
        far=channel.timezone not in (None, config.timezone),
        spread=channel.spread,
        ration=config.promotion.at_most if config.promotion.categories else None,
        overflow=channel.overflow or config.time_box.overflow,
        priority=channel.priority,
    )


def owner_of(config: Config, channel: Channel, assigned: str | None) -> str | None:
    """Return whose attention a channel costs: the person assigned, else the one the configuration names."""
    return assigned if assigned in config.people else channel.owner


def never_fits(rules: Rules, cost: Cost) -> Cover | None:
    """Return a limit that is less than what one delivery costs, if there is one."""
    return next((cover for cover in rules.covers if cost.get(cover.limit.unit, 0) > cover.limit.amount), None)


def all_covers(config: Config) -> list[Cover]:
    """Return every limit there is: over everything first, then over people, then over channels."""
    every = [*covers(config, EVERYTHING, config.time_box.budget)]
    for name, person in config.people.items():
        every += covers(config, Scope.person(name), person.budget)
    for name, channel in config.channels.items():
        every += covers(config, Scope.channel(name), channel.limits)
    return every


def covers(config: Config, scope: Scope, limits: Iterable[Limit]) -> Iterable[Cover]:
    """Return these limits over this scope, by the configured calendar."""
    return (
        Cover(limit=limit, scope=scope, zone=config.timezone, week_starts=week_start(config))
        for limit in limits
    )


def week_start(config: Config) -> int:
    """Return the first weekday of a week, 0 for Monday."""
    return WEEKDAYS.index(config.week_starts)

"""How a week was: what went out, what it cost, what is ahead, what ends soon, and what needs a person."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from crosspost.config import Config
from crosspost.config.limits import ATTENTION, POSTS, Calendar, show_amount
from crosspost.config.units import show_duration
from crosspost.house import House
from crosspost.people.needs import read_needs
from crosspost.policy import EVERYTHING, Cover, End, Need, all_covers, ends_of
from crosspost.policy.messages import Posted
from crosspost.policy.periods import period
from crosspost.store import credentials, reports
from crosspost.store.database import Tx
from crosspost.store.reports import SpentOn
from crosspost.views.plan import Plan, PlannedView, read_queue

SOON = timedelta(days=35)
"""How far ahead an end is shown: before the first message about it, in several digests."""
MOST = 200
"""How many posts are shown."""
NEXT = 10
"""How many deliveries that are ahead, or wait, are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """An entry that went out, and its posts."""

    title: str
    link: str
    posts: Sequence[Posted]


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How much of a limit was used. `span`: in which time, in words."""

    whose: str
    limit: str
    used: str
    amount: str
    span: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """How the time from `since` to `until` was; both in the configured zone."""

    since: datetime
    until: datetime
    announced: Sequence[Announced]
    minutes: Mapping[str, str]
    """What attention each channel took, and what was spent elsewhere, as people write it."""
    people: Mapping[str, str]
    """What attention each person gave."""
    money: Sequence[str]
    budgets: Sequence[Budget]
    ahead: Sequence[PlannedView]
    """What goes out next."""
    waiting: Sequence[PlannedView]
    """What has no time: it waits for a person, or for room that is not in sight."""
    more: int
    """How much is ahead or waits beside what is shown."""
    ends: Sequence[End]
    needs: Sequence[Need]


async def read_digest(house: House, since: datetime, until: datetime) -> Digest:
    """Return how a time was, by what is on record. Both moments in UTC."""
    known = await house.read(_read, house, since, until) or _Known()
    plan = await read_queue(house)
    ahead, waiting = _sorted(plan)
    zone = house.config.timezone
    return Digest(
        since=since.astimezone(zone),
        until=until.astimezone(zone),
        announced=tuple(_announced(known.posts)),
        minutes=_minutes((row.channel or "elsewhere", row) for row in known.spent),
        people=_minutes((row.person, row) for row in known.spent if row.person),
        money=_money(known.spent),
        budgets=known.budgets,
        ahead=ahead[:NEXT],
        waiting=waiting[:NEXT],
        more=len(ahead[NEXT:]) + len(waiting[NEXT:]),
        ends=known.ends,
        needs=known.needs,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What the store knows; nothing, before the first run."""

    posts: Sequence[Posted] = ()
    spent: Sequence[SpentOn] = ()
    budgets: Sequence[Budget] = ()
    ends: Sequence[End] = ()
    needs: Sequence[Need] = ()


def _read(tx: Tx, house: House, since: datetime, until: datetime) -> _Known:
    config = house.config
    return _Known(
        posts=reports.posts_between(tx, since, until, most=MOST),
        spent=reports.spent_between(tx, since, until),
        budgets=tuple(_budgets(tx, config, until)),
        ends=tuple(sorted(_ends(tx, config, until), key=lambda end: end.at)),
        needs=read_needs(tx, config, until),
    )


def _announced(posts: Iterable[Posted]) -> Iterator[Announced]:
    by_entry: dict[str, list[Posted]] = {}
    for post in posts:
        by_entry.setdefault(post.link, []).append(post)
    for link, its_posts in by_entry.items():
        yield Announced(title=its_posts[0].title, link=link, posts=tuple(its_posts))


def _minutes(rows: Iterable[tuple[str, SpentOn]]) -> Mapping[str, str]:
    seconds: dict[str, int] = {}
    for name, row in rows:
        seconds[name] = seconds.get(name, 0) + row.attention
    return {name: show_amount(amount, ATTENTION) for name, amount in seconds.items() if amount}


def _money(spent: Iterable[SpentOn]) -> Sequence[str]:
    by_currency: dict[str, int] = {}
    for row in spent:
        if row.price:
            by_currency[row.currency] = by_currency.get(row.currency, 0) + row.price
    return tuple(show_amount(amount, currency) for currency, amount in by_currency.items())


def _budgets(tx: Tx, config: Config, until: datetime) -> Iterator[Budget]:
    """Yield how full the limits in time and money were that are longer than a day."""
    for cover in all_covers(config):
        span = cover.limit.period
        if cover.limit.unit == POSTS or span is Calendar.DAY or (isinstance(span, timedelta) and span.days < 7):
            continue
        start, end, words = _span(cover, until)
        used = sum(_part(cover, row) for row in reports.spent_between(tx, start, end))
        yield Budget(
            whose=cover.scope.name or "the time box",
            limit=str(cover.limit),
            used=show_amount(used, cover.limit.unit),
            amount=show_amount(cover.limit.amount, cover.limit.unit),
            span=words,
        )


def _span(cover: Cover, until: datetime) -> tuple[datetime, datetime, str]:
    """Return the time whose use a digest tells, as moments and in words.

    Of weeks, the one that most of the last seven days belong to: on a Monday morning the new one says nothing.
    """
    span = cover.limit.period
    if isinstance(span, timedelta):
        return until - span, until, f"in the last {show_duration(span)}"
    inside = until - timedelta(days=3, hours=12) if span is Calendar.WEEK else until
    start, end = period(span, inside, cover.zone, cover.week_starts)
    first, last = _local_days(cover, start, end)
    return start, min(end, until), f"from {first} to {last}"


def _local_days(cover: Cover, start: datetime, end: datetime) -> tuple[date, date]:
    last = end - timedelta(microseconds=1)
    return start.astimezone(cover.zone).date(), last.astimezone(cover.zone).date()


def _part(cover: Cover, row: SpentOn) -> int:
    """Return what a limit counts of what was spent."""
    scope, unit = cover.scope, cover.limit.unit
    covered = scope == EVERYTHING or scope.name == (row.channel if scope.kind == "channel" else row.person)
    if not covered:
        return 0
    return row.attention if unit == ATTENTION else row.price if unit == row.currency else 0


def _ends(tx: Tx, config: Config, now: datetime) -> Iterator[End]:
    known = credentials.load_all(tx)
    for name, channel in config.channels.items():
        if channel.dry_run:
            continue
        held = known.get(name) if channel.connected else None
        ends = ends_of(channel, held.life if held else None)
        yield from (end for end in ends if end.at - now <= SOON)


def _sorted(plan: Plan | None) -> tuple[Sequence[PlannedView], Sequence[PlannedView]]:
    """Tell what goes at a time that is known from what has none; what never goes is neither."""
    going = [view for view in (plan.deliveries if plan else ()) if not view.skipped]
    return [view for view in going if view.at is not None], [view for view in going if view.at is None]

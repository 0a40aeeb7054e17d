"""What a run came to: a line for each channel that has something, what needs people, and what to do next."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from crosspost.config import Config
from crosspost.contract.registry import can_connect
from crosspost.house import House
from crosspost.model import NEEDS_A_PERSON, State
from crosspost.people.around import Around
from crosspost.people.needs import all_needs, closed, read_needs
from crosspost.policy import Need, topic_of
from crosspost.report import Event, What
from crosspost.store import channels, listing
from crosspost.store.database import Tx
from crosspost.views.dry import as_if_sent
from crosspost.views.reasons import read_reasons
from crosspost.views.usage import Usage, read_ledger, usage_of

_STILL = NEEDS_A_PERSON | {State.PENDING, State.UNCERTAIN}
"""What has not come to its end."""
_MOST = 1000
EXAMPLE = "config.example.toml"
"""What `make run` runs: nobody's own configuration."""
_DUE = "for the next run"
"""What is due waits for, if for nothing else: nobody sent it yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a channel or a feed came to. `why`: why not, until when, or where the post is."""

    subject: str
    what: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """What to do next: for what purpose, what comes before it if anything does, and by which commands."""

    purpose: str
    commands: Sequence[str]
    """Verbs and what follows them, the name of the program left out."""
    first: str = ""
    begins: bool = False
    """Whether the commands begin another configuration, and know nothing of this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a run came to."""

    lines: Sequence[Line]
    needs: Sequence[Need]
    limits: Sequence[Usage]
    """Those over everything and over people; a channel's only where there is no other."""
    next: Next | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What of a channel came to no end yet: by state how many deliveries, and the first one's why and id."""

    count: Mapping[State, int] = field(default_factory=dict)
    why: Mapping[State, str] = field(default_factory=dict)
    first: Mapping[State, int] = field(default_factory=dict)


async def read_summary(house: House, events: Sequence[Event]) -> Summary:
    """Return what the run came to that told these events."""
    now, config = house.now(), house.config
    here = await house.wing(Around).needs()

    def read(tx: Tx) -> Summary:
        limits = usage_of(config, read_ledger(tx, house, now), now, as_if_sent(tx, house, now))
        needs = read_needs(tx, config, now, here)
        return summary_of(config, events, _standing(tx, house), needs, limits)

    return await house.read(read) or summary_of(config, events, {}, await all_needs(house), ())


def _standing(tx: Tx, house: House) -> Mapping[str, Standing]:
    now = house.now()
    reasons = read_reasons(tx, house, read_ledger(tx, house, now), now)
    states = channels.load(tx, list(house.config.channels))
    count: dict[str, dict[State, int]] = {}
    for (channel, state), number in listing.counts(tx).items():
        if state in _STILL:
            count.setdefault(channel, {})[state] = number
    why: dict[tuple[str, State], str] = {}
    first: dict[tuple[str, State], int] = {}
    for shown in reversed(listing.newest(tx, states=_STILL, limit=_MOST) if count else ()):
        delivery = shown.delivery
        place = delivery.channel, delivery.state
        if place not in first:
            is_due = delivery.state is State.PENDING
            shut = closed(states.get(delivery.channel), now, house.config.timezone) if is_due else ""
            first[place], why[place] = delivery.id, shut or reasons.of(house, delivery, now) or _DUE
    return {
        channel: Standing(
            count=by_state,
            why={state: why.get((channel, state), "") for state in by_state},
            first={state: first.get((channel, state), 0) for state in by_state},
        )
        for channel, by_state in count.items()
    }


def summary_of(
    config: Config,
    events: Sequence[Event],
    standing: Mapping[str, Standing],
    needs: Sequence[Need],
    limits: Sequence[Usage],
) -> Summary:
    """Make the summary of what was told, and of what is on record after it."""
    wide = [limit for limit in limits if limit.scope.kind != "channel"]
    return Summary(
        lines=[*_feeds(events), *_channels(config, events, standing)],
        needs=needs,
        limits=wide or limits,
        next=_next(config, events, standing, needs),
    )


def _feeds(events: Iterable[Event]) -> Iterator[Line]:
    for event in events:
        if event.what is What.FEED_FAILED:
            yield Line(subject=event.subject, what="not read", why=event.text)


def _channels(config: Config, events: Sequence[Event], standing: Mapping[str, Standing]) -> Iterator[Line]:
    """Yield the channels in the order of the configuration, then those that it has no longer."""
    told: dict[str, list[Event]] = {}
    for event in events:
        told.setdefault(event.subject, []).append(event)
    passed = _passed(events)
    for name in dict.fromkeys((*config.channels, *standing)):
        if line := _channel(name, told.get(name, ()), passed.get(name, {}), standing.get(name, Standing())):
            yield line


def _passed(events: Iterable[Event]) -> Mapping[str, Mapping[str, int]]:
    """Return for each channel why it announces entries not at all that were taken in, and how many."""
    passed: dict[str, Counter[str]] = {}
    for event in events:
        for channel, reasons in event.data.get("not_announced", {}).items():
            passed.setdefault(channel, Counter()).update(reasons)
    return passed


def _channel(name: str, events: Iterable[Event], passed: Mapping[str, int], standing: Standing) -> Line | None:
    out = [event for event in events if event.what is What.DELIVERED]
    skipped = [event.data.get("reason", "") for event in events if event.what is What.SKIPPED]
    counted = (
        (len(out), "delivered"),
        (sum(event.what is What.SHOWN for event in events), "shown (dry run)"),
        *((standing.count.get(state, 0), _word(state, standing.count.get(state, 0))) for state in _SAID),
        (len(skipped) + sum(passed.values()), "skipped"),
        (sum(event.what is What.RETRACTED for event in events), "retracted"),
    )
    what = ", ".join(f"{count} {word}" for count, word in counted if count)
    whys = [standing.why[state] for state in _SAID if standing.why.get(state)]
    whys += [*skipped, *passed, *(event.data.get("url", "") for event in reversed(out))]
    return Line(subject=name, what=what, why=next(filter(None, whys), "")) if what else None


_SAID = (State.FAILED, State.HELD, State.UNCERTAIN, State.HANDED, State.PENDING)
"""What has come to no end, the most serious first."""


def _word(state: State, count: int) -> str:
    return str(state) if state is not State.PENDING else "waits" if count == 1 else "wait"


def _next(
    config: Config, events: Sequence[Event], standing: Mapping[str, Standing], needs: Sequence[Need]
) -> Next | None:
    """Return the one command that fits: first what needs a person, then what a newcomer does."""
    if needs:
        return _mend(config, standing, needs)
    happens = {event.what for event in events}
    if What.FEED_FAILED in happens:
        return Next(purpose="to see whether feeds and accounts answer", commands=("check --online",))
    if What.SHOWN in happens:
        return _go_live(config, next(event.subject for event in events if event.what is What.SHOWN))
    if any(State.PENDING in each.count for each in standing.values()):
        return Next(purpose="to see what goes out when", commands=("plan",))
    if What.DELIVERED in happens:
        return Next(purpose="to see what is where", commands=("deliveries",))
    if any(event.data.get("first_sight") for event in events):
        purpose = "to see what each channel would say of the newest entry"
        return Next(purpose=purpose, commands=("preview",))
    return None


def _mend(config: Config, standing: Mapping[str, Standing], needs: Sequence[Need]) -> Next:
    """Say what a person does about the need that is met first."""
    topics = {need.topic for need in needs}
    unconnected = [name for name in config.channels if topic_of("account", name) in topics]
    if unconnected:
        name = unconnected[0]
        return Next(purpose=f"to let {name} speak for its account", commands=(f"connect {name}",))
    for state, verb, purpose in (
        (State.HELD, "approve", "to let {it} go"),
        (State.FAILED, "retry", "to try {it} again"),
    ):
        held = [each for each in standing.values() if state in each.count]
        if sum(each.count[state] for each in held) == 1:
            number = held[0].first[state]
            says = f"{purpose.format(it='it')}, or to let it be"
            return Next(purpose=says, commands=(f"{verb} {number}", f"skip {number}"))
        if held:
            says = f"to see them all, and {purpose.format(it='them')}"
            return Next(purpose=says, commands=(f"deliveries --state {state}", f"{verb} --all"))
    if any(State.UNCERTAIN in each.count for each in standing.values()):
        purpose = "to see what nobody knows of yet"
        return Next(purpose=purpose, commands=(f"deliveries --state {State.UNCERTAIN}",))
    remedies = [remedy for need in needs for remedy in need.remedies]
    if remedies:
        return Next(purpose="for what needs you", commands=(remedies[0].removeprefix("crosspost "),))
    return Next(purpose="once that is mended, to see whether all is well", commands=("check --online",))


def _go_live(config: Config, name: str) -> Next:
    """Say how a channel that only shows comes to send; in the example, how a blog of one's own begins."""
    if config.path.name == EXAMPLE:
        return Next(purpose="to begin with your own blog", commands=("init",), begins=True)
    channel = config.channels[name]
    first = f"take dry_run out of [channels.{name}] in {config.path.name}"
    if can_connect(channel.adapter_class):
        return Next(purpose=f"to send on {name}", commands=(f"connect {name}",), first=first)
    return Next(purpose=f"to send on {name}", commands=("run-once",), first=first)

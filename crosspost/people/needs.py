"""What needs a person now, by what the store knows and what this machine shows: for all who tell people."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo

from crosspost.accounts.standing import how_to_mend, trouble_of
from crosspost.config import Channel, Config
from crosspost.house import House
from crosspost.model import NEEDS_A_PERSON, Delivery, State
from crosspost.people.around import Around
from crosspost.policy import Link, Need, ends_of, feed_needs_person, mark_of, topic_of
from crosspost.policy.outcome import FAILURES_TO_TELL
from crosspost.policy.renamed import renamed_channels
from crosspost.redact import one_line
from crosspost.store import accounts as speaks
from crosspost.store import channels, credentials, deliveries, feeds, listing, looks, troubles
from crosspost.store.channels import ChannelState
from crosspost.store.credentials import Credential
from crosspost.store.database import Tx
from crosspost.store.listing import MOST_NAMED, Alike
from crosspost.text import local_time
from crosspost.vault import Vault

PATIENCE = timedelta(minutes=30)
"""How long an uncertain delivery that can be looked up is left to itself."""
_ADVICE = {
    State.HELD: "crosspost approve{this} or crosspost skip{this}",
    State.FAILED: "crosspost retry{this} or crosspost skip{this}",
    State.HANDED: "post it by hand, or crosspost skip{this}",
    State.UNCERTAIN: "see whether it is there, then crosspost resolve{this}",
}
_VERBS = {State.HELD: ("approve", "skip"), State.FAILED: ("retry", "skip"), State.HANDED: ("skip",)}


async def all_needs(house: House) -> Sequence[Need]:
    """Return all that needs a person, also before the first run."""
    here = await house.wing(Around).needs()
    known = await house.read(read_needs, house.config, house.now(), here)
    if known is None:
        return (*_of_channels(house.config, {}, {}, house.now()), *here)
    return known


def read_needs(tx: Tx, config: Config, now: datetime, here: Collection[Need] = ()) -> list[Need]:
    """Return all that needs a person. `here`: what does by the looks of this machine, see `people.around`."""
    states, known = channels.load(tx, list(config.channels)), credentials.load_all(tx)
    needs = [
        *_feeds(tx, config),
        *_of_channels(config, known, states, now),
        *_deliveries(listing.alike(tx, NEEDS_A_PERSON)),
        *_deliveries(_uncertain(tx, config, now)),
        *_stranded(tx, config),
        *_troubles(tx, config),
    ]
    topics = {need.topic for need in needs}
    return [*needs, *(need for need in here if need.topic not in topics)]


def may_need(tx: Tx, config: Config, now: datetime) -> datetime | None:
    """Return when something that is left to itself needs a person by the time alone; None: nothing in sight."""
    waiting = (
        uncertain.updated + PATIENCE
        for uncertain in looks.uncertain(tx)
        if _settles_soon(config, uncertain, now)
    )
    return min(waiting, default=None)


def closed(state: ChannelState | None, now: datetime, zone: tzinfo) -> str:
    """Say until when a channel is closed, and why; "" if it is open."""
    if state is None or state.closed_until is None or state.closed_until <= now:
        return ""
    return f"until {local_time(state.closed_until, zone)}: {state.closed_because}"


def account_needs(
    channel: Channel, held: Credential | None, state: ChannelState, vault: Vault, now: datetime
) -> Iterator[Need]:
    """Yield what is wrong with a channel's account, and what ends soon, without the channel's name.

    `now`: in the zone by which people are told of what ends.
    """
    name = channel.name
    if channel.dry_run:
        return
    held = held if channel.connected else None
    remedies = (f"crosspost connect {name}",) if channel.connected else ()
    if trouble := trouble_of(channel, held, vault):
        mark = "missing" if held is None else "gone" if held.gone else "failing"
        topic = topic_of("account", name)
        yield Need(topic=topic, mark=mark, text=trouble, channel=name, remedies=remedies)
    elif state.needs_person:  # a channel without a credential is closed for that
        topic, mark = topic_of("channel", name), mark_of(state.closed_because)
        mended = remedies if how_to_mend(channel) in state.closed_because else ()
        yield Need(topic=topic, mark=mark, text=state.closed_because, channel=name, remedies=mended)
    for end in ends_of(channel, held.life if held else None, now.tzinfo or UTC):
        if end.is_near(now):
            topic, mark = topic_of("end of", end.subject), end.mark(now)
            yield Need(topic=topic, mark=mark, text=end.says(now), channel=name)


def _of_channels(
    config: Config, known: Mapping[str, Credential], states: Mapping[str, ChannelState], now: datetime
) -> Iterator[Need]:
    """Yield what is wrong with the accounts of all channels, each said with its channel's name."""
    vault, now = Vault(config.database), now.astimezone(config.timezone)
    for name, channel in config.channels.items():
        state = states.get(name, ChannelState(name=name))
        for need in account_needs(channel, known.get(name), state, vault, now):
            if need.topic == topic_of("account", name):
                yield replace(need, text=f"account of {name}: {need.text}")
            elif need.topic == topic_of("channel", name):
                yield replace(need, text=f"channel {name}: {closed(state, now, config.timezone) or need.text}")
            else:
                yield replace(need, text=f"channel {name}: {need.text}")


def _feeds(tx: Tx, config: Config) -> Iterator[Need]:
    for name, state in feeds.load(tx, list(config.feeds)).items():
        was_read = state.succeeded_at is not None
        if not feed_needs_person(state.failures, gone=state.gone, was_read=was_read):
            continue
        again = f"crosspost retry feed {name}"
        yield Need(
            topic=topic_of("feed", name),
            mark="gone" if state.gone else "failing" if was_read else "never read",
            text=f"feed {name}: {state.problem}"
            + ("" if was_read else f"; it was never read: mend its url, or ask again: {again}"),
            channel=name,
            remedies=(again,),
        )


def _stranded(tx: Tx, config: Config) -> Iterator[Need]:
    """Yield the channels that the configuration has no longer, and that something waits for.

    Not those that were only renamed: the next run goes on under the new name.
    """
    waiting = deliveries.waiting_beside(tx, config.channels)
    if not waiting:
        return
    left, speaking = deliveries.left_behind(tx, config.channels), speaks.of(tx, config.channels.values())
    renamed = {old for old, *_ in renamed_channels(left, speaking)}
    for channel, count in waiting.items():
        if channel in renamed:
            continue
        what = "1 delivery waits" if count == 1 else f"{count} deliveries wait"
        yield Need(
            topic=topic_of("stranded", channel),
            mark=f"{count:09}",
            grows=True,
            text=f"{what} for channel {channel}, which is not in the configuration; put it back, or "
            f"crosspost skip ID (crosspost deliveries --channel {channel} --state pending)",
            channel=channel,
        )


def _troubles(tx: Tx, config: Config) -> Iterator[Need]:
    """Yield what fails that is no feed and no channel, as long as it is in the configuration."""
    services = {f"notify.{name}" for name, _ in config.notify.services}
    known = {"clock", *services} | ({"heartbeat"} if config.notify.heartbeat else set())
    for name, trouble in troubles.load(tx).items():
        if name in known and trouble.times >= FAILURES_TO_TELL:
            hint = "; try it: crosspost notify" if name in services else ""
            yield Need(
                topic=topic_of("trouble", name),
                mark=trouble.since.isoformat(timespec="seconds"),
                text=f"{name}: {trouble.problem}{hint}",
                remedies=("crosspost notify",) if hint else (),
            )


def _settles_soon(config: Config, delivery: Delivery, now: datetime) -> bool:
    """Tell whether an uncertain delivery can still be left to itself."""
    channel = config.channels.get(delivery.channel)
    if delivery.state is not State.UNCERTAIN or channel is None:
        return False
    return not channel.leaves_to_person and now < delivery.updated + PATIENCE


def _uncertain(tx: Tx, config: Config, now: datetime) -> Sequence[Alike]:
    """Return what is uncertain for long, put together by channel: reasons change with each look."""
    ripe: dict[str, list[Delivery]] = {}
    for delivery in looks.uncertain(tx):
        if not _settles_soon(config, delivery, now):
            ripe.setdefault(delivery.channel, []).append(delivery)
    return [
        Alike(
            count=len(group),
            first=listing.named(tx, [delivery.id for delivery in group[:MOST_NAMED]]),
            changed=max(delivery.updated for delivery in group),
        )
        for group in ripe.values()
    ]


def _deliveries(waiting: Collection[Alike]) -> Iterator[Need]:
    """Say once what is true of many, and name the oldest: a flood held is one sentence, not a hundred."""
    for alike in waiting:
        oldest = alike.first[0]
        first, state = oldest.delivery, oldest.delivery.state
        name = f"{first.channel}: {oldest.title}"
        one = alike.count == 1
        what = f"delivery {first.id} ({name})" if one else f"{alike.count} deliveries"
        advice = _ADVICE[state].format(this=_which(alike))
        same_channel = len({shown.delivery.channel for shown in alike.first}) == 1
        same_entry = alike.count == len(alike.first) and len({s.delivery.entry_id for s in alike.first}) == 1
        if alike.count > len(alike.first):
            advice += f" (crosspost deliveries --state {state})"
        yield Need(
            topic=topic_of(state, first.channel if state is State.UNCERTAIN else first.reason),
            mark=alike.changed.isoformat(timespec="seconds"),
            grows=True,
            text=f"{what} {state}: {first.reason}; {advice}"
            + ("" if one else f"; the oldest is {first.id} ({name})"),
            channel=first.channel if same_channel else "",
            entry_id=first.entry_id if same_entry else None,
            title=oldest.title if same_entry else "",
            link=oldest.permalink if same_entry else "",
            remedies=_remedies(alike),
            count=alike.count,
            words="" if one else _listed(alike),
            links=tuple(
                Link(f"Open it on {shown.delivery.channel}", shown.delivery.url)
                for shown in alike.first
                if shown.delivery.url
            ),
        )


def _remedies(alike: Alike) -> tuple[str, ...]:
    """Return the commands that settle these deliveries; of many, the one that lists them."""
    state = alike.first[0].delivery.state
    if alike.count > len(alike.first):
        return (f"crosspost deliveries --state {state}",)
    ids = [str(shown.delivery.id) for shown in alike.first]
    if state is State.UNCERTAIN:
        return tuple(f"crosspost resolve {number}" for number in ids)
    return tuple(f"crosspost {verb} {' '.join(ids)}" for verb in _VERBS[state])


def _which(alike: Alike) -> str:
    """Name these deliveries to a command, by their numbers if all of them are known."""
    if alike.count > len(alike.first):
        return " ID"
    if alike.first[0].delivery.state is State.UNCERTAIN:  # settled one by one
        return f" {alike.first[0].delivery.id}"
    return "".join(f" {shown.delivery.id}" for shown in alike.first)


def _listed(alike: Alike) -> str:
    """Name the first of several deliveries, the oldest first."""
    named = [
        f"{shown.delivery.id} ({shown.delivery.channel}: {one_line(shown.title)})" for shown in alike.first
    ]
    more = alike.count - len(alike.first)
    return "\n".join([*named, *([f"and {more} more"] if more else [])])

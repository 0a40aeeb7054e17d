"""What needs a person now, by what the store knows: for `status`, and for the people who are to be told."""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

from crosspost.accounts.standing import trouble_of
from crosspost.config import Config
from crosspost.model import NEEDS_A_PERSON, Delivery, State
from crosspost.policy import Link, Need, ends_of, feed_needs_person, topic_of
from crosspost.policy.renamed import renamed_channels
from crosspost.redact import one_line
from crosspost.store import accounts as speaks
from crosspost.store import channels, credentials, deliveries, feeds, listing
from crosspost.store.channels import ChannelState
from crosspost.store.credentials import Credential
from crosspost.store.database import Tx
from crosspost.store.listing import Shown
from crosspost.text import local_time
from crosspost.vault import Vault

PATIENCE = timedelta(minutes=30)
"""How long an uncertain delivery that can be looked up is left to itself."""
MOST_SHOWN = 100
"""How many waiting deliveries are read; each kind of need is told once, however many it has."""
MOST_NAMED = 5
"""How many of them are named in a message."""
_ADVICE = {
    State.HELD: "crosspost approve{this} or crosspost skip{this}",
    State.FAILED: "crosspost retry{this} or crosspost skip{this}",
    State.HANDED: "post it by hand, or crosspost skip{this}",
    State.UNCERTAIN: "see whether it is there, then crosspost resolve{this}",
}
_VERBS = {State.HELD: ("approve", "skip"), State.FAILED: ("retry", "skip"), State.HANDED: ("skip",)}


def read_needs(tx: Tx, config: Config, now: datetime) -> list[Need]:
    """Return all that needs a person."""
    known, vault = credentials.load_all(tx), Vault(config.database)
    accounts = list(_accounts(config, known, vault, now))
    explained = {need.topic for need in accounts}
    waiting = listing.newest(tx, states=NEEDS_A_PERSON | {State.UNCERTAIN}, limit=MOST_SHOWN)
    return [
        *_feeds(tx, config),
        *(
            need
            for name, need in _channels(channels.load(tx, list(config.channels)), now, config.timezone)
            if topic_of("account", name) not in explained  # a channel without a credential is closed for that
        ),
        *accounts,
        *_deliveries([shown for shown in waiting if not _settles_soon(config, shown.delivery, now)]),
        *_stranded(tx, config),
    ]


def closed(state: ChannelState | None, now: datetime, zone: tzinfo) -> str:
    """Say until when a channel is closed, and why; "" if it is open."""
    if state is None or state.closed_until is None or state.closed_until <= now:
        return ""
    return f"until {local_time(state.closed_until, zone)}: {state.closed_because}"


def _feeds(tx: Tx, config: Config) -> Iterator[Need]:
    for name, state in feeds.load(tx, list(config.feeds)).items():
        if feed_needs_person(state.failures, gone=state.gone):
            mark = "gone" if state.gone else "failing"
            yield Need(topic=topic_of("feed", name), mark=mark, text=f"feed {name}: {state.problem}")


def _channels(states: Mapping[str, ChannelState], now: datetime, zone: tzinfo) -> Iterator[tuple[str, Need]]:
    for name, state in states.items():
        if state.needs_person and (says := closed(state, now, zone) or state.closed_because):
            mark = hashlib.sha256(state.closed_because.encode()).hexdigest()[:16]
            yield name, Need(topic=topic_of("channel", name), mark=mark, text=f"channel {name}: {says}")


def _accounts(config: Config, known: Mapping[str, Credential], vault: Vault, now: datetime) -> Iterator[Need]:
    """Yield what ends soon, and credentials that are missing, or cannot be opened or renewed."""
    for name, channel in config.channels.items():
        if channel.dry_run:
            continue
        held = known.get(name) if channel.connected else None
        if trouble := trouble_of(channel, held, vault):
            mark = "missing" if held is None else "gone" if held.gone else "failing"
            yield Need(topic=topic_of("account", name), mark=mark, text=f"account of {name}: {trouble}")
        for end in ends_of(channel, held.life if held else None, config.timezone):
            if end.is_near(now):
                text = f"channel {name}: {end.says(now)}"
                yield Need(topic=topic_of("end of", end.subject), mark=str(end.days(now)), text=text)


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
            mark=str(count),
            text=f"{what} for channel {channel}, which is not in the configuration: put it back, or "
            f"crosspost skip ID (crosspost deliveries --channel {channel} --state pending)",
        )


def _settles_soon(config: Config, delivery: Delivery, now: datetime) -> bool:
    """Tell whether an uncertain delivery can still be left to itself."""
    channel = config.channels.get(delivery.channel)
    if delivery.state is not State.UNCERTAIN or channel is None:
        return False
    return not channel.leaves_to_person and now < delivery.updated + PATIENCE


def _deliveries(waiting: Collection[Shown]) -> Iterator[Need]:
    """Say once what is true of many: a flood held is one sentence, not a hundred."""
    groups: dict[tuple[State, str], list[Shown]] = {}
    for shown in waiting:
        groups.setdefault((shown.delivery.state, shown.delivery.reason), []).append(shown)
    for (state, reason), members in groups.items():
        first = members[-1]
        what = (
            f"delivery {first.delivery.id} ({first.delivery.channel}: {first.title})"
            if len(members) == 1
            else f"{len(members)} deliveries"
        )
        advice = _ADVICE[state].format(this=f" {first.delivery.id}" if len(members) == 1 else "")
        same_entry = len({shown.delivery.entry_id for shown in members}) == 1
        same_channel = len({shown.delivery.channel for shown in members}) == 1
        yield Need(
            topic=topic_of(state, reason),
            mark=max(shown.delivery.updated for shown in members).isoformat(timespec="seconds"),
            text=f"{what} {state}: {reason}; {advice}",
            channel=first.delivery.channel if same_channel else "",
            entry_id=first.delivery.entry_id if same_entry else None,
            title=first.title if same_entry else "",
            link=first.permalink if same_entry else "",
            remedies=_remedies(state, members),
            count=len(members),
            words=_listed(state, members) if len(members) > 1 else "",
            links=tuple(
                Link(f"Open it on {shown.delivery.channel}", shown.delivery.url)
                for shown in members
                if shown.delivery.url
            ),
        )


def _remedies(state: State, members: Sequence[Shown]) -> tuple[str, ...]:
    """Return the commands that settle these deliveries; of many, the one that lists them."""
    if len(members) > MOST_NAMED:
        return (f"crosspost deliveries --state {state}",)
    ids = [str(shown.delivery.id) for shown in reversed(members)]
    if state is State.UNCERTAIN:
        return tuple(f"crosspost resolve {number}" for number in ids)
    return tuple(f"crosspost {verb} {' '.join(ids)}" for verb in _VERBS[state])


def _listed(state: State, members: Sequence[Shown]) -> str:
    """Name the first of several deliveries, the oldest first."""
    named = [
        f"{shown.delivery.id} ({shown.delivery.channel}: {one_line(shown.title)})"
        for shown in list(reversed(members))[:MOST_NAMED]
    ]
    if len(members) > MOST_NAMED:
        named.append(f"and {len(members) - MOST_NAMED} more")
    return "\n".join(named)

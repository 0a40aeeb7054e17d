"""How things stand: feeds, channels, limits, and what needs a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crosspost.config import Config
from crosspost.feeds.poll import adopted_address, known_state
from crosspost.feeds.state import FeedState
from crosspost.house import House
from crosspost.model import SHOWN, State
from crosspost.people.around import Around
from crosspost.people.needs import all_needs, closed, read_needs
from crosspost.policy import Ledger, Need, owner_of, topic_of
from crosspost.redact import hide
from crosspost.store import channels, feeds, listing
from crosspost.store.channels import ChannelState
from crosspost.store.database import Tx
from crosspost.views.dry import as_if_sent
from crosspost.views.reasons import Reasons, read_reasons
from crosspost.views.usage import Usage, read_ledger, usage_of


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedView:
    """One feed. `last_read`: when it last answered, in the configured zone.

    `moved_to`: where it is read, since its configured address moved there for good; "" if it did not.
    """

    name: str
    last_read: datetime | None
    problem: str
    lasts: bool = False
    """Whether its problem needs a person by now."""
    moved_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelView:
    """One channel; also one that is no longer in the configuration, of which there are deliveries."""

    name: str
    adapter: str
    """"" if it is no longer in the configuration."""
    dry_run: bool
    owner: str
    deliveries: Mapping[str, int]
    """How many stand in each way that occurs, by the words of `model.STANDINGS`."""
    closed: str
    """Until when it takes nothing, and why; "" if it is open."""
    waits: str
    """Until when what is due waits, and why; "" if nothing does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How things stand."""

    feeds: Sequence[FeedView]
    channels: Sequence[ChannelView]
    limits: Sequence[Usage]
    needs: Sequence[Need]
    remarks: Sequence[str]
    """What may hinder a run, and cannot be known from here."""


async def read_status(house: House) -> Status:
    """Return how things stand, by what is on record."""
    config = house.config
    here = await house.wing(Around).needs()
    known = await house.read(_known, house, here) or _Known(
        limits=usage_of(config, Ledger(), house.now()), needs=await all_needs(house)
    )
    gone = sorted({channel for channel, _ in known.counts} - set(config.channels))
    return Status(
        feeds=tuple(_feed(name, known, config) for name in config.feeds),
        channels=tuple(_channel(name, config, known, house.now()) for name in (*config.channels, *gone)),
        limits=known.limits,
        needs=known.needs,
        remarks=tuple(
            f"{lacking.key} {lacking.problem}, unless it is set where crosspost runs"
            for lacking in config.lacking
            if lacking.by_environment
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What the store knows; nothing, before the first run."""

    feeds: Mapping[str, FeedState] = field(default_factory=dict)
    channels: Mapping[str, ChannelState] = field(default_factory=dict)
    reasons: Reasons = field(default_factory=Reasons)
    owners: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[tuple[str, State], int] = field(default_factory=dict)
    shown: Mapping[str, int] = field(default_factory=dict)
    needs: Sequence[Need] = ()
    limits: Sequence[Usage]


def _known(tx: Tx, house: House, here: Sequence[Need]) -> _Known:
    config, now = house.config, house.now()
    ledger = read_ledger(tx, house, now)
    return _Known(
        feeds=feeds.load(tx, list(config.feeds)),
        channels=channels.load(tx, list(config.channels)),
        reasons=read_reasons(tx, house, ledger, now),
        owners=channels.assigned(tx),
        counts=listing.counts(tx),
        shown=listing.shown(tx),
        needs=read_needs(tx, config, now, here),
        limits=usage_of(config, ledger, now, as_if_sent(tx, house, now)),
    )


def _feed(name: str, known: _Known, config: Config) -> FeedView:
    state = known.feeds.get(name)
    read = state.succeeded_at if state else None
    return FeedView(
        name=name,
        last_read=read.astimezone(config.timezone) if read else None,
        problem=state.problem if state else "",
        lasts=any(need.topic == topic_of("feed", name) for need in known.needs),
        moved_to=hide(adopted_address(known_state(config.feeds[name], state))) if state else "",
    )


def _channel(name: str, config: Config, known: _Known, now: datetime) -> ChannelView:
    channel = config.channels.get(name)
    return ChannelView(
        name=name,
        adapter=channel.adapter if channel else "",
        dry_run=channel is not None and channel.dry_run,
        owner=(owner_of(config, channel, known.owners.get(name)) if channel else None) or "",
        deliveries=_standings(name, known),
        closed=closed(known.channels.get(name), now, config.timezone),
        waits=known.reasons.by_channel.get(name, ""),
    )


def _standings(name: str, known: _Known) -> Mapping[str, int]:
    """Count a channel's deliveries as people are told of them: what a dry run showed was not skipped."""
    counts: dict[str, int] = {str(state): number for (on, state), number in known.counts.items() if on == name}
    if shown := known.shown.get(name, 0):
        counts |= {SHOWN: shown, State.SKIPPED: counts[State.SKIPPED] - shown}
    return {standing: number for standing, number in counts.items() if number}

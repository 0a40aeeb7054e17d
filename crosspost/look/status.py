"""How things stand: feeds, channels, deliveries, and what needs a person."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from crosspost.config import Config
from crosspost.http import utc_now
from crosspost.look.limits import limits_of, read_limits
from crosspost.look.store import read
from crosspost.look.waits import Waits, read_waits
from crosspost.model import NEEDS_A_PERSON, Delivery, State
from crosspost.policy import Ledger, feed_needs_person
from crosspost.store import channels, decisions, feeds, views
from crosspost.store.channels import ChannelState
from crosspost.store.database import Tx
from crosspost.store.state import FeedState
from crosspost.store.views import Shown

Counts = Mapping[tuple[str, State], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gathered:
    """What the store knows; nothing, before the first run."""

    feeds: Mapping[str, FeedState] = field(default_factory=dict)
    channels: Mapping[str, ChannelState] = field(default_factory=dict)
    waits: Waits = field(default_factory=lambda: Waits({}, {}))
    owners: Mapping[str, str] = field(default_factory=dict)
    counts: Counts = field(default_factory=dict)
    waiting: Collection[Shown] = ()
    limits: list[dict[str, Any]]


PATIENCE = timedelta(minutes=30)
"""How long an uncertain delivery that can be looked up is left to itself."""
MOST_SHOWN = 100
"""How many waiting deliveries `status` names; it counts them all."""


async def read_status(config: Config) -> dict[str, Any]:
    """Gather what `status` shows."""
    now = utc_now()
    found = await read(config, _gather, config, now) or _Gathered(limits=limits_of(config, Ledger(), now))
    waiting = [one for one in found.waiting if not _settles_soon(config, one.delivery, now)]
    gone = sorted({channel for channel, _ in found.counts} - set(config.channels))
    return {
        "feeds": [_feed(name, found.feeds.get(name), config) for name in config.feeds],
        "channels": [_channel(name, config, found, now) for name in (*config.channels, *gone)],
        "limits": found.limits,
        "needs_person": [
            *(
                f"feed {name}: {state.problem}"
                for name, state in found.feeds.items()
                if feed_needs_person(state.failures, gone=state.gone)
            ),
            *(
                f"channel {name}: {closed}"
                for name, state in found.channels.items()
                if state.needs_person and (closed := _closed(state, now) or state.closed_because)
            ),
            *_by_reason(waiting),
        ],
    }


def _gather(tx: Tx, config: Config, now: datetime) -> _Gathered:
    wanted = NEEDS_A_PERSON | {State.UNCERTAIN}
    return _Gathered(
        feeds=feeds.load(tx, list(config.feeds)),
        channels=channels.load(tx, list(config.channels)),
        waits=read_waits(tx, config, now),
        owners=channels.assigned(tx),
        counts=views.counts(tx),
        waiting=views.listing(tx, states=wanted, limit=MOST_SHOWN),
        limits=read_limits(tx, config, now),
    )


def _feed(name: str, state: FeedState | None, config: Config) -> dict[str, Any]:
    read = state.succeeded_at if state else None
    return {
        "name": name,
        "last_read": read.astimezone(config.timezone).strftime("%Y-%m-%d %H:%M") if read else "",
        "problem": state.problem if state else "",
    }


def _channel(name: str, config: Config, found: _Gathered, now: datetime) -> dict[str, Any]:
    """Describe a channel, also one that is no longer in the configuration, but some of its deliveries are."""
    channel, assigned = config.channels.get(name), found.owners.get(name)
    owner = assigned if assigned in config.people else channel.owner if channel else None
    return {
        "name": name,
        "adapter": channel.adapter if channel else "(not configured)",
        "dry_run": channel is not None and channel.dry_run,
        "owner": owner or "",
        "deliveries": {str(state): number for (one, state), number in found.counts.items() if one == name},
        "closed": _closed(found.channels.get(name), now),
        "waits": found.waits.by_channel.get(name, ""),
    }


def _settles_soon(config: Config, delivery: Delivery, now: datetime) -> bool:
    """Tell whether an uncertain delivery can still be left to itself."""
    channel = config.channels.get(delivery.channel)
    if delivery.state is not State.UNCERTAIN or channel is None:
        return False
    return not channel.asks and now < delivery.updated + PATIENCE


def _closed(state: ChannelState | None, now: datetime) -> str:
    if state is None or state.closed_until is None or state.closed_until <= now:
        return ""
    return f"until {state.closed_until:%Y-%m-%d %H:%M} UTC: {state.closed_because}"


def _by_reason(waiting: Collection[Shown]) -> list[str]:
    """Say once what is true of many: a flood held is one sentence, not a hundred."""
    groups: dict[tuple[State, str], list[Shown]] = {}
    for one in waiting:
        groups.setdefault((one.delivery.state, one.delivery.reason), []).append(one)
    lines = []
    for (state, reason), members in groups.items():
        first = members[-1]
        what = (
            f"delivery {first.delivery.id} ({first.delivery.channel}: {first.title})"
            if len(members) == 1
            else f"{len(members)} deliveries"
        )
        lines.append(f"{what} {state}: {reason}. {_ADVICE[state]}")
    return lines


_ADVICE = {
    State.HELD: "crosspost approve or crosspost skip",
    State.FAILED: "crosspost retry or crosspost skip",
    State.UNCERTAIN: "See whether it is there, then crosspost resolve",
}


async def list_deliveries(
    config: Config, *, states: Collection[State], channel: str | None, feed: str | None, limit: int
) -> list[dict[str, Any]]:
    """Gather what `deliveries` shows."""

    def gather(tx: Tx) -> tuple[Sequence[Shown], Waits, Mapping[int, list[dict[str, str]]]]:
        shown = views.listing(tx, states=states, channel=channel, feed=feed, limit=limit)
        decided = decisions.of(tx, [one.delivery.id for one in shown])
        return shown, read_waits(tx, config, now), decided

    now = utc_now()
    shown, waits, decided = await read(config, gather) or ((), Waits({}, {}), {})
    return [
        {
            "id": one.delivery.id,
            "state": str(one.delivery.state),
            "channel": one.delivery.channel,
            "feed": one.feed,
            "title": one.title,
            "permalink": one.permalink,
            "url": one.delivery.url,
            "remote_id": one.delivery.remote_id,
            "reason": _reason(one.delivery, waits, now),
            "note": one.delivery.note,
            "attempts": one.delivery.attempts,
            "not_before": one.delivery.not_before.isoformat(),
            "created": one.delivery.created.isoformat(),
            "updated": one.delivery.updated.isoformat(),
            "decisions": decided.get(one.delivery.id, []),
        }
        for one in shown
    ]


def _reason(delivery: Delivery, waits: Waits, now: datetime) -> str:
    """Say why it is as it is: what is due, and waits, waits for what its channel waits for."""
    if delivery.state is not State.PENDING or delivery.not_before > now:
        return delivery.reason
    return waits.by_delivery.get(delivery.id) or waits.by_channel.get(delivery.channel) or delivery.reason

"""How things stand: feeds, channels, deliveries, and what needs a person."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from crosspost.config import Config
from crosspost.http import utc_now
from crosspost.look.limits import limits_of
from crosspost.look.reasons import Reasons, read_reasons
from crosspost.look.store import looking, read
from crosspost.model import NEEDS_A_PERSON, Delivery, State
from crosspost.policy import Ledger, feed_needs_person, owner_of
from crosspost.store import channels, decisions, feeds, views
from crosspost.store.channels import ChannelState
from crosspost.store.database import Tx
from crosspost.store.state import FeedState
from crosspost.store.views import Shown
from crosspost.timebox import learn

Counts = Mapping[tuple[str, State], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gathered:
    """What the store knows; nothing, before the first run."""

    feeds: Mapping[str, FeedState] = field(default_factory=dict)
    channels: Mapping[str, ChannelState] = field(default_factory=dict)
    reasons: Reasons = field(default_factory=Reasons)
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
    ctx = looking(config)
    learn(tx, ctx, now)
    return _Gathered(
        feeds=feeds.load(tx, list(config.feeds)),
        channels=channels.load(tx, list(config.channels)),
        reasons=read_reasons(tx, ctx, now),
        owners=channels.assigned(tx),
        counts=views.counts(tx),
        waiting=views.listing(tx, states=wanted, limit=MOST_SHOWN),
        limits=limits_of(config, ctx.ledger, now),
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
    channel = config.channels.get(name)
    return {
        "name": name,
        "adapter": channel.adapter if channel else "(not configured)",
        "dry_run": channel is not None and channel.dry_run,
        "owner": (owner_of(config, channel, found.owners.get(name)) if channel else None) or "",
        "deliveries": {str(state): number for (one, state), number in found.counts.items() if one == name},
        "closed": _closed(found.channels.get(name), now),
        "waits": found.reasons.by_channel.get(name, ""),
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

    ctx, now = looking(config), utc_now()

    def gather(tx: Tx) -> tuple[Sequence[Shown], Reasons, Mapping[int, list[dict[str, str]]]]:
        learn(tx, ctx, now)
        shown = views.listing(tx, states=states, channel=channel, feed=feed, limit=limit)
        decided = decisions.of(tx, [one.delivery.id for one in shown])
        return shown, read_reasons(tx, ctx, now), decided

    shown, reasons, decided = await read(config, gather) or ((), Reasons(), {})
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
            "reason": reasons.of(ctx, one.delivery, now),
            "note": one.delivery.note,
            "attempts": one.delivery.attempts,
            "not_before": one.delivery.not_before.isoformat(),
            "created": one.delivery.created.isoformat(),
            "updated": one.delivery.updated.isoformat(),
            "decisions": decided.get(one.delivery.id, []),
        }
        for one in shown
    ]

"""How things stand: feeds, channels, deliveries, and what needs a person."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crosspost.config import Config
from crosspost.http import utc_now
from crosspost.look.limits import limits_of
from crosspost.look.reasons import Reasons, read_reasons
from crosspost.look.store import looking, read
from crosspost.model import State
from crosspost.needs import closed, read_needs
from crosspost.policy import Ledger, Need, owner_of
from crosspost.store import channels, decisions, feeds, listing
from crosspost.store.channels import ChannelState
from crosspost.store.database import Tx
from crosspost.store.listing import Shown
from crosspost.store.state import FeedState
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
    needs: Collection[Need] = ()
    limits: list[dict[str, Any]]


async def read_status(config: Config) -> dict[str, Any]:
    """Gather what `status` shows."""
    now = utc_now()
    found = await read(config, _gather, config, now) or _Gathered(limits=limits_of(config, Ledger(), now))
    gone = sorted({channel for channel, _ in found.counts} - set(config.channels))
    return {
        "feeds": [_feed(name, found.feeds.get(name), config) for name in config.feeds],
        "channels": [_channel(name, config, found, now) for name in (*config.channels, *gone)],
        "limits": found.limits,
        "needs_person": [need.text for need in found.needs],
    }


def _gather(tx: Tx, config: Config, now: datetime) -> _Gathered:
    ctx = looking(config)
    learn(tx, ctx, now)
    return _Gathered(
        feeds=feeds.load(tx, list(config.feeds)),
        channels=channels.load(tx, list(config.channels)),
        reasons=read_reasons(tx, ctx, now),
        owners=channels.assigned(tx),
        counts=listing.counts(tx),
        needs=read_needs(tx, config, now),
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
        "closed": closed(found.channels.get(name), now),
        "waits": found.reasons.by_channel.get(name, ""),
    }


async def list_deliveries(
    config: Config, *, states: Collection[State], channel: str | None, feed: str | None, limit: int
) -> list[dict[str, Any]]:
    """Gather what `deliveries` shows."""

    ctx, now = looking(config), utc_now()

    def gather(tx: Tx) -> tuple[Sequence[Shown], Reasons, Mapping[int, list[dict[str, str]]]]:
        learn(tx, ctx, now)
        shown = listing.newest(tx, states=states, channel=channel, feed=feed, limit=limit)
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

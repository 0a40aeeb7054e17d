"""How things stand: feeds, channels, deliveries, and what needs a person."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from crosspost.config import Channel, Config
from crosspost.http import utc_now
from crosspost.look.store import read
from crosspost.model import NEEDS_A_PERSON, Delivery, State
from crosspost.policy import feed_needs_person
from crosspost.store import channels, feeds, views
from crosspost.store.channels import ChannelState
from crosspost.store.database import Tx
from crosspost.store.state import FeedState
from crosspost.store.views import Shown

Feeds = Mapping[str, FeedState]
Channels = Mapping[str, ChannelState]
Counts = Mapping[tuple[str, State], int]

PATIENCE = timedelta(minutes=30)
"""How long an uncertain delivery that can be looked up is left to itself."""
MOST_SHOWN = 100
"""How many waiting deliveries `status` names; it counts them all."""


async def read_status(config: Config) -> dict[str, Any]:
    """Gather what `status` shows."""
    feed_states, channel_states, counts, waiting = await read(config, _gather, config) or ({}, {}, {}, ())
    now = utc_now()
    waiting = [one for one in waiting if not _settles_soon(config, one.delivery, now)]
    return {
        "feeds": [_feed(name, feed_states.get(name), config) for name in config.feeds],
        "channels": [
            _channel(name, config.channels.get(name), counts, _closed(channel_states.get(name), now))
            for name in (*config.channels, *sorted({channel for channel, _ in counts} - set(config.channels)))
        ],
        "needs_person": [
            *(
                f"feed {name}: {state.problem}"
                for name, state in feed_states.items()
                if feed_needs_person(state.failures, gone=state.gone)
            ),
            *(
                f"channel {name}: {closed}"
                for name, state in channel_states.items()
                if state.needs_person and (closed := _closed(state, now) or state.closed_because)
            ),
            *_by_reason(waiting),
        ],
    }


def _gather(tx: Tx, config: Config) -> tuple[Feeds, Channels, Counts, Collection[Shown]]:
    wanted = NEEDS_A_PERSON | {State.UNCERTAIN}
    return (
        feeds.load(tx, list(config.feeds)),
        channels.load(tx, list(config.channels)),
        views.counts(tx),
        views.listing(tx, states=wanted, limit=MOST_SHOWN),
    )


def _feed(name: str, state: FeedState | None, config: Config) -> dict[str, Any]:
    read = state.succeeded_at if state else None
    return {
        "name": name,
        "last_read": read.astimezone(config.timezone).strftime("%Y-%m-%d %H:%M") if read else "",
        "problem": state.problem if state else "",
    }


def _channel(name: str, channel: Channel | None, counts: Counts, closed: str) -> dict[str, Any]:
    """Describe a channel; None: it is no longer in the configuration, but some of its deliveries are."""
    return {
        "name": name,
        "adapter": channel.adapter if channel else "(not configured)",
        "dry_run": channel is not None and channel.dry_run,
        "deliveries": {str(state): number for (one, state), number in counts.items() if one == name},
        "closed": closed,
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
    shown = await read(config, views.listing, states=states, channel=channel, feed=feed, limit=limit)
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
            "reason": one.delivery.reason,
            "note": one.delivery.note,
            "attempts": one.delivery.attempts,
            "not_before": one.delivery.not_before.isoformat(),
            "created": one.delivery.created.isoformat(),
            "updated": one.delivery.updated.isoformat(),
        }
        for one in shown or ()
    ]

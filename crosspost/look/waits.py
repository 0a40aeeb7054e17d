"""What is due and waits, and why: decided anew, as the next run will."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from crosspost.config import Config
from crosspost.look.store import looking
from crosspost.policy import Wait
from crosspost.store import channels, deliveries
from crosspost.store.database import Tx
from crosspost.timebox import decisions, learn


@dataclass(frozen=True, slots=True)
class Waits:
    """Sentences: why a delivery waits, by its id, and until when a channel does, by its name."""

    by_delivery: Mapping[int, str]
    by_channel: Mapping[str, str]


def read_waits(tx: Tx, config: Config, now: datetime) -> Waits:
    """Decide on what is due on every channel, and change nothing."""
    ctx = looking(config)
    owners = channels.assigned(tx)
    learn(tx, ctx, now)
    by_delivery: dict[int, str] = {}
    by_channel: dict[str, str] = {}
    for name in deliveries.due_channels(tx, now, ""):
        channel = config.channels.get(name)
        if channel is None:
            continue
        for waiting, verdict in decisions(tx, ctx, channel, owners, now):
            if isinstance(verdict, Wait):
                by_delivery[waiting.id] = verdict.reason
                if verdict.until is not None:
                    local = verdict.until.astimezone(channel.timezone or config.timezone)
                    by_channel[name] = f"until {local:%a %Y-%m-%d %H:%M}: {verdict.reason}"
    return Waits(by_delivery, by_channel)

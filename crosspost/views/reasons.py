"""What waits, and why and until when, in a sentence: decided anew, as the next run will."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from crosspost.delivery.lines import verdicts
from crosspost.house import House
from crosspost.model import Delivery, State
from crosspost.policy import Ledger, Wait
from crosspost.store import channels, deliveries
from crosspost.store.database import Tx
from crosspost.text import local_time


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why a delivery waits, by its id, and a channel, by its name."""

    by_delivery: Mapping[int, str] = field(default_factory=dict)
    by_channel: Mapping[str, str] = field(default_factory=dict)

    def of(self, house: House, delivery: Delivery, now: datetime) -> str:
        """Say why a delivery is as it is: what is due, and waits, waits for what its channel waits for."""
        if delivery.state is not State.PENDING:
            return delivery.reason
        if delivery.not_before > now:
            return _until(house, delivery.not_before, delivery.reason or "its delay")
        return self.by_delivery.get(delivery.id) or self.by_channel.get(delivery.channel) or delivery.reason


def read_reasons(tx: Tx, house: House, ledger: Ledger, now: datetime) -> Reasons:
    """Decide on what is due on every channel, by a ledger that is up to date, and change nothing."""
    owners = channels.assigned(tx)
    by_delivery: dict[int, str] = {}
    by_channel: dict[str, str] = {}
    for name in deliveries.due_channels(tx, now):
        channel = house.config.channels.get(name)
        for waiting, verdict in verdicts(tx, house, channel, owners, ledger, now) if channel else ():
            if isinstance(verdict, Wait):
                by_delivery[waiting.id] = _until(house, verdict.until, verdict.reason)
                if verdict.until is not None:
                    by_channel[name] = by_delivery[waiting.id]
    return Reasons(by_delivery, by_channel)


def _until(house: House, when: datetime | None, why: str) -> str:
    if when is None:
        return why
    return f"until {local_time(when, house.config.timezone)}: {why}"

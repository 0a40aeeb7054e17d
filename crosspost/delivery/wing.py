"""What is kept of turns while the house is open."""

from dataclasses import dataclass, field

from crosspost.config import Channel
from crosspost.house import House
from crosspost.model import Money
from crosspost.policy import Ledger, Rules, rules_for


@dataclass(slots=True)
class Turns:
    """What turns are decided by, kept while the house is open."""

    house: House
    ledger: Ledger = field(default_factory=Ledger)
    """What was spent. Only for whoever has locked the bookings, and has caught up with them since."""
    prices: dict[int, Money] = field(default_factory=dict)
    """What networks bill for deliveries, by id, as far as anybody asked."""
    _rules: dict[tuple[str, str | None], Rules] = field(default_factory=dict)

    def rules(self, channel: Channel, assigned: str | None) -> Rules:
        """Return what decides when the channel's deliveries may go. `assigned`: who relieves its owner."""
        key = channel.name, assigned
        if key not in self._rules:
            self._rules[key] = rules_for(self.house.config, channel, assigned)
        return self._rules[key]

    async def close(self) -> None:
        """Do nothing: all of it is on record."""

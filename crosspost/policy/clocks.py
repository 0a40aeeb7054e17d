"""What moment it may be: our own clock's word against those of the servers that answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

from crosspost.text import local_time

TOLERANCE = timedelta(minutes=5)
"""A server's clock may be so far off, or its answer have lain in a cache."""
A_PAUSE = timedelta(days=1)
"""After so long without a poll our clock alone is not believed; by more, two clocks may not differ untold."""
BROKEN = timedelta(days=400)
"""A server's clock that is so far off is the server's trouble."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """What clocks say (UTC): ours, and by their hosts the servers that answered since the program began.

    `pause`: how long ago, by our clock, the last poll on record was when the program began; below zero, our
    clock was set back since. One server that agrees with us is enough.
    """

    now: datetime
    servers: Mapping[str, datetime] = field(default_factory=dict)
    pause: timedelta = timedelta(0)
    zone: tzinfo = UTC
    """By whose clocks people are told of it."""

    @property
    def ahead(self) -> timedelta:
        """How far our clock may be ahead: so much longer nothing is too old, and no limit free again."""
        if not (said := self._said()):
            return self.pause if self.pause > A_PAUSE else timedelta(0)
        return _beyond(self.now - max(said.values()))

    @property
    def behind(self) -> timedelta:
        """How far our clock may be behind: so long ago a key may have ended."""
        if not (said := self._said()):
            return max(-self.pause, timedelta(0))
        return _beyond(min(said.values()) - self.now)

    @property
    def doubt(self) -> str:
        """Say which server's clock differs so much from ours that ages mean nothing; "" if they agree."""
        if max(self.ahead, self.behind) <= A_PAUSE or not (said := self._said()):
            return ""
        host, moment = min(said.items(), key=lambda clock: abs(clock[1] - self.now))
        return (
            f"this computer's clock says {local_time(self.now, self.zone)}, the server {host} says "
            f"{local_time(moment, self.zone)}; set the clock right: until then nothing is let go for its age"
        )

    def _said(self) -> Mapping[str, datetime]:
        return {host: said for host, said in self.servers.items() if abs(said - self.now) < BROKEN}


def _beyond(difference: timedelta) -> timedelta:
    return difference if difference > TOLERANCE else timedelta(0)

"""Whoever tells people is alone at it, of all processes on one database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from crosspost.house import House
from crosspost.store import notices

AFTER_FAILURE = timedelta(minutes=5)
"""How long nobody tries again after no service took a message."""
LEASE = timedelta(minutes=2)
"""How long a process has a duty that dies at it."""
_LONGEST = timedelta(days=1)


@dataclass(slots=True)
class Duty:
    """The duty, taken. `pause`: how long nobody takes it again when it is left."""

    pause: timedelta = timedelta()


@asynccontextmanager
async def on_duty(
    house: House, name: str = "notify", *, longest: timedelta = _LONGEST
) -> AsyncIterator[Duty | None]:
    """Take a duty while the context lasts; give None if another process has it, or it rests.

    `longest`: nobody has it for longer, but by a wrong clock's word.
    """
    now = house.now()
    if not await house.database.write(
        notices.take_duty, name, owner=house.owner, now=now, until=now + LEASE, longest=longest
    ):
        yield None
        return
    duty = Duty()
    try:
        yield duty
    finally:
        until = house.now() + duty.pause
        await house.database.write(notices.leave_duty, name, owner=house.owner, until=until)

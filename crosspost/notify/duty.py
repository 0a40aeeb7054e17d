"""Whoever tells people is alone at it, of all processes on one database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from crosspost.house import House
from crosspost.notify.act import DUTY, LEASE
from crosspost.store import notices


@dataclass(slots=True)
class Duty:
    """The duty, taken. `pause`: how long nobody takes it again when it is left."""

    pause: timedelta = timedelta()


@asynccontextmanager
async def on_duty(house: House) -> AsyncIterator[Duty | None]:
    """Take the duty while the context lasts; give None if another process has it, or it rests."""
    now = house.now()
    if not await house.database.write(notices.take_duty, DUTY, owner=house.owner, now=now, until=now + LEASE):
        yield None
        return
    duty = Duty()
    try:
        yield duty
    finally:
        until = house.now() + duty.pause
        await house.database.write(notices.leave_duty, DUTY, owner=house.owner, until=until)

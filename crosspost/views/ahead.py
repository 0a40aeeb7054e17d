"""What the feeds have that no run has seen: taken in as the next run will, in a transaction that is undone."""

import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Generic, TypeVar

from crosspost.config import DatabaseAddress
from crosspost.errors import FeedError
from crosspost.feeds import Changed, Document
from crosspost.feeds.poll import Waits, poll_all
from crosspost.house import House, open_house
from crosspost.intake.fill import fill_all
from crosspost.intake.ingest import read_document, take_in_document
from crosspost.intake.renamed import take_over
from crosspost.store import bookings, feeds
from crosspost.store.database import Tx

T = TypeVar("T")
Brought = Mapping[str, tuple[Document, Changed]]


class _Undo(Exception, Generic[T]):
    """Carries what was read out of a transaction that must not be kept."""

    def __init__(self, result: T) -> None:
        super().__init__()
        self.result = result


async def read_ahead(house: House, read: Callable[[Tx, House, datetime], T]) -> tuple[T, Sequence[str]]:
    """Return what `read` finds once the feeds are taken in, and which could not be read. Keeps nothing.

    All of it happens at one moment, by the database's clock: `read` is given it.
    """
    there = await house.database.is_there()
    now = house.now()  # after a first look into it, its clock is known
    async with AsyncExitStack() as stack:
        ahead = await stack.enter_async_context(_at(house, house.config.database, now))
        if not there:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            address = DatabaseAddress(path=Path(folder) / "plan.db")
            ahead = await stack.enter_async_context(_at(house, address, now))
            await ahead.database.migrate()
        brought, problems = await _poll(ahead, now)

        def act(tx: Tx) -> None:
            bookings.lock(tx)  # before any other row, as whoever fills a channel needs it
            take_over(tx, ahead)
            for name, (document, polled) in brought.items():
                take_in_document(tx, ahead, name, document, polled)
            fill_all(tx, ahead)
            raise _Undo(read(tx, ahead, now))

        try:
            await ahead.database.write_long(act)
        except _Undo as undone:
            return undone.result, problems
        raise AssertionError("the transaction was not undone")


@asynccontextmanager
async def _at(house: House, address: DatabaseAddress, now: datetime) -> AsyncIterator[House]:
    """Open a house like this one, on that database, where it stays this moment."""
    config = house.config.model_copy(update={"database": address})
    async with open_house(config, clock=lambda: now, client=house.client) as ahead:
        yield ahead


async def _poll(house: House, now: datetime) -> tuple[Brought, Sequence[str]]:
    states = await house.database.read(feeds.load, house.config.feeds)
    brought: dict[str, tuple[Document, Changed]] = {}
    problems = []
    for name, polled in (await poll_all(house.client, house.config, states, now)).items():
        try:
            if isinstance(polled, Changed):
                brought[name] = await read_document(house, name, polled), polled
            elif isinstance(polled, FeedError):
                raise polled
            elif isinstance(polled, Waits):
                problems.append(f"feed {name}: {polled.reason}")
        except FeedError as error:
            problems.append(f"feed {name}: {error}")
    return brought, problems

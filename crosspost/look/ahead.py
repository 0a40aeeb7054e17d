"""What the feeds have that no run has seen: taken in as the next run will, in a transaction that is undone."""

import tempfile
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import Generic, TypeVar

from crosspost.config import Config, DatabaseAddress
from crosspost.context import Context
from crosspost.engine.quiet import poll_all
from crosspost.errors import FeedError
from crosspost.feeds import Changed, Document
from crosspost.http.wire import HttpxClient
from crosspost.ingest import read_document, take_in_document
from crosspost.look.store import looking
from crosspost.poll import Waits
from crosspost.store import feeds
from crosspost.store.database import Database, Tx

T = TypeVar("T")
Brought = Mapping[str, tuple[Document, Changed]]


class _Undo(Exception, Generic[T]):
    """Carries what was found out of a transaction that must not be kept."""

    def __init__(self, found: T) -> None:
        super().__init__()
        self.found = found


async def read_ahead(
    config: Config, now: datetime, look: Callable[[Tx, Context, datetime], T]
) -> tuple[T, list[str]]:
    """Return what `look` finds once the feeds are taken in, and which could not be read. Keeps nothing."""
    async with AsyncExitStack() as stack:
        database = Database(config.database, clock=lambda: now)
        stack.push_async_callback(database.close)
        if not await database.is_there():
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            database = Database(DatabaseAddress(path=Path(folder) / "plan.db"), clock=lambda: now)
            stack.push_async_callback(database.close)
            await database.migrate()
        ctx = looking(config, database)
        brought, problems = await _poll(ctx, now)

        def act(tx: Tx) -> None:
            for name, (document, polled) in brought.items():
                take_in_document(tx, ctx, name, document, polled)
            raise _Undo(look(tx, ctx, now))

        try:
            await database.write(act)
        except _Undo as undone:
            return undone.found, problems
        raise AssertionError("the transaction was not undone")


async def _poll(ctx: Context, now: datetime) -> tuple[Brought, list[str]]:
    states = await ctx.database.read(feeds.load, ctx.config.feeds)
    client = HttpxClient()
    brought: dict[str, tuple[Document, Changed]] = {}
    problems = []
    try:
        for name, polled in (await poll_all(client, ctx.config, states, now)).items():
            try:
                if isinstance(polled, Changed):
                    brought[name] = await read_document(ctx, name, polled), polled
                elif isinstance(polled, FeedError):
                    raise polled
                elif isinstance(polled, Waits):
                    problems.append(f"feed {name}: {polled.reason}")
            except FeedError as error:
                problems.append(f"feed {name}: {error}")
    finally:
        await client.aclose()
    return brought, problems

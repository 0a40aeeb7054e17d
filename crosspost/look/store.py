"""Open the store to read, if there is one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from crosspost.config import Config
from crosspost.store.database import Database, Tx


@asynccontextmanager
async def to_read(config: Config) -> AsyncIterator[Tx | None]:
    """Give a transaction to read in; None if nothing was ever stored. Creates and migrates nothing."""
    database = Database(config.database)
    try:
        if not await database.is_there():
            yield None
            return
        async with database.read() as tx:
            yield tx
    finally:
        await database.close()

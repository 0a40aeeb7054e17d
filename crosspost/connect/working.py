"""What connecting works with: the store, the vault, and the way out."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from crosspost.config import Config
from crosspost.context import Context
from crosspost.http.wire import HttpxClient
from crosspost.store.database import Database


@asynccontextmanager
async def working(config: Config) -> AsyncIterator[Context]:
    """Open the store, made if there is none yet."""
    database, client = Database(config.database), HttpxClient()
    try:
        await database.migrate()
        yield Context(
            config=config, database=database, client=client, owner=f"connect/{os.getpid()}", tell=lambda _: None
        )
    finally:
        await client.aclose()
        await database.close()

"""Read the store, if there is one; and decide as the engine would, without acting."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from crosspost.config import Config
from crosspost.context import Context
from crosspost.http import Offline
from crosspost.store.database import Database, Tx

P = ParamSpec("P")
T = TypeVar("T")


async def read(
    config: Config, act: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
) -> T | None:
    """Return what `act(tx, ...)` reads; None if nothing was ever stored. Creates and migrates nothing."""
    database = Database(config.database)
    try:
        return await database.read(act, *args, **kwargs) if await database.is_there() else None
    finally:
        await database.close()


def looking(config: Config, database: Database | None = None) -> Context:
    """Return what decisions need, for who only looks: no network, and nobody to tell."""
    database = database or Database(config.database)
    return Context(config=config, database=database, client=Offline(), owner="", tell=lambda _: None)

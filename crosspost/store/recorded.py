"""Put on record what a network said, though the database be away for a while: it cannot be asked twice."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import ParamSpec, TypeVar

from crosspost.errors import StoreError, StoreReplaced
from crosspost.http.again import again_for

P = ParamSpec("P")
T = TypeVar("T")

PATIENCE = timedelta(seconds=15)
"""How long it is tried."""


async def recorded(write: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
    """Write what must be kept, for as long as `PATIENCE` though the database be away."""
    return await recorded_within(PATIENCE, write, *args, **kwargs)


async def recorded_within(
    patience: timedelta, write: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Write what must be kept, for so long though the database be away."""
    return await again_for(patience.total_seconds(), _may_come_back, write, *args, **kwargs)


def _may_come_back(error: BaseException) -> bool:
    return isinstance(error, StoreError) and not isinstance(error, StoreReplaced)

"""Repeat, shortly after, what failed for now and certainly did nothing. Longer waits belong in the store."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import ParamSpec, TypeVar

from crosspost.errors import NotSent, PublishError, RateLimited, StoreError, StoreReplaced

P = ParamSpec("P")
T = TypeVar("T")

TRIES = 3
DEADLINE = timedelta(seconds=45)
"""How long reading from a network may take, with its repeats."""
STORE_PATIENCE = 15
"""Seconds for which an outcome is tried to be put on record while the database is away."""

_log = logging.getLogger(__name__)


async def asked(network: str, read: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
    """Read from a network within a deadline. Raise `PublishError`, also for the adapter's own fault.

    An answer that the adapter did not expect must not keep the other channels from their work.
    """
    try:
        async with asyncio.timeout(DEADLINE.total_seconds()):
            return await retried(read, *args, **kwargs)
    except TimeoutError as error:
        raise NotSent(f"{network} could not be read: no answer") from error
    except PublishError:
        raise
    except Exception as error:
        _log.exception("the adapter %s failed", network)
        raise NotSent(f"{network} gave an odd answer: {type(error).__name__}: {error}") from error


async def retried(act: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call `act`; call again if it failed in a way that may pass. Raise its last failure."""
    return await retried_while(lambda: True, act, *args, **kwargs)


async def retried_while(
    may: Callable[[], bool], act: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Call `act`; call again if it failed in a way that may pass, and `may()`. Raise its last failure.

    `may`: asked before each wait and after it.
    """
    from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

    failures: list[NotSent] = []

    async def once() -> T:
        if failures and not may():
            raise failures[-1]
        try:
            return await act(*args, **kwargs)
        except NotSent as error:
            failures.append(error)
            raise

    def passes(error: BaseException) -> bool:
        return isinstance(error, NotSent) and not isinstance(error, RateLimited) and may()

    retrying = AsyncRetrying(
        stop=stop_after_attempt(TRIES),
        wait=wait_exponential_jitter(multiplier=0.2, max=2, jitter=0.2),
        retry=retry_if_exception(passes),
        reraise=True,
    )
    return await retrying(once)


async def recorded(write: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
    """Write what a network said, though the database be away for some seconds: it cannot be said again."""
    return await recorded_within(STORE_PATIENCE, write, *args, **kwargs)


async def recorded_within(
    patience: float, write: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Write what a network said, though the database be away for as many seconds as `patience`."""
    from tenacity import AsyncRetrying, retry_if_exception, stop_after_delay, wait_exponential_jitter

    retrying = AsyncRetrying(
        stop=stop_after_delay(patience),
        wait=wait_exponential_jitter(multiplier=0.2, max=2, jitter=0.2),
        retry=retry_if_exception(
            lambda error: isinstance(error, StoreError) and not isinstance(error, StoreReplaced)
        ),
        reraise=True,
    )
    return await retrying(write, *args, **kwargs)

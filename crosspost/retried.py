"""Repeat reads that failed for now. Only reads: what publishes is repeated by the store's rules alone."""

from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

from crosspost.errors import NotSent, RateLimited

P = ParamSpec("P")
T = TypeVar("T")

TRIES = 3


async def retried(read: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call `read`; call again, shortly after, if it failed in a way that may pass. Raise its last failure."""
    from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

    retrying = AsyncRetrying(
        stop=stop_after_attempt(TRIES),
        wait=wait_exponential_jitter(multiplier=0.2, max=2, jitter=0.2),
        retry=retry_if_exception(
            lambda error: isinstance(error, NotSent) and not isinstance(error, RateLimited)
        ),
        reraise=True,
    )
    return await retrying(read, *args, **kwargs)

"""Repeat, shortly after, what failed and may go well the next time. Longer waits belong in the store.

The only importer of tenacity.
"""

from collections.abc import Awaitable, Callable
from typing import Any, ParamSpec, TypeVar

from crosspost.errors import Intercepted, NotSent, RateLimited

P = ParamSpec("P")
T = TypeVar("T")

TRIES = 3


async def again(act: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call `act` up to three times while it fails with `NotSent`. Raise its last failure."""
    return await again_while(lambda: True, act, *args, **kwargs)


async def again_while(
    may: Callable[[], bool], act: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Call `act` up to three times while it fails with `NotSent`, and while `may()`, asked around each wait.

    What asked for a pause, or stands before the network, is not asked again at once.
    """
    from tenacity import retry_if_exception, stop_after_attempt

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
        if not isinstance(error, NotSent) or isinstance(error, RateLimited | Intercepted):
            return False
        return error.until is None and may()

    result: T = await _repeating(stop=stop_after_attempt(TRIES), retry=retry_if_exception(passes))(once)
    return result


async def again_for(
    seconds: float,
    passes: Callable[[BaseException], bool],
    act: Callable[P, Awaitable[T]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Call `act` until it succeeds, or fails otherwise than `passes` allows, or this long has passed."""
    from tenacity import retry_if_exception, stop_after_delay

    repeating = _repeating(stop=stop_after_delay(seconds), retry=retry_if_exception(passes))
    result: T = await repeating(act, *args, **kwargs)
    return result


def _repeating(**how: Any) -> Any:
    """Return what repeats, with growing waits that spread; imported late, since most runs repeat nothing."""
    from tenacity import AsyncRetrying, wait_exponential_jitter

    return AsyncRetrying(wait=wait_exponential_jitter(multiplier=0.2, max=2, jitter=0.2), reraise=True, **how)

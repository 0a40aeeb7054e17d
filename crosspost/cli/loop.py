"""The event loop of a verb."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")

_THREADS = 32
"""More than asyncio's own few: each name that nobody resolves holds one, and others must not wait for it."""


def run(main: Coroutine[Any, Any, T]) -> T:
    """Return what `main` returns, as `asyncio.run` does, without waiting for what hangs in a thread then."""

    async def whole() -> T:
        loop = asyncio.get_running_loop()
        threads = ThreadPoolExecutor(_THREADS, "aside")
        loop.set_default_executor(threads)
        try:
            return await main
        finally:
            threads.shutdown(wait=False, cancel_futures=True)
            loop.set_default_executor(ThreadPoolExecutor(1))  # its threads the loop waits for: it has none

    return asyncio.run(whole())

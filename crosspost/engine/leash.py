"""What a run is held by: a deadline, a signal, and the grace that what is under way has after either."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from crosspost.engine.signals import GRACE
from crosspost.errors import CutShort

_LAST_WORD = timedelta(seconds=1)
"""How long after the grace the heartbeat's address may still be called."""


class Leash:
    """Say when a run begins nothing more, which is `stop`, and cut it off when its grace is over."""

    def __init__(self, deadline: timedelta | None) -> None:
        """Take hold from now on; `deadline`: None for a run that may take its time."""
        self.stop = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._limit = asyncio.timeout(None)
        self._timer: asyncio.TimerHandle | None = None
        self._cut_at: float | None = None
        if deadline is not None:
            self._timer = self._loop.call_later(deadline.total_seconds(), self.stop.set)
            self._cut_at = self._loop.time() + (deadline + GRACE).total_seconds()

    def end(self) -> None:
        """Begin nothing more, and leave what is under way the grace."""
        self.stop.set()
        soon = self._loop.time() + GRACE.total_seconds()
        self._cut_at = soon if self._cut_at is None else min(soon, self._cut_at)
        self._limit.reschedule(self._cut_at)

    @property
    def last(self) -> float | None:
        """Return by when all is over (the loop's time); None: nobody said yet."""
        return None if self._cut_at is None else self._cut_at + _LAST_WORD.total_seconds()

    @asynccontextmanager
    async def holding(self) -> AsyncIterator[None]:
        """Cut off what goes on past the grace. Raise `CutShort` then."""
        try:
            async with self._limit:
                self._limit.reschedule(self._cut_at)
                yield
        except TimeoutError as error:
            if not self._limit.expired():
                raise
            raise CutShort(
                f"the run was cut off {GRACE.total_seconds():g} s after it was told to end, with something "
                "still under way; what was being sent is looked up by a later run"
            ) from error
        finally:
            if self._timer is not None:
                self._timer.cancel()

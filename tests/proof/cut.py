"""A program in this very process, cut off at a boundary: before or after a write or a request."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
import tenacity

from crosspost.feeds import Changed, Document, entry, formats
from crosspost.intake import ingest
from crosspost.store import deliveries
from crosspost.store.database import Database


class Crash(BaseException):
    """The program ends here, as by SIGKILL."""


@dataclass
class Cut:
    """Where the program is cut off. `left`: after so many boundaries; None: nowhere."""

    left: int | None = None
    keys: int = 0

    def boundary(self) -> None:
        if self.left == 0:
            raise Crash  # and ever again: what is dead writes and sends nothing more
        if self.left is not None:
            self.left -= 1

    def reset(self) -> None:
        """Begin a life: keys spread the waits, so they must be the same when a life is lived again."""
        self.left, self.keys = None, 0

    def key(self) -> SimpleNamespace:
        self.keys += 1
        return SimpleNamespace(hex=f"{self.keys:032x}")

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # Set, not handed in: a program is not asked where it may be cut off, and a life has no time to wait.

        def bounded(write: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
            async def bounded_write(*args: Any, **kwargs: Any) -> Any:
                self.boundary()
                result = await write(*args, **kwargs)
                self.boundary()
                return result

            return bounded_write

        async def parse(changed: Changed, *, feed: str) -> Document:
            raw = formats.read(changed.body, content_type="", name="feed", url=changed.url)
            return entry.document(raw, feed=feed, url=changed.url)

        monkeypatch.setattr(Database, "write", bounded(Database.write))
        monkeypatch.setattr(Database, "write_long", bounded(Database.write_long))
        monkeypatch.setattr(ingest, "parse", parse)  # in a process of its own it takes 200 ms
        monkeypatch.setattr(tenacity, "wait_exponential_jitter", lambda **_: tenacity.wait_none())
        monkeypatch.setattr(deliveries, "uuid", SimpleNamespace(uuid4=self.key))

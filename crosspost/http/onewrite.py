"""Let a request leave in one write, so that none is finished long after it began.

httpcore writes the head and each part of the body by itself. A program that is frozen between two of them goes
on when it wakes, perhaps after its attempt's lease, when another replica has looked and sent again.
"""

import ssl
from contextvars import ContextVar
from typing import Any

import httpcore

from crosspost.http.message import stopwatch

AT_ONCE = 64 * 1024
"""Bytes that leave in one write; more leaves in as many, each within the deadline."""
leaves_until: ContextVar[float | None] = ContextVar("leaves_until", default=None)
"""The moment, by `stopwatch`, after which nothing of the request under way leaves."""


class OneWrite(httpcore.AsyncNetworkBackend):
    """Open connections that hold a request back until it is whole."""

    def __init__(self, inner: httpcore.AsyncNetworkBackend) -> None:
        self._inner = inner

    async def connect_tcp(self, *args: Any, **kwargs: Any) -> httpcore.AsyncNetworkStream:
        return _Held(await self._inner.connect_tcp(*args, **kwargs))

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


class _Held(httpcore.AsyncNetworkStream):
    """Hold what is written until somebody waits for the answer."""

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner
        self._held = bytearray()

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._held += buffer

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        await self._leave(timeout)
        return await self._inner.read(max_bytes, timeout)

    async def _leave(self, timeout: float | None) -> None:
        held, self._held = bytes(self._held), bytearray()
        for start in range(0, len(held), AT_ONCE):
            until = leaves_until.get()
            if until is not None and stopwatch() > until:
                raise httpcore.WriteTimeout("the program was frozen while it was sending")
            await self._inner.write(held[start : start + AT_ONCE], timeout)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        await self._leave(timeout)
        return _Held(await self._inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def in_one_write(pool: Any) -> None:
    """Let the connections of an httpcore pool hold requests back: httpx has no setting for it (0.28)."""
    pool._network_backend = OneWrite(pool._network_backend)

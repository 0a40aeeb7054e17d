"""Connections that pass over what is illegal in an answer's head, before h11 sees it."""

import ssl
from collections.abc import Iterable
from typing import Any

import httpcore

from crosspost.http.head import END, LONGEST, is_last, mended


class Lenient(httpcore.AsyncNetworkBackend):
    """Connect as httpcore does, and read leniently."""

    def __init__(self) -> None:
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        stream = await self._inner.connect_tcp(host, port, timeout, local_address, socket_options)
        return _Stream(stream)

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


class _Stream(httpcore.AsyncNetworkStream):
    """One connection, which carries one answer: connections are not kept."""

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner
        self._head: bytearray | None = bytearray()
        """What came of the head so far; None once all of it was handed on."""

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._head is None:
            return await self._inner.read(max_bytes, timeout)
        handed = b""
        while not handed:
            chunk = await self._inner.read(max_bytes, timeout)
            # No end can begin before the last three bytes of what was searched already.
            searched = max(0, len(self._head) - 3)
            self._head += chunk
            handed = self._mended(searched)
            if not chunk or len(self._head or b"") > LONGEST:
                handed += bytes(self._head or b"")
                self._head = None
                break
        return handed

    def _mended(self, searched: int) -> bytes:
        """Take every whole head, and what stands behind the last one, out of what came so far."""
        handed = b""
        while self._head is not None and (end := END.search(self._head, searched)):
            head, rest = bytes(self._head[: end.end()]), self._head[end.end() :]
            handed += mended(head)
            self._head, searched = rest, 0
            if is_last(head):
                handed += bytes(rest)
                self._head = None
        return handed

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            return _Stream(await self._inner.start_tls(ssl_context, server_hostname, timeout))
        except BaseException:
            await self._inner.aclose()  # when a deadline ends a handshake, httpcore would leave it open
            raise

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)

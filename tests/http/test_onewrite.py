"""What publishes leaves in one write; and what is left of it after a freeze never leaves."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest

from crosspost.errors import Uncertain
from crosspost.http import Request
from crosspost.http.onewrite import AT_ONCE
from crosspost.http.wire import HttpxClient


@asynccontextmanager
async def listening(received: list[bytes]) -> AsyncIterator[str]:
    """Serve a socket that answers what it has received whole; keep what it received."""

    ended = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
            received.append(head)
            received.append(await reader.readexactly(length))
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
            await writer.drain()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        ended.set()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        await ended.wait()


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count what reaches the socket, under httpx: nothing else shows a write."""
    from httpcore._backends.anyio import AnyIOStream

    sizes: list[int] = []
    write = AnyIOStream.write

    async def counted(self: Any, buffer: bytes, timeout: float | None = None) -> None:
        sizes.append(len(buffer))
        await write(self, buffer, timeout)

    monkeypatch.setattr(AnyIOStream, "write", counted)
    return sizes


@pytest.mark.parametrize(("size", "expected"), [(2_000, 1), (3 * AT_ONCE, 4)])
async def test_a_request_of_ordinary_size_leaves_in_one_write(
    writes: list[int], size: int, expected: int
) -> None:
    received: list[bytes] = []
    async with listening(received) as url:
        client = HttpxClient()
        answer = await client.send(Request(method="POST", url=url, content=b"x" * size, once=True))
        await client.aclose()
    assert answer.status == 200
    assert received[1] == b"x" * size
    assert len(writes) == expected


async def test_what_is_left_after_a_freeze_never_leaves(
    writes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The computer sleeps after the first part, and wakes when its time is over.

    The loop's clock stands still meanwhile; the system's, which is patched, has gone on.
    """
    from httpcore._backends.anyio import AnyIOStream

    received: list[bytes] = []
    write, seconds = AnyIOStream.write, time.clock_gettime
    asleep = [0.0]
    monkeypatch.setattr(time, "clock_gettime", lambda which: seconds(which) + asleep[0])

    async def frozen(self: Any, buffer: bytes, timeout: float | None = None) -> None:
        await write(self, buffer, timeout)
        asleep[0] = 3_600.0

    monkeypatch.setattr(AnyIOStream, "write", frozen)
    async with listening(received) as url:
        client = HttpxClient(longest=timedelta(seconds=20))
        with pytest.raises(Uncertain):
            await client.send(Request(method="POST", url=url, content=b"x" * 5 * AT_ONCE, once=True))
        await client.aclose()
    assert len(writes) == 1
    assert len(received) == 1, "its body never came whole"

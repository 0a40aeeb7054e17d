"""A server that writes the very bytes it is told, and then ends the connection."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Answer = Callable[[str], bytes | Awaitable[bytes]]


@dataclass
class RawSite:
    """`answer`: makes the bytes for a request's head. `asked`: the heads that came."""

    answer: Answer
    url: str = ""
    port: int = 0
    asked: list[str] = field(default_factory=list)
    tasks: set[asyncio.Task[None] | None] = field(default_factory=set)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.tasks.add(asyncio.current_task())
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            self.asked.append(head)
            said = self.answer(head)
            writer.write(said if isinstance(said, bytes) else await said)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # whoever asked has gone
        finally:
            await closed(writer)


async def closed(writer: asyncio.StreamWriter) -> None:
    """Close a connection, and wait until it is: an open one would be found by another test."""
    writer.close()
    with contextlib.suppress(ConnectionError, ssl.SSLError):
        await writer.wait_closed()


@asynccontextmanager
async def raw_site(answer: Answer, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[RawSite]:
    """Serve on loopback while the context lasts."""
    site = RawSite(answer)
    server = await asyncio.start_server(site.handle, "127.0.0.1", 0, ssl=tls)
    site.port = server.sockets[0].getsockname()[1]
    site.url = f"{'https' if tls else 'http'}://127.0.0.1:{site.port}"
    try:
        yield site
    finally:
        server.close()
        await asyncio.gather(*filter(None, site.tasks))


def ok(body: bytes, *headers: str, length: int | None = None) -> bytes:
    """Write an answer with a status of 200; `length`: what it says its length is, if that is not so."""
    said = len(body) if length is None else length
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {said}", *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def header(head: str, name: str) -> str:
    """Return a header of a request, "" if it has none."""
    for line in head.split("\r\n")[1:]:
        if line.lower().startswith(f"{name}:"):
            return line.partition(":")[2].strip()
    return ""

"""A forward proxy, as companies have one: `CONNECT` and whole addresses; it alone knows names outside."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.http.raw import closed, header


@dataclass
class Forward:
    """`names`: the ports on loopback where its hosts are. `pair`: the Basic pair it asks for, "" for none."""

    names: Mapping[str, int]
    pair: str = ""
    url: str = ""
    port: int = 0
    asked: list[str] = field(default_factory=list)
    """What was asked of it: a method and an address, or a host and port."""
    tasks: set[asyncio.Task[None] | None] = field(default_factory=set)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.tasks.add(asyncio.current_task())
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._forward(reader, writer)
        await closed(writer)

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method, target, _ = head.split("\r\n")[0].split(" ")
        self.asked.append(f"{method} {target}")
        if self.pair and header(head, "proxy-authorization") != f"Basic {self.pair}":
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return
        host = urlsplit(target if method != "CONNECT" else f"//{target}").hostname or ""
        if host not in self.names:
            writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            return
        there, to_it = await asyncio.open_connection("127.0.0.1", self.names[host])
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            to_it.write(head.replace(f"http://{urlsplit(target).netloc}", "", 1).encode("latin-1"))
        await asyncio.gather(_pipe(reader, to_it), _pipe(there, writer))


async def _pipe(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while chunk := await source.read(65_536):
            target.write(chunk)
            await target.drain()
    await closed(target)


@asynccontextmanager
async def forward(names: Mapping[str, int], pair: str = "") -> AsyncIterator[Forward]:
    """Serve on loopback while the context lasts."""
    proxy = Forward(names, pair)
    async with await asyncio.start_server(proxy.handle, "127.0.0.1", 0) as server:
        proxy.port = server.sockets[0].getsockname()[1]
        proxy.url = f"http://127.0.0.1:{proxy.port}"
        yield proxy
        await asyncio.gather(*filter(None, proxy.tasks))

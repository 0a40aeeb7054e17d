"""Deliveries per second to a network that answers at once, each commit durable; and where the time goes."""

import asyncio
import multiprocessing
import os
import re
import tempfile
import time
from pathlib import Path
from typing import Any

from crosspost.config import load
from crosspost.delivery.deliver import serve
from crosspost.engine.work import working
from crosspost.http.wire import HttpxClient
from crosspost.report import Event
from tests.bench.rows import filled

COUNT = 500
CONFIG = """
database = "sqlite:///bench.db"
[feeds.blog]
url = "feed.xml"
[channels.facebook]
adapter = "facebook"
page = "1"
base_url = "http://127.0.0.1:{port}"
access_token = {{ env = "BENCH_TOKEN" }}
"""
ANSWER = b'{"id": "1_%d", "permalink_url": "https://www.facebook.com/1/posts/%d"}'


class Stopwatch:
    """Add up the time that calls of one kind take, one after the other."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def on(self, thing: object, method: str, name: str) -> None:
        call = getattr(thing, method)

        async def timed(*args: Any, **kwargs: Any) -> Any:
            began = time.perf_counter()
            try:
                return await call(*args, **kwargs)
            finally:
                self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began

        setattr(thing, method, timed)  # on the very object that the program opened for itself


def network(port: Any) -> None:
    """Be a network that answers every request at once."""
    count = 0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal count
        count += 1
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head.lower())
        await reader.readexactly(int(length[1]) if length else 0)
        body = ANSWER % (count, count)
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n")
        writer.write(b"content-length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()
        writer.close()

    async def listen() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(listen())


async def main() -> None:
    context = multiprocessing.get_context("spawn")
    port = context.Queue()
    server = context.Process(target=network, args=(port,), daemon=True)
    server.start()
    os.environ["BENCH_TOKEN"] = "bench-token"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "crosspost.toml"
        path.write_text(CONFIG.format(port=await asyncio.to_thread(port.get)))
        await filled(Path(folder) / "bench.db", pending=COUNT * 5)
        await deliver(path)
    server.kill()


async def deliver(path: Path) -> None:
    config, watch = load(path), Stopwatch()
    told: list[Event] = []
    client = HttpxClient()
    watch.on(client, "send", "the network's answer, connection included")
    async with working(config, told.append, client=client) as house:
        watch.on(house.database, "write", "writing, durably")
        watch.on(house.database, "read", "reading")
        began = time.perf_counter()
        await serve(house, config.channels["facebook"], asyncio.Event())
        total = time.perf_counter() - began
    await client.aclose()
    sent = sum(event.what == "delivered" for event in told)
    assert sent == COUNT, f"{sent} of {COUNT} were delivered"
    print(f"{sent / total:,.0f} deliveries/s, one after the other on one channel\n")
    parts = watch.seconds | {"composing, deciding, telling": total - sum(watch.seconds.values())}
    for name, seconds in sorted(parts.items(), key=lambda part: -part[1]):
        print(f"{name:44} {seconds / total:5.0%} {seconds / sent * 1000:7.2f} ms each")

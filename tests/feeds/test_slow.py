"""Fifty feeds of which forty-five hang, each in its way: the others are read as if they were alone."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crosspost.config import Config
from crosspost.engine import run_once
from crosspost.errors import FetchRefused
from crosspost.http import Answer, Request
from crosspost.http.names import resolve
from crosspost.http.wire import READ_AT_ONCE, HttpxClient
from crosspost.report import Event, What
from tests.http.raw import closed
from tests.process import running, started, until
from tests.world import World, old

SIGNATURE = ("signature",)
HANGING, GOOD = 45, 5


@asynccontextmanager
async def hanging() -> AsyncIterator[list[str]]:
    """Serve addresses that hang: without a head, within the body, within the handshake."""
    over = asyncio.Event()
    tasks: set[asyncio.Task[None] | None] = set()

    async def never(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.current_task())
        await over.wait()
        await closed(writer)

    async def drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<?xml version='1.0'?><rss>")
        await never(_reader, writer)

    async with AsyncExitStack() as stack:
        servers = [
            await stack.enter_async_context(await asyncio.start_server(how, "127.0.0.1", 0))
            for how in (never, drip)
        ]
        silent, dripping = (server.sockets[0].getsockname()[1] for server in servers)
        yield [f"http://127.0.0.1:{silent}", f"http://127.0.0.1:{dripping}", f"https://127.0.0.1:{silent}"]
        over.set()
        await asyncio.gather(*filter(None, tasks))


def many(world: World, addresses: list[str]) -> Config:
    """Write a configuration in which those that hang come first."""
    hang = "".join(
        f'[feeds.hangs{number}]\nurl = "{addresses[number % len(addresses)]}/{number}"\n'
        for number in range(HANGING)
    )
    good = "".join(f'[feeds.good{n}]\nurl = "{world.blog_url}/feed.xml?{n}"\n' for n in range(1, GOOD))
    toml = world.toml(only=SIGNATURE)
    (world.folder / "crosspost.toml").write_text(hang + toml + good, encoding="utf-8")
    return world.loaded()


async def test_one_run(world: World) -> None:
    world.blog.publish(*old(2))
    events: list[Event] = []
    client = HttpxClient(longest=timedelta(seconds=3))
    async with hanging() as addresses:
        await run_once(many(world, addresses), events.append, client=client)
    await client.aclose()
    read = [event.subject for event in events if event.what is What.FEED_READ]
    failed = [event for event in events if event.what is What.FEED_FAILED]
    assert sorted(read) == ["blog", *(f"good{number}" for number in range(1, GOOD))]
    assert len(failed) == HANGING
    assert all("took too long" in event.text for event in failed)


async def test_the_daemon(world: World) -> None:
    """All five are asked and taken in while the others still hang."""
    world.blog.publish(*old(2))
    async with hanging() as addresses:
        many(world, addresses)
        async with started(world, "run") as child:
            await running(child)
            await until(lambda: len(world.blog.answers) >= GOOD)
            assert child.stderr is not None
            read: set[str] = set()
            async with asyncio.timeout(60):
                while len(read) < GOOD:
                    line = (await child.stderr.readline()).decode()
                    assert "feed failed" not in line, "the others still hang"
                    if "first sight" in line:
                        read.add(line)


async def test_what_waits_for_a_place_loses_nothing_of_its_time_and_what_is_published_needs_none(
    world: World,
) -> None:
    """The places are taken by those that hang, until their time is over; then a good one has all of its own."""
    client = HttpxClient(longest=timedelta(seconds=3))

    def read(url: str) -> Coroutine[Any, Any, Answer]:
        return client.fetch(url, max_raw=10_000, max_body=10_000, allow_private=True)

    async with hanging() as (silent, *_):
        hang = [asyncio.create_task(read(silent)) for _ in range(READ_AT_ONCE)]
        good = asyncio.create_task(read(f"{world.blog_url}/feed.xml"))
        sent = await client.send(Request(method="GET", url=f"{world.blog_url}/feed.xml"))
        assert not good.done(), "every place is taken"
        assert (sent.status, (await good).status) == (200, 200)
        assert all(isinstance(one, FetchRefused) for one in await asyncio.gather(*hang, return_exceptions=True))
    await client.aclose()


async def test_slow_name_servers_hold_up_no_other_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's resolver is patched: no name server of ours could be made slow."""
    over = threading.Event()

    def slow(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        if host.startswith("slow"):
            over.wait(60)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 80))]

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    waiting = [asyncio.create_task(resolve(f"slow{number}.example", 80)) for number in range(HANGING)]
    await asyncio.sleep(0)
    assert await asyncio.wait_for(resolve("quick.example", 80), 30) == ["93.184.215.14"]
    assert await asyncio.wait_for(asyncio.to_thread(Path("/").is_dir), 30), "nor the loop's own threads"
    over.set()
    assert await asyncio.gather(*waiting) == [["93.184.215.14"]] * HANGING


async def test_an_oddity_of_one_feed_is_not_the_others(world: World) -> None:
    """Whatever nobody thought of: the others are read, and it is on record as that feed's."""

    class Odd(HttpxClient):
        async def fetch(self, url: str, **how: Any) -> Answer:
            if "odd" in url:
                raise OverflowError("a date that no calendar has")
            return await super().fetch(url, **how)

    world.blog.publish(*old(1))
    text = world.toml(only=SIGNATURE) + f'[feeds.odd]\nurl = "{world.blog_url}/odd.xml"\n'
    (world.folder / "crosspost.toml").write_text(text, encoding="utf-8")
    client, events = Odd(), list[Event]()
    await run_once(world.loaded(), events.append, client=client)
    await client.aclose()
    told = {event.subject: event for event in events}
    assert told["blog"].what is What.FEED_READ
    assert "it could not be asked: OverflowError" in told["odd"].text

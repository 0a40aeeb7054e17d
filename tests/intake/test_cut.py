"""A document that was cut on its way is never remembered as whole, and no half entry of it goes out."""

import gzip
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from crosspost.report import What
from tests.http.raw import header, ok, raw_site
from tests.verbs import list_deliveries, read_status
from tests.world import World, fresh, old

SIGNATURE = ("signature",)


def by_length(body: bytes, half: bytes) -> bytes:
    return ok(half, 'ETag: "1"', "Cache-Control: max-age=3600", length=len(body))


def by_a_length_too_short(_body: bytes, half: bytes) -> bytes:
    return ok(half, 'ETag: "1"', "Cache-Control: max-age=3600")


def by_chunks(_body: bytes, half: bytes) -> bytes:
    chunk = f"{len(half):x}\r\n".encode() + half + b"\r\n"
    return b'HTTP/1.1 200 OK\r\nETag: "1"\r\nTransfer-Encoding: chunked\r\n\r\n' + chunk


def by_closing(_body: bytes, half: bytes) -> bytes:
    return b'HTTP/1.0 200 OK\r\nETag: "1"\r\nLast-Modified: Mon, 02 Nov 2026 09:00:00 GMT\r\n\r\n' + half


def in_the_packing(body: bytes, _half: bytes) -> bytes:
    return ok(gzip.compress(body)[:-20], 'ETag: "1"', "Content-Encoding: gzip")


def before_the_root_closes(body: bytes, _half: bytes) -> bytes:
    return ok(body.removesuffix(b"</rss>"), 'ETag: "1"')


WAYS = (by_length, by_a_length_too_short, by_chunks, by_closing, in_the_packing, before_the_root_closes)


class Line:
    """The blog behind a bad line: asked with its validator it says 304 for ever, as a server does."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.cuts: Callable[[bytes, bytes], bytes] | None = None

    def __call__(self, head: str) -> bytes:
        if header(head, "if-none-match") == '"1"' or header(head, "if-modified-since"):
            return b"HTTP/1.1 304 Not Modified\r\n\r\n"
        body = self.world.blog.body()
        if self.cuts is None:
            return ok(body, 'ETag: "0"' if not self.world.ahead else 'ETag: "1"')
        second = body.index(b"<item>", body.index(b"<item>") + 1)
        return self.cuts(body, body[: second + len("<item><title>Nou")])


@pytest_asyncio.fixture
async def line(world: World) -> AsyncIterator[Line]:
    line = Line(world)
    async with raw_site(line) as site:
        world.blog_url = site.url
        yield line


async def announced(world: World) -> list[str]:
    shown = await list_deliveries(world.loaded(), states=(), channel=None, feed=None, limit=100)
    return sorted(delivery["title"] for delivery in shown)


@pytest.mark.parametrize("way", WAYS)
async def test_what_was_cut_off_is_announced_once_the_document_is_whole(
    world: World, line: Line, way: Callable[[bytes, bytes], bytes]
) -> None:
    world.blog.publish(*old(4))
    config = world.config(only=SIGNATURE)
    await world.run(config)
    world.blog.publish(*fresh(2))
    line.cuts = way
    await world.run(config)
    assert world.happened(What.FEED_FAILED), "it says so"
    assert "Nouveau billet 1" not in await announced(world) or way is before_the_root_closes
    line.cuts = None
    await world.run(config)
    assert await announced(world) == ["Nouveau billet 0", "Nouveau billet 1"]
    assert (await read_status(config))["feeds"][0]["problem"] == ""


@pytest.mark.parametrize("way", WAYS)
async def test_a_first_sight_that_was_cut_is_no_baseline(
    world: World, line: Line, way: Callable[[bytes, bytes], bytes]
) -> None:
    """Else the old entries behind the cut would be news the next time."""
    world.blog.publish(*old(4))
    line.cuts = way
    config = world.config(only=SIGNATURE)
    await world.run(config)
    line.cuts = None
    await world.run(config)
    assert "4 entries taken as known" in world.happened(What.FEED_READ)[0].text
    assert await announced(world) == []


async def test_a_feed_that_never_ends_is_read_as_far_as_it_goes_and_needs_a_person(
    world: World, line: Line
) -> None:
    world.blog.publish(*old(4))
    config = world.config(only=SIGNATURE)
    await world.run(config)
    line.cuts = before_the_root_closes
    for number in range(3):
        world.blog.publish(fresh(3)[number])
        await world.run(config)
    assert len(await announced(world)) == 3
    (said,) = world.happened(What.FEED_FAILED)
    assert said.needs_person
    assert "has no end" in said.text

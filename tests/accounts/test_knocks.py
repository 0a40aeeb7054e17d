"""Whoever knocks where connecting waits for a browser: with nothing, half a request, or far too much."""

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.accounts.person import configured, lines
from tests.process import HANGS
from tests.world import World

KNOCKS = {
    "nothing": b"",
    "half a request": b"GET / HT",
    "how TLS begins": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)),
    "no ASCII": "GET /é HTTP/1.1\r\n\r\n".encode(),
    "an endless header": b"GET / HTTP/1.1\r\nA: " + b"a" * 10_000_000,
    "no address": b"GET http://[ HTTP/1.1\r\n\r\n",
}


async def knock(port: int, content: bytes) -> asyncio.StreamWriter:
    """Send this and stay, as far as we are let."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(content)
    with suppress(ConnectionError):  # we may be shown the door
        await writer.drain()
    return writer


async def close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


@pytest.mark.parametrize("ends", [signal.SIGINT, signal.SIGTERM, None], ids=str)
async def test_whoever_knocks_makes_no_traceback(world: World, ends: signal.Signals | None) -> None:
    """Some stay, some drop at once, while the browser never comes or the person gives up."""
    configured(world, lines(world, "x"))
    command = (sys.executable, "-m", "crosspost", "connect", "x", "--way", "oauth2", "--no-browser")
    child = await asyncio.create_subprocess_exec(
        *command, cwd=world.folder, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=os.environ
    )
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(b"client-1\nclient-secret-1\n")
    said = b""
    async with asyncio.timeout(HANGS):
        while not (found := re.search(rb"redirect_uri=([^&\s]+)", said)):
            piece = await child.stdout.read(4096)
            assert piece, said
            said += piece
    (address,) = parse_qs(b"redirect_uri=" + found[1])[b"redirect_uri"]
    parts = urlsplit(address.decode())
    assert parts.port is not None
    stay = [await knock(parts.port, content) for content in KNOCKS.values()]
    for content in KNOCKS.values():
        gone = await knock(parts.port, content)
        gone.transport.abort()
        await close(gone)
    if ends is not None:
        child.send_signal(ends)
    else:
        stay.append(await knock(parts.port, f"GET {parts.path}?error=access_denied HTTP/1.1\r\n\r\n".encode()))
    _, err = await asyncio.wait_for(child.communicate(), HANGS)
    for writer in stay:
        await close(writer)
    assert b"Traceback" not in err, err.decode()
    assert b"Exception" not in err, err.decode()
    assert child.returncode in (1, 130, -signal.SIGTERM)

"""What is illegal in an answer's head is passed over where the rest is fine. Over real sockets."""

import asyncio

import pytest

from crosspost.errors import FetchRefused, NotSent
from crosspost.http import Request
from crosspost.http.head import mended
from crosspost.http.wire import HttpxClient
from tests.http.raw import ok, raw_site

ILLEGAL = [
    "Set Cookie: a=b",
    "no colon at all",
    ": no name",
    "X-Bell: a\x07b\x00c",
    "N\xe4me: value",
    "(comment): value",
    "X-Padded : value",
]


@pytest.mark.parametrize("line", ILLEGAL)
async def test_an_illegal_line_is_passed_over(line: str) -> None:
    """For what is read, and for what is sent: there an answer lost would leave doubt."""
    client = HttpxClient()
    async with raw_site(lambda _: ok(b'{"id": 1}', 'ETag: "1"', line, "X-After: yes")) as site:
        read = await client.fetch(site.url, max_raw=1_000, max_body=1_000, allow_private=True)
        sent = await client.send(Request(method="POST", url=site.url, json={}, once=True))
    await client.aclose()
    for answer in (read, sent):
        assert answer.json() == {"id": 1}
        assert (answer.headers["etag"], answer.headers["x-after"]) == ('"1"', "yes")


@pytest.mark.parametrize(
    ("head", "body"),
    [
        pytest.param("Content-Length: 3\r\nContent-Length: 5", b"12345", id="two lengths"),
        pytest.param("Content-Length: 5\r\nContent-Length: 5", b"12345", id="the same length twice"),
        pytest.param("Content-Length: five", b"12345", id="a length in words"),
        pytest.param("Content-Length: -1", b"12345", id="a length below zero"),
        pytest.param("Transfer-Encoding : chunked", b"5\r\n12345\r\n0\r\n\r\n", id="a space before the colon"),
        pytest.param("Transfer-Encoding: chunked\r\nContent-Length: 3", b"5\r\n12345\r\n0\r\n\r\n", id="both"),
        pytest.param(
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", b"5\r\n12345\r\n0\r\n\r\n", id="2"
        ),
        pytest.param("Transfer-Encoding: identity", b"12345", id="no encoding"),
        pytest.param("X: a\r\n folded\r\nBad Name: b\r\n folded", b"12345", id="folded"),
        pytest.param("X: y\nZ: only line feeds", b"12345", id="line feeds"),
    ],
)
async def test_where_the_body_ends_is_still_found(head: str, body: bytes) -> None:
    client = HttpxClient()
    said = f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode() + body
    async with raw_site(lambda _: said) as site:
        answer = await client.fetch(site.url, max_raw=1_000, max_body=1_000, allow_private=True)
    await client.aclose()
    assert answer.body == b"12345"


async def test_early_hints_and_a_head_in_pieces() -> None:
    whole = b"HTTP/1.1 103 Early Hints\r\nBad Name: x\r\n\r\n" + ok(b"12345", "Bad Name: y")

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for byte in whole:
            writer.write(bytes((byte,)))
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    client = HttpxClient()
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    answer = await client.fetch(url, max_raw=1_000, max_body=1_000, allow_private=True)
    await client.aclose()
    server.close()
    assert answer.body == b"12345"


@pytest.mark.parametrize("said", [b"SSH-2.0-OpenSSH\r\n", b"", b"HTTP/1.1 200 OK\r\nX: y", b"x" * 300_000])
async def test_what_is_no_answer_at_all_is_a_failure(said: bytes) -> None:
    client = HttpxClient()
    async with raw_site(lambda _: said) as site:
        with pytest.raises(FetchRefused):
            await client.fetch(site.url, max_raw=1_000, max_body=1_000, allow_private=True)
        with pytest.raises(NotSent):
            await client.send(Request(method="GET", url=site.url))
    await client.aclose()


def test_a_good_head_says_the_same() -> None:
    head = b"HTTP/1.1 200 OK\r\nServer: x y\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nContent-Length: 3\r\n\r\n"
    assert mended(head) == (
        b"HTTP/1.1 200 OK\r\nServer: x y\r\nSet-Cookie: a\r\nSet-Cookie: b\r\ncontent-length: 3\r\n\r\n"
    )

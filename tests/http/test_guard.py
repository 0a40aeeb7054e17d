"""What a feed names must lie in the public internet, and stay there between the check and the connection."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.responses import Response

from crosspost.errors import FetchRefused
from crosspost.http.guard import first_private, is_public
from crosspost.http.wire import HttpxClient
from crosspost.sandbox.server import serve


@pytest.mark.parametrize("address", ["93.184.215.14", "1.1.1.1", "2606:4700:4700::1111", "2a00:1450::8b"])
def test_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("127.0.0.1", id="loopback"),
        pytest.param("127.9.9.9", id="all of loopback"),
        pytest.param("::1", id="loopback v6"),
        pytest.param("0.0.0.0", id="unspecified"),
        pytest.param("::", id="unspecified v6"),
        pytest.param("10.0.0.1", id="private 10"),
        pytest.param("172.16.0.1", id="private 172.16"),
        pytest.param("192.168.1.1", id="private 192.168"),
        pytest.param("100.64.0.1", id="carrier-grade NAT"),
        pytest.param("169.254.169.254", id="metadata service"),
        pytest.param("192.0.0.8", id="IPv4 dummy address"),
        pytest.param("192.0.0.192", id="another cloud's metadata service"),
        pytest.param("192.0.2.1", id="documentation"),
        pytest.param("198.18.0.1", id="benchmarks"),
        pytest.param("192.88.99.1", id="6to4 relay"),
        pytest.param("224.0.0.1", id="multicast"),
        pytest.param("239.255.255.250", id="SSDP"),
        pytest.param("255.255.255.255", id="broadcast"),
        pytest.param("240.0.0.1", id="reserved"),
        pytest.param("ff02::1", id="multicast v6"),
        pytest.param("ff0e::1", id="global multicast v6"),
        pytest.param("fe80::1", id="link-local"),
        pytest.param("fe80::1%eth0", id="link-local with a zone"),
        pytest.param("::1%lo", id="loopback with a zone"),
        pytest.param("fc00::1", id="unique local"),
        pytest.param("fd12:3456::1", id="unique local fd"),
        pytest.param("fec0::1", id="site-local"),
        pytest.param("::ffff:127.0.0.1", id="mapped loopback"),
        pytest.param("::ffff:10.0.0.1", id="mapped private"),
        pytest.param("::127.0.0.1", id="compatible loopback"),
        pytest.param("64:ff9b::7f00:1", id="NAT64 of loopback"),
        pytest.param("64:ff9b::808:808", id="NAT64 of a public address"),
        pytest.param("64:ff9b:1::a00:1", id="local NAT64"),
        pytest.param("2002:7f00:1::", id="6to4 of loopback"),
        pytest.param("2002:a00:1::1", id="6to4 of private"),
        pytest.param("2001:0:7f00:1::", id="Teredo"),
        pytest.param("2001:db8::1", id="documentation v6"),
        pytest.param("100::1", id="discard"),
        pytest.param("example.org", id="a name"),
        pytest.param("", id="nothing"),
        pytest.param("0177.0.0.1", id="octal"),
        pytest.param("2130706433", id="one number"),
    ],
)
def test_not_public(address: str) -> None:
    assert not is_public(address)


def test_a_public_address_mapped_into_ipv6_stays_public() -> None:
    assert is_public("::ffff:1.1.1.1")


def test_one_private_answer_of_a_name_is_enough() -> None:
    assert first_private(["1.1.1.1", "10.0.0.1"]) == "10.0.0.1"
    assert first_private(["1.1.1.1"]) is None


class Wire(httpx.AsyncBaseTransport):
    """Record where connections would go; nothing leaves."""

    def __init__(self, *, dead: frozenset[str] = frozenset()) -> None:
        self.dead = dead
        self.connected: list[str] = []
        self.hosts: list[str] = []
        self.sni: list[object] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.connected.append(request.url.host)
        self.hosts.append(request.headers["host"])
        self.sni.append(request.extensions.get("sni_hostname"))
        if request.url.host in self.dead:
            raise httpx.ConnectError("no route", request=request)
        return httpx.Response(200, stream=httpx.ByteStream(b"ok"))


class Names:
    """Answer for every name what is next in the list, as a name server that changes its mind."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        return self.answers.pop(0)


async def get(client: HttpxClient, url: str, *, allow_private: bool = False) -> bytes:
    answer = await client.fetch(url, max_raw=1_000, max_body=1_000, allow_private=allow_private)
    return answer.body


async def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    """DNS rebinding: a second question would have been answered with our own network."""
    wire, names = Wire(), Names(["93.184.215.14"], ["127.0.0.1"])
    await get(HttpxClient(transport=wire, resolve=names), "https://rebinding.example/feed")
    assert wire.connected == ["93.184.215.14"]
    assert wire.hosts == wire.sni == ["rebinding.example"]
    assert names.asked == ["rebinding.example"]


async def test_a_name_with_one_private_address_is_not_called_at_all() -> None:
    wire, names = Wire(), Names(["93.184.215.14", "10.0.0.1"])
    with pytest.raises(FetchRefused, match=r"private network \(10\.0\.0\.1\)"):
        await get(HttpxClient(transport=wire, resolve=names), "https://rebinding.example/feed")
    assert wire.connected == []


async def test_a_name_without_an_address_is_refused() -> None:
    with pytest.raises(FetchRefused):
        await get(HttpxClient(transport=Wire(), resolve=Names([])), "https://nowhere.example/feed")


async def test_a_dead_address_is_passed_over_for_the_next_checked_one() -> None:
    wire = Wire(dead=frozenset({"2606:4700:4700::1111"}))
    names = Names(["2606:4700:4700::1111", "1.1.1.1"])
    assert await get(HttpxClient(transport=wire, resolve=names), "https://both.example/") == b"ok"
    assert wire.connected == ["2606:4700:4700::1111", "1.1.1.1"]


@pytest.fixture
async def loopback() -> AsyncIterator[str]:
    async with serve(Response(b"ok")) as url:
        yield url


async def test_what_the_user_configured_may_be_private(loopback: str) -> None:
    client = HttpxClient()
    assert await get(client, loopback, allow_private=True) == b"ok"
    with pytest.raises(FetchRefused, match="private network"):
        await get(client, loopback)
    await client.aclose()

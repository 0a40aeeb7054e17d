"""The environment's proxies and certificates are heeded, and the guard of addresses is kept with them."""

import base64
from pathlib import Path

import pytest
import pytest_asyncio
from starlette.responses import Response

from crosspost.errors import FetchRefused, NotSent
from crosspost.http import Request
from crosspost.http.proxy import Proxies
from crosspost.http.wire import HttpxClient
from crosspost.sandbox.server import serve
from tests.cli.program import Program, Said
from tests.http.authority import an_authority
from tests.http.forward import forward
from tests.http.raw import ok, raw_site
from tests.process import crosspost as verb
from tests.world import World, fresh, old

PAIR = base64.b64encode(b"marie:geheim12").decode()


async def unknown(_host: str, _port: int) -> list[str]:
    raise OSError("this network has no names of the outside")


async def fetched(client: HttpxClient, url: str, *, allow_private: bool = False) -> bytes:
    return (await client.fetch(url, max_raw=9_999, max_body=9_999, allow_private=allow_private)).body


@pytest.mark.parametrize(
    ("environment", "url", "way"),
    [
        ({}, "http://a.example/", ""),
        ({"HTTP_PROXY": "http://p:1"}, "http://a.example/", "http://p:1"),
        ({"http_proxy": "http://p:1"}, "http://a.example/", "http://p:1"),
        ({"HTTP_PROXY": "http://p:1", "http_proxy": "http://q:1"}, "http://a.example/", "http://q:1"),
        ({"HTTP_PROXY": "p:1"}, "http://a.example/", "http://p:1"),
        ({"HTTP_PROXY": "http://p:1"}, "https://a.example/", ""),
        ({"HTTPS_PROXY": "http://p:1"}, "https://a.example/", "http://p:1"),
        ({"ALL_PROXY": "http://p:1"}, "https://a.example/", "http://p:1"),
        ({"all_proxy": "http://p:1", "HTTPS_PROXY": "http://q:1"}, "https://a.example/", "http://q:1"),
        ({"HTTP_PROXY": " "}, "http://a.example/", ""),
        ({"HTTP_PROXY": "http://p:1", "REQUEST_METHOD": "GET"}, "http://a.example/", ""),
        ({"ALL_PROXY": "p:1", "NO_PROXY": "*"}, "http://a.example/", ""),
        ({"ALL_PROXY": "p:1", "no_proxy": "b.example, a.example"}, "http://a.example/", ""),
        ({"ALL_PROXY": "p:1", "NO_PROXY": ".example"}, "http://a.example/", ""),
        ({"ALL_PROXY": "p:1", "NO_PROXY": "*.example"}, "http://A.Example/", ""),
        ({"ALL_PROXY": "p:1", "NO_PROXY": "example"}, "http://an-example/", "http://p:1"),
        ({"ALL_PROXY": "p:1", "NO_PROXY": "a.example:8080"}, "http://a.example:8080/", ""),
        ({"ALL_PROXY": "p:1", "NO_PROXY": "a.example:8080"}, "http://a.example/", "http://p:1"),
        ({"ALL_PROXY": "p:1", "NO_PROXY": "a.example:80"}, "http://a.example/", ""),
        ({"ALL_PROXY": "p:1", "NO_PROXY": "a.example:80"}, "https://a.example/", "http://p:1"),
        ({"ALL_PROXY": "p:1", "NO_PROXY": "localhost 127.0.0.1"}, "http://127.0.0.1/", ""),
        ({"ALL_PROXY": "p:1", "NO_PROXY": "a.example."}, "http://a.example/", ""),
        ({"ALL_PROXY": "p:1", "NO_PROXY": "10.0.0.0/8"}, "http://10.1.2.3/", ""),
        ({"ALL_PROXY": "p:1", "NO_PROXY": "10.0.0.0/8"}, "http://11.1.2.3/", "http://p:1"),
        ({"ALL_PROXY": "p:1", "NO_PROXY": "::1,[fd00::]/8"}, "http://[::1]/", ""),
    ],
)
def test_which_way(environment: dict[str, str], url: str, way: str) -> None:
    assert Proxies.of(environment).way_to(url) == way


async def test_whole_addresses_and_tunnels(tmp_path: Path) -> None:
    trusted, shows = an_authority(tmp_path, "secure.example")
    async with (
        raw_site(lambda _: ok(b"plain")) as plain,
        raw_site(lambda _: ok(b"secure"), tls=shows) as secure,
        forward({"plain.example": plain.port, "secure.example": secure.port}, PAIR) as proxy,
    ):
        url = proxy.url.replace("//", "//marie:geheim12@")
        client = HttpxClient(resolve=unknown, environment={"ALL_PROXY": url, "SSL_CERT_FILE": str(trusted)})
        assert await fetched(client, "http://plain.example/feed.xml?a=1") == b"plain"
        assert await fetched(client, "https://secure.example/feed.xml") == b"secure"
        sent = await client.send(Request(method="POST", url="https://secure.example/", json={}, once=True))
        await client.aclose()
    assert sent.body == b"secure"
    assert proxy.asked == [
        "GET http://plain.example/feed.xml?a=1",
        "CONNECT secure.example:443",
        "CONNECT secure.example:443",
    ]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://localhost/",
        "http://metadata.google.internal/",
        "http://printer.local/",
        "http://intranet/",
        "http://rebound.example/",
    ],
)
async def test_the_guard_is_kept(url: str) -> None:
    async def resolve(host: str, _port: int) -> list[str]:
        if host in (
            "rebound.example",
            "2130706433",
            "0x7f.1",
        ):  # the last two, as the system's resolver reads them
            return ["10.0.0.1"]
        raise OSError("unknown")

    async with forward({}) as proxy:
        client = HttpxClient(resolve=resolve, environment={"ALL_PROXY": proxy.url})
        with pytest.raises(FetchRefused, match="private network"):
            await fetched(client, url)
        await client.aclose()
    assert proxy.asked == []


async def test_what_needs_no_proxy_goes_directly() -> None:
    async with forward({}) as proxy, serve(Response(b"ok")) as url:
        client = HttpxClient(environment={"ALL_PROXY": proxy.url, "NO_PROXY": "127.0.0.0/8"})
        assert await fetched(client, url, allow_private=True) == b"ok"
        with pytest.raises(FetchRefused, match="private network"):
            await fetched(client, url)
        await client.aclose()
    assert proxy.asked == []


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_proxy_that_wants_a_name_or_is_not_there_never_leaves_doubt(scheme: str) -> None:
    async with forward({}, PAIR) as proxy:
        for url in (proxy.url, "http://127.0.0.1:9"):
            client = HttpxClient(resolve=unknown, environment={"ALL_PROXY": url})
            with pytest.raises(NotSent):
                await client.send(Request(method="POST", url=f"{scheme}://net.example/", json={}, once=True))
            with pytest.raises(FetchRefused):
                await fetched(client, f"{scheme}://blog.example/feed.xml")
            await client.aclose()


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"ALL_PROXY": "socks5://127.0.0.1:1"}, "speaks SOCKS"),
        ({"ALL_PROXY": "ftp://127.0.0.1:1"}, "none that can be used"),
        ({"ALL_PROXY": "http://127.0.0.1:port"}, "is no address"),
        ({"SSL_CERT_FILE": "/nowhere.pem"}, "SSL_CERT_FILE names /nowhere.pem"),
        ({"SSL_CERT_DIR": "/nowhere"}, "SSL_CERT_DIR names /nowhere"),
        ({"SSL_CERT_FILE": __file__}, "holds no certificates"),
    ],
)
async def test_surroundings_that_cannot_be_used_get_a_sentence(environment: dict[str, str], says: str) -> None:
    client = HttpxClient(resolve=unknown, environment=environment)
    with pytest.raises(NotSent, match=says):
        await client.send(Request(method="POST", url="http://net.example/", json={}, once=True))
    with pytest.raises(FetchRefused, match=says):
        await fetched(client, "http://127.0.0.1/feed.xml", allow_private=True)
    await client.aclose()


@pytest_asyncio.fixture
async def company(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put nothing into the environment that the machine of the tests may have there."""
    for name in (
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "NO_PROXY",
        "no_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("company")
async def test_the_program_behind_a_proxy_with_an_authority_of_its_own(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Feed and network are on https, and only the proxy knows where."""
    trusted, shows = an_authority(tmp_path, "blog.example", "graph.example")
    world.blog.publish(*old(2))
    facebook = int(world.urls["facebook"].rpartition(":")[2])
    async with raw_site(lambda _: ok(world.blog.body()), tls=shows) as site:
        names = {"blog.example": site.port, "graph.example": facebook}
        async with forward(names, PAIR) as proxy:
            world.blog_url, world.urls["facebook"] = "https://blog.example", "http://graph.example"
            world.config(only=("facebook",))
            monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("//", "//marie:geheim12@"))
            monkeypatch.setenv("HTTP_PROXY", proxy.url.replace("//", "//marie:geheim12@"))
            untrusted = await verb(world, "run-once")
            assert "certificate verify failed" in untrusted.out
            monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
            assert "2 entries taken as known" in (await verb(world, "run-once")).out
            world.blog.publish(*fresh(1))
            assert (await verb(world, "run-once")).code == 0
            checked = await verb(world, "check")
    assert len(world.facebook.posts) == 1
    assert any(asked.startswith("POST http://graph.example/") for asked in proxy.asked)
    assert f"by http://marie:[secret]@127.0.0.1:{proxy.port}" in checked.out
    assert "geheim12" not in checked.out + untrusted.out


def test_a_check_names_what_is_wrong(tmp_path: Path) -> None:
    said: Said = Program(tmp_path)("check", HTTPS_PROXY="socks5://h:1080", NO_PROXY="intern.example")
    assert said.code == 1
    assert "✗ proxy.https: by socks5://h:1080, but for intern.example" in said.out
    assert "pip install 'httpx[socks]'" in said.out

"""A feed is fetched politely, within bounds, and an error says what to do. Over real sockets."""

import asyncio
import gzip
import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crosspost.errors import FeedError
from crosspost.feeds import Changed, Unchanged, Validators
from crosspost.feeds.fetch import MAX_BODY, MAX_RAW, fetch, read_file
from crosspost.http.wire import HttpxClient
from tests.feeds.site import BODY, NOW, Site, refused


async def test_a_feed_brings_its_body_and_what_makes_the_next_request_conditional(
    site: Site, client: HttpxClient
) -> None:
    url = site.answer(etag='"a"', last_modified="Mon, 02 Nov 2026 09:00:00 GMT", content_type="text/xml")
    got = await fetch(client, url, Validators(), now=NOW)
    assert isinstance(got, Changed)
    assert (got.body, got.url, got.moved_to, got.fresh_until) == (BODY, url, "", None)
    assert got.content_type.startswith("text/xml")
    assert got.validators == Validators(
        etag='"a"',
        last_modified="Mon, 02 Nov 2026 09:00:00 GMT",
        body_hash=hashlib.sha256(BODY).hexdigest(),
    )
    assert "if-none-match" not in site.asked[0]
    assert "application/atom+xml" in site.asked[0]["accept"]


async def test_a_304_changes_nothing_and_keeps_what_is_known(site: Site, client: HttpxClient) -> None:
    known = Validators(etag='"a"', last_modified="Mon, 02 Nov 2026 09:00:00 GMT", body_hash="h")
    url = site.answer(b"", 304, cache_control="max-age=60")
    got = await fetch(client, url, known, now=NOW)
    assert got == Unchanged(validators=known, fresh_until=NOW + timedelta(minutes=1))
    assert site.asked[0]["if-none-match"] == '"a"'
    assert site.asked[0]["if-modified-since"] == known.last_modified


async def test_a_304_nobody_asked_for_is_an_error(site: Site, client: HttpxClient) -> None:
    assert "304" in str(await refused(client, site.answer(b"", 304)))


async def test_the_same_bytes_are_unchanged_whatever_the_headers_say(site: Site, client: HttpxClient) -> None:
    first = await fetch(client, site.answer(etag='"a"'), Validators(), now=NOW)
    again = await fetch(client, site.answer(etag='"b"'), first.validators, now=NOW)
    assert isinstance(again, Unchanged)
    assert again.validators == Validators(etag='"b"', body_hash=first.validators.body_hash)


@pytest.mark.parametrize(
    ("headers", "fresh_for"),
    [
        ({"cache_control": "public, max-age=600"}, timedelta(minutes=10)),
        ({"cache_control": "MAX-AGE=999999999"}, timedelta(days=1)),
        ({"cache_control": "max-age=-5"}, None),
        ({"cache_control": "no-cache, max-age=600"}, None),
        ({"cache_control": "s-maxage=600"}, None),
        ({"retry_after": "120"}, timedelta(minutes=2)),
        ({"retry_after": f"Fri, 31 Dec {'9' * 20} 23:59:59 GMT"}, None),
        ({"retry_after": f"Fri, 31 Dec 2026 23:59:59 +{'9' * 20}"}, None),
        ({"retry_after": "120", "cache_control": "max-age=600"}, timedelta(minutes=10)),
        ({}, None),
    ],
)
async def test_how_long_a_server_wants_to_be_left_alone_is_heard_and_bounded(
    site: Site, client: HttpxClient, headers: dict[str, Any], fresh_for: timedelta | None
) -> None:
    got = await fetch(client, site.answer(**headers), Validators(), now=NOW)
    assert got.fresh_until == (NOW + fresh_for if fresh_for else None)


async def test_gzip_is_unpacked(site: Site, client: HttpxClient) -> None:
    got = await fetch(
        client, site.answer(gzip.compress(BODY, mtime=0), content_encoding="gzip"), Validators(), now=NOW
    )
    assert isinstance(got, Changed)
    assert got.body == BODY
    assert site.asked[0]["accept-encoding"] == "gzip"


async def test_a_gzip_bomb_is_refused_before_it_unfolds(site: Site, client: HttpxClient) -> None:
    bomb = gzip.compress(b"\0" * 100_000_000, mtime=0)
    error = await refused(client, site.answer(bomb, content_encoding="gzip"))
    assert f"larger than {MAX_BODY:,} bytes once unpacked" in str(error)


async def test_a_feed_that_is_too_large_is_refused(site: Site, client: HttpxClient) -> None:
    assert f"larger than {MAX_RAW:,}" in str(await refused(client, site.answer(b" " * (MAX_RAW + 1))))


@pytest.mark.parametrize("packed", ["br", "zstd", "gzip, gzip"])
async def test_packing_that_nobody_asked_for_is_refused(site: Site, client: HttpxClient, packed: str) -> None:
    assert packed in str(await refused(client, site.answer(b"x", content_encoding=packed)))


async def test_what_cannot_be_unpacked_names_its_header_and_says_what_to_do(
    site: Site, client: HttpxClient
) -> None:
    error = await refused(client, site.answer(b"\x8b\x02\x80", content_encoding="br"))
    assert str(error) == (
        "the feed of 127.0.0.1 could not be read: its Content-Encoding says 'br', which was not asked for; its "
        "site, or a cache in front of it, is at fault: tell its owner; the next poll tries again"
    )


@pytest.mark.parametrize("headers", [{"content_type": "application/gzip"}, {"content_encoding": "utf-8"}, {}])
async def test_gzip_is_unpacked_whatever_is_said_of_it(
    site: Site, client: HttpxClient, headers: dict[str, Any]
) -> None:
    got = await fetch(client, site.answer(gzip.compress(BODY, mtime=0), **headers), Validators(), now=NOW)
    assert isinstance(got, Changed)
    assert got.body == BODY


async def test_what_a_refusal_is_packed_with_does_not_matter(site: Site, client: HttpxClient) -> None:
    error = await refused(client, site.answer(b"\x8b\x02\x80", 410, content_encoding="br"))
    assert error.gone


async def test_a_packed_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "feed.xml.gz").write_bytes(gzip.compress(BODY, mtime=0))
    got = await read_file(tmp_path / "feed.xml.gz", Validators())
    assert isinstance(got, Changed)
    assert got.body == BODY


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (gzip.compress(BODY, mtime=0)[:-4], "its gzip ends too early; let it be written unpacked"),
        (gzip.compress(b"\0" * 100_000_000, mtime=0), f"it is larger than {MAX_BODY:,} bytes once unpacked"),
        (b"\x28\xb5\x2f\xfd\0", "it is packed with 'zstd'"),
    ],
)
async def test_a_file_that_cannot_be_unpacked_says_so(tmp_path: Path, body: bytes, says: str) -> None:
    (tmp_path / "feed.xml.gz").write_bytes(body)
    with pytest.raises(FeedError, match=says):
        await read_file(tmp_path / "feed.xml.gz", Validators())


async def test_410_ends_the_polling(site: Site, client: HttpxClient) -> None:
    error = await refused(client, site.answer(b"", 410))
    assert error.gone
    assert "127.0.0.1 answered 410 Gone" in str(error)
    assert "new address" in str(error)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("wait", ["1800", "Mon, 02 Nov 2026 10:30:00 GMT"])
async def test_a_pause_that_is_asked_for_is_kept(
    site: Site, client: HttpxClient, status: int, wait: str
) -> None:
    error = await refused(client, site.answer(b"", status, retry_after=wait))
    assert error.retry_at == NOW + timedelta(minutes=30)
    assert "until Mon 2026-11-02 10:30 UTC" in str(error)
    assert not error.gone


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (401, "user and password"),
        (403, "let feed readers in"),
        (404, "check the address"),
        (429, "`every`"),
        (500, "the next poll"),
        (502, "the next poll"),
        (418, "check the address"),
    ],
)
async def test_a_refusal_names_its_status_and_what_to_do(
    site: Site, client: HttpxClient, status: int, advice: str
) -> None:
    error = await refused(client, site.answer(b"", status))
    assert f"127.0.0.1 answered {status}" in str(error)
    assert advice in str(error)
    assert (error.retry_at, error.gone) == (None, False)


async def test_a_server_that_does_not_answer_is_given_up(site: Site) -> None:
    site.hold = asyncio.Event()
    client = HttpxClient(longest=timedelta(milliseconds=200))
    error = await refused(client, site.answer())
    site.hold.set()
    await client.aclose()
    assert "did not answer: it took too long" in str(error)


async def test_what_is_secret_in_an_address_stays_there(site: Site, client: HttpxClient) -> None:
    """User and password are sent, but neither shown nor made part of relative links."""
    site.answer()
    url = site.url.replace("//", "//marie:hunter2@") + "/feed?key=s3cret"
    got = await fetch(client, url, Validators(), now=NOW)
    assert isinstance(got, Changed)
    assert site.asked[0]["authorization"].startswith("Basic ")
    assert "hunter2" not in got.url
    site.answer(b"", 404)
    says = str(await refused(client, url))
    assert "hunter2" not in says
    assert "s3cret" not in says


@pytest.mark.parametrize("url", ["http://[bad/x?key=s3cret", "ftp://example.org/?key=s3cret", "http://a:b@"])
async def test_an_address_that_cannot_be_fetched_is_an_error_of_the_feed(client: HttpxClient, url: str) -> None:
    assert "s3cret" not in str(await refused(client, url))


async def test_a_file_is_read_once_per_change(tmp_path: Path) -> None:
    path = tmp_path / "été.xml"
    path.write_bytes(BODY)
    got = await read_file(path, Validators())
    assert isinstance(got, Changed)
    assert (got.body, got.url) == (BODY, path.as_uri())
    assert isinstance(await read_file(path, got.validators), Unchanged)
    path.write_bytes(BODY + b"\n")
    assert isinstance(await read_file(path, got.validators), Changed)


async def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    large = tmp_path / "large.xml"
    large.write_bytes(b" " * (MAX_BODY + 1))
    for path, why in [
        (tmp_path / "none.xml", "does not exist"),
        (tmp_path, "is not a file"),
        (large / "x", "cannot be read: Not a directory"),
        (large, "fewer entries"),
        (Path("/dev/zero"), "is not a file"),
    ]:
        with pytest.raises(FeedError, match=why):
            await read_file(path, Validators())


@pytest.mark.parametrize(
    ("age", "left"),
    [
        ("400", timedelta(seconds=200)),
        ("600", None),
        ("9999", None),
        ("400, 1", timedelta(seconds=200)),
        ("-5", timedelta(minutes=10)),
        ("soon", timedelta(minutes=10)),
    ],
)
async def test_how_long_an_answer_lay_in_caches_is_subtracted(
    site: Site, client: HttpxClient, age: str, left: timedelta | None
) -> None:
    got = await fetch(client, site.answer(cache_control="max-age=600", age=age), Validators(), now=NOW)
    assert got.fresh_until == (NOW + left if left else None)


async def test_a_plain_feed_may_be_as_large_as_a_packed_one(site: Site, client: HttpxClient) -> None:
    large = BODY + b" " * (MAX_BODY - len(BODY))
    for url in (
        site.answer(large),
        site.answer(gzip.compress(large, mtime=0), content_encoding="gzip", path="/packed"),
    ):
        got = await fetch(client, url, Validators(), now=NOW)
        assert isinstance(got, Changed)
        assert got.body == large

"""Feeds are found where blogs have them, by whatever a person types."""

import asyncio
import json
from pathlib import Path

import pytest

from crosspost.beginning.discover import discover, feed_at
from crosspost.beginning.found import Found
from crosspost.errors import FeedError
from crosspost.http.wire import HttpxClient
from tests.beginning.site import HTML, Site, link, rss
from tests.http.authority import an_authority

ATOM = (
    b'<feed xmlns="http://www.w3.org/2005/Atom"><title>Notes</title><entry><title>Un</title>'
    b'<link href="https://blog.example/un"/><id>tag:blog.example,2026:un</id></entry></feed>'
)
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Notes",
        "items": [{"id": "1", "url": "https://b.example/1", "title": "Un"}],
    }
).encode()


async def look(typed: str) -> Found:
    client = HttpxClient(environment={})
    try:
        return await discover(client, typed)
    finally:
        await client.aclose()


async def fails(typed: str) -> str:
    with pytest.raises(FeedError) as raised:
        await look(typed)
    return str(raised.value)


def urls(found: Found) -> list[str]:
    return [feed.url for feed in found.feeds]


async def test_posts_come_before_comments_and_pages_as_json_are_no_feeds(site: Site) -> None:
    """As WordPress writes its head."""
    site.page(
        "/",
        link("/comments/feed/", "Carnet » Commentaires")
        + link("/wp-json/wp/v2/pages/2", "JSON", "application/json")
        + link("/oembed?format=xml", "oEmbed", "text/xml+oembed")
        + link("/feed/", "Carnet » Flux"),
    )
    site.give("/feed/", rss())
    site.give("/comments/feed/", rss("Commentaires sur Carnet de Marie"))
    found = await look(f"127.0.0.1:{site.port}")
    assert urls(found) == [f"{site.url}/feed/", f"{site.url}/comments/feed/"]
    assert [feed.of_comments for feed in found.feeds] == [False, True]
    assert found.page is not None
    assert (found.page.title, found.page.language) == ("Carnet de Marie", "fr")
    assert "3 entries, the newest of 2026-08-20 (RSS, " in found.feeds[0].described
    assert not any("wp-json" in path or "oembed" in path for path in site.asked)


@pytest.mark.parametrize(
    ("place", "body", "kind"),
    [
        ("/index.xml", rss(), "RSS"),
        ("/atom.xml", ATOM, "Atom"),
        ("/feed.json", JSON, "JSON Feed"),
        ("/?feed=rss2", rss(), "RSS"),
    ],
)
async def test_a_page_that_names_none_is_tried_at_the_common_places(
    site: Site, place: str, body: bytes, kind: str
) -> None:
    site.page("/", "")
    site.give(place, body, "text/plain")
    found = await look(site.url)
    assert (urls(found), found.feeds[0].kind) == ([site.url + place], kind)


async def test_a_blog_below_a_path_is_looked_for_there_first(site: Site) -> None:
    site.page("/blog", "")
    site.give("/blog/index.xml", rss("Le blogue"))
    site.give("/index.xml", rss("Le site"))
    found = await look(f"{site.url}/blog")
    assert [feed.title for feed in found.feeds] == ["Le blogue"]


async def test_relative_addresses_go_by_the_base_of_the_page(site: Site) -> None:
    site.page("/", '<base href="/journal/">' + link("flux.xml"))
    site.give("/journal/flux.xml", rss())
    assert urls(await look(site.url)) == [f"{site.url}/journal/flux.xml"]


async def test_a_page_in_latin_1_keeps_its_accents(site: Site) -> None:
    """By what the page says of itself, which its server does not."""
    head = f'<meta charset="iso-8859-1"><title>Été à Québec</title>{link("/f.xml")}'
    site.give("/", f"<html lang=fr><head>{head}</head></html>".encode("latin-1"), "text/html")
    site.give("/f.xml", rss())
    found = await look(site.url)
    assert found.page is not None
    assert found.page.title == "Été à Québec"


async def test_redirects_are_followed_and_a_feed_that_moved_for_good_is_named_as_it_is_now(site: Site) -> None:
    site.sends("/", "/fr/", 302)
    site.page("/fr/", link("/old.xml"))
    site.sends("/old.xml", "/new.xml")
    site.give("/new.xml", rss())
    found = await look(site.url)
    assert found.url == f"{site.url}/fr/"
    assert urls(found) == [f"{site.url}/new.xml"]


async def test_a_page_that_only_sends_its_readers_on_is_left(site: Site) -> None:
    site.page("/", '<meta http-equiv="refresh" content="0; url=/fr/">')
    site.page("/fr/", link("feed.xml"))
    site.give("/fr/feed.xml", rss())
    assert urls(await look(site.url)) == [f"{site.url}/fr/feed.xml"]


async def test_a_password_is_told_to_no_other_server(site: Site) -> None:
    """A page may name any server; here it is another name of this one, which is refused for being private."""
    site.page("/", link(f"http://localhost:{site.port}/f.xml") + link("/g.xml"))
    site.give("/g.xml", rss())
    found = await look(f"http://marie:geheim-123@127.0.0.1:{site.port}/")
    assert [feed.url.rpartition("/")[2] for feed in found.feeds] == ["g.xml"]
    assert "/f.xml" not in site.asked
    assert "geheim" not in str(found.unread)


async def test_a_link_in_the_text_will_do(site: Site) -> None:
    site.give("/", b'<html><body><a href="/flux-du-carnet">Flux RSS</a></body></html>', HTML)
    site.give("/flux-du-carnet", rss())
    assert urls(await look(site.url)) == [f"{site.url}/flux-du-carnet"]


async def test_a_feeds_own_address_needs_no_page(site: Site) -> None:
    site.give("/f", rss(), "text/html")
    found = await look(f" <feed:{site.url}/f> ")
    assert (found.page, urls(found)) == (None, [f"{site.url}/f"])


async def test_a_feed_file_and_a_folder_of_them_are_read(tmp_path: Path) -> None:
    (tmp_path / "index.xml").write_bytes(rss())
    assert urls(await look(str(tmp_path / "index.xml"))) == [str(tmp_path / "index.xml")]
    assert urls(await look(str(tmp_path))) == [str(tmp_path / "index.xml")]
    (tmp_path / "page.html").write_text("<!doctype html><html></html>")
    assert "is a web page, not a feed" in await fails(str(tmp_path / "page.html"))


async def test_a_feed_without_an_entry_is_one(site: Site) -> None:
    site.page("/", link("/f.xml"))
    site.give("/f.xml", b'<rss version="2.0"><channel><title>Neuf</title></channel></rss>')
    found = await look(site.url)
    assert found.feeds[0].described == f"Neuf: 0 entries (RSS, {site.url}/f.xml)"


async def test_a_page_names_nothing_in_a_private_network_but_on_its_own_server(site: Site) -> None:
    with_other = link("http://127.0.0.2:9/feed.xml") + link("/f.xml")
    site.page("/", with_other)
    site.give("/f.xml", rss())
    found = await look(site.url)
    assert urls(found) == [f"{site.url}/f.xml"]
    (refused,) = found.unread
    assert "127.0.0.2" in refused
    assert "private" in refused or "public" in refused


async def test_a_door_with_a_password_is_opened_for_page_and_feed_alike(site: Site) -> None:
    site.page("/", link("/f.xml"))
    site.give("/f.xml", rss())
    found = await look(f"http://marie:geheim-123@127.0.0.1:{site.port}/")
    assert urls(found) == [f"http://marie:geheim-123@127.0.0.1:{site.port}/f.xml"]
    assert "geheim-123" not in found.feeds[0].described + found.url


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (
            200,
            b"<html><title>Bonjour</title></html>",
            "names no feed, and 22 usual places such as /feed and /index.xml have none",
        ),
        (200, b"<html><form><input type=password></form></html>", "is a page to log in"),
        (401, b"", "answered 401 Unauthorized"),
        (404, b"", "answered 404 Not Found"),
        (500, b"", "answered 500 Internal Server Error"),
    ],
)
async def test_where_nothing_is_a_sentence_says_why_and_what_to_do(
    site: Site, status: int, body: bytes, says: str
) -> None:
    site.give("/", body, HTML, status)
    said = await fails(site.url)
    assert says in said
    assert said.endswith("; if you know where the feed is, name it with --feed")


async def test_a_page_that_is_not_there_is_said_also_if_a_feed_is_found_beside_it(site: Site) -> None:
    site.give("/feed", rss())
    client = HttpxClient(environment={})
    found = await discover(client, f"{site.url}/blogg")
    await client.aclose()
    assert found.page is None
    refused = f"127.0.0.1 answered 404 Not Found for {site.url}/blogg; what follows was found beside it"
    assert found.unread == (refused,)


async def test_a_server_without_https_is_said_to_be_one(site: Site) -> None:
    said = await fails(site.url.replace("http:", "https:"))
    assert said.startswith(
        "127.0.0.1 does not speak https there; check its port, or give its address with http:"
    )


async def test_a_feed_that_is_named_and_cannot_be_read_is_told(site: Site) -> None:
    site.page("/", link("/broken.xml"))
    site.give("/broken.xml", b"<html>a page</html>", HTML)
    assert "/broken.xml: it is a web page, not a feed" in await fails(site.url)


async def test_a_site_that_answers_everything_with_a_page_has_no_feed(site: Site) -> None:
    site.page("/", "")
    for place in ("/feed", "/rss", "/index.xml"):
        site.page(place, "")
    assert "names no feed" in await fails(site.url)


@pytest.mark.parametrize(
    "typed", ["", "marie", "mon blogue", "ftp://blog.example/", "http://", "https://blog example/", "12:34:56"]
)
async def test_what_is_no_address_is_said_to_be_none(typed: str) -> None:
    assert "is neither a web address nor a file; write it like example.org" in await fails(typed)


async def test_a_password_in_what_is_no_address_is_not_repeated() -> None:
    assert "geheim" not in await fails("marie:geheim@blog.example")


async def test_a_server_that_is_not_there_or_takes_nothing_is_named(site: Site) -> None:
    assert "there is no server nowhere.invalid; check the spelling" in await fails("nowhere.invalid")
    site.page("/", "")
    said = await fails("http://127.0.0.1:9/")
    assert said.startswith("127.0.0.1 could not be read: it takes no connection; check the address")


async def test_a_server_that_cannot_prove_who_it_is_is_not_asked_without_that(tmp_path: Path) -> None:
    """By a certificate of an authority that nobody trusts."""
    _, context = an_authority(tmp_path, "127.0.0.1")
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0, ssl=context)
    async with server:
        said = await fails(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    assert said.startswith("127.0.0.1 could not prove who it is (")
    assert "; have its certificate mended, or " in said


async def test_a_feed_that_is_named_is_read_and_nothing_else(site: Site) -> None:
    site.give("/f", rss())
    client = HttpxClient(environment={})
    feed = await feed_at(client, f"127.0.0.1:{site.port}/f")
    assert feed.url == f"{site.url}/f"
    assert site.asked == ["/f"]
    with pytest.raises(FeedError, match="answered 404 Not Found, so no feed could be read there"):
        await feed_at(client, f"{site.url}/other")
    await client.aclose()

"""What is kept of an entry, in every format; and that a bad document costs no more than itself."""

import asyncio
import json
import os
import resource
import signal
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crosspost.errors import FeedError
from crosspost.feeds.packing import pack, unpack
from crosspost.model import Picture
from tests.feeds.reading import SLOW, atom, entries, fails, read, rss

RSS_091 = """<?xml version="1.0" encoding="iso-8859-1"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
 "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="0.91"><channel><title>Blog</title><link>https://blog.example/</link><language>fr</language>
<item><title>Été à Montréal</title><link>https://blog.example/ete</link>
<description>Il fait chaud.</description></item></channel></rss>""".encode("iso-8859-1")
RSS_10 = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://blog.example/"><title>Blog</title>
<link>https://blog.example/</link><dc:language>fr</dc:language></channel><item rdf:about="https://blog.example/ete">
<title>Été à Montréal</title><link>https://blog.example/ete</link><description>Il fait chaud.</description>
<dc:date>2026-07-01T12:00:00+02:00</dc:date><dc:creator>Zoé</dc:creator></item></rdf:RDF>"""
RSS_20 = rss(
    "<title>Été à Montréal</title><link>/ete</link><description>Il fait &lt;b&gt;chaud&lt;/b&gt;.</description>"
    "<pubDate>Wed, 01 Jul 2026 12:00:00 +0200</pubDate><author>zoe@blog.example (Zoé)</author>"
    "<category>Météo</category><category>météo</category><category>Ville</category>",
    head="<title>Blog</title><link>https://blog.example/</link><language>fr</language>",
)
ATOM_03 = """<feed version="0.3" xmlns="http://purl.org/atom/ns#" xml:lang="fr"><title>Blog</title>
<link rel="alternate" type="text/html" href="https://blog.example/"/><entry><title>Été à Montréal</title>
<link rel="alternate" type="text/html" href="https://blog.example/ete"/><id>tag:1</id>
<issued>2026-07-01T10:00:00Z</issued><summary>Il fait chaud.</summary></entry></feed>"""
ATOM_10 = atom(
    '<title>Été à Montréal</title><link href="/ete"/><published>2026-07-01T10:00:00Z</published>'
    '<updated>2026-07-02T10:00:00Z</updated><summary type="html">Il fait &lt;b&gt;chaud&lt;/b&gt;.</summary>'
    '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Il fait <b>chaud</b>.</p></div>'
    "</content>"
    '<category term="meteo" label="Météo"/>',
    attributes='xml:lang="fr"',
)
JSON_10 = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1",
        "title": "Blog",
        "home_page_url": "https://blog.example/",
        "author": {"name": "Zoé"},
        "items": [
            {
                "id": 7,
                "url": "https://blog.example/ete",
                "title": "Été à Montréal",
                "content_text": "Il fait chaud.",
            }
        ],
    }
)
JSON_11 = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Blog",
        "home_page_url": "https://blog.example/",
        "language": "fr",
        "authors": [{"name": "Zoé"}, {"url": "https://blog.example/max"}, None],
        "items": [
            {
                "id": "https://blog.example/ete",
                "title": "Été à Montréal",
                "content_html": "<p>Il fait <b>chaud</b>.</p>",
                "date_published": "2026-07-01T12:00:00+02:00",
                "tags": ["Météo", 5, None],
                "image": "https://blog.example/a.jpg",
            },
            "nonsense",
        ],
    }
).encode("utf-8-sig")


@pytest.mark.parametrize("body", [RSS_091, RSS_10, RSS_20, ATOM_03, ATOM_10, JSON_10, JSON_11])
async def test_every_format_brings_the_same_entry(body: str | bytes) -> None:
    document = await read(body)
    (item,) = document.items
    assert item.entry.title == "Été à Montréal"
    assert item.entry.permalink == "https://blog.example/ete"
    assert item.entry.summary == "Il fait chaud."
    assert item.entry.feed == "blog"
    assert item.entry.language in ("fr", "")
    assert item.entry.published in (datetime(2026, 7, 1, 10, tzinfo=UTC), None)
    assert item.link_key
    assert item.entry.revision
    assert document.title == "Blog"
    assert document.skipped == ()
    assert unpack(json.loads(pack(document))) == document


async def test_what_formats_can_say_is_kept() -> None:
    (in_rss,), (in_atom,) = (await read(RSS_20)).items, (await read(ATOM_10)).items
    (in_json,) = (await read(JSON_11)).items
    assert in_rss.entry.authors == in_json.entry.authors == ("Zoé",)
    assert in_rss.entry.categories == ("Météo", "Ville")
    assert in_json.entry.categories == ("Météo", "5")
    assert in_json.entry.picture == Picture("https://blog.example/a.jpg")
    assert in_atom.entry.updated == datetime(2026, 7, 2, 10, tzinfo=UTC)
    assert in_atom.entry.content == "<p>Il fait <b>chaud</b>.</p>"
    assert {one.entry.language for one in (in_rss, in_atom, in_json)} == {"fr"}


async def test_an_edit_changes_the_revision_and_nothing_else_does() -> None:
    (before,) = await entries("<title>A</title><description>&lt;p&gt;One&lt;/p&gt;</description>")
    (same,) = await entries("<title>A</title><description>&lt;div&gt;One&lt;/div&gt;</description>")
    (after,) = await entries("<title>A</title><description>Two</description>")
    assert before.revision == same.revision != after.revision


async def test_an_entry_that_cannot_be_announced_is_named() -> None:
    document = await read(
        rss(
            "<title>Good</title>",
            '<title>No link</title><guid isPermaLink="false">https://blog.example/x</guid>',
            "<title>A bare id</title><guid>12345</guid>",
            "<guid>https://blog.example/empty</guid><description>&lt;img src='x.png'&gt;</description>",
            "<title>Bad link</title><link>javascript:alert(1)</link>",
            "<title>Podcast</title><link>https://blog.example/</link>",
        )
    )
    assert [item.entry.title for item in document.items] == ["Good"]
    no_link, bare, empty, bad, podcast = document.skipped
    assert "“No link” has no link" in no_link
    assert "“A bare id” has no link" in bare
    assert "https://blog.example/empty has neither a title nor a text" in empty
    assert "“Bad link”" in bad
    assert "“Podcast” cannot be told from the others" in podcast


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("Bonjour", "not a feed of any known kind"),
        ("<svg/>", "not a feed of any known kind"),
        ("\0\1\2", "not a feed of any known kind"),
        ("  \n", "is empty"),
        ("{}", "not a feed: it has no list of items"),
        ("[1]", "not a feed: it has no list of items"),
        ('{"items": [}', "broken JSON: Expecting value, line 1"),
        ("[" * 100_000, "broken JSON: it nests too deep"),
        ('<rss version="2.0"><channel><title>x</chan', "broken beyond reading (line 1)"),
        ("<!DOCTYPE html><p>Hello", "not a feed but a web page; look for the address"),
    ],
)
async def test_what_is_no_feed_says_so(body: str, says: str) -> None:
    sentence = await fails(body)
    assert sentence.startswith("the feed of blog.example ")
    assert says in sentence


async def test_a_web_page_that_names_its_feeds_is_quoted() -> None:
    page = """<!-- hi --><html><head><link rel="stylesheet" href="/x.css"><link REL="alternate"
      type="application/rss+xml" href="/index.xml"><link rel=alternate
      type="application/feed+json" href="feed.json">"""
    says = await fails(page, content_type="text/html")
    assert "put https://blog.example/index.xml or https://blog.example/fr/feed.json into" in says


async def test_an_empty_feed_is_no_error() -> None:
    assert (await read(rss())).items == ()


async def test_broken_xml_is_salvaged() -> None:
    whole = rss("<title>One & only</title>", "<title>Two</title>", "<title>Three</title>")
    document = await read(whole[: whole.index("Three")])
    assert [item.entry.title for item in document.items][:2] == ["One & only", "Two"]


async def test_an_encoding_that_is_a_lie_is_seen_through() -> None:
    body = RSS_091.decode("iso-8859-1").encode()
    (item,) = (await read(body, content_type="text/xml")).items
    assert item.entry.title == "Été à Montréal"


async def test_the_feed_of_a_file_is_named_by_its_path() -> None:
    assert "the feed file /srv/été/feed.xml is empty" in await fails(
        " ", url="file:///srv/%C3%A9t%C3%A9/feed.xml"
    )


def readers() -> dict[int, Path]:
    """Find the processes that we started to read a feed, by their numbers."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended while we looked
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            if int(parent) == os.getpid() and b"crosspost.feeds.child" in (folder / "cmdline").read_bytes():
                found[int(folder.name)] = folder
    return found


async def started_reader() -> tuple[int, Path]:
    """Wait until the one reader runs."""
    async with asyncio.timeout(60):
        while not (found := readers()):  # noqa: ASYNC110 - a process sets no event of ours
            await asyncio.sleep(0.01)
    (one,) = found.items()
    return one


async def test_cancelling_ends_the_child() -> None:
    task = asyncio.create_task(read(SLOW))
    child, _ = await started_reader()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(ProcessLookupError):  # not even a zombie is left
        os.kill(child, 0)


async def test_a_child_knows_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """What reads strangers' XML is not given our environment, nor does it let that decide what runs."""
    monkeypatch.setenv("LINKEDIN_TOKEN", "s3cret")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    reading = asyncio.create_task(read(SLOW))
    _, child = await started_reader()
    names = [pair.partition(b"=")[0] for pair in (child / "environ").read_bytes().split(b"\0")]
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert b"PATH" in names
    assert not {b"LINKEDIN_TOKEN", b"PYTHONPATH"} & set(names)


async def test_no_room_for_a_process_is_an_error_of_the_feed() -> None:
    usual = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, usual[1]))
    try:
        with pytest.raises(FeedError, match=r"no process could be started for it \(Too many open files\)"):
            await read(rss())
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, usual)


async def test_a_reader_that_was_killed_is_an_error_of_the_feed() -> None:
    reading = asyncio.create_task(read(SLOW))
    child, _ = await started_reader()
    os.kill(child, signal.SIGKILL)
    with pytest.raises(FeedError, match="its reader stopped \\(signal SIGKILL\\)"):
        await reading


async def test_an_answer_without_end_is_cut_off() -> None:
    with pytest.raises(FeedError, match="too large once read"):
        await read(RSS_20, most=100)

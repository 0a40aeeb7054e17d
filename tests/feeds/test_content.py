"""Titles, texts, links, dates and pictures: as a reader of the blog would see them."""

from datetime import UTC, datetime

import pytest

from crosspost.model import Picture
from tests.feeds.reading import atom, entries, read, rss


@pytest.mark.parametrize(
    ("written", "reads"),
    [
        ("Tom &amp;amp; Jerry", "Tom & Jerry"),
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("<![CDATA[Tom &amp; Jerry]]>", "Tom & Jerry"),
        ("R&amp;D", "R&D"),
        ("R&amp;amp;D &amp;amp;amp; co", "R&D &amp; co"),
        ("A &lt;b&gt;bold&lt;/b&gt; move", "A bold move"),
        ("<![CDATA[A <em>bold</em><br/>move]]>", "A bold move"),
        ("Generics: List&lt;int&gt;", "Generics: List<int>"),
        ("3 &lt; 5 &amp;&amp; 7 &gt; 6", "3 < 5 && 7 > 6"),
        ("The &amp;lt;b&amp;gt; element", "The <b> element"),
        ("L’été&#160;: «&#160;chaud&#160;»", "L’été\u00a0: «\u00a0chaud\u00a0»"),
        ("  two\n  lines ", "two lines"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;&lt;i&gt;Hi&lt;/i&gt;", "Hi"),
        ("a &#x202E;b", "a b"),
    ],
)
async def test_an_rss_title_is_decoded_once(written: str, reads: str) -> None:
    (entry,) = await entries(f"<title>{written}</title>")
    assert entry.title == reads


@pytest.mark.parametrize(
    ("element", "reads"),
    [
        ("<title>Use &amp;amp; and &lt;b&gt;</title>", "Use &amp; and <b>"),
        ('<title type="html">Use &amp;amp;amp; and &lt;b&gt;bold&lt;/b&gt;</title>', "Use &amp; and bold"),
        (
            '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <b>b</b> &amp; c</div></title>',
            "A b & c",
        ),
    ],
)
async def test_an_atom_title_is_what_its_type_says(element: str, reads: str) -> None:
    (item,) = (await read(atom(element))).items
    assert item.entry.title == reads


async def test_an_untitled_entry_keeps_its_text() -> None:
    (entry,) = await entries(
        "<description>&lt;p&gt;Juste une note.&lt;/p&gt;&lt;p&gt;Deux.&lt;/p&gt;</description>"
    )
    assert entry.title == ""
    assert entry.summary == "Juste une note.\n\nDeux."


async def test_content_is_sanitised_and_its_addresses_are_whole() -> None:
    (entry,) = await entries(
        "<title>x</title><link>https://blog.example/2026/x/</link><description>Short</description>"
        """<content:encoded><![CDATA[<p onclick="x()">Hi <a href="../y#z">y</a> <a href="javascript:x">no</a>
        <a href="#f">note</a> <img src="a.png" alt="A"><img src="data:x"> <script>evil()</script>
        <iframe src="/x"></iframe><style>p{}</style></p>]]></content:encoded>"""
    )
    assert entry.summary == "Short"
    assert '<a href="https://blog.example/2026/y#z">y</a>' in entry.content
    assert '<a href="https://blog.example/2026/x/#f">' in entry.content
    assert '<img src="https://blog.example/2026/x/a.png" alt="A">' in entry.content
    for bad in ("onclick", "javascript", "data:", "evil", "iframe", "style"):
        assert bad not in entry.content


async def test_an_atom_entry_that_carries_a_picture_is_not_taken_for_its_bytes() -> None:
    (item,) = (
        await read(
            atom('<title>x</title><summary>A tower</summary><content type="image/png">iVBORw0KGgo=</content>')
        )
    ).items
    assert (item.entry.summary, item.entry.content) == ("A tower", "<p>A tower</p>")


@pytest.mark.parametrize(
    ("body", "url", "permalink"),
    [
        (rss("<title>x</title><link>a b</link>"), "https://feeds.example/x", "https://blog.example/a%20b"),
        (rss("<title>x</title><link>/a</link>", head=""), "https://h.example/f/x?key=k", "https://h.example/a"),
        (rss("<title>x</title><link>#a</link>", head=""), "https://h.example/f?key=k", "https://h.example/f#a"),
        (rss("<title>x</title><link>//h.example/a</link>"), "file:///f.xml", "https://h.example/a"),
        (rss("<title>x</title><link>/a</link>"), "file:///srv/f.xml", "https://blog.example/a"),
        (rss("<title>x</title><guid>https://h.example/g</guid>"), "file:///f", "https://h.example/g"),
        (atom('<title>x</title><link href="a"/>'), "https://h.example/b/f", "https://h.example/b/a"),
        (
            atom('<title>x</title><link href="a"/>', attributes='xml:base="https://base.example/c/"'),
            "https://h.example/b/f",
            "https://base.example/c/a",
        ),
        (
            atom('<title>x</title><link rel="self" href="/s"/><link href="/a"/>'),
            "https://h.example/b/f",
            "https://h.example/a",
        ),
    ],
)
async def test_a_permalink_is_made_whole(body: str, url: str, permalink: str) -> None:
    (item,) = (await read(body, url=url)).items
    assert item.entry.permalink == permalink


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("Mon, 02 Nov 2026 10:00:00 EST", datetime(2026, 11, 2, 15, tzinfo=UTC)),
        ("Mon, 02 Nov 2026 10:00:00", datetime(2026, 11, 2, 10, tzinfo=UTC)),
        ("2026-11-02T10:00:00", datetime(2026, 11, 2, 10, tzinfo=UTC)),
        ("2031-01-01T00:00:00Z", datetime(2031, 1, 1, tzinfo=UTC)),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59Z", None),
        ("hier", None),
        ("", None),
    ],
)
async def test_dates_are_utc_and_possible(written: str, moment: datetime | None) -> None:
    (entry,) = await entries(f"<title>x</title><pubDate>{written}</pubDate>")
    assert entry.published == moment


IMG = '<description>&lt;img src="/in.png" alt="inside"&gt;</description>'
MEDIA = (
    '<media:content url="/m.jpg" medium="image"><media:title type="plain">T</media:title>'
    "<media:description>Une tour</media:description></media:content>"
)


@pytest.mark.parametrize(
    ("item", "picture"),
    [
        (
            MEDIA + IMG,
            Picture("https://blog.example/m.jpg", "Une tour"),
        ),
        (f'<media:thumbnail url="https://x.example/t.jpg"/>{IMG}', Picture("https://x.example/t.jpg")),
        (f'<enclosure url="/e.png" type="image/png" length="1"/>{IMG}', Picture("https://blog.example/e.png")),
        (f'<enclosure url="/e.mp3" type="audio/mpeg"/>{IMG}', Picture("https://blog.example/in.png", "inside")),
        ('<enclosure url="/e.jpg" type="application/octet-stream"/>', Picture("https://blog.example/e.jpg")),
        (
            '<description>&lt;a href="/a.jpg"&gt;&lt;img src="/a-150x150.jpg"&gt;&lt;/a&gt;</description>',
            Picture("https://blog.example/a.jpg"),
        ),
        (
            '<description>&lt;a href="/b.jpg"&gt;&lt;img src="/a-150x150.jpg"&gt;&lt;/a&gt;</description>',
            Picture("https://blog.example/a-150x150.jpg"),
        ),
        ('<itunes:image href="/i.jpg"/>', Picture("https://blog.example/i.jpg")),
        (f'<enclosure url="/in.png" type="image/png"/>{IMG}', Picture("https://blog.example/in.png", "inside")),
        ('<media:content url="https://www.gravatar.com/avatar/1" medium="image"/>', None),
        ('<description>&lt;img src="https://x.example/p" width="1" height="1"&gt;</description>', None),
        ('<description>&lt;img src="data:image/png;base64,AA"&gt;</description>', None),
        ('<media:content url="/film.mp4" medium="video"/>', None),
    ],
)
async def test_the_picture_meant_for_showing_is_chosen(item: str, picture: Picture | None) -> None:
    (entry,) = await entries(f"<title>x</title>{item}")
    assert entry.picture == picture


async def test_a_pictures_description_is_not_taken_for_the_entrys() -> None:
    (entry,) = await entries(
        '<title>x</title><description>The text</description><media:content url="/m.jpg" medium="image">'
        "<media:description>A tower</media:description></media:content><itunes:summary>Other</itunes:summary>"
    )
    assert (entry.summary, entry.content) == ("The text", "The text")


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("img/a b.png", "file:///srv/site/img/a%20b.png"),
        ("/img/a.png?v=1", "file:///srv/site/img/a.png"),
        ("https://x.example/a.png", "https://x.example/a.png"),
        ("../../etc/passwd", "https://blog.example/etc/passwd"),
        ("%2e%2e/%2e%2e/etc/passwd", "https://blog.example/%2e%2e/%2e%2e/etc/passwd"),
        (".env", "https://blog.example/.env"),
        ("file:///etc/passwd", None),
        ("data:image/png;base64,AA", None),
    ],
)
async def test_the_feed_of_a_file_finds_its_pictures_beside_it(written: str, found: str | None) -> None:
    """What leads out of the feed's folder can only be meant for the web."""
    body = rss(f'<title>x</title><description>&lt;img src="{written}"&gt;</description>')
    (item,) = (await read(body, url="file:///srv/site/feed.xml")).items
    assert (item.entry.picture.url if item.entry.picture else None) == found

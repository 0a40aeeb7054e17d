"""What speaks for an item: its own children, whatever prefixes, wrappers and addresses surround them."""

import pytest

from tests.feeds.reading import atom, raw, read, rss

ASIDE = (
    "<related><title>No</title><link>https://no.example/</link><description>No</description>"
    "<pubDate>Mon, 01 Jan 2001 00:00:00 GMT</pubDate><guid>no</guid><category>No</category></related>"
    "<image><title>No</title><link>https://no.example/</link></image><author><title>No</title></author>"
    "<textInput><title>No</title><link>https://no.example/</link></textInput>"
    "<source url='https://no.example/feed'><title>No</title><link>https://no.example/</link></source>"
    "<media:group><media:title>No</media:title><media:description>No</media:description></media:group>"
    "<psc:chapters xmlns:psc='urn:c'><psc:chapter title='No'><title>No</title></psc:chapter></psc:chapters>"
    "<x:title xmlns:x='urn:x'>No</x:title><title xmlns='urn:y'>No</title>"
)
OWN = (
    "<title>Yes</title><link>https://blog.example/yes</link><description>Words</description>"
    "<pubDate>Tue, 24 Nov 2026 09:30:00 +0100</pubDate><guid isPermaLink='false'>yes</guid>"
)


@pytest.mark.parametrize("written", [rss(ASIDE + OWN), rss(OWN + ASIDE)])
async def test_only_direct_children_speak_for_an_item(written: str) -> None:
    (item,) = raw(written).items
    assert (item.title.value, item.link, item.summary.value) == ("Yes", "https://blog.example/yes", "Words")
    assert (item.published, item.guid) == ("Tue, 24 Nov 2026 09:30:00 +0100", "yes")
    assert item.authors == item.categories == ()
    document = await read(written)
    assert [item.entry.title for item in document.items] == ["Yes"]


def test_a_channels_image_and_text_input_do_not_speak_for_it() -> None:
    aside = "<title>No</title><link>https://no.example/</link>"
    feed = raw(
        rss(
            "<title>x</title>",
            head=f"<image><url>a.png</url>{aside}</image><textInput>{aside}</textInput>"
            "<title>Blog</title><link>https://blog.example/</link>",
        )
    )
    assert (feed.title.value, feed.link) == ("Blog", "https://blog.example/")


def test_an_atom_source_does_not_speak_for_its_entry() -> None:
    aside = "<title>No</title><link href='https://no.example/'/><id>no</id><author><name>No</name></author>"
    (item,) = raw(atom(f"<source>{aside}</source><title>Yes</title><link href='/yes'/>")).items
    assert (item.title.value, item.link, item.authors) == ("Yes", "/yes", ())


SPACE = "http://www.w3.org/2005/Atom"
SECURE = "https://www.w3.org/2005/Atom"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XHTML = "http://www.w3.org/1999/xhtml"
PLAIN = "<item><title>T</title><link>/1</link></item>"
PREFIXED = "<rss:item><rss:title>T</rss:title><rss:link>/1</rss:link></rss:item>"


@pytest.mark.parametrize(
    "written",
    [
        f'<feed xmlns="{SPACE}"><entry><title>T</title><link href="/1"/></entry></feed>',
        f'<feed xmlns="{SPACE}/"><entry><title>T</title><link href="/1"/></entry></feed>',
        f'<feed xmlns="{SECURE}"><entry><title>T</title><link href="/1"/></entry></feed>',
        '<feed xmlns="http://purl.org/atom/ns#"><entry><title>T</title><link href="/1"/></entry></feed>',
        '<feed xmlns="urn:wrong"><entry><title>T</title><link href="/1"/></entry></feed>',
        '<feed><entry><title>T</title><link href="/1"/></entry></feed>',
        f'<a:feed xmlns:a="{SPACE}"><a:entry><a:title>T</a:title><a:link href="/1"/></a:entry></a:feed>',
        '<atom:feed><atom:entry><atom:title>T</atom:title><atom:link href="/1"/></atom:entry></atom:feed>',
        f'<rss:rss xmlns:rss="http://purl.org/rss/1.0/"><rss:channel>{PREFIXED}</rss:channel></rss:rss>',
        f"<rss:rss><rss:channel>{PREFIXED}</rss:channel></rss:rss>",
        f'<rss xmlns="{SPACE}"><channel>{PLAIN}</channel></rss>',
        f'<rss xmlns="http://backend.userland.com/rss2"><channel>{PLAIN}</channel></rss>',
        "<RSS><Channel><Item><Title>T</Title><Link>/1</Link></Item></Channel></RSS>",
        f'<rdf:RDF xmlns="urn:wrong"><channel/>{PLAIN}</rdf:RDF>',
        f'<r:RDF xmlns:r="{RDF}" xmlns:rss="http://purl.org/rss/1.0/"><rss:channel/>{PREFIXED}</r:RDF>',
        f"<rss>{PLAIN}</rss>",
        f"<rss><channel><items>{PLAIN}</items></channel></rss>",
    ],
)
def test_a_feed_is_known_by_its_elements_whatever_their_prefix(written: str) -> None:
    (item,) = raw(written).items
    assert (item.title.value, item.link) == ("T", "/1")


@pytest.mark.parametrize("space", ["", ' xmlns:dc="urn:wrong"', ' xmlns:dc="https://purl.org/dc/elements/1.1"'])
def test_a_well_known_prefix_means_what_everybody_means_by_it(space: str) -> None:
    item = "<item><title>x</title><dc:creator>Zoé</dc:creator><content:encoded>Words</content:encoded></item>"
    (found,) = raw(f"<rss{space}><channel>{item}</channel></rss>").items
    assert (found.authors, found.content.value) == (("Zoé",), "Words")


FEED = rss("<title>x</title>")
BODY = FEED.partition("?>")[2]


@pytest.mark.parametrize(
    "written",
    [
        f"<!DOCTYPE html>\n{BODY}",
        f"<html><head><title>x</title></head><body>{BODY}</body></html>",
        f"\n  \ufeff{FEED}",
        f"<br />\n<b>Warning</b>: include(a & b) in <b>/var/www/x.php</b><br />\n{FEED}",
        f"Notice: Undefined index\n{FEED}",
        f'<?xml version="1.0"?>\n{FEED}',
        f"{FEED}<script>track(1 < 2 && 3)</script>",
        f"{FEED}<!-- cached --><br>\n<div>Ad",
        f"<!-- <rss> -->{FEED}",
    ],
)
async def test_what_stands_around_a_feed_is_left(written: str) -> None:
    document = await read(written)
    assert [item.entry.title for item in document.items] == ["x"]
    assert document.whole


@pytest.mark.parametrize(
    "written",
    [
        " \n<?xml version='1.0'?><rss version='2.0'><channel><title>Blog</title></channel></rss>",
        "\ufeff\n<?xml version='1.0'?><rss version='2.0'><channel><title>Blog</title></channel></rss>",
        f"\n<feed xmlns='{SPACE}'><title>Blog</title></feed>",
    ],
)
def test_an_empty_feed_is_one_behind_blanks_too(written: str) -> None:
    feed = raw(written)
    assert (feed.title.value, feed.items, feed.whole) == ("Blog", (), True)


@pytest.mark.parametrize(
    ("item", "link"),
    [
        ("<link>blog.example/x</link>", "https://blog.example/x"),
        ("<link>other.museum/x</link>", "https://other.museum/x"),
        ("<link>www.blog.example</link>", "https://www.blog.example"),
        ("<link>blog.example</link>", "https://blog.example"),
        ("<link>blog.example:8080/x</link>", "https://blog.example:8080/x"),
        ("<link>//blog.example/x</link>", "//blog.example/x"),
        ("<link>http:/blog.example/x</link>", "http://blog.example/x"),
        ("<link>foo/bar.html</link>", "foo/bar.html"),
        ("<link>post.html</link>", "post.html"),
        ("<link>index.php?p=1</link>", "index.php?p=1"),
        ("<link>index.php/2026/x</link>", "index.php/2026/x"),
        ("<link>2026.11/x</link>", "2026.11/x"),
        ("<link>\n  <![CDATA[ https://blog.example/x ]]>\n</link>", "https://blog.example/x"),
        ("<link>https://blog.example/\n    x</link>", "https://blog.example/x"),
        ("<link><![CDATA[/x?a=1&amp;b=2]]></link>", "/x?a=1&b=2"),
        ("<link/><guid>https://blog.example/g</guid>", "https://blog.example/g"),
        ("<link></link><link>/2</link>", "/2"),
        ('<link/><guid isPermaLink="true">/blog/x</guid>', "/blog/x"),
        ('<guid ISPERMALINK="TRUE">blog.example/x</guid>', "https://blog.example/x"),
        ("<guid>/blog/x</guid>", ""),
        ('<guid isPermaLink="false">https://blog.example/x</guid>', ""),
        ('<guid isPermaLink="true">tag:blog.example,2026:1</guid>', ""),
        ('<guid>1</guid><atom:link rel="alternate" href="/a"/>', "/a"),
        ('<guid>1</guid><atom:link href="/a"/>', "/a"),
        ('<guid>1</guid><atom:link rel="self" href="/a"/>', ""),
        ("<link>javascript:alert(1)</link><guid>https://blog.example/g</guid>", "https://blog.example/g"),
        ("<link>mailto:jane@mail.example</link>", ""),
    ],
)
def test_the_link_of_an_item_is_spelled_out_where_it_is_certain(item: str, link: str) -> None:
    (found,) = raw(rss(f"<title>x</title>{item}", head="<link>https://blog.example/</link>")).items
    assert found.link == link


@pytest.mark.parametrize(
    ("entry", "link"),
    [
        ("<id>https://blog.example/1</id>", "https://blog.example/1"),
        ("<id>tag:blog.example,2026:1</id>", ""),
        ("<id>https://blog.example/1</id><link rel='enclosure' href='/a.mp3'/>", "https://blog.example/1"),
        ("<link rel='alternate' type='application/json' href='/j'/><link rel='alternate' href='/h'/>", "/h"),
        ("<link rel='http://www.iana.org/assignments/relation/alternate' href='/h'/>", "/h"),
        ("<link>https://blog.example/t</link>", "https://blog.example/t"),
        ("<link href='blog.example/h'/>", "https://blog.example/h"),
    ],
)
def test_the_link_of_an_entry(entry: str, link: str) -> None:
    (found,) = raw(f'<feed xmlns="{SPACE}"><entry><title>x</title>{entry}</entry></feed>').items
    assert found.link == link


async def test_the_base_of_one_item_holds_in_it_alone() -> None:
    content = '<content type="html">&lt;a href="n">n&lt;/a></content>'
    document = await read(
        f'<feed xmlns="{SPACE}">'
        f'<entry xml:base="https://other.example/a/"><title>1</title><link href="1"/>{content}</entry>'
        f'<entry><title>2</title><link href="2"/><id>2</id>{content}</entry>'
        f'<entry xml:base="/deep/"><title>3</title><link href="3"/>{content}</entry>'
        f'<entry xml:base="/deep/"><title>4</title><link href="4"/>'
        f"{content.replace('<content', '<content xml:base=$er/$')}</entry></feed>".replace("$", '"')
    )
    assert [(item.entry.permalink, item.entry.content) for item in document.items] == [
        ("https://other.example/a/1", '<a href="https://other.example/a/n">n</a>'),
        ("https://blog.example/fr/2", '<a href="https://blog.example/fr/n">n</a>'),
        ("https://blog.example/deep/3", '<a href="https://blog.example/deep/n">n</a>'),
        ("https://blog.example/deep/4", '<a href="https://blog.example/deep/er/n">n</a>'),
    ]


@pytest.mark.parametrize(
    ("element", "kind", "value"),
    [
        ("<title>a &amp;amp; b</title>", "text", "a &amp; b"),
        ('<title type="text">&lt;b></title>', "text", "<b>"),
        ('<title type="html">&lt;b>x&lt;/b></title>', "html", "<b>x</b>"),
        ('<title type="text/html" mode="escaped">&lt;b>x&lt;/b></title>', "html", "<b>x</b>"),
        ('<title type="text/plain">&lt;b></title>', "text", "<b>"),
        ("<title>A <b>b</b> &amp; c</title>", "html", "A <b>b</b> &amp; c"),
        (
            '<title type="xhtml"><x:div xmlns:x="' + XHTML + '">A <x:b>b</x:b><x:br/></x:div></title>',
            "html",
            "A <b>b</b><br>",
        ),
        ('<title type="application/octet-stream">QUJD</title>', "html", ""),
        ('<title mode="base64">QUJD</title>', "html", ""),
    ],
)
def test_an_atom_text_is_what_its_type_says(element: str, kind: str, value: str) -> None:
    (item,) = raw(atom(element)).items
    assert (item.title.kind, item.title.value) == (kind, value)


def test_a_podcasts_summary_is_the_last_resort() -> None:
    first, second = raw(
        rss(
            "<itunes:summary>Pod</itunes:summary><description>Words</description>",
            "<title>x</title><itunes:summary>Pod</itunes:summary>",
        )
    ).items
    assert (first.summary.value, second.summary.value) == ("Words", "Pod")


def test_authors_are_given_as_they_were_written() -> None:
    (in_rss,) = raw(rss("<author>jane@mail.example (Jane)</author><dc:creator>Zoé</dc:creator>")).items
    (in_atom,) = raw(atom("<author><name>Jane</name><email>jane@mail.example</email></author>")).items
    assert (in_rss.authors, in_atom.authors) == (("jane@mail.example (Jane)", "Zoé"), ("Jane",))


def test_every_picture_is_named_in_its_order_with_what_is_said_of_it() -> None:
    (item,) = raw(
        rss(
            '<enclosure url="/e.png" type="image/png"/><enclosure url="/e.mp3" type="audio/mpeg"/>'
            "<image><url>/i.jpg</url><title>I</title></image><image>/j.jpg</image>"
            '<media:group xml:base="https://cdn.example/"><media:title>G</media:title>'
            '<media:content url="l.jpg" width="1200px" height="630" medium="image"/>'
            '<media:content url="f.mp4" medium="video"><media:thumbnail url="f.jpg"/></media:content>'
            "</media:group>"
            '<media:thumbnail url="/t.jpg"/><itunes:image href="/p.jpg"/>'
        )
    ).items
    assert [(one.url, one.alt, one.base, one.marks) for one in item.pictures] == [
        ("/e.png", "", "", "enclosure"),
        ("/i.jpg", "I", "", "image"),
        ("/j.jpg", "", "", "image"),
        ("l.jpg", "G", "https://cdn.example/", "media:content image"),
        ("f.jpg", "G", "https://cdn.example/", "media:thumbnail"),
        ("/t.jpg", "", "", "media:thumbnail"),
        ("/p.jpg", "", "", "itunes:image"),
    ]
    assert [(one.mime, one.width, one.height) for one in item.pictures][0:4:3] == [
        ("image/png", None, None),
        ("", 1200, 630),
    ]

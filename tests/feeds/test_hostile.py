"""Documents made to hurt: each costs at most its deadline, and most cost nothing."""

import asyncio
import signal
import subprocess
import sys

import pytest

from tests.feeds.reading import SLOW, entries, fails, read, rss


async def test_what_takes_too_long_is_stopped_while_the_loop_runs_on() -> None:
    failing = asyncio.create_task(fails(SLOW, seconds=1))
    turns = 0
    while not failing.done():
        await asyncio.sleep(0.01)
        turns += 1
    assert "took longer than 1 s to read and was stopped" in failing.result()
    assert turns > 5


@pytest.mark.parametrize("end", ["", "</div>" * 40_000])
async def test_forty_thousand_nested_elements_are_read_as_text(end: str) -> None:
    (entry,) = await entries(
        f"<title>x</title><description><![CDATA[{'<div>' * 40_000}deep{end}]]></description>"
    )
    assert (entry.summary, entry.content) == ("deep", "<p>deep</p>")


@pytest.mark.parametrize("piece", ["<a ", "<a b='c", "<!-- >", "<![CDATA[ >", "<", "</", "&", "<b>", "<p>x"])
async def test_markup_that_never_ends_is_read_in_time(piece: str) -> None:
    text = (piece * 100_000).replace("&", "&amp;").replace("<", "&lt;")
    (entry,) = await entries(f"<title>x</title><description>{text}</description>")
    assert entry.title == "x"


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!doctype rss [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]>',
        '<!-- <rss> --><!DOCTYPE rss [<!ENTITY a "a">]>',
        '<?x <rss ?><!DOCTYPE rss SYSTEM "x" [<!ENTITY a "a">]>',
        '<!DOCTYPE rss [<!ATTLIST rss a CDATA "x">]>',
        'junk <!DOCTYPE rss [<!ENTITY a "a">]>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
async def test_entities_of_its_own_are_refused(prolog: str, encoding: str) -> None:
    body = f"{prolog}{rss('<title>&a;</title>').partition('?>')[2]}".encode(encoding)
    assert "defines XML entities of its own" in await fails(body)


async def test_an_article_about_entities_is_an_article() -> None:
    (entry,) = await entries(
        "<title>XXE</title><description><![CDATA[<pre>&lt;!ENTITY x</pre><!ENTITY y>]]></description>"
    )
    assert "<!ENTITY x" in entry.summary


async def test_an_external_doctype_is_neither_refused_nor_fetched() -> None:
    body = '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">' + rss("<title>&eacute;t&eacute;</title>")[21:]
    (item,) = (await read(body)).items
    assert item.entry.title == "été"


async def test_ten_thousand_categories_leave_fifty() -> None:
    (entry,) = await entries(
        "<title>x</title>" + "".join(f"<category>{n}{'x' * 200}</category>" for n in range(10_000))
    )
    assert len(entry.categories) == 50
    assert {len(category) for category in entry.categories} == {100}


async def test_five_megabytes_of_content_are_cut() -> None:
    (entry,) = await entries(f"<title>x</title><description>{'mot &lt;p&gt;' * 400_000}</description>")
    assert len(entry.content) < 1_000_000
    assert len(entry.summary) <= 10_000
    assert entry.summary.endswith("…")


async def test_a_title_without_end_is_cut_at_a_word() -> None:
    (entry,) = await entries(f"<title>{'mot ' * 100_000}</title>")
    assert len(entry.title) <= 1_000
    assert entry.title.endswith(" mot…")


async def test_more_entries_than_any_blog_has_are_left() -> None:
    document = await read(rss(*(f"<title>{n}</title>" for n in range(2_100))))
    assert len(document.items) == 2_000
    assert document.skipped == ("only the first 2,000 of 2,100 entries were read",)


def limited(seconds: float, act: str) -> subprocess.CompletedProcess[str]:
    """Act within the limits that the reading process sets itself."""
    code = f"from crosspost.child.limits import limit; limit({seconds}, 1 << 30); {act}"
    return subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False)


def test_the_reader_may_not_take_all_memory() -> None:
    assert "MemoryError" in limited(9, "bytearray(2 << 30)").stderr


def test_the_reader_ends_though_nobody_stops_it() -> None:
    """As when the daemon itself was killed while it read."""
    done = limited(0, "exec('while True: pass')")
    assert done.returncode == -signal.SIGXCPU


@pytest.mark.parametrize("bad", ["\0", "\x0b", "&#xD800;", "&#0;", "&#x110000;", "&#99999999999999;", "\ufffe"])
async def test_a_character_that_xml_forbids_is_dropped(bad: str) -> None:
    (entry,) = await entries(f"<title>a{bad}b &amp;amp; c</title>")
    assert entry.title == "ab & c"


async def test_bytes_that_are_no_text_do_not_spoil_the_rest() -> None:
    body = rss("<title>One</title>", "<title>T\xffwo</title>", "<title>Three</title>").encode("iso-8859-1")
    assert [item.entry.title for item in (await read(body)).items] == ["One", "Tÿwo", "Three"]


async def test_elements_nested_without_end_leave_their_words() -> None:
    (entry,) = await entries(
        f"<title>x</title><description>{'<b>' * 20_000}deep{'</b>' * 20_000}</description>"
    )
    assert entry.summary == "deep"
    (entry,) = await entries(f"<title>x</title><description>{'<b>' * 20_000}deep</description>")
    assert entry.summary == "deep"


async def test_more_elements_than_any_feed_needs_are_refused() -> None:
    assert "more elements than any feed needs" in await fails(rss(f"<title>x</title>{'<a/>' * 400_001}"))


async def test_forty_thousand_attributes_are_read_in_time() -> None:
    attributes = " ".join(f'a{n}="1"' for n in range(40_000))
    for broken in ("", "<b>"):
        (entry,) = await entries(f"<title>x</title><x {attributes}/>{broken}")
        assert entry.title == "x"

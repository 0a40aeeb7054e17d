"""What one item trips over never costs the others, and no half entry is taken for a whole one."""

import gc
import time
from contextlib import suppress

import pytest

from crosspost.errors import FeedError
from crosspost.feeds.formats.mend import mended
from crosspost.feeds.formats.salvage import cut
from tests.feeds.reading import atom, fails, raw, read, rss, titles

SLIPS = [
    "<title>R&D</title>",
    "<title>A&nbsp;b &eacute;</title>",
    "<title>3 < 5 and <3</title>",
    "<title>x\x0b\x1f</title>",
    "<title>x &bogus; y&#0;</title>",
    "<title>x</title><description><p>One<br>two <b>three</description>",
    "<title>x</title><enclosure url='a.jpg' type=image/jpeg/>",
    "<title>x</title><enclosure url='a.jpg' url='b.jpg'/>",
    '<title>x</title><description><a href="x>y</description>',
    "<title>x</title></div></b>",
    "<title>x</title><description><![CDATA[never closed</description>",
    "<title>x</title><description><![CDATA[twice]]> ]]></description>",
    "<title>x</title><unknown:thing a:b='c'>",
    "<title>x</title><p/ ><1>",
    "<title>x</title><category>A</b>",
    "<title>x</Title>",
]


@pytest.mark.parametrize("slip", SLIPS)
@pytest.mark.parametrize("write", [rss, atom])
def test_a_slip_costs_no_other_item(slip: str, write: object) -> None:
    before, after = "<title>Before</title>", "<title>After &amp; <![CDATA[all]]></title><category>C</category>"
    assert callable(write)
    feed = raw(write(before, slip, after, slip, "<title>Last</title>"))
    read_ = [item.title.value for item in feed.items]
    assert (read_[0], read_[2], read_[4]) == ("Before", "After & all", "Last")
    assert feed.items[2].categories == ("C",)
    assert feed.whole


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("R&D", "R&D"),
        ("R&D &amp; co &#233; &#xe9;", "R&D & co é é"),
        ("Q&A; and &copy;", "Q&A; and ©"),
        ("A&nbsp;b &eacute;t&eacute; &LT;", "A\xa0b été <"),
        ("<![CDATA[R&D &nbsp; <]]> &", "R&D &nbsp; < &"),
        ("3 < 5 <3", "3 < 5 <3"),
        ("a<!-- & -->b &", "ab &"),
        ("&amp;nbsp; &", "&nbsp; &"),
    ],
)
def test_ampersands_and_entities_are_what_was_meant(written: str, shown: str) -> None:
    assert titles(rss(f"<title>{written}</title>")) == [shown]


async def test_an_ampersand_reaches_the_entry_as_one() -> None:
    (item,) = (await read(rss("<title>R&D in short</title>"))).items
    assert item.entry.title == "R&D in short"


def test_what_is_well_formed_is_not_touched() -> None:
    assert (
        mended("<a>&amp;&lt;<![CDATA[ & <b ]]><!-- & --></a>") == "<a>&amp;&lt;<![CDATA[ & <b ]]><!-- & --></a>"
    )


def test_an_item_without_its_end_ends_where_the_next_begins() -> None:
    written = rss("<title>One</title>", "<title>Two</title>", "<title>Three</title>")
    assert titles(written.replace("</item>", "", 1)) == ["One", "Two", "Three"]
    assert titles(written.replace("</item>", "", 2)) == ["One", "Two", "Three"]
    assert titles(written.replace("</item>", "")) == ["One", "Two", "Three"]


def test_items_within_an_item_stay_in_it() -> None:
    inner = "<related><item><title>No</title><link>https://no.example/</link></item></related>"
    assert titles(rss(f"{inner}<title>R&D <b></title>", "<title>Two</title>")) == ["R&amp;D <b></b>", "Two"]
    head, pieces = cut(
        "<rss><item>1<x><item>2</item></x></item><!-- <item> --><item><![CDATA[<item>]]></item></rss>"
    )
    assert (head, [piece.text for piece in pieces]) == (
        "<rss>",
        ["<item>1<x><item>2</item></x></item>", "<item><![CDATA[<item>]]></item>"],
    )


def test_feeds_one_after_the_other_are_read_as_one() -> None:
    one, two = "<entry><title>1</title></entry>", "<entry><title>2</title></entry>"
    assert titles(f"<feed>{one}</feed><feed>{two}</feed>") == ["1", "2"]


def test_a_broken_item_keeps_its_own_children_apart() -> None:
    aside = "<image><title>No</title></image><textInput><link>https://no.example/</link></textInput>"
    (item,) = raw(rss(f"{aside}<title>Yes</title><link>/yes</link><b>")).items
    assert (item.title.value, item.link) == ("Yes", "/yes")


def test_the_spaces_of_the_root_hold_in_each_item() -> None:
    written = (
        '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:d="http://purl.org/dc/elements/1.1/"><channel><title>Blog</title></channel>'
        "<item><title>1</title><d:creator>Zoé</d:creator></item><item><title>2<b></title></item></r:RDF>"
    )
    feed = raw(written)
    assert feed.title.value == "Blog"
    assert [item.authors for item in feed.items] == [("Zoé",), ()]


CUT = rss(
    "<title>One</title>",
    "<title>Two</title><related><item><title>No</title></item></related><category>private</category>",
)


@pytest.mark.parametrize("at", range(CUT.index("Two"), len(CUT) - 1, 7))
def test_wherever_a_document_is_cut_no_half_entry_is_left(at: int) -> None:
    feed = raw(CUT[:at])
    assert not feed.whole
    assert [item.title.value for item in feed.items] == ["One"]


async def test_what_holds_no_item_says_in_which_line_it_breaks() -> None:
    assert "broken beyond reading (line 3)" in await fails("<?xml version='1.0'?>\n<rss>\n<channel></b>")


@pytest.mark.parametrize(
    "piece",
    [
        "<item>",
        "<item",
        "<![CDATA[",
        "<!--",
        "&",
        "<",
        "<a b='",
        "</item>",
        "<item><![CDATA[",
        "<script>",
        "<?",
        "<b>",
    ],
)
def test_what_never_ends_takes_no_longer_than_its_size(piece: str) -> None:
    def seconds(count: int) -> float:
        body = f"<rss><channel><item><title>One</title></item><item><title>x</title>{piece * count}"
        began = time.process_time()
        with suppress(FeedError):
            raw(body)
        return time.process_time() - began

    gc.freeze()  # the child has no heap of thousands of tests, which its collector would go through
    # What is over in no time is taken for a twentieth of a second: below, the collector of garbage decides.
    small = max(0.05, min(seconds(30_000) for _ in range(2)))
    large = min(seconds(300_000) for _ in range(2))
    gc.unfreeze()
    assert large <= 15 * small

"""A title is one plain line, as its author meant it; a title about code keeps its code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.feeds.raw import Markup
from crosspost.feeds.words.line import line
from crosspost.feeds.words.meant import as_meant
from crosspost.feeds.words.title import own_title, without_blog


@pytest.mark.parametrize("kind", ["html", "guess", "text"])
@pytest.mark.parametrize(
    ("written", "reads"),
    [
        ("<div>Title</div>", "Title"),
        ("<h1><center><font color=red>Title</font></center></h1>", "Title"),
        ("<section><p>One</p><p>Two</p></section>", "One Two"),
        ("One<br>two<br/>three", "One two three"),
        ('A <a href="https://a.example/">link</a>', "A link"),
        ("<b>O<i>ver</b>lap</i>", "Overlap"),
        ("<p>Left open", "Left open"),
        ("<p><b>Left</b> open", "Left open"),
        ("Left closed</span>", "Left closed"),
        ("Left <b>open and</i> closed", "Left open and closed"),
        ("<o:p>Out of</o:p> a word processor", "Out of a word processor"),
        ("<b></b>Empty<span></span>", "Empty"),
        ("<h1></h1>", ""),
        ("<style>p { color: red }</style>Seen<script>alert(1)</script>", "Seen"),
        ("Copied <!-- from elsewhere --> here", "Copied here"),
        ("<![CDATA[Wrapped]]>", "Wrapped"),
        ("Left over ]]>", "Left over"),
        ("A <img class='wp-smiley' alt='🎉' src='x.png'> party", "A 🎉 party"),
        ('A <img alt="Logo of us" src="x.png"> party', "A party"),
    ],
)
def test_elements_around_the_words_of_a_title_go(kind: str, written: str, reads: str) -> None:
    assert line(Markup(written, kind)) == reads


@pytest.mark.parametrize(
    ("written", "reads"),
    [
        ("Tom &amp; Jerry&#8217;s", "Tom & Jerry’s"),
        ("The &lt;b&gt; element", "The <b> element"),
        ("The <code>&lt;div&gt;</code> element", "The <div> element"),
        ("&lt;em&gt;Very&lt;/em&gt; good", "Very good"),
        ("&lt;section&gt;A whole title&lt;/section&gt;", "A whole title"),
        ("Tea &amp;amp; cake", "Tea &amp; cake"),
        ("&amp;nbsp; explained", "&nbsp; explained"),
        ("AT&amp;amp;T, l&amp;rsquo;été, R&amp;#38;D", "AT&T, l’été, R&D"),
    ],
)
@pytest.mark.parametrize("kind", ["html", "guess"])
def test_entities_are_decoded_once_but_for_those_within_words(kind: str, written: str, reads: str) -> None:
    assert line(Markup(written, kind)) == reads


@pytest.mark.parametrize("kind", ["html", "guess", "text"])
@pytest.mark.parametrize(
    "title",
    [
        "Using <div>",
        "<script> tags explained",
        "<h1> or <h2>?",
        "What goes between <head> and </head>",
        "Why <div></div> is no button",
        "How to close </body>",
        "List<int>",
        "Map<String, List<Object>>",
        "<T extends Node>",
        "std::vector<b>",
        "<b>: when, and why",
        "Use <a> and </a> for links",
        "What is <!DOCTYPE html>?",
        "<?php echo 1; ?>",
        "a < b",
        "3 < 5 && 7 > 6",
        "I <3 you",
        "AT&T, R&D and Q&A",
        "&nbsp explained",
        "&copy right",
        "x -> y",
    ],
)
def test_a_title_about_code_keeps_its_code(kind: str, title: str) -> None:
    assert line(Markup(title, kind)) == title


@pytest.mark.parametrize(
    ("written", "reads"),
    [
        ("Tea &amp; It&#8217;s", "Tea & It’s"),
        ("A &lt;b&gt; tag", "A <b> tag"),
        ("Printemps&nbsp;: l&rsquo;été", "Printemps\u00a0: l’été"),
        ("&quot;Tea&quot; &#x26; cake", '"Tea" & cake'),
        ("A &amp;amp; B", "A &amp; B"),
        ("Use &amp; and <b>", "Use &amp; and <b>"),
        ("R&D &amp; co", "R&D &amp; co"),
        ("R&D&nbsp;: l&#8217;été", "R&D\u00a0: l’été"),
        ("&amp; explained", "&amp; explained"),
        ("&lt;p&gt;Tea&lt;/p&gt;", "Tea"),
        ("&lt;em&gt;Very&lt;/em&gt; good", "Very good"),
        ("&notAnEntity; &;", "&notAnEntity; &;"),
    ],
)
def test_a_text_by_its_format_is_decoded_if_it_shows_that_it_was_escaped(written: str, reads: str) -> None:
    assert line(Markup(written, "text")) == reads


@pytest.mark.parametrize(
    ("written", "reads"),
    [
        ("Zero\u200bwidth\u2060 soft\xadhyphen\ufeff", "Zerowidth softhyphen"),
        ("\u200eleft to right\u200f", "left to right"),
        ("\u200fעברית\u200f and more", "\u200fעברית\u200f and more"),
        ("👩\u200d👩\u200d👧 family\u200d", "👩\u200d👩\u200d👧 family"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("two\r\nlines\tand\u2028more", "two lines and more"),
        ("Bonjour\u202f! «\u00a0Oui\u00a0»", "Bonjour\u202f! «\u00a0Oui\u00a0»"),
        ("Bonjour\u00a0 ! «\u202f Oui \u00a0»", "Bonjour\u00a0! «\u202fOui\u00a0»"),
        ("too\u00a0 far   apart\u00a0", "too far apart"),
        ("Title |", "Title"),
        ("Title –", "Title"),
        ("» Title", "Title"),
        ("- Title", "Title"),
        ("- 5 °C ce matin", "- 5 °C ce matin"),
        ("— Allô ?", "— Allô ?"),
        ("Wait…", "Wait…"),
        ("C-", "C-"),
    ],
)
def test_a_title_is_what_readers_see(written: str, reads: str) -> None:
    assert line(Markup(written, "guess")) == reads


PIECES = (
    "a |<b>|</b>|<div|>|&amp;|&lt;|&nbsp;|&#8217;|<!--|-->|]]>|<br>|<img alt='🎉'>|\u200b|\u00a0|\n|é|👍🏽|-|•"
)


@given(
    pieces=st.lists(st.sampled_from(PIECES.split("|")), max_size=40),
    kind=st.sampled_from(["html", "guess", "text"]),
)
def test_whatever_is_written_a_title_is_one_tidy_line(pieces: list[str], kind: str) -> None:
    title = line(Markup("".join(pieces), kind))
    assert "\n" not in title
    assert "  " not in title
    assert "\u200b" not in title
    assert title == title.strip()


def test_a_title_that_is_a_whole_text_is_cut_at_a_word() -> None:
    title = line(Markup("mot " * 5_000, "guess"))
    assert len(title) <= 1_001
    assert title.endswith(" mot…")


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("(no title)", "Words."),
        ("UNTITLED", "Words."),
        ("[Untitled]", "Words."),
        ("Ohne Titel", "Wörter."),
        ("Sans titre", "Des mots."),
        ("(sin título)", "Palabras."),
        ("undefined", "Words."),
        ("https://blog.example/2026/11/words", "Words."),
        ("The first words of a note that…", "The first words of a note that has no title."),
        ("The first words of a note that...", "The first  words of\na note that has no title."),
        ("The first words of a note [...]", "The first words of a note that has no title."),
        ("The first words of a note that has no ti", "The first words of a note that has no title."),
    ],
)
def test_what_is_no_title_of_its_own_is_none_where_there_is_a_text(title: str, text: str) -> None:
    assert own_title(title, text) == ""
    assert own_title(title, "") == title


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Wait…", "Wait for it."),
        ("To be continued, some day…", "To be continued, some day… or never."),
        ("A title that ends so…", "Something else."),
        ("The quick guide to good coffee", "The quick guide to good coffee is here."),
        (
            "日本語のとても長い題名はここで終わりますよね",
            "日本語のとても長い題名はここで終わりますよねと言った。",
        ),
        ("1984", "A novel."),
        ("24 novembre 2026", "Un jour."),
        ("🎉", "A party."),
        ("The untitled painting", "It hangs there."),
        ("https://blog.example/ is moving", "To a new home."),
    ],
)
def test_a_title_of_its_own_stays(title: str, text: str) -> None:
    assert own_title(title, text) == title


@pytest.mark.parametrize(
    ("titles", "blog", "left"),
    [
        (("A | Blog", "B - Blog", "C – blog"), "Blog", ("A", "B", "C")),
        (("A | Blog", "", "B · Blog"), "Blog", ("A", "", "B")),
        (("Blog: A", "Blog: B"), "Blog", ("A", "B")),
        (("A | Blog", "B"), "Blog", ("A | Blog", "B")),
        (("A | Blog",), "Blog", ("A | Blog",)),
        (("Blog", "A | Blog"), "Blog", ("Blog", "A | Blog")),
        (("Self-Help", "Good-Help"), "Help", ("Self-Help", "Good-Help")),
        (("A (b)", "C (b)"), "", ("A (b)", "C (b)")),
        (("Q | A+ (x)", "R | A+ (x)"), "A+ (x)", ("Q", "R")),
    ],
)
def test_the_blogs_name_goes_where_every_title_has_it(
    titles: tuple[str, ...], blog: str, left: tuple[str, ...]
) -> None:
    assert without_blog(titles, blog) == left


@pytest.mark.parametrize(
    ("written", "value", "kind"),
    [
        ("Cake &amp; it&#8217;s good.", "Cake & it’s good.", "text"),
        ("<p>Cake</p>", "<p>Cake</p>", "html"),
        ("&lt;p&gt;Cake&lt;/p&gt;", "<p>Cake</p>", "html"),
        ("Use <main> &amp; such", "Use <main> &amp; such", "text"),
        ("a < b & c", "a < b & c", "text"),
    ],
)
def test_a_text_that_is_html_all_the_same_is_read_as_html(written: str, value: str, kind: str) -> None:
    assert as_meant(Markup(written, "text")) == Markup(value, kind)
    assert as_meant(Markup(written, "html")) == Markup(written, "html")

"""Whatever HTML an entry has: what is made of it is safe, says no markup, stays as it is, in time."""

import re
import time

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosspost.feeds.raw import Markup
from crosspost.feeds.words.content import Content, read
from crosspost.feeds.words.safe import ATTRIBUTES, TAGS
from crosspost.text import plain

BASE = "https://blog.example/post/"
TAGS_AND_WORDS = st.sampled_from(
    (
        "<p>|</p>|<div>|</div>|<div class='sharedaddy'>|<span hidden>|<span>|</span>|<b>|</b>|<i>|</i>|"
        "<a href='#fn1'>|<a href=/x>|<a href='https://www.facebook.com/sharer.php'>|</a>|<sup>|</sup>|"
        "<sub>|</sub>|1|2|[1]|[gallery ids='1']|[/x]|[a_b]|[…]|<table>|</table>|<tr>|<td>|</td>|<th>|"
        "<caption>|<ul>|</ul>|<li>|<ol class=footnotes>|</ol>|<pre>|</pre>|<code>|</code>|<q>|</q>|<del>|"
        "</del>|<ruby>|<rt>|</ruby>|<br>|<hr>|<img src=a.jpg alt=x>|<img class=emoji alt=😀>|<h2>|</h2>|"
        "<h2 id=toc>|<figure>|<figcaption>|</figure>|<video poster=p>|</video>|<iframe>|</iframe>|<nav>|"
        "</nav>|<dl>|<dt>|<dd>|</dl>|<details>|<summary>|</details>|<blockquote>|</blockquote>|<form>|"
        "</form>|<button>|<noscript>|</noscript>|<script>|</script>|<svg>|<math>|</math>|&nbsp;|&shy;|"
        "&amp;|&eacute;|\u00a0| |  |\n|mot|word.|👩🏽‍🚀|🇫🇷|é|«\u00a0|https://youtu.be/x|View fullsize|0:00|"
        "Contents|Notes"
    ).split("|")
)


@settings(max_examples=400, deadline=None)
@given(st.lists(TAGS_AND_WORDS, max_size=40).map("".join))
def test_what_is_made_of_an_article_stays_as_it_is_and_says_no_markup(markup: str) -> None:
    content = read(Markup(markup), BASE, "Title")
    assert plain(content.html) == content.text
    clean = nh3.clean(content.html, tags=set(TAGS), attributes=ATTRIBUTES, link_rel=None)
    assert clean.strip() == content.html
    for text in (content.text, content.quotable):
        assert not re.search(r"</?[a-z]|&[a-z]+;|&#|\n{3}|\u00ad| {2}|[ \u00a0]{2}|^\s|\s$| \n|\n ", text)
    again = read(Markup(content.html), BASE, "Title")
    assert set(_words(again.text)) <= set(_words(content.text))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


HOSTILE = [
    *[
        "<a ",
        "<a b='c",
        "<!-- >",
        "<",
        "</",
        "&",
        "<b>",
        "<p>x",
        "<div>",
        "<b id=1><p>",
        "<td>x",
        "<table><tr><td>x",
    ],
    *[
        "[",
        "[a ",
        "[a_b]",
        "[/x]",
        "[caption]",
        "[caption][/caption]",
        '[a b="1"]x[^1]',
        "<sup>1</sup>",
        "x<sup>1</sup> ",
        "<pre>1\n2</pre>",
    ],
    *[
        "<ul><li><a href='#x'>a</a>",
        "<span hidden>",
        "<div class=gutter>1",
        "<img src=a>",
        "<q>",
        "&lt;p&gt;",
        " \u00a0",
    ],
    *["<p>https://x.example/a</p>", "<p>Read more", "<br>x", "<a href='#a'>1</a>", "<span class='k'>x</span>"],
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_ten_times_as_much_takes_at_most_fifteen_times_as_long(piece: str) -> None:
    count = 40_000 // len(piece)
    short, long = (_seconds(piece * times) for times in (count, 10 * count))
    assert long <= 15 * max(short, 0.5)


def test_attributes_without_number_are_read_in_time() -> None:
    attributes = " ".join(f'a{number}="1"' for number in range(40_000))
    assert _seconds(f"<p {attributes}>x") < 15 * max(_seconds("<p>x"), 0.5)


def test_what_is_too_intricate_becomes_text() -> None:
    content = read(Markup("<div>" * 40_000 + "deep <b>words</b><br>here"), BASE)
    assert content == Content(
        html="<p>deep words<br>here</p>",
        text="deep words\nhere",
        quotable="deep words\nhere",
        beginning="deep words\nhere",
    )


def _seconds(markup: str) -> float:
    start = time.process_time()
    content = read(Markup(markup), BASE, "Title")
    assert plain(content.html) == content.text
    return time.process_time() - start

"""HTML as text: tables, code, what is raised, what is struck out, and spaces that nobody sees."""

import time
from html.parser import HTMLParser

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.text import plain
from crosspost.text.tree import Element, Words, parse, walk


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<pre>a\n  b</pre>", "a\nb"),
        ("<p>a\nb</p>", "a b"),
        ("<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td><p>2</p></td></tr></table>", "A · B\n1 · 2"),
        ("<table><tr><td><p>One.</p><p>Two.</p></td></tr></table>", "One.\n\nTwo."),
        (f"<table><tr><td><p>{'a ' * 120}</p><p>b</p></td><td>c</td></tr></table>", f"{'a ' * 119}a\n\nb\n\nc"),
        (
            "<table><tr><td><table><tr><td>a</td><td>b</td></tr></table></td><td>c</td></tr></table>",
            "a · b\n\nc",
        ),
        ("x<sup>2</sup> H<sub>2</sub>O 1<sup>er</sup>", "x² H₂O 1er"),
        ("a <del>b</del><s>c</s>d", "a d"),
        ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", "漢"),
        ("<q>a</q>", "“a”"),
        ("<p>a\u00a0 b</p><p>\u00a0</p><p>\u00a0c\u00a0</p>", "a b\n\nc"),
        ("<p>«\u00a0a\u00a0»\u00a0!</p>", "«\u00a0a\u00a0»\u00a0!"),
        ("a<b c='>'>d</b><i e=f>g", "adg"),
        ("a <b c='d>e", "a"),
    ],
)
def test_text_is_what_a_reader_sees(markup: str, text: str) -> None:
    assert plain(markup) == text


class Reference(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.steps: list[tuple[str, object]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.steps.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.steps.append(("", data))


PIECES = st.sampled_from(
    "<p>|</p>|<b class='a b'>|</b>|<a href=x?a=1&amp;b=2>|</a>|<table>|<tr>|<td title='<>&quot;'>|<li>|<pre>|\n"
    '|<br>|<img alt="it\'s" src=y>|&amp;lt;|&nbsp;|é|<|>|&|"| |<!-- x -->|<hr hidden>|<q lang=fr>|x=y'.split(
        "|"
    )
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_sanitised_html_is_read_as_the_standard_library_reads_it(markup: str) -> None:
    clean = nh3.clean(markup, attributes={"*": {"class", "title", "href", "alt", "src", "hidden", "lang"}})
    reference = Reference()
    reference.feed(clean)
    reference.close()
    steps = [
        (step.name, step.attributes) if isinstance(step, Element) else ("", step.text)
        for step in walk(parse(clean))
        if isinstance(step, Element | Words)
    ]
    assert steps == reference.steps


@pytest.mark.parametrize(
    "piece",
    ["<a ", "<a b='c", "<!-- >", "<![CDATA[ >", "<", "</", "&", "<b>", "<p>x", "<script>", "<sup>", "<a b="],
)
def test_reading_takes_time_in_proportion(piece: str) -> None:
    short, long = (_seconds(piece * count) for count in (20_000, 200_000))
    assert long <= 15 * max(short, 0.5)


def _seconds(markup: str) -> float:
    start = time.process_time()
    plain(markup)
    return time.process_time() - start

"""Text that was cut or read wrongly once, or could cost minutes."""

import unicodedata
from collections.abc import Callable
from itertools import takewhile

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from crosspost.text import cut, hashtag, plain, with_utm
from crosspost.text.count import graphemes

PIECES = "mot|  |\n|.|! |… |«\u00a0|\u00a0»|\u202f?|e\u0301|漢字|שלום|https://a.example/x|M. |p. ex. |,|(|l’"
EMOJI = "👩‍👩‍👧‍👦|🇨🇦|👍🏽"
pieces = st.sampled_from([" ", *PIECES.split("|"), *EMOJI.split("|")])
texts = st.lists(pieces, max_size=60).map("".join)


@pytest.mark.parametrize("measure", [len, graphemes])
@given(text=texts, most=st.integers(0, 120))
def test_a_cut_fits_and_tears_no_grapheme(measure: Callable[[str], int], text: str, most: int) -> None:
    short = cut(text, lambda part: measure(part) <= most)
    assert measure(short) <= most
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(short, text, strict=False)))
    whole = short[:same]
    assert regex.fullmatch(r"…?[»«”“›)\]\u00a0\u202f]*", short[len(whole) :]), (
        "beside the text, only what closes it"
    )
    rest = text[len(whole) :]
    assert regex.findall(r"\X", whole) + regex.findall(r"\X", rest) == regex.findall(r"\X", text)


@given(text=texts, most=st.integers(1, 120))
def test_a_cut_leaves_no_open_quote_and_no_non_breaking_space_at_its_end(text: str, most: int) -> None:
    short = cut(text, lambda part: len(part) <= most)
    if not text.startswith(short):  # else it ends at a sentence of the text's own
        assert not short.removesuffix("…").endswith(("«", "(", "\u00a0", "\u202f"))


@pytest.mark.parametrize(
    "text",
    [
        "Une phrase. " * 40_000,
        "." * 500_000 + "x",
        ".\u00a0»" * 150_000 + "x",
        "a" * 500_000,
        "M. " * 160_000,
        "漢" * 500_000,
    ],
    ids=["sentences", "dots", "quotes", "one word", "abbreviations", "no spaces"],
)
@pytest.mark.timeout(60)
def test_the_longest_content_is_looked_at_a_few_times_only(text: str) -> None:
    """It took minutes once: each sentence looked at everything before it."""
    asked: list[int] = []

    def fits(part: str) -> bool:
        asked.append(len(part))
        return len(part) <= 300

    assert len(cut(text, fits)) <= 300
    assert sum(asked) <= 6 * len(text)


@pytest.mark.parametrize(
    ("category", "tag"),
    [
        ("हिन्दी", "हिन्दी"),
        ("العَرَبِيَّة", "العَرَبِيَّة"),
        ("ภาษาไทย", "ภาษาไทย"),
        ("日本語 ブログ", "日本語ブログ"),
        ("e\u0301te\u0301 indien", "ÉtéIndien"),
        ("a\u0323\u0301 b", "Ạ\u0301B"),
        ("❤️ love", "Love"),
        ("1️⃣", ""),
        ("\u0301", ""),
        ("🍁", ""),
    ],
)
def test_a_hashtag_keeps_the_marks_that_make_its_letters(category: str, tag: str) -> None:
    assert hashtag(category) == unicodedata.normalize("NFC", tag)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<![if !IE]>a<![endif]>b", "ab"),
        ("<![nonsense[x]]>y", "y"),
        ("a<!b>c<!-- d -->e", "ace"),
        ("&#0;&amp;lt; &eacute; &notit;", "\ufffd&lt; é ¬it;"),
        ("<p>«\u00a0Oui\u202f!\u00a0»</p>", "«\u00a0Oui\u202f!\u00a0»"),
    ],
)
def test_markup_nobody_should_write_is_still_read(markup: str, text: str) -> None:
    assert plain(markup) == text


@given(st.text(st.sampled_from("<>!-[]/&;ab \n\"'=#x"), max_size=60))
def test_no_markup_makes_reading_fail(markup: str) -> None:
    assert "\x00" not in plain(markup)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://b.example/a", "https://b.example/a?utm_source=x"),
        ("https://b.example/a#b", "https://b.example/a?utm_source=x#b"),
        ("https://b.example/?a=1&a=2&b=", "https://b.example/?a=1&a=2&b=&utm_source=x"),
        ("https://b.example/?q=a+b%20c%2Bd&é=ü", "https://b.example/?q=a+b%20c%2Bd&é=ü&utm_source=x"),
        ("https://b.example/caf%C3%A9?flag", "https://b.example/caf%C3%A9?flag&utm_source=x"),
        ("https://b.example/?utm_source=mine", "https://b.example/?utm_source=mine"),
        ("https://b.example/?UTM_Source=mine", "https://b.example/?UTM_Source=mine"),
        ("https://b.example/?utm_source=", "https://b.example/?utm_source="),
        ("https://b.example/?a=1;b=2", "https://b.example/?a=1;b=2&utm_source=x"),
        ("https://[2001:db8::1]:8080/x", "https://[2001:db8::1]:8080/x?utm_source=x"),
    ],
)
def test_utm_parameters_are_added_once_and_change_nothing_else(link: str, expected: str) -> None:
    assert with_utm(link, {"source": "x"}) == expected
    assert with_utm(expected, {"source": "x"}) == expected

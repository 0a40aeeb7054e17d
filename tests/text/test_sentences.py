"""Where a sentence ends, and where it only looks so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.text import ends_whole, sentence_ends


@pytest.mark.parametrize(
    "text",
    [
        "Une phrase.| Une autre.|",
        "« Vraiment\u00a0?\u00a0»| Il s’en va.|",
        "« Quoi ? » dit-il en riant.| Elle rit.|",
        "Et puis… rien.| Hmm…| Oui.|",
        "M. Dupont, p. 12, n° 3, coûte 3,50 € etc. et plus.| Fin.|",
        "Né en 50 av. J.-C. à Rome.| Fin.|",
        "Er mag z. B. Äpfel, d. h. Obst, usw. und mehr.| Ende.|",
        "Am 3. Mai kam der 2. Weltkrieg zur Sprache.| Ende.|",
        "Das war 2026.| Danach kam nichts.|",
        "The U.S. Senate, e.g. Mr. Smith and J. K. Rowling, met.| It left.|",
        "See No. 5 and Fig. 3 of Jan. 7.| Then No.| He left.|",
        "Pi is 3.14 or so.| More.|",
        "Yahoo! is old.| Really?!| Yes.|",
        "He said “Go.”| She went.|",
        "EE. UU. y p. ej. Chile.| Fin.|",
        "前の文。|次の文！|「はい。」|終わり",
        "यह एक वाक्य है।| दूसरा।|",
        "A line.|\nand another one.|",
        "no end at all",
    ],
)
def test_where_sentences_end(text: str) -> None:
    pieces = text.split("|")
    ends = [len("".join(pieces[: count + 1])) for count in range(len(pieces) - 1)]
    assert list(sentence_ends("".join(pieces))) == ends


@pytest.mark.parametrize(
    ("text", "is_whole"),
    [
        ("Fin.", True),
        ("Fin\u00a0!\u00a0»", True),
        ("(Fin.)", True),
        ("Et puis…", True),
        ("終わり。", True),
        ("Fin", False),
        ("Fin,", False),
        ("a.b", False),
        ("", False),
    ],
)
def test_what_ends_as_a_sentence_does(text: str, is_whole: bool) -> None:
    assert ends_whole(text) is is_whole


@given(st.text(alphabet="aA1 .!?…。\n»”«(", max_size=60))
def test_a_sentence_ends_in_its_order_behind_its_punctuation(text: str) -> None:
    ends = list(sentence_ends(text))
    assert ends == sorted(set(ends))
    assert all(text[:end].rstrip("»” ").endswith(tuple(".!?…。")) for end in ends)

"""What spellings of the same words have in common."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.text import folded, folded_with_places, level


@pytest.mark.parametrize(
    ("written", "common"),
    [
        ("Non classé", "nonclasse"),
        ("Rock'n'Roll_2!", "rocknroll2"),
        ("STRASSE", "strasse"),
        ("straße", "strasse"),
        ("ﬁn", "fin"),
        # Without their vowel signs these two would be one word.
        ("कि", "कि"),
        ("की", "की"),
        ("…", ""),
    ],
)
def test_accents_case_and_punctuation_do_not_matter(written: str, common: str) -> None:
    assert folded(written) == common
    assert folded_with_places(written)[0] == common


def test_each_sign_knows_its_place() -> None:
    assert folded_with_places("« É-ß »") == ("ess", [2, 4, 4])


@given(st.text())
def test_every_sign_has_a_place(text: str) -> None:
    signs, places = folded_with_places(text)
    assert len(signs) == len(places)
    assert places == sorted(places)
    assert folded(folded(text)) == folded(text)


def test_level_texts_keep_their_words_apart() -> None:
    assert level("L'ARTICLE \n est") == "l’article est"

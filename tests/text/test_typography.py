"""French typography: no mark at the beginning of a line, and what was opened is closed where a text is cut."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.text import cut, is_french, single_spaced, tied


@pytest.mark.parametrize(
    ("written", "set_"),
    [
        ("Ça va ? Oui !", "Ça va\u00a0? Oui\u00a0!"),
        ("Prix : 20 $ ; fin", "Prix\u00a0: 20 $\u00a0; fin"),
        ("« Oui », dit-il.", "«\u00a0Oui\u00a0», dit-il."),
        ("Il dit (« non »).", "Il dit («\u00a0non\u00a0»)."),
        ("Quoi ?! Quoi ?", "Quoi\u00a0?! Quoi\u00a0?"),
        # What is set already, and what is no punctuation.
        ("Ça va\u202f? «\u202fOui\u202f»", "Ça va\u202f? «\u202fOui\u202f»"),
        ("Merci :) et ;-) à 10:30", "Merci :) et ;-) à 10:30"),
        ("Voir https://b.example/ ?q=1", "Voir https://b.example/ ?q=1"),
        ("Er sagt »ja« und »nein«.", "Er sagt »ja« und »nein«."),
        (" ? seul", " ? seul"),
    ],
)
def test_a_mark_is_tied_to_its_word(written: str, set_: str) -> None:
    assert tied(written) == set_
    assert tied(set_) == set_


@pytest.mark.parametrize(
    ("written", "reads"),
    [
        ("one  two\u2003 three", "one two three"),
        ("Quoi \u00a0 ?", "Quoi\u00a0?"),
        ("«\u202f Oui \u202f»", "«\u202fOui\u202f»"),
        ("a\u00a0\u00a0b", "a b"),
        ("  edge  ", " edge "),
        ("line\n\nline", "line\n\nline"),
    ],
)
def test_of_several_blanks_the_one_that_ties_stays(written: str, reads: str) -> None:
    assert single_spaced(written) == reads


def test_french_is_french_in_every_country() -> None:
    assert [tag for tag in ("fr", "fr-CA", "FR", "frr", "en", "") if is_french(tag)] == ["fr", "fr-CA", "FR"]


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("Il dit «\u00a0je viens demain\u00a0» et part.", 19, "Il dit «\u00a0je…\u00a0»"),
        ("Il dit «\u202fje viens demain\u202f» et part.", 20, "Il dit «\u202fje viens…\u202f»"),
        ("Il dit « je viens demain » et part.", 20, "Il dit « je viens…\u00a0»"),
        ("Il dit «\u00a0Je viens. Tu viens aussi, et elle.\u00a0»", 21, "Il dit «\u00a0Je viens.\u00a0»"),
        ("He said “I will come tomorrow” and left", 20, "He said “I will…”"),
        ("Er sagte „ich komme morgen“ und ging", 20, "Er sagte „ich…“"),
        ("Er sagte »ich komme morgen« und ging", 20, "Er sagte »ich…«"),
        ("Une note (très longue note ici) et fin", 20, "Une note (très…)"),
        ("Un (deux «\u00a0trois quatre\u00a0» cinq) six", 20, "Un (deux «\u00a0trois…\u00a0»)"),
        ("Il dit «\u00a0oui\u00a0». Puis il part loin d’ici", 25, "Il dit «\u00a0oui\u00a0»."),
        ("Triste :( mais il revient demain", 20, "Triste :( mais il…"),
        ("Il dit «\u00a0je viens sans fin et plus loin", 20, "Il dit «\u00a0je viens…\u00a0»"),
        ("Voilà… mais encore et encore", 10, "Voilà…"),
    ],
)
def test_what_is_open_at_a_cut_is_closed(text: str, most: int, expected: str) -> None:
    short = cut(text, lambda part: len(part) <= most)
    assert short == expected
    assert len(short) <= most


words = st.text(st.sampled_from("ab «»“”„()[].…!? \u00a0\u202f’\n👍🏽é"), max_size=120)


@given(text=words, most=st.integers(0, 80))
def test_a_cut_fits_and_leaves_no_quotation_open(text: str, most: int) -> None:
    short = cut(text, lambda part: len(part) <= most)
    assert len(short) <= most
    if short != text and not re.search("»|”|“|„", text):
        assert short.count("«") <= short.count("»")
    assert "……" not in short.replace(text[: len(short)], "")


def test_a_long_text_is_cut_in_linear_time() -> None:
    """Ten times the text asks `fits` hardly more often."""
    asked = []
    for times in (100, 1000):
        count = [0]

        def fits(part: str, count: list[int] = count) -> bool:
            count[0] += 1
            return len(part) <= 300

        cut("«\u00a0Un mot (et un autre)\u00a0». " * times, fits)
        asked.append(count[0])
    assert asked[1] <= asked[0] + 12

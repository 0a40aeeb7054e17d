"""A title and the words that repeat it are said once; what is left still reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.text import completed, is_cut_from, said_once, without_title

TITLE = "L’été indien"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("L’été indien. Il revient.", "Il revient."),
        ("L'ÉTÉ INDIEN! Il revient.", "Il revient."),
        ("« L’été indien » Il revient.", "« L’été indien » Il revient."),
        ("«\u00a0L’été indien\u00a0». Il revient.", "Il revient."),
        ("“L’été indien.” Il revient.", "Il revient."),
        ("L’été indien\u00a0? Il revient.", "Il revient."),
        ("L’été indien\nil revient.", "il revient."),
        ("L’été indien\n\n\nIl revient.", "Il revient."),
        ("L’été indien : Il revient.", "Il revient."),
        ("L’été indien – Il revient.", "Il revient."),
        ("L’été indien | Il revient.", "Il revient."),
        ("L’e\u0301te\u0301 indien. Il revient.", "Il revient."),
        ("L’été indien", ""),
        ("« l’été indien ! »", ""),
        ("L’été indi…", ""),
        # What goes on in the sentence is torn nowhere.
        ("L’été indien : il revient.", "L’été indien : il revient."),
        ("L’été indien revient.", "L’été indien revient."),
        ("L’été indien, c’est fini.", "L’été indien, c’est fini."),
        ("L’été indien… revient.", "L’été indien… revient."),
        ("L’été indienne. Il revient.", "L’été indienne. Il revient."),
        ("Il revient. L’été indien.", "Il revient. L’été indien."),
        ("", ""),
    ],
)
def test_a_title_at_the_head_of_a_text_goes_where_the_rest_can_stand(text: str, left: str) -> None:
    assert without_title(text, TITLE) == left


@pytest.mark.parametrize(
    ("title", "text"),
    [("C", "C++. Un langage."), ("C", "C# et Java."), ("", "Il revient."), ("!", "!?")],
)
def test_what_only_looks_like_the_title_stays(title: str, text: str) -> None:
    assert without_title(text, title) == text
    assert said_once(f"{title}\n\n{text}", title) == f"{title}\n\n{text}"


def test_no_space_follows_a_full_stop_of_japanese() -> None:
    assert without_title("秋が来た。今日は寒いです。", "秋が来た") == "今日は寒いです。"


def test_an_abbreviation_ends_no_title() -> None:
    assert without_title("Dr. Tremblay arrive.", "Dr") == "Dr. Tremblay arrive."


@pytest.mark.parametrize(
    ("title", "text", "whole"),
    [
        ("Il revient chaq…", "Il revient chaque automne. Et le voilà.", "Il revient chaque automne."),
        ("Il revient chaque...", "Il revient chaque automne", "Il revient chaque automne"),
        ("Un. Deux et…", "Un. Deux et trois. Quatre.", "Un. Deux et trois."),
        ("Il revient…", "Il revient " + "mot " * 80, "Il revient…"),
        ("Il revient…", "Il revient…", "Il revient…"),
        ("Autre chose…", "Il revient chaque automne.", "Autre chose…"),
    ],
)
def test_a_title_that_was_cut_off_is_completed(title: str, text: str, whole: str) -> None:
    assert completed(title, text) == whole
    assert is_cut_from(title, text) == (whole != title or len(text) > 200)


@pytest.mark.parametrize(
    ("text", "once"),
    [
        ("L’été indien\n\nL’été indien revient.", "\nL’été indien revient."),
        ("L’été indien\n\nL’ÉTÉ INDIEN !", "L’été indien\n"),
        ("L’été indien revient.\n\nL’été indien", "L’été indien revient.\n"),
        ("Nouveau : L’été indien\n\nIl revient.", "Nouveau : L’été indien\n\nIl revient."),
        ("L’été indien\n\n#LÉtéIndien", "L’été indien\n\n#LÉtéIndien"),
        ("L’été indien\n\nL’été indienne.", "L’été indien\n\nL’été indienne."),
    ],
)
def test_a_line_that_is_just_the_title_goes_if_another_begins_with_it(text: str, once: str) -> None:
    assert said_once(text, TITLE) == once


def test_a_hashtag_or_a_link_does_not_speak_for_the_title() -> None:
    assert said_once("Python\n\n#Python #Web", "Python") == "Python\n\n#Python #Web"
    assert said_once("HTTPS\nhttps://b.example/", "HTTPS") == "HTTPS\nhttps://b.example/"


@given(title=st.text(max_size=40), text=st.text(max_size=120))
def test_what_is_left_is_an_end_of_the_text(title: str, text: str) -> None:
    assert text.endswith(without_title(text, title))
    assert without_title(title, title) in ("", title)
    lines = said_once(f"{title}\n{text}", title).split("\n")
    assert len(lines) >= len(f"{title}\n{text}".split("\n")) - 1

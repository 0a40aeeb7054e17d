"""Counting, cutting, linking and tagging text, French as carefully as English."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.text import (
    canonical_link,
    cut,
    graphemes,
    hashtag,
    hashtags,
    is_web_link,
    plain,
    tidy,
    unwrap,
    with_utm,
)


@given(text=st.text(max_size=300), most=st.integers(0, 120))
def test_a_cut_never_exceeds_and_is_a_beginning(text: str, most: int) -> None:
    short = cut(text, lambda part: len(part) <= most)
    assert len(short) <= most
    assert text.startswith(re.sub(r"…?(?:[\u00a0\u202f]?[»”“«›)\]])*\Z", "", short))


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("Court.", 10, "Court."),
        ("Une phrase. Une autre phrase.", 15, "Une phrase."),
        ("Un. Deux mots et beaucoup d’autres encore", 20, "Un. Deux mots et…"),
        ("Il dit «\u00a0non\u00a0». Puis il s’en va loin d’ici.", 20, "Il dit «\u00a0non\u00a0»."),
        ("M. Tremblay habite à Québec depuis dix ans", 22, "M. Tremblay habite à…"),
        ("Vraiment\u00a0? Oui, vraiment, et plus encore", 16, "Vraiment\u00a0?"),
        ("mot,\u00a0mot mot", 9, "mot,\u00a0mot…"),
        ("故人西辞黄鹤楼烟花三月下扬州", 6, "故人西辞黄…"),
        ("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 9, "👩‍👩‍👧‍👦…"),
        ("insécable", 4, "ins…"),
        ("mot", 0, ""),
    ],
)
def test_where_a_cut_falls(text: str, most: int, expected: str) -> None:
    assert cut(text, lambda part: len(part) <= most) == expected


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        ("intelligence artificielle", "IntelligenceArtificielle"),
        ("Réseaux sociaux", "RéseauxSociaux"),
        ("l’art de l'essai", "LArtDeLEssai"),
        ("R&D", "RnD"),
        ("Q & A", "QnA"),
        ("AT&T", "ATT"),
        ("C++", "CPlusPlus"),
        ("C++ 20", "CPlusPlus20"),
        ("c++11", "CPlusPlus11"),
        ("Cuisine @fr", "Cuisine"),
        ("Buch\u00adhandlung", "Buchhandlung"),
        ("C#", "CSharp"),
        ("F# et C#", "FSharpEtCSharp"),
        ("#C#", "CSharp"),
        ("C♯", "CSharp"),
        (".NET", "DotNet"),
        (".NET 8", "DotNet8"),
        ("ASP.NET", "AspNet"),
        ("Node.js", "NodeJS"),
        ("next.js 13", "NextJS13"),
        ("Disney+", "DisneyPlus"),
        ("Objective-C", "ObjectiveC"),
        ("A/B testing", "ABTesting"),
        ("U.S. politics", "USPolitics"),
        ("Web 2.0", "Web20"),
        ("3D", "3D"),
        ("100%", ""),
        ("24/7", ""),
        ("Today’s world", "TodaysWorld"),
        ("Rock'n'roll", "RockNRoll"),
        ("aujourd’hui", "Aujourdhui"),
        ("Col·lecció", "Collecció"),
        ("News > Local", "Local"),
        ("Tech » Réseaux sociaux", "RéseauxSociaux"),
        ("Tech/Python", "TechPython"),
        ("a category that is a whole sentence and that nobody would ever follow", ""),
        ("iOS et RSS", "iOSEtRSS"),
        ("2026", ""),
        ("2026 en revue", "2026EnRevue"),
        ("  ", ""),
        ("日本語", "日本語"),
        ("snake_case-word", "SnakeCaseWord"),
        ("e\u0301te\u0301", "Été"),
        ("#déjà", "Déjà"),
    ],
)
def test_hashtags(category: str, expected: str) -> None:
    assert hashtag(category) == expected


def test_hashtags_are_different_and_as_many_as_asked() -> None:
    assert hashtags(["Été", "été", "!", "Québec", "neige"], 2) == ("Été", "Québec")
    assert hashtags(["Été", "ETE", "C#", "CSharp", "c sharp"], 9) == ("Été", "CSharp")


@pytest.mark.parametrize(
    "category",
    (
        "Uncategorized,Uncategorised,uncategorized,Misc,#misc,General,Allgemein,"
        "Non classé,NON CLASSE,Sin categoría,Senza categoria,Sem categoria,"
        "Geen categorie,Niet gecategoriseerd,Bez kategorii,Okategoriserade,Genel,"
        "Ikke kategoriseret,Ukategorisert,Nezařazené,Без рубрики,Χωρίς κατηγορία,未分類,未分类,"
        "미분류,Non classée,Uncategorized @fr,Not categorized,默认分类"
    ).split(","),
)
def test_what_an_engine_calls_a_category_that_nobody_gave_is_no_hashtag(category: str) -> None:
    assert hashtags([category, "Québec"], 3) == ("Québec",)


def test_what_the_user_never_wants_is_no_hashtag() -> None:
    assert hashtags(["Interne", "C#", "C++", "Été"], 3, never=["interne", "c#", "ete"]) == ("CPlusPlus",)


@given(st.lists(st.text(max_size=20), max_size=8))
def test_a_hashtag_is_one_word_that_networks_link(categories: list[str]) -> None:
    for tag in hashtags(categories, 30):
        assert tag
        assert not tag.isdigit()
        assert not any(letter.isspace() or letter in "#@&+.,;:!?/'\"" for letter in tag)


@pytest.mark.parametrize(
    "link",
    [
        "https://blog.example/a",
        "http://blog.example/a",
        "https://www.blog.example/a/",
        "https://blog.example:443/a",
        "https://BLOG.example/a?utm_source=x&fbclid=1",
        "https://blog.example/a#:~:text=mot",
    ],
)
def test_one_page_has_one_canonical_link(link: str) -> None:
    assert canonical_link(link) == "blog.example/a"


def test_different_pages_have_different_canonical_links() -> None:
    links = [
        "https://b.example/a",
        "https://b.example/A",
        "https://b.example/a?p=1",
        "https://b.example/a?p=2",
        "https://b.example/#one",
        "https://b.example/#two",
        "https://b.example:8080/a",
        "https://c.example/a",
    ]
    assert len({canonical_link(link) for link in links}) == len(links)


def test_accents_in_a_link_are_one_however_they_are_written() -> None:
    assert canonical_link("https://b.example/été") == canonical_link("https://b.example/%c3%a9t%C3%A9")


@given(st.text(max_size=60))
def test_canonical_link_never_fails(link: str) -> None:
    assert isinstance(canonical_link(link), str)
    assert isinstance(is_web_link(link), bool)
    assert isinstance(unwrap(link), str)


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "/relative",
        "https://",
        "https://a b/",
        "ftp://x/",
        "http://[",
        "",
    ],
)
def test_what_is_no_web_link(link: str) -> None:
    assert not is_web_link(link)


@given(st.dictionaries(st.sampled_from(["source", "medium", "campaign"]), st.text(min_size=1, max_size=9)))
def test_utm_is_added_once(utm: dict[str, str]) -> None:
    once = with_utm("https://b.example/a?x=1#f", utm)
    assert with_utm(once, utm) == once
    assert once.startswith("https://b.example/a?x=1")
    assert once.endswith("#f")


def test_plain_text_of_html() -> None:
    markup = "<p>Tom &amp; Jerry&nbsp;!</p><ul><li>un</li><li>deux</li></ul>"
    markup += "<script>no()</script><style>x</style>fin<br>."
    assert plain(markup) == "Tom & Jerry\u00a0!\n\nun\n\ndeux\n\nfin\n."


def test_entities_are_decoded_once() -> None:
    assert plain("&amp;lt;b&amp;gt;") == "&lt;b&gt;"


def test_tidy_drops_what_nobody_sees_and_keeps_what_ties() -> None:
    assert tidy(" a\x00\u202e b \r\n\r\n\r\n\r\n c\u00a0! ") == "a b\n\nc\u00a0!"


@given(st.text(max_size=200))
def test_there_are_no_more_graphemes_than_code_points(text: str) -> None:
    assert graphemes(text) <= len(text)

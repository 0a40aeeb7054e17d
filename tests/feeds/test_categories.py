"""Categories are words, each once, as `include` and `exclude` compare them."""

import pytest

from crosspost.feeds.categories import categories


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["Été", "été", "ÉTÉ", "Ete"], ("Été", "Ete")),
        (["e\u0301te\u0301"], ("été",)),
        (["Q&amp;A", "R&D"], ("Q&A", "R&D")),
        (["<b>Neige</b>"], ("Neige",)),
        (["neige, gel, pluie"], ("neige", "gel", "pluie")),
        (["neige, gel"], ("neige", "gel")),
        (["Arts; Culture | Ville"], ("Arts", "Culture", "Ville")),
        (["neige\n   gel"], ("neige", "gel")),
        (["web 2,0"], ("web 2,0",)),
        (["Berlin, Germany"], ("Berlin, Germany",)),
        (["Health, safety, and environment"], ("Health, safety, and environment",)),
        (["News > Local", "Tech/Python"], ("News > Local", "Tech/Python")),
        (["http://schemas.google.com/blogger/2008/kind#post", "Neige"], ("Neige",)),
        (["https://a.example/tag/x", "zoe@a.example", "tag:a.example,2026:x", "www.a.example"], ()),
        (["data:science", "10:30", "C#", "Uncategorized"], ("data:science", "10:30", "C#", "Uncategorized")),
        (["", " ", ","], ()),
    ],
)
def test_categories_are_words(written: list[str], read: tuple[str, ...]) -> None:
    assert categories(written) == read


def test_there_are_fifty_at_most() -> None:
    assert len(categories(str(number) for number in range(99))) == 50

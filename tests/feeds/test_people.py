"""Authors are names, whatever a feed has in their place: never an address, a link or an engine's stand-in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.feeds.people import names


@pytest.mark.parametrize(
    ("written", "who"),
    [
        ("Jane Doe (jane@mail.com)", "Jane Doe"),
        ("jane@mail.com (Jane Doe)", "Jane Doe"),
        ("Jane Doe <jane@mail.example>", "Jane Doe"),
        ("Jane Doe &lt;jane@mail.example&gt;", "Jane Doe"),
        ('"Doe, Jane" <jane@mail.example>', "Doe, Jane"),
        ("Jane Doe, jane@mail.example", "Jane Doe"),
        ("Jane: jane@mail.example", "Jane"),
        ("Jane Doe jane@mail.example", "Jane Doe"),
        ("Zoé (zoé@étoile.example)", "Zoé"),
        ("Zoé (zoé＠étoile．example)", "Zoé"),
        ("Jane &#40;jane&#64;mail.example&#41;", "Jane"),
        ("Jane (jane%40mail.example)", "Jane"),
        ("Jane (jane [at] mail [dot] example)", "Jane"),
        ("Jane (jane at mail dot example)", "Jane"),
        ("Jane <mailto:jane@mail.example>", "Jane"),
        ("Jane (https://blog.example/author/jane)", "Jane"),
        ("Jane <blog.example/author/jane>", "Jane"),
        ("Jane (@jane)", "Jane"),
        ("@jane", "jane"),
        ("by Jane Doe", "Jane Doe"),
        ("Par Zoé Lefèvre", "Zoé Lefèvre"),
        ("Written by: Jane", "Jane"),
        ("Auteur : Zoé", "Zoé"),
        ("<b>Jane</b> &amp; Joe", "Jane & Joe"),
        ("Jane and Joe", "Jane and Joe"),
        ("Jane, Joe", "Jane, Joe"),
        ("Jane ()", "Jane"),
        ("Jane (Paris)", "Jane (Paris)"),
        ('Dwayne "The Rock" Johnson', 'Dwayne "The Rock" Johnson'),
        ("O’Brien", "O’Brien"),
        ("will.i.am", "will.i.am"),
        ("Martin Luther King Jr.", "Martin Luther King Jr."),
        ("Byron Parker", "Byron Parker"),
        ("李明", "李明"),
    ],
)
def test_a_name_is_all_that_is_left(written: str, who: str) -> None:
    assert names([written]) == (who,)


@pytest.mark.parametrize(
    "written",
    [
        "jane@mail.example",
        "mailto:jane@mail.example",
        "jane@localhost",
        '"jane doe"@mail.example',
        "@jane@social.example",
        "jane at mail dot example",
        "jane [at] mail.example",
        "https://blog.example/author/jane",
        "//blog.example/jane",
        "www.blog.example",
        "blog.example/author/jane",
        "/author/jane",
        "acct:jane@social.example",
        "noreply@blogger.example (Unknown)",
        "Unknown",
        "admin",
        "no-reply",
        "Anonymous",
        "John Doe",
        "undefined",
        "()",
        "—",
        "",
    ],
)
def test_what_is_no_name_is_nobody(written: str) -> None:
    assert names([written]) == ()


def test_several_people_are_each_named_once() -> None:
    assert names(["Jane <j@x.example>, Joe <joe@x.example>; Zoé", "jane", "admin"]) == ("Jane", "Joe", "Zoé")
    assert names(["j@x.example (Jane), joe@x.example (Joe)"]) == ("Jane", "Joe")
    assert names(["Jane Doe (j@x.example) and Joe (joe@x.example)"]) == ("Jane Doe", "Joe")
    assert len(names(f"Somebody {number}" for number in range(99))) == 20


PIECES = 'Jane| |@|＠|&#64;|%40|<|>|(|)|mail.example|mailto:|&lt;|&amp;| at | dot | [at] |;|,|"|by |://|\u200b|é'.split(
    "|"
)


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=15).map("".join), max_size=4))
def test_whatever_is_written_no_address_is_left(written: list[str]) -> None:
    for name in names(written):
        assert name == name.strip() != ""
        assert not set(name) & set("@＠")
        assert "mailto:" not in name

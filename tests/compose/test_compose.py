"""Drafts on every network, of entries as odd as feeds can bring them."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crosspost.compose import Ingredients, compile_template, compose
from crosspost.config import Channel, load
from crosspost.contract import LinkPlace
from crosspost.errors import NoRoom
from crosspost.model import Draft, Entry
from crosspost.testing import a_picture

OWN = {
    "facebook": 'page = "1"\ndry_run = true\n',
    "linkedin": 'author = "urn:li:person:a"\ndry_run = true\n',
    "tumblr": 'blog = "b"\ndry_run = true\n',
    "x": "dry_run = true\n",
    "email_signature": 'path = "signature"\n',
}
Open = Callable[..., Channel]


@pytest.fixture
def channel(tmp_path: Path) -> Open:
    def channel(kind: str, lines: str = "") -> Channel:
        path = tmp_path / "crosspost.toml"
        path.write_text(f'[feeds.b]\nurl = "f"\n[channels.c]\nadapter = "{kind}"\n{OWN[kind]}{lines}\n')
        return load(path).channels["c"]

    return channel


def draft(channel: Channel, *, picture: Any = None, **entry: Any) -> Draft:
    return compose(
        Ingredients(
            entry=Entry(**{"feed": "b", "title": "Titre", "permalink": "https://b.example/1", **entry}),
            channel=channel,
            template=compile_template(channel),
            zone=ZoneInfo("UTC"),
            published=datetime(2026, 8, 1, tzinfo=UTC),
            picture=picture,
        )
    )


def fits(channel: Channel, made: Draft) -> bool:
    rules = channel.adapter_class.capabilities
    return (
        (rules.max_length is None or rules.count(made.text) <= rules.max_length)
        and len(made.title) <= (rules.max_title or 10**9)
        and len(made.description) <= (rules.max_description or 10**9)
    )


anything = st.text(st.sampled_from("ab é\u00a0«».!?👍🏽漢ש@$#_*()[]{}<>|~\\\n&;%\u200d\u0301"), max_size=400)


@pytest.mark.parametrize("kind", OWN)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    title=anything,
    summary=anything,
    categories=st.lists(anything, max_size=5),
    path=st.text(st.sampled_from("abc/-%?=&#é"), max_size=80),
    pictured=st.booleans(),
)
def test_every_network_takes_every_draft_and_the_link_is_whole(
    channel: Open, kind: str, title: str, summary: str, categories: list[str], path: str, pictured: bool
) -> None:
    here = channel(kind, 'utm = { source = "a b", campaign = "é" }')
    made = draft(
        here,
        title=title,
        summary=summary,
        categories=tuple(categories),
        permalink=f"https://b.example/{path}",
        picture=a_picture() if pictured else None,
    )
    assert fits(here, made)
    assert made.permalink == f"https://b.example/{path}"
    assert "utm_source=a%20b" in made.link
    place = here.adapter_class.capabilities.link
    if place is LinkPlace.TEXT or (place is LinkPlace.CARD_UNLESS_PICTURE and pictured):
        assert made.link in made.text
    assert made.has_link_in_text == (made.link in made.text)


LONGEST = {
    "title": "mot " * 250,
    "content": "<p>" + "Une phrase. " * 40_000 + "</p>",
    "categories": tuple(f"Catégorie {n}" for n in range(10_000)),
}


@pytest.mark.timeout(60)  # it took minutes once
@pytest.mark.parametrize("kind", OWN)
def test_the_longest_entry_is_announced(channel: Open, kind: str) -> None:
    here = channel(kind)
    made = draft(here, **LONGEST)
    assert fits(here, made)
    assert len(made.hashtags) <= 3


def test_linkedin_counts_what_it_has_to_escape(channel: Open) -> None:
    made = draft(channel("linkedin", "excerpt = 10000"), summary="(_*~) " * 2000)
    assert len(made.text) < 3000
    assert fits(channel("linkedin"), made)


@pytest.mark.parametrize("kind", ["facebook", "linkedin", "tumblr", "x"])
def test_an_entry_of_nothing_but_a_link_has_a_draft(channel: Open, kind: str) -> None:
    made = draft(channel(kind), title="", summary="", content="")
    assert (made.title, made.link) == ("", "https://b.example/1")
    assert made.text == ("https://b.example/1" if kind == "x" else "")


def test_a_link_too_long_for_x_is_refused_not_cut(channel: Open) -> None:
    with pytest.raises(NoRoom, match=r"channels\.c: the template and the link leave no room"):
        draft(channel("x"), permalink="https://b.example/" + "x" * 5000)


def test_a_template_longer_than_the_network_is_refused(channel: Open) -> None:
    with pytest.raises(NoRoom):
        draft(channel("x", f'template = "{"mot " * 100}"'))


def test_a_link_that_the_template_holds_is_not_repeated(channel: Open) -> None:
    made = draft(channel("x", 'template = "{{ link }} : {{ title }}"'))
    assert made.text == "https://b.example/1 : Titre"


def test_what_looks_like_markup_or_a_template_in_an_entry_is_text(channel: Open) -> None:
    made = draft(channel("tumblr"), title="{{ 7 * 7 }} {% raw %} &amp; <b>", summary="")
    assert made.text == "{{ 7 * 7 }} {% raw %} &amp; <b>"

"""What a channel says about an entry: it fits, it reads well, and the link is whole."""

import dataclasses
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.compose import Ingredients, Template, compile_template, compose
from crosspost.compose.dates import show_date
from crosspost.config import Channel
from crosspost.contract.registry import adapter_class
from crosspost.errors import ConfigError, NoRoom
from crosspost.model import Draft, Entry
from crosspost.testing import a_picture

PUBLISHED = datetime(2026, 8, 1, 9, 30, tzinfo=UTC)
OWN: dict[str, dict[str, Any]] = {
    "facebook": {"page": "1", "access_token": "t"},
    "linkedin": {"author": "urn:li:person:abc", "access_token": "t"},
    "x": {"access_token": "t"},
    "tumblr": {"blog": "b", "access_token": "t"},
    "email_signature": {"path": Path("signature")},
}


def channel(kind: str, **keys: Any) -> Channel:
    return Channel(name=kind, adapter=kind, settings=adapter_class(kind).Settings(**OWN[kind]), **keys)


def entry(**changes: Any) -> Entry:
    values: dict[str, Any] = {
        "feed": "blog",
        "title": "L’été indien",
        "permalink": "https://blog.example/2026/ete-indien",
        "summary": "Il revient chaque automne. On ne l’attend plus, et le voilà.",
        "categories": ("été indien", "Québec"),
        "language": "fr",
        "published": PUBLISHED,
    }
    return Entry(**(values | changes))


def drafted(
    kind: str, made_of: Entry | None = None, *, picture: bool = False, opening: str = "", **keys: Any
) -> Draft:
    on = channel(kind, **keys)
    return compose(
        Ingredients(
            entry=made_of or entry(),
            channel=on,
            template=compile_template(on),
            zone=ZoneInfo("America/Montreal"),
            published=PUBLISHED,
            picture=a_picture() if picture else None,
            opening=opening,
        )
    )


OWN_TEMPLATE = "{{ title }}\n\n{{ excerpt }}\n\n{{ hashtags }}\n{{ link }}"


def test_an_excerpt_ends_at_a_sentence_or_a_word() -> None:
    sentences = " ".join(["Une phrase assez longue pour remplir la place qui reste."] * 12)
    cut_there = drafted("x", entry(summary=sentences), template=OWN_TEMPLATE)
    assert cut_there.text.split("\n\n")[1].endswith("la place qui reste.")
    words = " ".join(["mot"] * 400)
    cut_there = drafted("x", entry(summary=words), template=OWN_TEMPLATE)
    assert cut_there.text.split("\n\n")[1].endswith("mot…")


@given(
    title=st.text(max_size=400),
    summary=st.text(max_size=900),
    categories=st.lists(st.text(max_size=30), max_size=6),
    slug=st.from_regex(r"[a-z0-9/-]{1,300}", fullmatch=True),
)
def test_x_never_overflows_and_never_cuts_the_link(
    title: str, summary: str, categories: list[str], slug: str
) -> None:
    link = f"https://blog.example.org/{slug}"
    made = entry(title=title, summary=summary, categories=tuple(categories), permalink=link)
    draft = drafted("x", made, utm={"source": "x"})
    assert adapter_class("x").capabilities.count(draft.text) <= 280
    assert draft.link in draft.text
    assert draft.link.startswith(link)


def test_what_does_not_fit_goes_in_this_order_excerpt_hashtags_title() -> None:
    made = entry(title="Un titre " * 28, categories=("a" * 40, "b" * 40))
    draft = drafted("x", made, template=OWN_TEMPLATE)
    assert "Il revient" not in draft.text
    assert "#" not in draft.text
    assert draft.text.startswith("Un titre Un titre")


def test_a_template_without_room_for_the_link_is_refused() -> None:
    with pytest.raises(NoRoom, match="no room"):
        drafted("x", template="x" * 280)


def test_a_picture_moves_facebooks_link_into_the_text() -> None:
    assert not drafted("facebook").has_link_in_text
    with_picture = drafted("facebook", picture=True)
    assert with_picture.text.endswith("\n\nhttps://blog.example/2026/ete-indien")


def test_utm_parameters_leave_existing_ones_and_every_other_byte_alone() -> None:
    made = entry(permalink="https://blog.example/%C3%A9t%C3%A9?b=2&utm_source=mine&a=1#fin")
    link = drafted("linkedin", made, utm={"source": "linkedin", "medium": "social"}).link
    assert link == "https://blog.example/%C3%A9t%C3%A9?b=2&utm_source=mine&a=1&utm_medium=social#fin"


def test_french_typography_survives_and_is_never_torn() -> None:
    words = "«\u00a0Bonjour\u00a0!\u00a0», dit-elle\u202f; il n’en crut rien. " * 12
    text = drafted("x", entry(summary=words), template=OWN_TEMPLATE).text
    assert "«\u00a0Bonjour\u00a0!\u00a0», dit-elle\u202f;" in text
    assert not re.search(r"«\u00a0?…", text)


def test_mentions_and_tickers_from_feeds_call_nobody_on_x() -> None:
    made = entry(title="@marie vend $TSLA à 20 $", summary="Écrire à marie@blog.example, ou $20.")
    text = drafted("x", made, template=OWN_TEMPLATE).text
    assert "@\u200bmarie" in text
    assert "$\u200bTSLA" in text
    assert "marie@blog.example" in text
    assert "$20" in text


def test_a_mention_in_the_users_own_template_stands() -> None:
    assert "@moi" in drafted("x", template="@moi {{ title }} {{ link }}").text


def test_braces_in_an_entry_are_text_not_a_template() -> None:
    assert "{{ 7 * 7 }}" in drafted("tumblr", entry(title="{{ 7 * 7 }}")).text


def test_an_entry_without_a_title_begins_with_its_words() -> None:
    for kind in OWN:
        draft = drafted(kind, entry(title=""))
        assert draft.text.startswith("Il revient")
        assert draft.title == "", "a card is beside the words"


def test_hashtags_are_as_many_as_asked_and_a_field_of_their_own_on_tumblr() -> None:
    many = entry(categories=tuple(f"sujet {n}" for n in range(10_000)))
    assert drafted("x", many, hashtags=2).text.count("#") == 2
    tumblr = drafted("tumblr", many, hashtags=5)
    assert len(tumblr.hashtags) == 5
    assert "#" not in tumblr.text
    assert "#" not in drafted("x", hashtags=0).text


def test_the_same_ingredients_make_the_same_draft() -> None:
    assert dataclasses.asdict(drafted("linkedin")) == dataclasses.asdict(drafted("linkedin"))


def test_dates_are_written_as_their_readers_do() -> None:
    template = "{{ published|date(language) }} {{ link }}"
    assert drafted("x", template=template).text.startswith("1er\u00a0août 2026")
    assert drafted("x", entry(language="en-CA"), template=template).text.startswith("August\u00a01, 2026")
    assert show_date(None) == ""


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("fr-CA", "1er août 2026"),
        ("en", "August 1, 2026"),
        ("en-GB", "1 August 2026"),
        ("en_AU", "1 August 2026"),
        ("de-AT", "1. August 2026"),
        ("es", "1 de agosto de 2026"),
        ("it", "1 agosto 2026"),
        ("nl", "1 augustus 2026"),
        ("pt-BR", "1 de agosto de 2026"),
        ("ja", "2026-08-01"),
        ("", "2026-08-01"),
        ("french", "2026-08-01"),
    ],
)
def test_each_language_writes_a_date_its_own_way_and_ties_the_day(language: str, written: str) -> None:
    shown = show_date(PUBLISHED, language)
    assert shown.replace("\u00a0", " ") == written
    assert ("\u00a0" in shown) == (" " in written)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("{{ title }", 1),
        ("{{ title }}\n{% if %}", 2),
        ("{{ title }}\n\n{{ titel }}", 3),
        ("{{ entry.titel }}", 1),
        ("{{ title|nofilter }}", 1),
        ("{{ 'a' * 999999999 }}", 1),
        ("{{ 9 ** 9 ** 9 }}", 1),
        ("{{ '%999999999d' % 1 }}", 1),
        ("{{ title.__class__ }}", 1),
        ("{{ title.center(999999999) }}", 1),
        ("{{ title.format(1) }}", 1),
        ("{% for n in range(10) %}{{ n }}{% endfor %}", 1),
        ("{{ title|join(title) }}", 1),
        ("{{ categories|join(content * 9) }}", 1),
        ("{{ title|center(999999999) }}", 1),
    ],
)
def test_a_bad_template_names_its_line(source: str, line: int) -> None:
    with pytest.raises(
        ConfigError, match=rf"channels\.x\.template.*line {line} of the template|channels\.x\.template"
    ):
        compile_template(channel("x", template=source))


def test_a_templates_output_is_bounded() -> None:
    template = Template(
        "{% for a in values %}{% for b in values %}xxxxxxxxxx{% endfor %}{% endfor %}", name="c"
    )
    with pytest.raises(ConfigError, match="more than 200,000 characters"):
        template.render({"values": "y" * 1000})

"""What each network's readers see: the words that belong there, none of them twice, set as they read."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosspost.adapters.x.counting import weight
from crosspost.compose.preview import preview
from crosspost.config import Channel
from crosspost.contract import LinkPlace
from crosspost.model import Draft
from tests.compose.test_drafts import OWN, channel, drafted, entry

NETWORKS = ("facebook", "linkedin", "tumblr", "x")
TITLE, EXCERPT = "L’été indien", "Il revient chaque automne. On ne l’attend plus, et le voilà."
LINK = "https://blog.example/2026/ete-indien"
TAGS = "#ÉtéIndien #Québec"


def seen(kind: str, made: Draft, on: Channel | None = None) -> str:
    """Return the body that goes to the network: the text, and the card where it is ours."""
    request = preview(on or channel(kind), made).request
    assert request is not None
    return json.dumps(request.json, ensure_ascii=False)


# What people write there


def test_x_has_the_title_the_hashtags_and_the_link() -> None:
    assert drafted("x").text == f"{TITLE}\n\n{TAGS}\n{LINK}"


def test_facebook_has_the_excerpt_since_the_card_has_the_title() -> None:
    assert drafted("facebook").text == f"{EXCERPT}\n\n{TAGS}"


def test_facebook_says_the_title_where_a_picture_takes_the_cards_place() -> None:
    assert drafted("facebook", picture=True).text == f"{TITLE}\n\n{EXCERPT}\n\n{TAGS}\n\n{LINK}"


def test_linkedin_has_the_excerpt_and_then_the_title_in_its_card() -> None:
    made = drafted("linkedin")
    assert made.text == f"{EXCERPT}\n\n{TAGS}"
    body = seen("linkedin", made)
    assert body.index("Il revient") < body.index(TITLE)
    assert body.count("Il revient") == body.count(TITLE) == 1


def test_tumblr_has_the_title_as_its_card_and_a_longer_excerpt() -> None:
    long = "Une phrase de quarante lettres, à peu près. " * 30
    made = drafted("tumblr", entry(summary=long))
    assert made.text.startswith(f"{TITLE}\n\nUne phrase")
    assert 600 < len(made.text) < 730
    assert len(drafted("facebook", entry(summary=long), hashtags=0).text) <= 300
    card, words = json.loads(seen("tumblr", made))["content"]
    assert card == {"type": "link", "url": LINK, "title": TITLE}
    assert words["text"].startswith("Une phrase")


def test_a_signature_has_the_title() -> None:
    assert drafted("email_signature").text == TITLE
    assert drafted("email_signature", entry(title="", summary=f"{EXCERPT} " * 3)).text.startswith(EXCERPT)


@pytest.mark.parametrize("kind", OWN)
def test_there_are_words_whatever_the_entry_lacks(kind: str) -> None:
    assert TITLE in drafted(kind, entry(summary="")).text
    assert "Il revient chaque automne." in drafted(kind, entry(title="")).text
    assert TITLE in drafted(kind, entry(summary="", content="")).text
    assert TITLE in drafted(kind, excerpt=0).text


def test_linkedins_card_of_an_entry_without_a_title_has_the_blogs_name() -> None:
    body = json.loads(seen("linkedin", drafted("linkedin", entry(title=""))))
    assert body["content"]["article"] == {"source": LINK, "title": "blog.example"}


def test_a_template_of_ones_own_leaves_the_card_what_it_does_not_say() -> None:
    made = drafted("linkedin", template="À lire")
    assert (made.text, made.title, made.description) == ("À lire", TITLE, EXCERPT)
    assert drafted("linkedin", template="{{ excerpt }}").description == ""
    assert drafted("linkedin", template="{% if card %}oui{% endif %}").text == "oui"
    assert drafted("x", template="{% if card %}oui{% endif %}").text == LINK


# A title that the excerpt repeats


REPEATED = {
    "equal": (TITLE, TITLE),
    "equal but for its marks": (TITLE, "« L’ÉTÉ INDIEN ! »"),
    "a sentence": (TITLE, f"{TITLE}. {EXCERPT}"),
    "a line": (TITLE, f"{TITLE}\n{EXCERPT}"),
    "within a sentence": (TITLE, f"{TITLE} revient. {EXCERPT}"),
    "cut off": ("Il revient chaq…", EXCERPT),
    "cut off with dots": ("Il revient chaque automne...", EXCERPT),
    "cut behind a sentence": ("Il revient chaque automne. On ne…", EXCERPT),
}
TEMPLATES = (
    None,
    "{{ title }}\n\n{{ excerpt }}\n\n{{ link }}",
    "{{ excerpt }}\n\n{{ title }}\n\n{{ link }}",
    "{{ title }}\n\n{{ summary }}\n{{ link }}",
)


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("picture", [False, True])
@pytest.mark.parametrize("kind", OWN)
@pytest.mark.parametrize("how", REPEATED)
def test_a_title_that_the_excerpt_repeats_is_said_once(
    how: str, kind: str, picture: bool, template: str | None
) -> None:
    title, summary = REPEATED[how]
    made = drafted(kind, entry(title=title, summary=summary, categories=()), picture=picture, template=template)
    said = re.sub(r"[^\w ]", "", made.text.replace(LINK, "").casefold().replace("\n", " "))
    beginning = re.sub(r"[^\w ]", "", title.rstrip(".…").casefold())
    assert said.count(beginning[:10]) <= 1
    assert said.strip(), "there are words"
    assert made.text == made.text.strip()
    assert "\n\n\n" not in made.text


def test_a_title_made_of_the_first_words_is_no_cards_title() -> None:
    made = drafted("linkedin", entry(title="Il revient chaq…", categories=()))
    assert (made.text, made.title) == (EXCERPT, "")
    assert drafted("x", entry(title="Il revient chaq…", categories=())).text == (
        f"Il revient chaque automne.\n\n{LINK}"
    )


# Nothing doubled


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ title }}. {{ link }}", f"Ça va\u00a0? {LINK}"),
        ("{{ title }}.\n{{ link }}", f"Ça va\u00a0?\n{LINK}"),
        ("«\u00a0{{ title }}\u00a0». {{ link }}", f"«\u00a0Ça va\u00a0?\u00a0» {LINK}"),
        ("{{ title }}.html {{ link }}", f"Ça va\u00a0?.html {LINK}"),
    ],
)
def test_a_template_doubles_no_mark(template: str, text: str) -> None:
    assert drafted("x", entry(title="Ça va ?"), template=template).text == text


# French


FINE = (
    "Le thé\u202f: «\u202fun art\u202f»\u202f; vraiment\u202f? Oui\u202f!"
    " Le 1er\u00a0août, à 14\u00a0h\u00a030, l’été finit."
)


@pytest.mark.parametrize("kind", NETWORKS)
def test_the_spaces_of_french_arrive(kind: str) -> None:
    made = drafted(kind, entry(title="", summary=FINE), utm={"source": "x"})
    assert FINE in made.text
    sent = json.loads(seen(kind, made))
    whole = json.dumps(sent, ensure_ascii=False)
    for piece in ("thé\u202f:", "«\u202fun art\u202f»\u202f;", "vraiment\u202f?", "14\u00a0h\u00a030", "l’été"):
        assert piece in whole, "also behind LinkedIn's escapes"


def test_plain_spaces_before_french_marks_become_such_that_no_line_breaks_at_them() -> None:
    made = drafted("x", entry(title="Vraiment ? « Oui » : fin", language="fr-CA"))
    assert made.text.startswith("Vraiment\u00a0? «\u00a0Oui\u00a0»\u00a0: fin\n")
    assert drafted("x", entry(title="Really ?", language="en")).text.startswith("Really ?")


def test_x_counts_the_narrow_space_as_two_and_the_other_as_one() -> None:
    assert (weight("a\u00a0!"), weight("a\u202f!")) == (3, 4)
    made = drafted("x", entry(title="", summary="Vraiment\u202f? " * 40, categories=()))
    assert weight(made.text) <= 280
    assert made.text.split("\n")[0].endswith("Vraiment\u202f?")


def test_a_quotation_that_is_cut_is_closed() -> None:
    quoted = "Elle dit\u00a0: «\u00a0" + "le voilà qui revient " * 60 + "\u00a0»."
    for kind in ("facebook", "linkedin", "tumblr"):
        made = drafted(kind, entry(summary=quoted), hashtags=0)
        assert made.text.endswith("…\u00a0»")
        assert made.text.count("«") == made.text.count("»") == 1


# For any entry


pieces = st.sampled_from(
    [
        "mot",
        "L’été",
        "«\u00a0oui\u00a0»",
        "« non",
        "“so",
        "(là",
        "fin.",
        "Quoi ?",
        "etc.",
        "👍🏽",
        "e\u0301",
        "\n",
        "a" * 50,
    ]
)
prose = st.lists(pieces, max_size=120).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(sorted(OWN)),
    title=prose,
    summary=prose,
    repeats=st.booleans(),
    categories=st.lists(st.sampled_from(["Automne", "Été indien", "C"]), max_size=3, unique=True),
    picture=st.booleans(),
    words=st.booleans(),
)
def test_any_entry_reads_well_everywhere(
    kind: str, title: str, summary: str, repeats: bool, categories: list[str], picture: bool, words: bool
) -> None:
    title = " ".join(title.split())[:200].strip()
    summary = re.sub(r" *\n *", "\n", f"{title}. {summary}" if repeats else summary).strip()
    made_of = entry(title=title, summary=summary, categories=tuple(categories))
    more: dict[str, Any] = {"words": {"*": ("Nouveau :",)}} if words else {}
    made = drafted(kind, made_of, picture=picture, opening="Nouveau :" if words else "", **more)
    rules = channel(kind).capabilities
    assert rules.max_length is None or rules.count(made.text) <= rules.max_length
    if rules.link is LinkPlace.TEXT or (rules.link is LinkPlace.CARD_UNLESS_PICTURE and picture):
        assert made.text.endswith(LINK)
    text = made.text.removesuffix(LINK)
    assert "\n\n\n" not in made.text
    assert "  " not in made.text
    assert made.text == made.text.strip()
    assert not text.rstrip().endswith(("«", "“", "(", "«…", "“…", "(…"))
    assert not text.startswith("\u0301")
    assert text.strip() or not (title or summary)
    if words and (title or summary):
        assert text.startswith("Nouveau\u00a0:") or kind == "x"

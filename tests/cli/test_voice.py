"""Through the program: what four networks would say of one feed by default, and what `preview` warns of."""

import json
from typing import Any

import pytest

from tests.cli.program import Program

NETWORKS = {
    "facebook": 'page = "1"\n',
    "linkedin": 'author = "urn:li:person:a"\n',
    "x": "",
    "tumblr": 'blog = "b"\n',
}
LINK = "https://blog.example/ete"


def previewed(crosspost: Program, item: str, **lines: str) -> dict[str, Any]:
    """Preview an item on four networks; `lines` are added to their tables."""
    crosspost.write(
        "feed.xml",
        '<?xml version="1.0"?><rss version="2.0"><channel><title>Carnet</title><link>https://blog.example/</link>'
        f"<language>fr</language><item><link>{LINK}</link>{item}</item></channel></rss>",
    )
    tables = "".join(
        f'[channels.{name}]\nadapter = "{name}"\ndry_run = true\n{own}{lines.get(name, "")}'
        for name, own in NETWORKS.items()
    )
    crosspost.write("crosspost.toml", f'[feeds.blog]\nurl = "feed.xml"\n{tables}')
    said = crosspost("preview", "--json")
    assert (said.code, said.err) == (0, "")
    return {view["channel"]: view for view in json.loads(said.out)}


BOTH = "<title>L’été indien</title><description>Il revient. On ne l’attend plus.</description>"


@pytest.mark.parametrize(
    "item",
    [
        BOTH,
        "<title>L’été indien</title>",
        "<description>Il revient. On ne l’attend plus.</description>",
        "<title>L’été indien</title><description>L’été indien</description>",
        "<title>Il revient. On…</title><description>Il revient. On ne l’attend plus.</description>",
    ],
)
def test_our_own_templates_are_not_scolded(crosspost: Program, item: str) -> None:
    views = previewed(crosspost, item)
    assert [view["warnings"] for view in views.values()] == [[]] * 4
    assert all(view["text"].replace(LINK, "").strip() for view in views.values())


def test_each_network_says_what_belongs_there(crosspost: Program) -> None:
    views = previewed(crosspost, BOTH)
    assert {name: view["text"] for name, view in views.items()} == {
        "facebook": "Il revient. On ne l’attend plus.",
        "linkedin": "Il revient. On ne l’attend plus.",
        "x": f"L’été indien\n\n{LINK}",
        "tumblr": "L’été indien\n\nIl revient. On ne l’attend plus.",
    }
    for name in ("linkedin", "tumblr"):
        body = json.dumps(views[name]["request"]["body"], ensure_ascii=False)
        assert body.count("L’été indien") == body.count("Il revient") == 1


SAME = 'template = "{{ title }} : {{ excerpt }}"\n'


@pytest.mark.parametrize(
    ("item", "lines", "warned"),
    [
        (BOTH, {"facebook": SAME, "linkedin": SAME}, ["linkedin"]),
        ("<title>Un</title>", {"facebook": SAME, "linkedin": SAME}, ["linkedin"]),
        (BOTH, {"linkedin": 'template = "{{ excerpt }}"\n'}, ["linkedin"]),
        ("<title>Un</title>", {"linkedin": 'template = "{{ title }}"\n'}, []),
        (BOTH, {"x": 'template = "{{ title }} {{ link }} {{ excerpt }}"\n'}, ["tumblr"]),
    ],
)
def test_what_a_person_can_mend_is_warned_of(
    crosspost: Program, item: str, lines: dict[str, str], warned: list[str]
) -> None:
    views = previewed(crosspost, item, **lines)
    assert [name for name, view in views.items() if view["warnings"]] == warned
    for name in warned:
        (warning,) = views[name]["warnings"]
        assert warning.startswith("says the same words as ")


def test_an_opening_line_is_left_out_whole_before_the_title_is_cut(crosspost: Program) -> None:
    words = '[channels.x.words]\n"*" = ["Nouveau sur le blog, pour qui aime la marche :"]\n'
    short = previewed(crosspost, BOTH, x=words)["x"]
    assert short["text"].startswith("Nouveau sur le blog, pour qui aime la marche\u00a0: L’été indien\n")
    title = "mot " * 60
    long = previewed(crosspost, f"<title>{title}</title>", x=words)["x"]
    assert long["text"].startswith("mot mot")
    assert long["cut"] == "without the opening line"
    assert long["text"].count("mot") == 60


def test_an_opening_may_mention_whom_the_user_means(crosspost: Program) -> None:
    said = previewed(crosspost, BOTH, x='[channels.x.words]\n"*" = "Avec @marie :"\n')["x"]
    assert said["text"].startswith("Avec @marie\u00a0: L’été indien")

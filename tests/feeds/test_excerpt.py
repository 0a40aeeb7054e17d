"""What an entry says in short: its author's own summary, or its content's beginning, never half a sentence."""

import html
import time
from collections.abc import Callable

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from crosspost.feeds.raw import Markup
from crosspost.feeds.words import content
from crosspost.feeds.words.edges import ends
from crosspost.feeds.words.excerpt import excerpt
from tests.feeds.reading import entries

WALK = (
    "Hier soir, nous avons marché le long du canal jusqu’à la nuit. Il faisait froid, mais la lumière valait le"
    " détour.\n\nLe lendemain, tout avait gelé\u00a0: l’eau, les cordes, les mains."
)
WALK_TO_THE_LIGHT = WALK.partition("\n")[0]
TEA = (
    "Tea at four is a habit older than our kitchen. We keep it because guests do, e.g. Mr. Brown from No. 5, "
    "and because it is warm.\n\nCoffee came later.\n\nMilk never did."
)
BRIDGE = (
    "Die alte Brücke wurde am 3. Mai 1904 eröffnet, z. B. für Fuhrwerke, d. h. lange vor den Autos. "
    "Heute fährt hier niemand mehr. Nur Radfahrer kommen noch vorbei."
)
STORY = "La maison brûlait. « Quoi ? » dit-il. Puis il courut… et tomba. Personne ne vint."
CODE = "Iterators are values. They carry state.\n\nWe shall see how they end, and why that matters to a reader."
NEWS = "重要なお知らせがあります。来週の月曜日は休業いたします。どうぞよろしくお願いいたします。"


@pytest.mark.parametrize(
    ("written", "opening", "title", "says"),
    [
        # WordPress: the first 55 words, with its mark
        (
            "Hier soir, nous avons marché le long du canal jusqu’à la nuit. Il faisait froid, mais […]",
            WALK,
            "Canal",
            WALK_TO_THE_LIGHT,
        ),
        ("Hier soir, nous avons marché le long du canal […]", WALK, "", WALK.partition(" Il")[0]),
        (
            "Tea at four is a habit older than our kitchen. We keep it because guests do, e.g. [&hellip;]",
            TEA,
            "",
            TEA.partition("\n")[0],
        ),
        ("Die alte Brücke wurde am 3. [...]", BRIDGE, "", BRIDGE.partition(" Heute")[0]),
        ("重要なお知らせがあります。来週の月曜日 […]", NEWS, "", NEWS[: NEWS.index("どうぞ")]),
        ("La maison brûlait. « Quoi ? » […]", STORY, "", STORY.partition(" Puis")[0]),
        (
            "La maison brûlait. « Quoi ? » dit-il. Puis il courut… […]",
            STORY,
            "",
            STORY.partition(" Personne")[0],
        ),
        # … with its plugin's tail
        (
            "Tea at four is a habit older than our kitchen. We […]\n\nThe post Tea appeared first on Kitchen.",
            TEA,
            "Tea",
            TEA.partition("\n")[0],
        ),
        (
            "Une phrase entière.\nL’article Titre est apparu en premier sur Le site.",
            "",
            "Titre",
            "Une phrase entière.",
        ),
        ("Kort ord.\n\nInlägget Titel dök först upp på Sajten.", "Annat.", "Titel", "Kort ord."),
        # … with a link to the rest
        ("Hier soir, nous avons marché… Continuer la lecture →", WALK, "", WALK.partition(" Il")[0]),
        ("Tea at four is a habit older than our kitchen. Read more »", TEA, "", TEA.partition(" We")[0]),
        (
            "Die alte Brücke wurde am 3. Mai 1904 eröffnet … Weiterlesen",
            BRIDGE,
            "",
            BRIDGE.partition(" Heute")[0],
        ),
        ("Tea at four is a habit older than our kitchen. Read more Tea", "", "Tea", TEA.partition(" We")[0]),
        # cut by characters, without a mark
        ("Tea at four is a habit older than our kitchen. We keep it beca", TEA, "", TEA.partition("\n")[0]),
        ("Hier soir, nous avons marché le long du ca", WALK, "", WALK.partition(" Il")[0]),
        (TEA[:60] + "...", TEA, "", TEA.partition("\n")[0]),
        # with lost line breaks, other quotes, other dashes, entities left
        ("Iterators are values. They carry state.We shall see how", CODE, "", CODE),
        (
            'Il dit "oui" - et part. Elle l\'att',
            "Il dit « oui » — et part. Elle l’attend ici. Fin.",
            "",
            "Il dit « oui » — et part. Elle l’attend ici.",
        ),
        # behind a heading or a caption, in either
        (
            "Canal Hier soir, nous avons marché le long du canal jusqu’à la […]",
            WALK,
            "Canal",
            WALK.partition(" Il")[0],
        ),
        (
            "Hier soir, nous avons marché le long du canal jusqu’à la […]",
            f"Photo : Zoé\n\n{WALK}",
            "",
            WALK.partition(" Il")[0],
        ),
        (
            "Hier soir, nous avons marché le long du canal jusqu’à la […]",
            f"Avant-propos\n\n{WALK}",
            "",
            WALK.partition(" Il")[0],
        ),
        # the content has something in its midst that the summary lacks
        (
            "Iterators are values. They carry state. We shall see how they end, and why that mat",
            CODE.replace("\n\n", "\n\nA figure of one\n\n"),
            "",
            CODE.replace("\n\n", "\n\nA figure of one\n\n"),
        ),
        # a summary by hand stays
        ("A walk, and what it was worth.", WALK, "Canal", "A walk, and what it was worth."),
        ("Tea, coffee and milk", TEA, "", "Tea, coffee and milk"),
        ("La suite au prochain numéro…", WALK, "", "La suite au prochain numéro…"),
        (
            "Ce que le froid nous apprend, en trois photos",
            WALK,
            "",
            "Ce que le froid nous apprend, en trois photos",
        ),
        ("Great day with all of you. #fun #sun", TEA, "", "Great day with all of you. #fun #sun"),
        ("Fini ! 🎉", TEA, "", "Fini ! 🎉"),
        ("🎉", TEA, "", "🎉"),
        (TEA.partition(" We")[0], TEA, "", TEA.partition(" We")[0]),
        # nothing to continue it
        (
            "This is the first sentence, and it is a long one. This one was cu",
            "",
            "",
            "This is the first sentence, and it is a long one.",
        ),
        (
            "Short. This is a much longer second sentence that was cut somewhere in",
            "",
            "",
            "Short. This is a much longer second sentence that was cut somewhere in…",
        ),
        ("Une histoire de vent et de la", "", "", "Une histoire de vent et de la…"),
        ("Une histoire de vent, de mer, […]", "", "", "Une histoire de vent, de mer…"),
        # no words at all
        ("Canal", WALK, "Canal", WALK),
        ("Canal | Le site", WALK, "Canal", WALK),
        ("https://blog.example/canal", WALK, "", WALK),
        ("No description.", WALK, "", WALK),
        ("null", WALK, "", WALK),
        ("undefined", WALK, "", WALK),
        ("&nbsp;", WALK, "", WALK),
        ("[…]", WALK, "", WALK),
        ("…", WALK, "", WALK),
        ("Read more", WALK, "", WALK),
        ("Lorem ipsum dolor sit amet, consectetur adipiscing elit.", WALK, "", WALK),
        ("The post Canal appeared first on Le site.", WALK, "Canal", WALK),
        (
            "",
            f"Par Zoé Lefèvre\n\n5 min read\n\nCanal\n\n{WALK}\n\nShare this:\n\nTweet\n\nRelated",
            "Canal",
            WALK,
        ),
        ("null", "Share this:", "Canal", ""),
        ("", "Photo: sunset at the lake", "Sunset", ""),
        ("", "Photo: sunset at the lake", "", "Photo: sunset at the lake"),
        ("", "Photo: Jane Doe. The lake lay still.", "", "The lake lay still."),
        ("One.\u00a0 Two\u00a0 !", "", "", "One. Two\u00a0!"),
        # what stands in place of protected words is for a person to see
        (
            "There is no excerpt because this is a protected post.",
            "",
            "Family",
            "There is no excerpt because this is a protected post.",
        ),
    ],
)
def test_an_entry_in_short(written: str, opening: str, title: str, says: str) -> None:
    assert excerpt(written, opening, title) == says


async def test_an_excerpt_ends_at_a_sentence_and_a_password_form_is_told() -> None:
    tail = "<p>The post <a href='/a'>Tea</a> appeared first on <a href='/'>Kitchen</a>.</p>"
    form = '<form action="/wp-login.php" class="post-password-form" method="post"><p>…</p></form>'
    whole = "<p>" + TEA.replace("\n\n", "</p><p>") + f"</p>{tail}"
    tea, family = await entries(
        "<title>Tea</title><description>&lt;p&gt;Tea at four is a habit older than our kitchen. We keep it"
        f" [&amp;#8230;]&lt;/p&gt;{html.escape(tail)}</description>"
        f"<content:encoded><![CDATA[{whole}]]></content:encoded>",
        f"<title>Family</title><content:encoded><![CDATA[{form}]]></content:encoded>",
    )
    assert tea.summary == TEA.partition("\n")[0]
    assert family.summary == "This content is password protected."


PIECES = (
    "Word |word|. |! |… |, |\n|[…]|(more…)|Read more |Lire la suite → |The post |appeared first on |Photo: |"
    "By Jane |"
    "«\u00a0|\u00a0»|\u00a0 |e\u0301|👩‍👩‍👧‍👦|🇨🇦|漢字。|שלום|https://a.example/x |M. |((|[[|A title |null|- |"
    "5 min read\n|Share this:\n"
).split("|")
texts = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@given(written=texts, opening=texts, title=st.sampled_from(["", "A title", "Word"]))
def test_an_excerpt_is_clean_whole_and_settled(written: str, opening: str, title: str) -> None:
    written, opening = (content.read(Markup(html.escape(text)), "").text for text in (written, opening))
    said = excerpt(written, opening, title)
    assert len(said) <= 10_000
    assert not regex.search(r"<|>|&#?\w+;", said)
    assert not regex.search(r"[ \u00a0\u202f]{2}", said)
    assert said == said.strip()
    assert excerpt(said, "", title) == said
    graphemes = set(regex.findall(r"\X", f"{written}\n{opening}…"))
    assert set(regex.findall(r"\X", said)) <= graphemes | {" ", "\u00a0", "…"}


@given(texts)
def test_where_a_tail_begins_is_settled(text: str) -> None:
    end = ends(text)
    assert 0 <= end <= len(text)
    assert ends(text[:end]) == end


HOSTILE: dict[str, Callable[[int], str]] = {
    "labels": lambda size: "Read more " * size,
    "links": lambda size: "Read more → " * size,
    "marks": lambda size: "[…]" * size,
    "marks and words": lambda size: "[…]" * size + "x",
    "brackets": lambda size: "(" * size,
    "arrows": lambda size: "→" * size,
    "openings": lambda size: "The post " * size,
    "lines": lambda size: "Tags: a\n" * size,
    "captions": lambda size: "Photo: a\n" * size,
    "dots": lambda size: "." * size + "x",
    "spaces": lambda size: "\u00a0" * size + "x",
    "sentences": lambda size: "One more. " * size,
}


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.timeout(120)
def test_ten_times_the_words_take_ten_times_the_time(kind: str) -> None:
    def took(size: int) -> float:
        text = HOSTILE[kind](size)
        began = time.process_time()
        excerpt(text[:10_000], text, "A title")
        excerpt("", text, "")
        return time.process_time() - began

    few = min(map(took, (10_000, 10_001)))  # what was just asked for is answered from memory
    assert took(100_000) <= 15 * max(few, 0.05)

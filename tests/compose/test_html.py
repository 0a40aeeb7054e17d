"""A draft's HTML: it says what the text says, and holds nothing that acts."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosspost.compose import Ingredients, compile_template, compose
from crosspost.config import Channel
from crosspost.contract import Capabilities, LinkPlace
from crosspost.contract.registry import adapter_class
from crosspost.errors import ConfigError
from crosspost.model import Draft, Entry
from crosspost.text import plain
from tests.feeds.reading import entries

LINK = "https://blog.example/1"
MENTION = re.compile(r"(?<!\w)@\w+")
LETTER = Capabilities(max_length=None, html=True, neutralise=MENTION)


class Letters(Channel):
    """A channel of a network that takes HTML."""

    rules: ClassVar[Capabilities] = LETTER

    @property
    def capabilities(self) -> Capabilities:
        return self.rules


def drafted(template: str, rules: Capabilities = LETTER, **of_entry: Any) -> Draft:
    class Here(Letters):
        pass

    Here.rules = rules
    account = adapter_class("x").Settings.model_validate({"access_token": "t"})
    channel = Here(name="c", adapter="x", settings=account, template=template)
    return compose(
        Ingredients(
            entry=Entry(**({"feed": "b", "title": "Titre", "permalink": LINK} | of_entry)),
            channel=channel,
            template=compile_template(channel),
            zone=ZoneInfo("UTC"),
            published=datetime(2026, 8, 1, tzinfo=UTC),
        )
    )


CARD = replace(LETTER, link=LinkPlace.CARD)


def shown(template: str, **of_entry: Any) -> str:
    """Return the HTML of a draft whose link is not in its text, unless the template puts it there."""
    return drafted(template, CARD, **of_entry).html


def test_paragraphs_lines_and_the_link() -> None:
    draft = drafted("{{ title }}\n\n{{ excerpt }}\n{{ hashtags }}", summary="Un. Deux.", categories=("été",))
    assert draft.html == (
        f'<p>Titre</p><p>Un. Deux.<br>#Été</p><p><a href="{LINK}">{LINK}</a></p>'  # where the text has it
    )


def test_a_network_without_html_gets_none() -> None:
    assert drafted("{{ content }}", replace(LETTER, html=False), content="<p>Un</p>").html == ""


RICH = '<p>Un <b>mot</b>, <a href="https://blog.example/2">un lien</a></p><ul><li>et plus</li></ul>'


@pytest.mark.parametrize(
    ("template", "html"),
    [
        ("{{ content }}", f"<div>{RICH}</div>"),
        ("{{ entry.content }}", f"<div>{RICH}</div>"),
        ("{{ title }} : {{ content }} Fin", f"<p>Titre :</p><div>{RICH}</div><p>Fin</p>"),
        ("{{ title ~ content }}", f"<p>Titre</p><div>{RICH}</div>"),
        ("{{ [title, content]|join(' ') }}", f"<p>Titre</p><div>{RICH}</div>"),
        ("{{ content|truncate(1000) }}", f"<div>{RICH}</div>"),
        ("{{ content|default('-') }}", f"<div>{RICH}</div>"),
        ("{% set c = content %}{{ c }}", f"<div>{RICH}</div>"),
        ("{% set c %}{{ content }}{% endset %}{{ c }}", f"<div>{RICH}</div>"),
        ("{% if content|length < 99 %}{{ content }}{% endif %}", f"<div>{RICH}</div>"),
        # What a filter makes of it is text.
        ("{{ content|truncate(9, false, '…', 0) }}", "<p>Un mot,…</p>"),
        ("{{ content|upper }}", "<p>UN MOT, UN LIEN</p><p>ET PLUS</p>"),
        ("{% filter upper %}{{ content }}{% endfilter %}", "<p>UN MOT, UN LIEN</p><p>ET PLUS</p>"),
        ("{% set c %}{{ content }}{% endset %}{{ c|truncate(9, false, '…', 0) }}", "<p>Un mot,…</p>"),
        ("{{ content[:6] }}", "<p>Un mot</p>"),
        ("{{ content + title }}", "<p>Un mot, un lien</p><p>et plusTitre</p>"),
        ("{{ content|striptags }}", "<p>Un mot, un lien et plus</p>"),
        ("{{ content|wordcount }}", "<p>6</p>"),
        ("{{ excerpt }}", "<p>Un mot, un lien</p><p>et plus</p>"),
        # Without any content.
        ("{{ title|upper }}", "<p>TITRE</p>"),
        ("Rien", "<p>Rien</p>"),
        ("{{ '' }}", ""),
    ],
)
def test_the_content_is_the_entrys_own_html_and_what_a_filter_makes_of_it_is_text(
    template: str, html: str
) -> None:
    assert shown(template, content=RICH) == html


@pytest.mark.parametrize(
    ("template", "title", "html"),
    [
        ("{{ title }}", "R&D <3", "<p>R&amp;D &lt;3</p>"),
        ("{{ title }}", "<b>&amp;</b>", "<p>&lt;b&gt;&amp;amp;&lt;/b&gt;</p>"),
        ("{{ title }}", "«\u00a0Oui\u202f!\u00a0»", "<p>«&nbsp;Oui\u202f!&nbsp;»</p>"),
        ("{{ title }}", "שלום!", '<p dir="auto">שלום!</p>'),
        ("{{ title }}", "👩🏽‍🚀🇫🇷", "<p>👩🏽‍🚀🇫🇷</p>"),
        ("{{ title }}", "@marie", "<p>@\u200bmarie</p>"),
        ("@moi {{ title }}", "", "<p>@moi</p>"),
        ("{{ title }}", "a\u202eb\x02c\x03", "<p>abc</p>"),
        # A template is text, too, as it is for every other network.
        ("<b>{{ title }}</b> & <3", "T", "<p>&lt;b&gt;T&lt;/b&gt; &amp; &lt;3</p>"),
        ("<script>x</script>", "", "<p>&lt;script&gt;x&lt;/script&gt;</p>"),
        ("{{ '<i>' ~ title }}{% raw %}{{ <u> }}{% endraw %}", "T", "<p>&lt;i&gt;T{{ &lt;u&gt; }}</p>"),
        # One that escapes by itself says so, in its text and here.
        ("{{ title|escape }}", "R&D", "<p>R&amp;amp;D</p>"),
        ("{% autoescape true %}{{ title }}{% endautoescape %}", "R&D", "<p>R&amp;amp;D</p>"),
    ],
)
def test_what_stands_in_angle_brackets_is_text(template: str, title: str, html: str) -> None:
    assert shown(template, title=title) == html


@pytest.mark.parametrize(
    ("template", "content"),
    [
        ("{{ content|escape }}", "<p>R&amp;D</p>"),
        ("{{ content|escape|truncate(9, true, '…', 0) }}", "<p>R&amp;D et tout le reste</p>"),
        ("{% autoescape true %}{{ content }}{% endautoescape %}", "<p>R&amp;D</p>"),
        ("{{ content|escape ~ title }}", "<p>R&amp;D</p>"),
    ],
)
def test_content_that_a_template_escapes_is_text(template: str, content: str) -> None:
    draft = drafted(template, CARD, content=content)
    assert plain(draft.html) == draft.text
    assert "&amp;amp;" in draft.html


@pytest.mark.parametrize(
    ("written", "is_link"),
    [
        ("{{ link }}", True),
        ("({{ link }}).", True),
        ("Ici :\u00a0{{ link }}, là", True),
        ("見{{ link }}。", True),
        ("{{ link }}2", False),
        ("{{ link }}/more", False),
        ("{{ link }}?a=b", False),
        ("{{ link }}.html", False),
        ("https://share.example/?u={{ link }}", False),
    ],
)
def test_a_bare_link_becomes_one_and_a_part_of_another_does_not(written: str, is_link: bool) -> None:
    assert (f'<a href="{LINK}">{LINK}</a>' in shown(written)) == is_link


def test_a_link_is_escaped_and_has_what_counts_readers() -> None:
    html = drafted("{{ title }}", permalink="https://blog.example/?a=1&b=%22'").html
    assert html.endswith(
        "<a href=\"https://blog.example/?a=1&amp;b=%22'\">https://blog.example/?a=1&amp;b=%22'</a></p>"
    )


def test_a_permalink_that_is_no_web_link_is_text() -> None:
    assert "<a" not in drafted("{{ title }}", permalink="javascript:alert(1)").html


def test_what_was_cut_from_the_text_is_cut_here() -> None:
    rules = replace(LETTER, max_length=60)
    draft = drafted(
        "{{ title }}\n\n{{ excerpt }}\n\n{{ hashtags }}",
        rules,
        summary="Une phrase. Et une autre, bien trop longue pour la place.",
        categories=("un", "deux"),
    )
    assert draft.text == f"Titre\n\nUne phrase.\n\n#Un #Deux\n\n{LINK}"
    assert draft.html == f'<p>Titre</p><p>Une phrase.</p><p>#Un #Deux</p><p><a href="{LINK}">{LINK}</a></p>'
    draft = drafted("{{ title }} {{ hashtags }}", rules, title="mot " * 20, categories=("un", "deux"))
    assert draft.html.startswith(f"<p>{draft.title[:10]}")
    assert plain(draft.html) == draft.text


@pytest.mark.parametrize(
    ("content", "html"),
    [
        ("<p>@marie et m@rie.example</p>", "<p>@\u200bmarie et m@rie.example</p>"),
        ("<p>@<i>marie</i></p>", "<p>@\u200b<i>marie</i></p>"),
        ("<p>m</p><p>@marie</p>", "<p>m</p><p>@\u200bmarie</p>"),
        ("<p>m<b>@marie</b></p>", "<p>m<b>@marie</b></p>"),
        ("&#64;marie &amp; @anne", "@\u200bmarie &amp; @\u200banne"),
        (
            '<a href="https://social.example/@marie" title="@marie">elle</a>',
            '<a href="https://social.example/@marie" title="@marie">elle</a>',
        ),
    ],
)
def test_mentions_in_the_content_are_neutralised_as_in_the_text(content: str, html: str) -> None:
    draft = drafted("{{ content }}", CARD, content=content)
    assert draft.html == f"<div>{html}</div>"
    assert plain(draft.html) == draft.text


@pytest.mark.parametrize(
    ("content", "html"),
    [
        ("<p>a\u00a0; b</p>", "<div><p>a&nbsp;; b</p></div>"),
        ("<p>שלום</p>", '<div dir="auto"><p>שלום</p></div>'),
        ("<p>a\x01b\u202ec</p>", "<div><p>abc</p></div>"),
        ("<pre>\n\n\na\n\nb</pre>", "<div><pre>a\n\nb</pre></div>"),
        (
            '<img src="https://b.example/a.png" alt="A">',
            '<div><img src="https://b.example/a.png" alt="A"></div>',
        ),
        ('<img src="https://t.example/?id=1" width="1" height="1">', ""),
        ('<img alt="nowhere">', ""),
        ("", ""),
    ],
)
def test_the_content_keeps_what_readers_see(content: str, html: str) -> None:
    assert shown("{{ content }}", content=content) == html


NASTY = [
    "<script>alert(1)</script>",
    "<style>*{display:none}</style><p style='position:fixed'>a</p>",
    "<img src=x onerror=alert(1)><p onclick='x()'>a</p>",
    "<a href='javascript:alert(1)'>a</a><a href=' jAvA\tscript:x'>b</a><a href='java&#x202e;script:x'>c</a>",
    "<a href='data:text/html,x'>a</a><img src='mailto:a@b.example'>",
    "<form action='https://t.example'><input name=a><button>b</button></form>",
    "<iframe src='https://t.example'></iframe><object data=x></object><embed src=x>",
    "<svg><script>x</script></svg><math><mtext><style><img src onerror=x></style></mtext></math>",
    "<meta http-equiv=refresh content='0;url=x'><base href='https://t.example'><link rel=stylesheet href=x>",
    "<!-- <p>a</p>",
    "</div></p></body><p>a<div>b",
    "<table><a href='https://a.example'>a<td><a href='https://b.example'>b<table>c",
    "<p>a<b>b<p>c</i>d<li>e<pre>\n\nf<plaintext>g",
    "<p title='\"><script>x</script>'>a</p>",
    "&lt;script&gt;x&lt;/script&gt;&amp;lt;",
]
HARMLESS = {"href", "src", "alt", "title", "dir", "width", "height", "colspan", "rowspan"}
WITHOUT_END = {"br", "hr", "img"}


class Parsed(HTMLParser):
    """What a strict reader finds in HTML."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.links: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in nh3.ALLOWED_TAGS | {"address", "main", "section", "s"}
        assert tag not in {"script", "style", "form", "input", "iframe", "svg", "math"}
        assert {name for name, _ in attrs} <= HARMLESS
        self.links += [str(value) for name, value in attrs if name in ("href", "src")]
        if tag not in WITHOUT_END:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


def is_safe(html: str) -> None:
    assert all(re.match(r"(?:https?://|mailto:)", link) for link in Parsed(html).links)
    tags = {"div", "p", "br", "a", *re.findall(r"</?([a-z0-9]+)", html)} - {"script", "style"}
    allowed = dict.fromkeys(tags, HARMLESS)
    assert nh3.clean(html, tags=tags, attributes=allowed, link_rel=None) == html
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", html)


@pytest.mark.parametrize("content", NASTY)
def test_nothing_in_it_acts_whatever_the_feed_says(content: str) -> None:
    for template in ("{{ title }} {{ content }} {{ excerpt }}", content + "{{ title }}"):
        draft = drafted(template, title=content, summary=content, content=content, authors=(content,))
        is_safe(draft.html)
        assert f'<a href="{LINK}">{LINK}</a>' in draft.html


anything = st.text(
    st.sampled_from(list("ab é\u00a0«».!?👍🏽ש@#&;<>/='\"\n\x02\x03\x00\u202e\ud800")), max_size=60
)
markup = st.lists(
    st.one_of(
        anything,
        st.sampled_from(NASTY),
        st.sampled_from(
            "<p>|</p>|<b>|</b>|<i>|<a href='https://a.example/'>|</a>|<table>|<tr>|<td>|</table>|<li>|<ul>|</ul>"
            "|<pre>\n|<div>|</div>|<blockquote>|<br>|<img src='https://a.example/i'>|<h1>|<dd>|@|&#64;".split(
                "|"
            )
        ),
    ),
    max_size=25,
).map("".join)
templates = st.sampled_from(
    [
        "{{ title }}\n\n{{ content }}\n\n{{ hashtags }}",
        "{{ content }}{{ content }}",
        "<p>{{ content|truncate(20) }} & {{ content|escape }}",
        "{% set c %}{{ title }}{{ content }}{% endset %}{{ c|truncate(30) }}{{ c|upper }}{{ c }}",
        "{{ excerpt }} {{ summary|title }} {{ author }} {{ link }}",
        "{{ [content, title]|join('\n') }}\x02{{ content }}\x03",
    ]
)


@settings(max_examples=300, deadline=None)
@given(
    template=templates,
    title=anything,
    summary=st.one_of(st.just(""), anything),
    content=markup,
    categories=st.lists(anything, max_size=3),
)
def test_whatever_the_entry_says_it_is_safe_and_says_what_the_text_says(
    template: str, title: str, summary: str, content: str, categories: list[str]
) -> None:
    content = nh3.clean(content.encode("utf-8", "ignore").decode(), link_rel=None)
    said: dict[str, Any] = {"title": title, "summary": summary, "content": content}
    said["categories"] = tuple(categories)
    draft = drafted(template, **said)
    is_safe(draft.html)
    assert words(plain(draft.html)) == words(draft.text)
    assert draft.html == drafted(template, **said).html


def words(text: str) -> str:
    """Return a text without white space: blocks of HTML may stand where the text has a space."""
    return "".join(text.split())


async def test_what_a_feed_brought_is_shown_as_it_was_written() -> None:
    (entry,) = await entries(
        "<description><![CDATA[<p>Un <em>mot</em> &amp; <a href='/2'>deux</a></p>"
        "<script>x</script>]]></description>"
    )
    html = shown("{{ content }}", content=entry.content)
    assert html == f"<div>{entry.content}</div>"
    assert '<em>mot</em> &amp; <a href="https://' in html


def test_html_that_would_be_too_long_gives_way_to_the_text() -> None:
    many = '<img src="https://b.example/a.png">' * 5_000
    repeated = "{% for c in title %}{{ content }}{% endfor %}{{ title }}"
    draft = drafted(repeated, CARD, title="é" * 99, content=many)
    assert draft.html == f"<p>{draft.text}</p>"
    long = "<p><b>a</b></p>" * 40_000
    assert shown("{{ content }}", content=long).startswith("<p>a</p><p>a</p>")


def test_html_never_fails_where_the_text_does_not() -> None:
    """The marks around the content count in the second rendering, whose output is bounded."""
    content = f"<p>{'a' * 199_999}</p>"
    assert shown("{{ content }}b", content=content) == f"<p>{'a' * 199_999}b</p>"
    with pytest.raises(ConfigError, match="more than 200,000 characters"):
        shown("{{ content }}bc", content=content)


def test_an_entry_of_nothing_has_html_of_nothing() -> None:
    assert shown("{{ title }}{{ content }}", title="") == ""

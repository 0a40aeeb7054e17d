"""A page that a person names becomes an entry, or a sentence that says why it does not."""

import asyncio

import pytest

from crosspost.errors import FeedError
from crosspost.feeds import PAGE, Changed, Item, Validators
from crosspost.feeds.parse import parse

URL = "https://www.jardin.example/notes/tomates?utm_source=mail"


def page(head: str, body: str = "", *, url: str = URL) -> Item:
    text = f'<!doctype html><html lang="fr"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'
    changed = Changed(validators=Validators(), body=text.encode(), content_type="text/html", url=url)
    (item,) = asyncio.run(parse(changed, feed=PAGE)).items
    return item


def test_open_graph_is_read_as_it_is_written() -> None:
    item = page(
        '<meta property="og:title" content="Les tomates d&#39;hiver | Le jardin">'
        '<meta property="og:site_name" content="Le jardin">'
        '<meta property="og:description" content="On les rentre, et on attend.">'
        '<meta property="og:image" content="/tomates.jpg"><meta property="og:image:alt" content="Des tomates">'
        '<meta property="article:published_time" content="2026-11-20T08:00:00+01:00">'
        '<meta property="article:tag" content="Potager"><meta property="article:tag" content="Hiver">'
        '<meta property="og:locale" content="fr_CA"><title>Autre chose</title>'
        '<link rel="canonical" href="https://www.jardin.example/notes/tomates">'
    )
    entry = item.entry
    assert (entry.title, entry.summary) == ("Les tomates d'hiver", "On les rentre, et on attend.")
    assert (entry.permalink, entry.feed) == ("https://www.jardin.example/notes/tomates", "(page)")
    assert (entry.categories, entry.language) == (("Potager", "Hiver"), "fr-CA")
    assert entry.published is not None
    assert entry.published.isoformat() == "2026-11-20T07:00:00+00:00"
    assert entry.picture is not None
    assert (entry.picture.url, entry.picture.alt) == ("https://www.jardin.example/tomates.jpg", "Des tomates")
    assert item.link_key


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Tomates — Jardin</title>", "", "Tomates"),
        ("<title>Tomates | Le blog de Marie</title>", "<h1>Tomates</h1>", "Tomates"),
        ("<title>Tomates – et autres fruits</title>", "", "Tomates – et autres fruits"),
        ("", "<h1>Tomates &amp; Cie</h1>", "Tomates & Cie"),
        ("<title>Jardin</title>", "", "Jardin"),
    ],
)
def test_a_page_without_open_graph_has_a_title_without_its_sites_name(head: str, body: str, title: str) -> None:
    entry = page(f'{head}<meta name="description" content="Rouges.">', body).entry
    assert (entry.title, entry.summary, entry.language) == (title, "Rouges.", "fr")


def test_json_for_machines_says_when() -> None:
    data = '<script type="application/ld+json">{"@type":"Article","datePublished":"2026-11-01"}</script>'
    published = page(f"<title>Tomates</title>{data}").entry.published
    assert published is not None
    assert f"{published:%Y-%m-%d}" == "2026-11-01"


@pytest.mark.parametrize("canonical", ["https://elsewhere.example/x", "/", "javascript:alert(1)"])
def test_an_address_of_its_own_that_cannot_be_is_left_aside(canonical: str) -> None:
    assert page(f'<title>T</title><link rel="canonical" href="{canonical}">').entry.permalink == URL


@pytest.mark.parametrize(
    ("head", "body", "why"),
    [
        ('<title>T</title><meta name="robots" content="NOINDEX, nofollow">', "", "noindex"),
        ("<title>Log in</title>", '<input type="password">', "asks for a password"),
        (
            '<title>T</title><script type="application/ld+json">{"isAccessibleForFree": false}</script>',
            "",
            "only for those who pay",
        ),
        ("", "<p>Rien.</p>", "has no title"),
    ],
)
def test_what_cannot_be_announced_is_told(head: str, body: str, why: str) -> None:
    with pytest.raises(FeedError, match=why):
        page(head, body)

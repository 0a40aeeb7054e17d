"""How X counts: by its own cases (twitter/twitter-text @ 30e2430d, conformance/validate.yml), and beyond."""

import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from crosspost.adapters.x import X
from crosspost.adapters.x.counting import links, weight, whole_link
from crosspost.compose import Ingredients, compile_template, compose
from crosspost.config import Channel
from crosspost.model import Draft, Entry, RemotePost
from crosspost.policy.recognise import recognise
from crosspost.text import cut, with_utm
from tests.adapters.strange_words import strange_entries

CASES = Path(__file__).parents[3] / "shared" / "specs" / "twitter-text" / "validate.yml"
LONGEST = 280
# Written when a post had 140 characters: what these two call too long is valid today.
OUTDATED = {"Invalid Tweet: 141 characters", "Invalid Tweet: 141 characters (due to newline)"}


def cases(*groups: str) -> list[Any]:
    """Return the cases of these groups, each named as in the file."""
    if not CASES.exists():
        reason = f"twitter-text's conformance file is not part of this repository, nor at {CASES}"
        return [pytest.param("", None, marks=pytest.mark.skip(reason=reason))]
    found = yaml.safe_load(CASES.read_text())["tests"]
    return [
        pytest.param(case["text"], case["expected"], id=f"{group}: {case['description']}")
        for group in groups
        for case in found.get(group, [])
        if case["description"] not in OUTDATED
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    cases("WeightedTweetsWithDiscountedEmojiCounterTest", "UnicodeDirectionalMarkerCounterTest"),
)
def test_weighs_as_x_does(text: str, expected: dict[str, Any]) -> None:
    assert weight(text) == expected["weightedLength"]


@pytest.mark.parametrize(("text", "valid"), cases("tweets"))
def test_tells_what_x_would_take(text: str, valid: bool) -> None:
    assert (0 < weight(text) <= LONGEST) == valid


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("été", 3),
        ("e\u0301te\u0301", 3),
        ("日本", 4),
        ("👩‍👩‍👧‍👦", 2),
        ("🇨🇦🇫🇷", 4),
        ("1️⃣", 2),
        ("🤏🏻", 4),  # newer than the emoji that X's library knows
        ("\u3000\u00a0\n", 4),
        ("https://blog.example.org/" + "a" * 300, 23),
        ("voir https://a.com, et https://b.com.", 23 + 23 + 5 + 5 + 1),
        ("deno.land README.md Socket.io Hello.World", 4 * 23 + 3),
        ("example.com. Then", 23 + 6),
        ("blog.example", 12),
        ("marie@blog.fr", 13),
        ("v1.2.3 et node.js", 17),
    ],
)
def test_weights(text: str, expected: int) -> None:
    assert weight(text) == expected


@given(st.text(max_size=200))
def test_no_text_is_lighter_than_the_library_says(text: str) -> None:
    weight("")  # imports the library where `pkg_resources` is missing
    weight("é")
    from twitter_text import parse_tweet

    assert weight(text) >= parse_tweet(text).weightedLength


@pytest.mark.parametrize("text", ["a." * 100_000, "漢.a" * 100_000, "x" * 500_000 + ".com", "é-" * 200_000])
def test_what_no_post_has_room_for_is_not_read(text: str) -> None:
    """The library would read for hours."""
    assert weight(text) > LONGEST
    assert not list(links(text))
    assert weight(cut(text, lambda part: weight(part) <= LONGEST)) <= LONGEST


def test_the_library_is_imported_only_to_count_and_needs_no_setuptools() -> None:
    script = (
        "import sys; sys.modules['setuptools'] = None\n"
        "from crosspost.adapters.x import X\n"
        "assert 'twitter_text' not in sys.modules\n"
        "assert X.capabilities.count('été sur deno.land') == 31\n"
        "assert 'pkg_resources' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", script], check=True)


@pytest.mark.parametrize(
    ("link", "whole"),
    [
        ("https://a.com/été", "https://a.com/été"),
        ("https://medium.com/@you/x", "https://medium.com/@you/x"),
        ("https://a.com/wiki/Foo_(bar)", "https://a.com/wiki/Foo_(bar)"),
        ("https://a.com/?a=$b", "https://a.com/?a=$b"),
        ("https://a.com/記事/春", "https://a.com/%E8%A8%98%E4%BA%8B/%E6%98%A5"),
        ("https://a.com/e\u0301", "https://a.com/e%CC%81"),
        ("https://a.com/a’b", "https://a.com/a%E2%80%99b"),
        ("https://a.com/x.", "https://a.com/x%2E"),
        ("https://a.com/x!?a=b,", "https://a.com/x%21?a=b%2C"),
        ("https://a.com/—", "https://a.com/%E2%80%94"),
        ("https://a.com/{a}^", "https://a.com/%7Ba%7D%5E"),
        ("https://a.com/🎉", "https://a.com/%F0%9F%8E%89"),
        ("https://a.com/a(b", "https://a.com/a%28b"),
        ("https://a.com/%E3%81%82。", "https://a.com/%E3%81%82%E3%80%82"),
        ("https://a.com#記", "https://a.com/#%E8%A8%98"),
        ("https://a.com/?q=c+", "https://a.com/?q=c+&"),
        ("https://例え.テスト/a", "https://xn--r8jz45g.xn--zckzah/a"),
        ("https://i❤.ws/a.", "https://xn--i-7iq.ws/a%2E"),
        ("https://a.com./x", "https://a.com/x"),
    ],
)
def test_x_takes_a_link_to_its_last_character_and_it_leads_to_the_same_page(link: str, whole: str) -> None:
    assert whole_link(link) == whole
    assert weight(whole) == 23
    text = f"Titre\n{whole}\nsuite"
    assert list(links(text)) == [(6, 6 + len(whole))]
    assert _is_same_page(whole, link)


def drafts(number: int, *, seed: int) -> list[tuple[Entry, Draft, Mapping[str, str]]]:
    """Compose entries for X, by its own template and one of a user."""
    channels = [
        Channel(name="x", adapter="x", settings=X.Settings(access_token="t"), **own)
        for own in ({}, {"template": "{{ excerpt }} {{ link }}\n{{ title }}", "utm": {"source": "x"}})
    ]
    templates = [compile_template(channel) for channel in channels]
    moment = datetime(2026, 8, 1, tzinfo=UTC)
    made = []
    for at, entry in enumerate(strange_entries(number, seed=seed)):
        which = at % len(channels)
        ingredients = Ingredients(
            entry=entry,
            channel=channels[which],
            template=templates[which],
            zone=ZoneInfo("UTC"),
            published=moment,
        )
        made.append((entry, compose(ingredients), channels[which].utm.parameters))
    return made


@pytest.mark.parametrize("seed", range(6))
def test_of_3000_texts_none_is_too_long_for_x_and_no_link_is_broken_or_made(seed: int) -> None:
    weight("é")
    from twitter_text import extract_urls, parse_tweet

    for entry, draft, utm in drafts(500, seed=seed):
        assert parse_tweet(draft.text).weightedLength <= LONGEST, draft.text
        found = extract_urls(draft.text)
        assert draft.link in found, (draft.link, draft.text)
        assert _is_same_page(draft.link, with_utm(entry.permalink, utm)), entry.permalink
        written = {*extract_urls(entry.title), *extract_urls(entry.summary)}
        assert set(found) - {draft.link} <= written, draft.text


def _is_same_page(link: str, other: str) -> bool:
    draft = Draft(text="", link=other, permalink=other)
    return recognise(draft, [RemotePost(remote_id="1", url="", text="", links=(link,))]) is not None

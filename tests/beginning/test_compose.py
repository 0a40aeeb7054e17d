"""What is written is short, loads, explains itself, and holds no word to be replaced."""

import re
import tomllib
from pathlib import Path

import pytest

from crosspost.beginning.answers import (
    Offer,
    offers,
    read_channels,
    read_choice,
    read_language,
    read_signature,
    read_zone,
)
from crosspost.beginning.begun import next_steps
from crosspost.beginning.compose import Answers, compose
from crosspost.beginning.places import common, holds_secret, known, starts

NETWORKS = (("linkedin", "LinkedIn"), ("x", "X"))


def answers(**changes: object) -> Answers:
    made = {
        "feed": "https://blog.example/feed",
        "blog": "Carnet",
        "language": "fr-CA",
        "timezone": "America/Montreal",
        "signature": "signature",
        "networks": NETWORKS,
    }
    return Answers(**(made | changes))  # type: ignore[arg-type]


def test_the_file_says_what_was_answered_and_nothing_invented() -> None:
    text = compose(answers())
    assert tomllib.loads(text) == {
        "timezone": "America/Montreal",
        "time_box": {"budget": "1h/week"},
        "feeds": {"blog": {"url": "https://blog.example/feed"}},
        "channels": {
            "signature": {
                "adapter": "email_signature",
                "path": "signature",
                "heading": "Derniers billets",
                "keep": 3,
            },
            "linkedin": {"adapter": "linkedin", "limits": "1/day", "attention": "5m"},
            "x": {"adapter": "x", "limits": "1/day", "attention": "5m"},
        },
    }
    assert 30 <= len(text.splitlines()) <= 60
    assert max(map(len, text.splitlines())) <= 112
    assert not re.search("example(?!/feed)|CHANGE|TODO|1234|xxx|YOUR", text)


@pytest.mark.parametrize(
    ("language", "comment", "heading"),
    [
        ("fr", "Le blogue", "Derniers billets"),
        ("fr-CA", "Le blogue", "Derniers billets"),
        ("en-GB", "The blog", "Latest posts"),
        ("de", "The blog", "Neueste Beiträge"),
        ("ja", "The blog", "Latest posts"),
    ],
)
def test_comments_and_heading_are_in_the_blogs_language(language: str, comment: str, heading: str) -> None:
    text = compose(answers(language=language))
    assert f"# {comment}" in text
    assert tomllib.loads(text)["channels"]["signature"]["heading"] == heading


@pytest.mark.parametrize("odd", ['a"b\\c', "l’été\x7f", "é/à b", "tab\there", "]\n[channels.evil]\nadapter"])
def test_no_title_and_no_path_changes_what_is_written(odd: str) -> None:
    written = tomllib.loads(compose(answers(blog=odd, feed=odd, signature=odd)))
    assert set(written["channels"]) == {"signature", "linkedin", "x"}
    assert (written["feeds"]["blog"]["url"], written["channels"]["signature"]["path"]) == (odd, odd)


def test_a_secret_address_is_only_referred_to() -> None:
    text = compose(answers(feed="https://blog.example/feed?token=geheim", feed_file="secrets/feed"))
    assert "geheim" not in text
    assert tomllib.loads(text)["feeds"]["blog"]["url"] == {"file": "secrets/feed"}


@pytest.mark.parametrize(
    ("url", "is_secret"),
    [
        ("https://u:p4ss@blog.example/feed", True),
        ("https://blog.example/feed?token=abcdef", True),
        ("https://blog.example/feed?api_key=abcdef", True),
        ("https://blog.example/feed?access-token=abcdef&x=1", True),
        ("https://blog.example/feed?feed=rss2", False),
        ("https://blog.example/feed?author=marie", False),
        ("https://blog.example/?keyword=lace", False),
        ("feed.xml", False),
    ],
)
def test_what_opens_a_door_is_told_from_what_does_not(url: str, is_secret: bool) -> None:
    assert holds_secret(url) is is_secret


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("example.org", ("https://example.org", "http://example.org")),
        ("example.org/blog", ("https://example.org/blog", "http://example.org/blog")),
        ("HTTPS://Example.org/", ("https://Example.org/",)),
        ("localhost:8000", ("http://localhost:8000", "https://localhost:8000")),
        ("192.168.1.7", ("http://192.168.1.7", "https://192.168.1.7")),
        ("[::1]:8000/x", ("http://[::1]:8000/x", "https://[::1]:8000/x")),
        ("blog.lan", ("http://blog.lan", "https://blog.lan")),
        ("été.example", ("https://été.example", "http://été.example")),
        ("feed://example.org/f", ("https://example.org/f",)),
        (" “example.org” ", ("https://example.org", "http://example.org")),
        ("mailto:marie@example.org", ()),
        ("marie@example.org", ()),
        ("example", ()),
    ],
)
def test_an_address_is_what_people_call_one(typed: str, asked: tuple[str, ...]) -> None:
    assert starts(typed) == asked


def test_places_are_beside_the_page_first_and_none_is_asked_twice() -> None:
    at = common("https://example.org/blog/post.html")
    assert (at[0], at[7]) == ("https://example.org/blog/feed", "https://example.org/feed")
    assert len(set(at)) == len(at)
    assert common("https://example.org")[0] == "https://example.org/feed"
    assert known("https://medium.com/@marie/a-post") == ("https://medium.com/feed/@marie",)
    assert known("https://www.youtube.com/channel/UC1/videos")[0].endswith("?channel_id=UC1")
    assert known("https://example.org/a") == ()


OFFERS = (Offer("signature", "email_signature", "Signature", ""), Offer("linkedin", "linkedin", "LinkedIn", ""))


def test_channels_are_chosen_by_number_or_name_once_each() -> None:
    for said in ("1,2", "signature linkedin", "Signature; LINKEDIN, 2", "email_signature,2,"):
        assert read_channels(said, OFFERS) == OFFERS
    for said, why in (
        ("instagram", "there is no channel 'instagram'; there are: signature, linkedin"),
        ("3", "'3'"),
        ("", "''"),
    ):
        with pytest.raises(ValueError, match=why):
            read_channels(said, OFFERS)


def test_every_network_that_can_be_connected_is_offered() -> None:
    assert [offer.name for offer in offers()] == ["signature", "facebook", "linkedin", "tumblr", "x"]


def test_answers_are_read_in_peoples_words(tmp_path: Path) -> None:
    assert [read_language(said) for said in ("français", "FR", "fr_CA", "English")] == [
        "fr",
        "fr",
        "fr-CA",
        "en",
    ]
    assert read_choice("2", "ab") == "b"
    assert read_signature(str(tmp_path / "a" / "sig.txt"), tmp_path) == "a/sig.txt"
    assert read_signature(f"{tmp_path}/", tmp_path / "elsewhere") == str(tmp_path / "signature")
    (tmp_path / "file").touch()
    for read, said in (
        (read_language, "é"),
        (read_zone, "EST"),
        (lambda said: read_choice(said, "ab"), "3"),
    ):
        with pytest.raises(ValueError, match=repr(said)):
            read(said)
    with pytest.raises(ValueError, match=r"cannot be written: .*file: Not a directory"):
        read_signature(str(tmp_path / "file" / "signature"), tmp_path)
    with pytest.raises(ValueError, match="~nobody-here/sig names a home that does not exist"):
        read_signature("~nobody-here/sig", tmp_path)
    with pytest.raises(ValueError, match="needs the path of a file"):
        read_signature(" ", tmp_path)


def test_three_commands_come_next_and_name_the_file_where_it_would_not_be_found() -> None:
    path = Path("/home/marie/mon blogue/c.toml")
    told = [step.command for step in next_steps(path, answers(), is_usual=True)]
    assert told == ["crosspost preview", "crosspost connect linkedin", "crosspost run"]
    told = [step.command for step in next_steps(path, answers(networks=()), is_usual=False)]
    named = " --config '/home/marie/mon blogue/c.toml'"
    assert told == [f"crosspost preview{named}", f"crosspost check --online{named}", f"crosspost run{named}"]
    told = [step.command for step in next_steps(path, answers(networks=()), is_usual=True, is_empty=True)]
    assert told == ["crosspost check --online", "crosspost run"], "there is nothing to preview yet"

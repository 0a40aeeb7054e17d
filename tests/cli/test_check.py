"""`crosspost check` tries what will be done, leaves nothing behind, and ends with what to do next."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from crosspost.config import Config, load
from crosspost.model import Account
from crosspost.views.check import accounts_met_twice
from tests.cli.program import Program

FEED = '[feeds.blog]\nurl = "feed.xml"\n'
SIGNATURE = '[channels.me]\nadapter = "email_signature"\npath = "{}"\n'


@pytest.fixture
def check(crosspost: Program) -> Callable[..., dict[str, str]]:
    """Return what is found of each subject, with its mark."""

    def found(text: str, *, code: int = 0) -> dict[str, str]:
        crosspost.write("crosspost.toml", text)
        before = crosspost.files()
        said = crosspost("check")
        assert said.code == code, said
        assert crosspost.files() == before, "nothing stays"
        shown: dict[str, str] = {}
        for line in said.out.splitlines()[1:]:
            mark, _, rest = line.partition(" ")
            subject, _, words = rest.partition(": ") if mark != "Next:" else ("Next", "", rest)
            shown[subject] = f"{shown.get(subject, '')}{mark} {words}\n"
        return shown

    return found


def test_hours_are_shown_as_they_were_understood(check: Callable[..., dict[str, str]]) -> None:
    x = '[channels.x]\nadapter = "x"\nlimits = "2 par jour"\n'
    member = '[channels.l]\nadapter = "linkedin"\nauthor = "urn:li:person:a"\nhours = "Lun-Ven 8h-10h"\n'
    found = check(f'timezone = "America/Montreal"\n{FEED}{x}{member}timezone = "Asia/Tokyo"\n')
    assert 'rests 22:00-07:00 (hours = "any" ends it)' in found["channels.x"]
    assert "posts Mon-Fri 08:00-10:00, by the clocks of Asia/Tokyo" in found["channels.l"]


def test_what_waits_for_connecting_is_the_next_step(check: Callable[..., dict[str, str]]) -> None:
    found = check(f'{FEED}[channels.x]\nadapter = "x"\n')
    assert found["channels.x"].startswith("! x, ready once it is connected: crosspost connect x")
    assert found["Next"] == "Next: crosspost connect x\n"


def test_a_signature_that_cannot_be_written_is_to_be_mended(
    crosspost: Program, check: Callable[..., dict[str, str]]
) -> None:
    (crosspost.folder / "d" / "me.txt").mkdir(parents=True)
    for path, why in (("feed.xml/me", "Not a directory"), ("d/me", "Is a directory")):
        found = check(FEED + SIGNATURE.format(path), code=1)
        assert found["channels.me"].startswith("✗ the signature could not be written: ")
        assert why in found["channels.me"]
        assert found["Next"].startswith("Next: mend what is marked ✗")


def test_what_is_done_otherwise_than_meant_is_said(
    crosspost: Program, check: Callable[..., dict[str, str]]
) -> None:
    (crosspost.folder / "elsewhere.txt").write_text("Marie")
    (crosspost.folder / "me.txt").symlink_to("elsewhere.txt")
    assert "me.txt is a link: " in check(FEED + SIGNATURE.format("me"))["channels.me"]
    found = check(FEED + SIGNATURE.format("new/me"))["channels.me"]
    assert found.startswith("! ")
    assert "new does not exist yet: it will be made" in found


def test_a_database_that_cannot_be_written_is_to_be_mended(check: Callable[..., dict[str, str]]) -> None:
    found = check(f'database = "sqlite:////proc/crosspost.db"\n{FEED}{SIGNATURE.format("me")}', code=1)
    assert found["database"].startswith("✗ /proc/crosspost.db could not be written: /proc: ")


def test_feeds_and_channels_that_nothing_comes_of_are_told(check: Callable[..., dict[str, str]]) -> None:
    other = '[feeds.other]\nurl = "feed.xml"\n'
    me, nothing = SIGNATURE.format("me"), SIGNATURE.format("b").replace("channels.me", "channels.b")
    found = check(f'{FEED}{other}{me}feeds = ["blog"]\n{nothing}feeds = []\n')
    assert found["feeds.other"] == "! no channel announces it; name it in one's feeds\n"
    assert "! it announces no feed" in found["channels.b"]
    assert "✓" in found["channels.me"]
    assert found["Next"] == "Next: ask the feeds and networks too: crosspost check --online\n"


def test_a_script_reads_the_next_step_too(crosspost: Program) -> None:
    assert json.loads(crosspost("check", "--json").out)["next"]


def account(number: str) -> Account:
    return Account(id=number, name="Marie")


def test_two_channels_that_only_the_network_knows_for_one_are_told(tmp_path: Path) -> None:
    token = 'access_token = {{ file = "{}" }}\n'
    (tmp_path / "a").write_text("a-token-of-twenty-letters-a")
    (tmp_path / "b").write_text("a-token-of-twenty-letters-b")
    text = FEED + "".join(f'[channels.{name}]\nadapter = "x"\n{token.format(name)}' for name in "ab")
    text += "".join(
        f'[channels.{name}]\nadapter = "tumblr"\nblog = "{name}"\n{token.format("a")}' for name in "cd"
    )
    (tmp_path / "crosspost.toml").write_text(text)
    config: Config = load(tmp_path / "crosspost.toml")
    said = {"a": account("1"), "b": account("1"), "c": account("t:1"), "d": account("t:1")}
    twice = {finding.subject: finding for finding in accounts_met_twice(config, said)}
    assert twice.keys() == {"channels.b", "channels.d"}
    assert all(finding.warns for finding in twice.values())
    assert "goes out on one of them, on a where both announce it" in twice["channels.b"].text
    assert "by another name: an entry would go out on both" in twice["channels.d"].text
    assert not list(accounts_met_twice(config, said | {"b": account("2"), "d": account("t:2")}))

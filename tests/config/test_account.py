"""Whom a channel speaks for: which channels are one account, and that no secret is in the key."""

from pathlib import Path

import pytest

from crosspost.config import Channel, load
from crosspost.config.account import account_key

FEED = '[feeds.blog]\nurl = "feed.xml"\n'
LONG, OTHER = "a-token-of-forty-characters-0123456789-a", "a-token-of-forty-characters-0123456789-b"


def channel(folder: Path, monkeypatch: pytest.MonkeyPatch, lines: str, secret: str = LONG) -> Channel:
    monkeypatch.setenv("TOKEN", secret)
    monkeypatch.setenv("APP", "the-strings-of-an-application")
    path = folder / "crosspost.toml"
    path.write_text(f"{FEED}[channels.one]\n{lines}\n", encoding="utf-8")
    return load(path).channels["one"]


TOKEN = 'access_token = { env = "TOKEN" }\n'
TUMBLR = f'adapter = "tumblr"\n{TOKEN}'
X = f'adapter = "x"\n{TOKEN}'
OF_ONE_APP = "".join(
    f'{name} = {{ env = "APP" }}\n' for name in ("consumer_key", "consumer_secret", "access_token_secret")
)
FACEBOOK = f'adapter = "facebook"\n{TOKEN}'


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((f'{TUMBLR}blog = "carnet"', LONG), (f'{TUMBLR}blog = "Carnet.tumblr.com"', OTHER)),
        ((f'{TUMBLR}blog = "carnet"', LONG), ('adapter = "tumblr"\nblog = "carnet"', LONG)),
        ((f'{FACEBOOK}page = "1"', LONG), (f'{FACEBOOK}page = "1"\napi_version = "v25.0"', OTHER)),
        ((f'{FACEBOOK}page = "1"', LONG), (f'{FACEBOOK}page = "1"\napprove = true', LONG)),
        ((X, LONG), (f'{X}price_post = "0.02"', LONG)),
        ((X, "a-shorter-one"), (X, "a-shorter-one")),
    ],
)
def test_these_are_one_account(
    one: tuple[str, str], other: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = account_key(channel(tmp_path, monkeypatch, *one))
    assert first == account_key(channel(tmp_path, monkeypatch, *other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((f'{TUMBLR}blog = "carnet"', LONG), (f'{TUMBLR}blog = "journal"', LONG)),
        ((f'{FACEBOOK}page = "1"', LONG), (f'{FACEBOOK}page = "2"', LONG)),
        ((f'{FACEBOOK}page = "1"', LONG), (f'{FACEBOOK}page = "1"\nbase_url = "http://sandbox"', LONG)),
        ((X, LONG), (X, OTHER)),
        ((X + OF_ONE_APP, "a-shorter-one"), (X + OF_ONE_APP, "a-shorter-two")),
        ((X, "a-shorter-one"), (X, "a-shorter-two")),
    ],
)
def test_these_are_two(
    one: tuple[str, str], other: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = account_key(channel(tmp_path, monkeypatch, *one))
    assert first != account_key(channel(tmp_path, monkeypatch, *other))


def test_a_networks_own_word_counts_more_than_the_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_token = channel(tmp_path, monkeypatch, X)
    connected = channel(tmp_path, monkeypatch, 'adapter = "x"')
    assert account_key(by_token, "42") == account_key(connected, "42") != account_key(connected, "43")


def test_a_dry_run_speaks_for_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert account_key(channel(tmp_path, monkeypatch, f"{X}dry_run = true")) == ""


def test_a_short_secret_is_in_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {account_key(channel(tmp_path, monkeypatch, X, secret)) for secret in ("hunter2", "hunter3")}
    assert len(keys) == 1, "the channel's name stands for its account"

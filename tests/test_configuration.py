"""What a configuration says, and what a wrong one gets: what, where, and what to do."""

import os
from pathlib import Path

import pytest

from crosspost.config import Config, find, load
from crosspost.errors import ConfigError

GOOD = """
timezone = "America/Montreal"
[feeds.blog]
url = "feed.xml"
every = "1h30m"
[channels.facebook]
adapter = "facebook"
page = "1"
access_token = { env = "TOKEN" }
[channels.signature]
adapter = "email_signature"
path = "signatures/personal"
"""


@pytest.fixture(autouse=True)
def _token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "a-good-token")


def read(folder: Path, text: str = GOOD) -> Config:
    path = folder / "crosspost.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def refused(folder: Path, text: str) -> str:
    """Return the sentence a wrong configuration gets; nothing else may appear in its folder."""
    before = {path.name for path in folder.iterdir()} | {"crosspost.toml"}
    with pytest.raises(ConfigError) as caught:
        read(folder, text)
    assert {path.name for path in folder.iterdir()} == before
    return str(caught.value)


def test_a_good_one_is_read_relative_to_its_folder(tmp_path: Path) -> None:
    config = read(tmp_path)
    assert config.database == tmp_path / "crosspost.db"
    assert config.feeds["blog"].url == str(tmp_path / "feed.xml")
    assert config.feeds["blog"].every.total_seconds() == 5400
    assert config.channels["signature"].settings.model_dump()["path"] == tmp_path / "signatures/personal"
    assert (
        config.channels["facebook"].settings.model_dump()["access_token"].get_secret_value() == "a-good-token"
    )


def test_a_secret_can_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-a-file\n")
    config = read(tmp_path, GOOD.replace('{ env = "TOKEN" }', '{ file = "token" }'))
    assert config.channels["facebook"].settings.model_dump()["access_token"].get_secret_value() == "from-a-file"


def test_a_dry_run_needs_no_secret(tmp_path: Path) -> None:
    text = GOOD.replace('access_token = { env = "TOKEN" }', "dry_run = true")
    assert read(tmp_path, text).channels["facebook"].dry_run
    assert read(tmp_path, text + '[channels.x]\nadapter = "x"\ndry_run = true\n').channels["x"].dry_run


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("[feeds.blog]", "[feeds.blog", ["crosspost.toml", "no TOML", "line 3"]),
        ("every =", "evry =", ["line 5: feeds.blog.evry", "did you mean every?"]),
        ("timezone =", "timezon =", ["line 2: timezon ", "did you mean timezone?"]),
        ("page =", "pgae =", ["line 8: channels.facebook.pgae", "did you mean page?"]),
        ('page = "1"', 'page = "1"\ntempalte = "x"', ["line 9: channels.facebook.tempalte", "template?"]),
        ('page = "1"', 'page = "1"\nutm = { sorce = "x" }', ["line 9: channels.facebook.utm.sorce", "source?"]),
        ('"1h30m"', "90", ["line 5: feeds.blog.every", "no duration", '"15m"']),
        ('"1h30m"', '"soon"', ["line 5: feeds.blog.every", "no duration"]),
        ('"1h30m"', '"5s"', ["line 5: feeds.blog.every", "1 minute"]),
        ('"America/Montreal"', '"Mars/Olympus"', ["line 2: timezone", "no time zone"]),
        ("America/Montreal", "../../etc/passwd", ["line 2: timezone", "no time zone"]),
        (
            'adapter = "facebook"',
            'adapter = "facebok"',
            ["line 7", "no adapter 'facebok'", "email_signature, facebook"],
        ),
        (
            'adapter = "facebook"',
            "hashtags = 1",
            ["line 6: channels.facebook has no adapter", "crosspost adapters"],
        ),
        ('page = "1"', "page = 1", ["line 8: channels.facebook.page", "string"]),
        ('page = "1"', "", ["channels.facebook.page is missing", "The page's id"]),
        ('url = "feed.xml"', "", ["line 3: feeds.blog.url is missing"]),
        ('url = "feed.xml"', 'url = "ftp://example.org/feed"', ["line 4: feeds.blog.url", "http or https"]),
        (
            'url = "feed.xml"',
            'url = "https://me:hunter22@blog.example/f"',
            ["line 4: feeds.blog.url holds a password"],
        ),
        (
            'page = "1"',
            'page = "1"\nfeeds = ["blogg"]',
            ["line 9: channels.facebook.feeds", "did you mean blog?"],
        ),
        (
            '{ env = "TOKEN" }',
            '{ env = "NOWHERE" }',
            ["line 9", "variable NOWHERE, which is not set", "set it"],
        ),
        (
            '{ env = "TOKEN" }',
            '{ file = "missing" }',
            ["line 9", "missing, which cannot be read: No such file"],
        ),
        ('{ env = "TOKEN" }', '"EAAB-in-plain-text"', ["line 9", "secret in plain text", "{ env ="]),
        ("[feeds.blog]", '[feeds."a b"]', ["feeds.a b"]),
        ("timezone", 'database = "postgresql://x"\ntimezone', ["line 2: database", "sqlite:///"]),
    ],
)
def test_a_wrong_one_names_what_where_and_what_to_do(
    tmp_path: Path, old: str, new: str, expected: list[str]
) -> None:
    assert old in GOOD
    said = refused(tmp_path, GOOD.replace(old, new, 1))
    for part in expected:
        assert part in said
    assert "hunter22" not in said
    assert "EAAB" not in said


def test_every_problem_is_named_at_once(tmp_path: Path) -> None:
    said = refused(tmp_path, GOOD.replace("every", "evry").replace("page", "pgae").replace("TOKEN", "NOWHERE"))
    assert sorted(line.split(": ")[1].split(" ")[0] for line in said.splitlines()) == [
        "channels.facebook.access_token",
        "feeds.blog.evry",
    ]


@pytest.mark.parametrize(
    "path", ["signatures/personal", "./signatures/../signatures/personal.txt", "link/personal"]
)
def test_two_channels_may_not_write_one_signature(tmp_path: Path, path: str) -> None:
    (tmp_path / "signatures").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "signatures")
    second = f'[channels.other]\nadapter = "email_signature"\npath = "{path}"\n'
    said = refused(tmp_path, GOOD + second)
    assert "line 13: channels.other writes" in said
    assert "so does channels.signature" in said


def test_lines_are_right_behind_multi_line_strings_and_quoted_keys(tmp_path: Path) -> None:
    text = (
        GOOD
        + '[channels."my tags"]\n'
        + '[channels.t]\nadapter = "facebook"\ntemplate = """\npage = 1\n[x]\n"""\nwrong = 1\n'
    )
    said = refused(tmp_path, text.replace('[channels."my tags"]\n', ""))
    assert "line 19: channels.t.wrong" in said


def test_an_empty_file_lacks_feeds_and_channels(tmp_path: Path) -> None:
    said = refused(tmp_path, "")
    assert "feeds is missing" in said
    assert "channels is missing" in said


def test_a_secret_file_that_is_empty_or_no_text_is_said(tmp_path: Path) -> None:
    for content, expected in (
        (b"", "is empty"),
        (b"\xff\xfe\x00", "it is not text"),
        (b"caf\xc3\xa9-token", "copy it anew"),
    ):
        (tmp_path / "token").write_bytes(content)
        said = refused(tmp_path, GOOD.replace('{ env = "TOKEN" }', '{ file = "token" }'))
        assert expected in said


def test_where_it_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CROSSPOST_CONFIG", raising=False)
    with pytest.raises(ConfigError, match=r"copy config\.example\.toml"):
        find(None)
    (tmp_path / "crosspost.toml").write_text(GOOD)
    assert find(None) == tmp_path / "crosspost.toml"
    (tmp_path / "other.toml").write_text(GOOD)
    monkeypatch.setenv("CROSSPOST_CONFIG", "other.toml")
    assert find(None) == tmp_path / "other.toml"
    assert find("crosspost.toml") == tmp_path / "crosspost.toml"
    with pytest.raises(ConfigError, match=r"nowhere\.toml cannot be found"):
        find("nowhere.toml")


def test_a_configuration_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    path = tmp_path / "crosspost.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="cannot be read"):
        load(path)
    assert os.listdir(tmp_path) == ["crosspost.toml"]

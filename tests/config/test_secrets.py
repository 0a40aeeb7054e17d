"""Where secrets, files and the configuration itself come from, and what is said when they do not."""

import os
from pathlib import Path

import pytest

from crosspost import redact
from crosspost.config import Config, find, load
from crosspost.errors import ConfigError

SECRET = "EAAB-hunter2-hunter2"
FEED = '[feeds.blog]\nurl = "feed.xml"\n'
X = '[channels.x]\nadapter = "x"\naccess_token = {}\n'


def read(folder: Path, text: str) -> Config:
    path = folder / "my.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def token(config: Config) -> str:
    return str(config.channels["x"].settings.model_dump()["access_token"].get_secret_value())


def refused(folder: Path, text: str) -> str:
    before = sorted(folder.iterdir())
    with pytest.raises(ConfigError) as caught:
        read(folder, text)
    (folder / "my.toml").unlink()
    assert sorted(folder.iterdir()) == before
    assert SECRET not in str(caught.value)
    return str(caught.value).replace(f"{folder}/", "")


@pytest.mark.parametrize("plain", [f'"{SECRET}"', "123456", f'["{SECRET}"]', f'{{ enw = "{SECRET}" }}', "true"])
def test_a_secret_in_plain_text_is_refused_and_not_repeated(tmp_path: Path, plain: str) -> None:
    said = refused(tmp_path, FEED + X.format(plain))
    assert said.startswith("my.toml, line 5: channels.x.access_token is a secret in plain text; take it out")
    assert '{ env = "NAME" } or { file = "/run/secrets/NAME" }' in said


@pytest.mark.parametrize("dry_run", ["", "dry_run = true\n"])
def test_a_dry_run_does_not_make_plain_text_good(tmp_path: Path, dry_run: str) -> None:
    assert "secret in plain text" in refused(tmp_path, FEED + X.format(f'"{SECRET}"') + dry_run)


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ('{ env = "NOWHERE" }', "the environment variable NOWHERE, which is not set; set it and run again"),
        ('{ env = "EMPTY" }', "the environment variable EMPTY, which is not set; set it and run again"),
        ('{ env = "SHORT" }', "is only 3 characters long; no network's secret is"),
        ('{ env = "ACCENT" }', "holds a character that no network's secret has; copy it anew"),
        ('{ env = "BYTES" }', "the environment variable BYTES, which is not text; set it anew"),
        ('{ env = "" }', 'must be { env = "NAME" } or { file = '),
        ("{ env = 5 }", 'must be { env = "NAME" } or { file = '),
        ('{ file = "nowhere" }', "the file nowhere, which cannot be read: No such file or directory; mend"),
        ('{ file = "." }', "which cannot be read: Is a directory; mend the path"),
        ('{ file = "empty" }', "the file empty, which is empty; write the value there"),
        ('{ file = "image" }', "the file image, which cannot be read: it is not text; mend"),
        ('{ file = "two" }', "holds a character that no network's secret has; copy it anew"),
        ('{ file = "a\\u0000b" }', "must be the path of a file"),
    ],
)
def test_a_secret_that_cannot_be_had_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reference: str, said: str
) -> None:
    monkeypatch.delenv("NOWHERE", raising=False)
    monkeypatch.setenv("EMPTY", "")
    monkeypatch.setenv("SHORT", "abc")
    monkeypatch.setenv("ACCENT", "clé-secrète")
    monkeypatch.setitem(os.environb, b"BYTES", b"caf\xe9-token")
    (tmp_path / "empty").write_text(" \n")
    (tmp_path / "image").write_bytes(b"\x89PNG\xff")
    (tmp_path / "two").write_text(f"{SECRET}\n{SECRET}\n")
    found = refused(tmp_path, FEED + X.format(reference))
    assert found.startswith("my.toml, line 5: channels.x.access_token ")
    assert said in found


def test_a_secret_is_taken_from_a_file_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "x").write_text(f"  {SECRET}\n")
    config = read(tmp_path, FEED + X.format('{ file = "secrets/x" }'))
    assert token(config) == SECRET
    assert SECRET not in repr(config)
    assert redact.hide(f"Bearer {SECRET}") == "Bearer [secret]"


def test_a_secret_s_file_may_be_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "token").write_text(SECRET)
    assert token(read(tmp_path, FEED + X.format('{ file = "~/token" }'))) == SECRET


def test_a_dry_run_needs_no_secret(tmp_path: Path) -> None:
    for reference in ('{ env = "NOWHERE" }', '{ file = "nowhere" }'):
        assert token(read(tmp_path, FEED + X.format(reference) + "dry_run = true\n")) == "dry-run"
    without = read(tmp_path, FEED + X.replace("access_token = {}\n", "dry_run = true\n"))
    assert token(without) == "dry-run"


def test_a_channel_without_any_secret_takes_its_credential_from_the_vault(tmp_path: Path) -> None:
    config = read(tmp_path, FEED + X.replace("access_token = {}\n", ""))
    assert config.channels["x"].connected
    assert (
        not read(tmp_path, FEED + X.replace("access_token = {}\n", "dry_run = true\n")).channels["x"].connected
    )


def test_a_missing_secret_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", SECRET)
    key = 'consumer_key = { env = "X" }\n'
    said = refused(tmp_path, FEED + X.replace("access_token = {}\n", key))
    assert said.startswith("my.toml, line 3: channels.x.access_token is missing (The account's access token")


@pytest.mark.parametrize("url", [f"https://me:{SECRET}@blog.example/f", f"https://blog.example/f?key={SECRET}"])
def test_a_feed_s_secret_address_may_come_by_reference_and_is_masked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("FEED_URL", url)
    config = read(
        tmp_path,
        FEED.replace('"feed.xml"', '{ env = "FEED_URL" }') + X.format('{ env = "X" }') + "dry_run = true",
    )
    assert config.feeds["blog"].url == url
    assert config.feeds["blog"].host == "blog.example"
    assert SECRET not in redact.hide(f"could not read {url}, or {SECRET} alone")


def test_a_reference_to_something_that_is_no_address_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEED_URL", f"https://me:{SECRET}@[::1/")
    said = refused(tmp_path, FEED.replace('"feed.xml"', '{ env = "FEED_URL" }') + SIGNATURES.format("b"))
    assert said == "my.toml, line 2: feeds.blog.url: must be an http or https address, or the path of a file"


SIGNATURES = (
    '[channels.one]\nadapter = "email_signature"\npath = "folder/one"\n'
    '[channels.two]\nadapter = "email_signature"\npath = "{}"\n'
)


@pytest.mark.parametrize(
    "spelling",
    [
        "folder/one",
        "./folder/one",
        "folder/../folder//one",
        "folder/one.txt",
        "folder/one.html",
        "link/one",
        "alias",
    ],
)
def test_two_channels_never_write_one_signature(tmp_path: Path, spelling: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder")
    (tmp_path / "alias.txt").symlink_to("folder/one.txt")
    said = refused(tmp_path, FEED + SIGNATURES.format(spelling))
    assert said == (
        "my.toml, line 6: channels.two writes folder/one.txt, and so does channels.one; "
        "give each a path of its own"
    )


def test_a_pipe_is_no_secret_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    text = FEED + '[channels.f]\nadapter = "facebook"\npage = "1"\naccess_token = { file = "pipe" }\n'
    assert "pipe; write the secret into a file" in refused(tmp_path, text)


def test_two_channels_may_not_share_a_signatures_memory_through_two_formats(tmp_path: Path) -> None:
    """What one of them excludes would show in the other's file."""
    text = SIGNATURES.format("folder/one").replace("[channels.two]", 'formats = ["txt"]\n[channels.two]')
    assert ".one.crosspost.json" in refused(tmp_path, FEED + text + 'formats = ["html"]\n')


def test_relative_paths_begin_at_the_configuration_s_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    config = read(tmp_path, FEED + SIGNATURES.format("/tmp/absolute"))
    assert config.feeds["blog"].url == str(tmp_path / "feed.xml")
    assert config.database.path == tmp_path / "crosspost.db"
    paths = [channel.settings.model_dump()["path"] for channel in config.channels.values()]
    assert paths == [tmp_path / "folder/one", Path("/tmp/absolute")]


def test_where_the_configuration_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CROSSPOST_CONFIG", raising=False)
    for name in ("crosspost.toml", "from_environment.toml", "given.toml"):
        (tmp_path / name).touch()
    assert find(None) == tmp_path / "crosspost.toml"
    monkeypatch.setenv("CROSSPOST_CONFIG", "from_environment.toml")
    assert find(None) == tmp_path / "from_environment.toml"
    assert find("given.toml") == tmp_path / "given.toml"


@pytest.mark.parametrize("named", ["nowhere.toml", ".", "x" * 5000, "given.toml/x"])
def test_a_configuration_that_is_named_but_not_there_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    """Even if one of the usual places has one: it is not what was asked for."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "crosspost.toml").touch()
    (tmp_path / "given.toml").touch()
    with pytest.raises(ConfigError, match="cannot be found; give its path with --config FILE"):
        find(named)
    monkeypatch.setenv("CROSSPOST_CONFIG", named)
    with pytest.raises(ConfigError, match="cannot be found; give its path with --config FILE"):
        find(None)

"""What is pasted along with a secret, what is missing, and who else can read it, as people meet it."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crosspost.config import DatabaseAddress
from crosspost.views.safekeeping import key_with_database
from tests.cli.program import CONFIG, Program, Said
from tests.process import crosspost
from tests.world import World, old

SECRET = "EAAB-hunter2-hunter2"


def x(reference: str) -> str:
    return f'{CONFIG}[channels.x]\nadapter = "x"\naccess_token = {reference}\n'


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path)


@pytest.mark.parametrize(
    "pasted",
    [
        "{}\n",
        " {} \t\r\n",
        '"{}"',
        "'{}'",
        "“{}”",
        "\ufeff{}",
        "{}\u200b",
        "\u00a0{}\u2060",
        "Bearer {}",
        "bearer  {}\n",
        "Authorization: Bearer {}",
        "X={}",
        'export X_TOKEN="{}"\n',
        "access_token='{}' ",
        '"Bearer {}"',
    ],
)
@pytest.mark.parametrize("source", ["env", "file"])
async def test_what_was_pasted_along_is_taken_off(
    world: World, monkeypatch: pytest.MonkeyPatch, pasted: str, source: str
) -> None:
    """The network knows the bare token alone."""
    world.config(only=("x",))
    path = world.folder / "crosspost.toml"
    if source == "env":
        monkeypatch.setenv("X", pasted.format("sandbox-token"))
    else:
        (world.folder / "token").write_text(pasted.format("sandbox-token"), encoding="utf-8")
        path.write_text(path.read_text().replace('{ env = "X" }', '{ file = "token" }'))
    world.blog.publish(*old(1))
    said = await crosspost(world, "check", "--online")
    assert "channels.x: speaks for @sandbox" in said.out, said


@pytest.mark.parametrize("inside", ["clé", "a\u200bb", "a\x07b", "one\ntwo", "a\u202eb"])
def test_what_cannot_be_in_a_secret_is_named_with_its_source(program: Program, inside: str) -> None:
    program.write("crosspost.toml", x('{ env = "X_TOKEN" }'))
    said = program("check", X_TOKEN=f"{SECRET}{inside}{SECRET}")
    assert said.code == 2
    assert "taken from the environment variable X_TOKEN" in said.problems[0]
    assert "holds a character that no network's secret has" in said.problems[0]
    program.write("token", f"{SECRET}{inside}{SECRET}")
    program.write("crosspost.toml", x('{ file = "token" }'))
    assert "token, and holds a character" in program("check").problems[0]
    assert SECRET not in said.err


MISSING = (
    '[feeds.other]\nurl = { env = "NOWHERE_FEED" }\n[notify.webhook]\nurl = { env = "NOWHERE_HOOK" }\n'
    'token = { file = "nowhere" }\n'
)


WITHOUT = x('{ env = "NOWHERE" }') + MISSING


@pytest.mark.parametrize(
    "verb",
    [
        ("status",),
        ("status", "--json"),
        ("deliveries",),
        ("plan",),
        ("accounts",),
        ("adapters",),
        ("preview",),
        ("healthcheck",),
        ("retry", "--channel", "signature"),
        ("skip", "--channel", "signature"),
        ("migrate",),
    ],
)
def test_what_sends_nothing_needs_no_secret(program: Program, verb: tuple[str, ...]) -> None:
    assert program("run-once").code == 0
    program.write("crosspost.toml", WITHOUT)
    said = program(*verb)
    assert said.code in (0, 1), said
    if verb[0] != "plan":  # it asks the feeds, and says of one that it cannot
        assert not said.problems


def test_check_names_every_secret_that_is_missing_and_what_acts_refuses(program: Program) -> None:
    program.write("crosspost.toml", WITHOUT)
    for verb in ("check", "run-once"):
        said: Said = program(verb)
        assert said.code == 2
        assert all(name in said.err for name in ("NOWHERE,", "NOWHERE_FEED", "NOWHERE_HOOK", "nowhere"))


def test_the_database_and_its_copy_are_the_owner_s_alone(program: Program) -> None:
    before = os.umask(0)
    try:
        assert program("run-once").code == 0
        assert program("backup", "copy.db").code == 0
        with closing(sqlite3.connect(program.folder / "crosspost.db")) as connection:
            connection.execute("UPDATE feeds SET title = title")
            connection.commit()
            modes = {path.name: path.stat().st_mode & 0o777 for path in program.folder.glob("*.db*")}
    finally:
        os.umask(before)
    assert {"crosspost.db", "crosspost.db-wal", "copy.db"} <= modes.keys()
    assert set(modes.values()) == {0o600}, modes


@pytest.mark.parametrize("name", ["token", ".env", "crosspost.db", "crosspost.toml"])
def test_check_warns_of_what_others_can_read(program: Program, name: str) -> None:
    toml = x('{ file = "token" }').replace('"feed.xml"', '"https://blog.example/feed?key=0123456789"')
    program.write("crosspost.toml", toml).chmod(0o600)
    for one in ("token", ".env"):
        program.write(one, SECRET).chmod(0o600)
    assert program("migrate").code == 0
    quiet = program("check")
    assert "can be read by others" not in quiet.out
    (program.folder / name).chmod(0o644)
    said = program("check")
    assert said.code == 0, "a warning hinders nothing"
    assert f"! files: {program.folder / name} can be read by others" in said.out


async def test_a_secret_pasted_at_a_prompt_is_tidied_and_no_other_channel_s_is_needed(world: World) -> None:
    from tests.accounts.person import configured, lines
    from tests.accounts.test_cli import crosspost as at_the_prompt

    other = '[channels.other]\nadapter = "x"\naccess_token = { env = "NOWHERE" }\n'
    configured(world, lines(world, "linkedin"), other)
    pasted = ' sandbox-client\nCLIENT_SECRET="sandbox-client-secret"\u200b\n'
    said = await at_the_prompt(world, "connect", "linkedin", "--way", "member", "--yes", given=pasted)
    assert said.code == 0, said
    assert "linkedin speaks for Sandbox Member" in said.out
    assert "Written." in said.out, "and the configuration, though a secret of it is missing"


KEY = "a2V5" * 10 + "a2U="
ONE_VOLUME = "40 21 254:1 /volumes/config {} rw - ext4 /dev/vda rw\n"
ANOTHER = "41 40 254:1 /volumes/key {}/key rw - ext4 /dev/vda rw\n"


def test_check_warns_of_a_key_that_is_copied_with_the_database(program: Program) -> None:
    key = program.folder / "key" / "crosspost"
    key.parent.mkdir()
    assert "the key" not in program("check", CROSSPOST_KEY_FILE=str(key)).out, "there is none yet"
    key.write_text(KEY)
    key.chmod(0o600)
    said = program("check", CROSSPOST_KEY_FILE=str(key))
    assert said.code == 0, "a warning hinders nothing"
    assert f"! files: the key {key} lies in the folder of the database" in said.out
    assert "the key" not in program("check", CROSSPOST_KEY_FILE=str(key), CROSSPOST_KEY=KEY).out
    (program.folder / "state").mkdir()
    (program.folder / "crosspost.toml").write_text('database = "sqlite:///state/crosspost.db"\n' + CONFIG)
    assert "the key" not in program("check", CROSSPOST_KEY_FILE=str(key)).out, "it is beside that folder"


@pytest.mark.parametrize("apart", [True, False])
def test_a_key_on_a_volume_of_its_own_is_apart(tmp_path: Path, apart: bool) -> None:
    """As in a container: both volumes lie on one disk, so that only the mounts tell them apart."""
    key = tmp_path / "key" / "crosspost"
    key.parent.mkdir()
    key.write_text(KEY)
    mounts = tmp_path / "mountinfo"
    mounts.write_text((ONE_VOLUME + ANOTHER * apart).format(tmp_path, tmp_path))
    database = DatabaseAddress(path=tmp_path / "crosspost.db")
    assert bool(key_with_database(database, key, mounts)) is not apart

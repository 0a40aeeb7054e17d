"""A change of keys destroys nothing: in another installation, beside another change, or ended early."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from crosspost.accounts.sealing import open_sealed, sealed
from crosspost.accounts.wing import Accounts
from crosspost.config import load
from crosspost.contract.login import App, Grant
from crosspost.house import House, open_house
from crosspost.store import credentials
from crosspost.store.credentials import Credential
from crosspost.store.database import Tx
from tests.accounts.person import SETTINGS, Person, configured, connected, lines
from tests.process import crosspost
from tests.world import BOTH_DATABASES, NOW, World

KEY = Path("home/crosspost/key")
MANY = 20


async def many_credentials(config: Path) -> None:
    """Keep credentials of many channels, as if each had been connected."""
    async with open_house(load(config)) as house:
        await house.database.migrate()
        house.wing(Accounts).vault.make_key()
        await house.database.write(_keep_many, house)


def _keep_many(tx: Tx, house: House) -> None:
    for number in range(MANY):
        credential = Credential(
            channel=f"x{number}",
            envelope="",
            revision=0,
            way="oauth2",
            account_id="1",
            account_name="@sandbox",
            scopes="",
            renewable=False,
            connected=NOW,
            obtained=NOW,
            expires=None,
            renewable_until=None,
        )
        grant = Grant(secrets={"access_token": f"token-{number}"})
        credentials.keep(tx, credential, lambda: sealed(house, credential.channel, App(), grant))  # noqa: B023


async def opened(config: Path) -> dict[str, str]:
    """Open all that is sealed, with the keys that a new process finds."""
    async with open_house(load(config)) as house:
        known = await house.database.read(credentials.load_all)
        return {name: open_sealed(house, one)[1].secrets["access_token"] for name, one in known.items()}


ALL = {f"x{number}": f"token-{number}" for number in range(MANY)}


def a_config(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "crosspost.toml"
    path.write_text('[feeds.blog]\nurl = "feed.xml"\n[channels.x]\nadapter = "x"\n', encoding="utf-8")
    return path


async def rotate(folder: Path, *program: str) -> tuple[int, str]:
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, *(program or ("-m", "crosspost")), "secrets", "rotate"),
        cwd=folder,
        stdout=PIPE,
        stderr=PIPE,
    )
    out, err = await child.communicate()
    assert child.returncode is not None
    return child.returncode, (out + err).decode()


async def test_a_change_in_one_installation_leaves_every_other_s_credentials(tmp_path: Path) -> None:
    one, other = a_config(tmp_path / "one"), a_config(tmp_path / "other")
    await many_credentials(one)
    await many_credentials(other)
    for folder in ("one", "one", "other", "one"):
        code, said = await rotate(tmp_path / folder)
        assert code == 0, said
        assert await opened(one) == await opened(other) == ALL
    assert len((tmp_path / KEY).read_text().split()) == 5


async def test_many_changes_at_once_destroy_nothing(tmp_path: Path) -> None:
    one, other = a_config(tmp_path / "one"), a_config(tmp_path / "other")
    await many_credentials(one)
    await many_credentials(other)
    ended = await asyncio.gather(*(rotate(tmp_path / folder) for folder in ("one", "one", "one", "other")))
    assert [code for code, _ in ended] == [0] * 4, ended
    assert await opened(one) == await opened(other) == ALL


@BOTH_DATABASES
async def test_two_replicas_change_the_key_at_once_while_a_channel_is_connected(world: World) -> None:
    configured(world, lines(world, "x"), lines(world, "tumblr", SETTINGS["tumblr"]))
    await connected(world, Person(), "x", way="oauth2")
    path = world.folder / "crosspost.toml"
    said = await asyncio.gather(
        crosspost(world, "secrets", "rotate"),
        crosspost(world, "secrets", "rotate"),
        connected(world, Person(), "tumblr", way="oauth2"),
    )
    assert [one.code for one in said[:2]] == [0, 0], said
    assert set(await opened(path)) == {"x", "tumblr"}


ENDS_AT = """
import os, sys
from crosspost.cli import main
from crosspost.store.database import Database
passed = 0
def reach():
    global passed
    passed += 1
    if passed == {at}:
        os._exit(9)
replace, write = os.replace, Database.write
def ending_replace(*paths):
    reach(); replace(*paths); reach()
async def ending_write(database, act, *arguments):
    def acted(tx):
        result = act(tx, *arguments)
        reach()
        return result
    result = await write(database, acted)
    reach()
    return result
os.replace, Database.write = ending_replace, ending_write
main()
"""


async def test_wherever_a_change_ends_everything_opens(tmp_path: Path) -> None:
    config = a_config(tmp_path)
    await many_credentials(config)
    for at in range(1, 10):
        code, said = await rotate(tmp_path, "-c", ENDS_AT.format(at=at))
        assert code in (0, 9), said
        assert await opened(config) == ALL, f"after an end at {at}"
        if code == 0:
            break
    assert at > 4, "before and after the file, before and after the commit"
    assert sorted(os.listdir(tmp_path / KEY.parent)) == [".key.lock", "key"], "no draft stays"


async def test_what_cannot_be_opened_stops_a_change_before_it_begins(tmp_path: Path) -> None:
    config = a_config(tmp_path)
    await many_credentials(config)
    key = (tmp_path / KEY).read_bytes()
    (tmp_path / KEY).unlink()
    await many_credentials(a_config(tmp_path / "other"))
    other = (tmp_path / KEY).read_bytes()
    code, said = await rotate(tmp_path)
    assert code == 2
    assert "nothing was changed" in said
    assert (tmp_path / KEY).read_bytes() == other
    (tmp_path / KEY).write_bytes(other + key)  # the keys of two installations may lie in one file
    assert (await rotate(tmp_path))[0] == 0
    assert await opened(config) == await opened(tmp_path / "other/crosspost.toml") == ALL


@pytest.mark.parametrize("newest_first", [True, False])
async def test_several_keys_in_the_environment_are_read_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, newest_first: bool
) -> None:
    config = a_config(tmp_path)
    await many_credentials(config)
    await rotate(tmp_path)
    new, old = (tmp_path / KEY).read_text().split()
    monkeypatch.setenv("CROSSPOST_KEY", f"{new} {old}" if newest_first else f"{old}\n{new}")
    code, said = await rotate(tmp_path)
    assert code == 0
    assert "take the old key out of CROSSPOST_KEY" in said
    assert await opened(config) == ALL
    monkeypatch.setenv("CROSSPOST_KEY", new if newest_first else old)
    assert await opened(config) == ALL

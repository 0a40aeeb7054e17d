"""The verbs about accounts, as real processes with a real terminal, or with none."""

import asyncio
import os
import pty
import re
import sys
from pathlib import Path

import httpx
import pytest

from tests.accounts.person import SETTINGS, Person, configured, connected, lines
from tests.cli.program import Said
from tests.world import World, fresh, old


async def crosspost(world: World, *arguments: str, given: str | None = None) -> Said:
    """Run a verb; `given` is piped in, and a browser follows the first address that it prints."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "crosspost",
        *arguments,
        cwd=world.folder,
        env=os.environ | {"BROWSER": "false"},
        stdin=asyncio.subprocess.PIPE if given is not None else asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert child.stdout is not None
    if given is not None:
        assert child.stdin is not None
        child.stdin.write(given.encode())
        await child.stdin.drain()
    out = b""
    async with asyncio.timeout(60):
        while line := await child.stdout.readline():
            out += line
            if found := re.match(rb"  (http://\S+\?\S+)\n", line):
                await browse(found[1].decode())
    _, err = await child.communicate()
    assert child.returncode is not None
    return Said(child.returncode, out.decode(), err.decode())


async def browse(url: str) -> str:
    async with httpx.AsyncClient(trust_env=False, follow_redirects=True) as browser:
        return (await browser.get(url)).text


APP = "sandbox-client\nsandbox-client-secret\n"


async def test_a_channel_is_connected_added_to_the_file_and_posts(world: World) -> None:
    configured(world, lines(world, "linkedin"))
    path = world.folder / "crosspost.toml"
    said = await crosspost(world, "connect", "linkedin", "--way", "member", "--yes", given=APP)
    assert said.code == 0, said
    assert "linkedin speaks for Sandbox Member" in said.out
    assert "No browser could be opened" in said.out
    assert "crosspost tells you before" in said.out
    assert 'author = "urn:li:person:aBc-123_Xyz"' in path.read_text()
    assert "sandbox-client-secret" not in said.out + said.err
    key = re.search(r"new key, (\S+):", said.out)
    assert key is not None
    assert Path(key[1]).stat().st_mode & 0o777 == 0o600
    assert f"! the key {key[1]} lies in the folder of the database" in said.err
    world.linkedin.token = "known-to-nobody"
    world.blog.publish(*old(1))
    assert (await crosspost(world, "run-once")).code == 0
    world.blog.publish(*fresh(1))
    assert (await crosspost(world, "run-once")).code == 0
    assert len(world.linkedin.posts) == 1


async def test_without_yes_it_shows_the_lines_and_writes_nothing(world: World) -> None:
    configured(world, lines(world, "tumblr"))
    before = (world.folder / "crosspost.toml").read_text()
    app = "sandbox-consumer\nsandbox-consumer-secret\n"
    said = await crosspost(world, "connect", "tumblr", "--way", "oauth1", given=app)
    assert said.code == 0, said
    assert 'blog = "sandbox"' in said.out
    assert (world.folder / "crosspost.toml").read_text() == before


async def test_a_terminal_asks_and_hides(world: World) -> None:
    """Through a pseudo terminal, as a person would: the secret does not show as it is typed."""
    configured(world, lines(world, "x"))
    ours, theirs = pty.openpty()
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "crosspost", "connect", "x", "--no-browser"),
        cwd=world.folder,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = ""

    async def wait_for(words: str) -> None:
        nonlocal shown
        async with asyncio.timeout(30):
            while words not in shown:
                shown += (await asyncio.to_thread(os.read, ours, 4096)).decode()

    for words, typed in (
        ("Number", "1"),
        ("Client ID: ", "sandbox-client"),
        ("Secret", "sandbox-client-secret"),
    ):
        await wait_for(words)
        os.write(ours, f"{typed}\n".encode())
        shown = shown.partition(words)[2] if words != "Secret" else shown
    await wait_for("Waiting for the answer")
    found = re.search(r"(http://\S+/authorize\?\S+)", shown)
    assert found is not None
    assert "You can close this window" in await browse(found[1])
    assert await child.wait() == 0
    shown += (await asyncio.to_thread(os.read, ours, 65536)).decode()
    os.close(ours)
    assert "x speaks for @sandbox" in shown
    assert "sandbox-client-secret" not in shown


async def test_nobody_at_the_keyboard_is_a_usage_error(world: World) -> None:
    configured(world, lines(world, "x"))
    said = await crosspost(world, "connect", "x", "--way", "oauth2")
    assert said.code == 2
    assert "nobody answers" in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("connect", "new", "--adapter", "mastodon"), 2, "there is no adapter 'mastodon' in this version"),
        (("connect", "nowhere"), 2, "say of which network it is to be, with --adapter"),
        (("connect", "x", "--way", "pigeon"), 1, "there are: oauth2, oauth1"),
        (("connect", "x", "--port", "99999"), 2, "--port"),
        (("connect", "no name!"), 2, "is no name"),
        (("connect", "tumblr"), 2, "channels.tumblr.base_url is taken from the environment variable NOWHERE"),
        (("disconnect", "x"), 1, "x is not connected"),
        (("secrets", "rotate"), 2, "there is no key"),
    ],
)
async def test_bad_input_is_a_sentence(world: World, arguments: tuple[str, ...], code: int, words: str) -> None:
    unset = '[channels.tumblr]\nadapter = "tumblr"\nbase_url = { env = "NOWHERE" }\n'
    configured(world, lines(world, "x"), *([unset] if "tumblr" in arguments else []))
    said = await crosspost(world, *arguments, given="")
    assert said.code == code, said
    assert words in said.err
    assert "Traceback" not in said.err


async def test_accounts_show_who_until_when_and_how(world: World) -> None:
    configured(
        world,
        *(lines(world, kind, SETTINGS[kind]) for kind in ("facebook", "linkedin", "x")),
        lines(world, "tumblr", SETTINGS["tumblr"] + '\naccess_token = { env = "TUMBLR" }'),
    )
    await connected(world, Person(), "facebook", way="page")
    await connected(world, Person(), "x", way="oauth2")
    said = await crosspost(world, "accounts")
    assert said.code == 1, "one is not connected"
    rows = {row.split("\t")[0]: row.split("\t") for row in said.out.splitlines() if "\t" in row}
    assert rows["facebook"][1:] == [
        "Page 102030405060708",
        "pages_show_list pages_manage_posts pages_read_engagement",
        "never",
        "not needed: it lasts until it is revoked",
    ]
    assert rows["x"][1] == "@sandbox"
    assert rows["x"][4] == "by itself"
    assert rows["linkedin"][4] == "not connected"
    assert rows["tumblr"][4] == "by hand: crosspost does not know when it ends"
    assert "! linkedin: not connected: crosspost connect linkedin" in said.out
    found = await crosspost(world, "accounts", "--json")
    assert '"from": "the vault"' in found.out


@pytest.mark.parametrize(
    ("kind", "way", "says", "ended"),
    [
        ("facebook", "page", "revoked, and forgotten here", True),
        ("x", "oauth2", "revoked, and forgotten here", True),
        ("linkedin", "member", "https://www.linkedin.com/psettings/permitted-services", False),
        ("tumblr", "oauth2", "https://www.tumblr.com/settings/apps", False),
    ],
)
async def test_disconnect_revokes_where_it_can(
    world: World, kind: str, way: str, says: str, ended: bool
) -> None:
    configured(world, lines(world, kind, SETTINGS[kind]))
    await connected(world, Person(), kind, way=way)
    said = await crosspost(world, "disconnect", kind)
    assert said.code == 0, said
    assert says in said.out
    authority = world.network(kind).authority
    assert authority is not None
    assert all(grant.ended for grant in authority.grants) is ended
    assert "not connected" in (await crosspost(world, "accounts")).out


async def test_disconnect_forgets_nothing_if_the_network_was_not_told(world: World) -> None:
    configured(world, lines(world, "x"))
    await connected(world, Person(), "x", way="oauth2")
    world.x.authority.client_secret = "changed"
    said = await crosspost(world, "disconnect", "x")
    assert said.code == 1
    assert "nothing was forgotten" in said.err
    assert "@sandbox" in (await crosspost(world, "accounts")).out
    assert (await crosspost(world, "disconnect", "x", "--forget")).code == 0


async def test_secrets_rotate_keeps_every_channel_going(world: World) -> None:
    configured(world, lines(world, "x"))
    await connected(world, Person(), "x", way="oauth2")
    said = await crosspost(world, "secrets", "rotate")
    assert said.code == 0, said
    assert "2 secrets are kept under the key" in said.out
    assert (await crosspost(world, "check", "--online")).out.count("✓ channels.x: speaks for @sandbox") == 1


async def test_check_says_what_is_not_connected(world: World) -> None:
    configured(world, lines(world, "x"))
    assert (await crosspost(world, "check")).code == 0
    world.blog.publish(*old(1))
    said = await crosspost(world, "check", "--online")
    assert said.code == 1
    assert "crosspost connect x" in said.out


async def test_a_lost_key_is_no_dead_end(world: World) -> None:
    configured(world, lines(world, "x"))
    await connected(world, Person(), "x", way="oauth2")
    (world.folder / "home/crosspost/key").unlink()
    said = await crosspost(world, "connect", "x", "--way", "oauth2", given=APP)
    assert said.code == 2
    assert "no key is there" in said.err
    assert "crosspost disconnect CHANNEL --forget" in said.err
    assert (await crosspost(world, "accounts")).out.count("@sandbox") == 1, "nothing was destroyed"
    assert (await crosspost(world, "disconnect", "x", "--forget")).code == 0
    assert (await crosspost(world, "connect", "x", "--way", "oauth2", "--yes", given=APP)).code == 0

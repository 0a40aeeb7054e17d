"""Canaries: secrets planted everywhere, searched for everywhere."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from crosspost.sandbox.behaviour import refuse
from tests.world import World, fresh, old

CANARIES = {
    "FACEBOOK": "canary-facebook/+=7f3a",
    "LINKEDIN": 'canary-linkedin"quoted\\9',
    "X": "canary-x-%41%2F-4411",
    "TUMBLR": "canary-tumblr 0 spaces",
    "FEED": "canary-feed-in-the-address",
}


async def crosspost(world: World, *arguments: str) -> bytes:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-X",
        "dev",
        "-m",
        "crosspost",
        *arguments,
        cwd=world.folder,
        env=os.environ | {"PYTHONASYNCIODEBUG": "1", "PYTHONWARNINGS": "ignore"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await child.communicate()
    return out + err


def everything_written(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def assert_hidden(haystack: bytes) -> None:
    from crosspost import redact

    redact.forget()
    for canary in CANARIES.values():
        redact.remember(canary)
    found = [form for form in redact.forms() if form.encode() in haystack]
    assert not found


@pytest.mark.parametrize("what", ["refused", "echoed", "unreachable"])
async def test_no_secret_shows_anywhere(world: World, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    for name, canary in CANARIES.items():
        monkeypatch.setenv(name, canary)
    monkeypatch.setenv("FEED_URL", f"{world.blog_url}/feed.xml?key={CANARIES['FEED']}")
    toml = world.toml().replace(f'url = "{world.blog_url}/feed.xml"', 'url = { env = "FEED_URL" }')
    path = world.folder / "crosspost.toml"
    path.write_text(toml)
    world.blog.publish(*old(4))
    said = await crosspost(world, "run-once")
    world.blog.publish(*fresh(1))
    for network in world.networks:
        echo = {"message": " ".join(CANARIES.values()), "errors": [{"detail": str(CANARIES)}]}
        for _ in range(3):
            network.behave(refuse(400, {"error": {"message": str(echo)}, "detail": str(echo), **echo}))
        if what != "refused":
            # The stand-ins know another token, so these canaries reach them and are accepted.
            network.token = CANARIES[type(network).__name__.removesuffix("StandIn").upper()]
    if what == "unreachable":
        path.write_text(toml.replace(world.urls["facebook"], "http://127.0.0.1:9"))
    for arguments in (
        ("run-once",),
        ("run-once", "--json"),
        ("status",),
        ("status", "--json"),
        ("deliveries", "--json"),
        ("check",),
        ("check", "--online", "--json"),
        ("preview",),
        ("retry", "--all"),
        ("run-once",),
        ("healthcheck",),
    ):
        said += await crosspost(world, *arguments)
    world.blog.broken = None
    path.write_text(toml.replace("[channels.x]", "[channels.x]\ntempalte = 1"))
    said += await crosspost(world, "check")
    assert b"Traceback" not in said
    assert b"did you mean template?" in said
    assert_hidden(said + everything_written(world.folder))

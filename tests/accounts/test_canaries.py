"""Every secret that networks hand out, searched for everywhere while all that can fail does, at debug level."""

import asyncio
import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from crosspost import redact
from crosspost.sandbox.behaviour import drop, refuse
from tests.accounts.person import SETTINGS, configured, lines
from tests.accounts.test_cli import browse
from tests.notify.ears import Ears
from tests.world import World, fresh, old

DEBUG = """
import crosspost.cli.logs as logs
set_up = logs.set_up
logs.set_up = lambda **_: set_up(level=10)
from crosspost.cli import main
main()
"""


class Spy:
    """Everything that ever came out of the program."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.heard = b""

    async def crosspost(self, *arguments: str, given: str = "") -> int:
        """Run a verb at debug level; follow the address that it prints; keep what it says and its title."""
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-X", "dev", "-c", DEBUG, *arguments),
            cwd=self.world.folder,
            env=os.environ | {"PYTHONASYNCIODEBUG": "1", "PYTHONWARNINGS": "ignore", "BROWSER": "false"},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(given.encode())
        child.stdin.close()
        async with asyncio.timeout(60):
            while line := await child.stdout.readline():
                self.heard += line
                if found := re.match(rb"  (http://\S+\?\S+)\n", line):
                    self.heard += Path(f"/proc/{child.pid}/cmdline").read_bytes()
                    self.heard += re.sub(rb"[?&].*", b"", (await browse(found[1].decode())).encode())
        _, err = await child.communicate()
        self.heard += err
        assert child.returncode is not None
        return child.returncode


def canaries(world: World) -> Iterable[str]:
    for network in world.networks:
        assert network.authority is not None
        yield from network.authority.secrets
        yield network.authority.client_secret
    for one in (world.x.authority1, world.tumblr.authority1):
        # A request token stands in the address that a person opens; without its secret it is good for nothing.
        yield from (secret for secret in one.secrets if "-request-0" not in secret)
        yield one.consumer_secret
    yield from (world.folder / "home/crosspost/key").read_text().split()


def held(world: World, kind: str) -> list[str]:
    """Return what the program holds of a network, and so may be answered with."""
    lasting = re.compile(rf"{kind}-(access1?|page|access1-secret|long)-")
    return [secret for secret in canaries(world) if lasting.match(secret)]


def echo(status: int, *secrets: str) -> object:
    """Answer with what was sent, in whatever place a network has for words, and in the form of each."""
    said = " ".join(secrets)
    assert said
    return {
        "status": status,
        "meta": {"status": status, "msg": said},
        "error": {"message": said, "code": 100},
        "message": said,
        "errors": [{"detail": said, "code": 0}],
    }


APPS = {
    "facebook": "sandbox-client\nsandbox-client-secret\n",
    "linkedin": "sandbox-client\nsandbox-client-secret\n",
    "x": "sandbox-client\nsandbox-client-secret\n",
    "tumblr": "sandbox-consumer\nsandbox-consumer-secret\n",
}
WAYS = {"facebook": "page", "linkedin": "member", "x": "oauth2", "tumblr": "oauth1"}


@pytest.mark.timeout(240)
async def test_no_secret_is_anywhere(world: World, ears: Ears) -> None:
    spy = Spy(world)
    told = f'[notify]\nheartbeat = "{ears.url}/beat"\n[notify.webhook]\nurl = "{ears.url}/hook"\n'
    configured(world, told, *(lines(world, kind, SETTINGS[kind]) for kind in APPS))
    for kind, app in APPS.items():
        assert await spy.crosspost("connect", kind, "--way", WAYS[kind], given=app) == 0
    world.x.authority.consent = "deny"
    assert await spy.crosspost("connect", "x", "--way", "oauth2", given="\n\n") == 1
    world.x.authority.consent = "allow"
    world.x.authority.behaviours.append(refuse(400, echo(400, "sandbox-client-secret")))
    assert await spy.crosspost("connect", "x", "--way", "oauth2", given="\n\n") == 1
    for network in world.networks:
        network.token = "known-to-nobody"
    world.blog.publish(*old(1))
    await spy.crosspost("run-once")
    world.blog.publish(*fresh(3))
    world.x.authority.expire_access()
    world.x.authority.behaviours.append(drop(accept=True))
    world.facebook.behave(refuse(500, echo(500, *held(world, "facebook"))), drop(accept=False))
    world.linkedin.behave(refuse(400, echo(400, *held(world, "linkedin"))))
    world.tumblr.behave(refuse(403, echo(403, *held(world, "tumblr"))))
    await spy.crosspost("run-once")
    world.facebook.authority.end_grants()
    await spy.crosspost("run-once", "--json")
    for verb in (
        ("accounts",),
        ("status",),
        ("deliveries", "--json"),
        ("check", "--online"),
        ("plan", "--json"),
    ):
        await spy.crosspost(*verb)
    await spy.crosspost("secrets", "rotate")
    world.x.authority.client_secret = "changed-at-the-network"
    for kind in APPS:
        await spy.crosspost("disconnect", kind)

    secrets = list(canaries(world))
    assert len(secrets) > 15
    redact.forget()
    for secret in secrets:
        redact.remember(secret)
    written = b"".join(
        path.read_bytes() for path in world.folder.rglob("*") if path.is_file() and path.name != "key"
    )
    assert "[secret]" in str(ears.heard), "the networks repeated them, and a person was told"
    spy.heard += str(ears.heard).encode()
    for form in redact.forms():
        assert form.encode() not in spy.heard, form
        assert form.encode() not in written, form
    assert b"Traceback" not in spy.heard or b"[secret]" in spy.heard

"""The image, built and run by a real container engine: an empty volume, a root file system that is read-only.

Docker or Podman, whichever is there, or the command that `$CROSSPOST_ENGINE` names. Without one, or without the
base image, this is skipped with its reason.
"""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

ROOT = Path(__file__).parents[2]
CONFIG = """
[feeds.blog]
url = "feed.xml"
backfill = 2
[channels.signature]
adapter = "email_signature"
path = "signatures/personal"
"""
CAPABILITIES = (
    "--cap-drop",
    "ALL",
    *(f"--cap-add={one}" for one in ("CHOWN", "DAC_OVERRIDE", "SETGID", "SETUID")),
)
STRICT = ("--read-only", "--tmpfs", "/tmp", "--security-opt", "no-new-privileges", "--stop-timeout", "10")
HANGS = 120


def engine(*arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
    named = os.environ.get("CROSSPOST_ENGINE") or shutil.which("docker") or shutil.which("podman")
    if named is None:
        pytest.skip("no container engine is here: neither docker nor podman")
    return subprocess.run([named, *arguments], input=given, capture_output=True, text=True, check=False)


def good(*arguments: str, given: str | None = None) -> str:
    done = engine(*arguments, given=given)
    assert done.returncode == 0, f"{arguments}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def image() -> str:
    base = next(
        line.split()[1] for line in (ROOT / "Dockerfile").read_text().splitlines() if line[:4] == "FROM"
    )
    if engine("image", "inspect", base).returncode and (pulled := engine("pull", base)).returncode:
        pytest.skip(f"the engine cannot be used, or has no {base}: {pulled.stderr.strip()[-200:]}")
    good("build", "-t", "crosspost:test", str(ROOT))
    return "crosspost:test"


@pytest.fixture
def box(image: str) -> Iterator["Box"]:
    made = Box(image)
    yield made
    made.remove()


class Box:
    """One container, and the two volumes that outlive it."""

    def __init__(self, image: str) -> None:
        self.image = image
        self.name = f"crosspost-{uuid4().hex[:8]}"

    def run(self, *options: str) -> None:
        volumes = ("-v", f"{self.name}:/config", "-v", f"{self.name}-key:/config/key")
        good("run", "-d", "--name", self.name, *STRICT, *volumes, *options, self.image)

    def within(self, *command: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
        return engine("exec", "-i", self.name, *command, given=given)

    def until(self, *command: str) -> str:
        """Wait until a command in the container ends well; nothing tells us, so look often."""
        end = time.monotonic() + HANGS
        while (done := self.within(*command)).returncode:
            assert time.monotonic() < end, done.stdout + done.stderr
            time.sleep(0.2)
        return done.stdout

    def begin(self) -> None:
        """Put a configuration into the volume, as `crosspost init` does from inside."""
        feed = (ROOT / "examples/blog/feed.xml").read_text(encoding="utf-8")
        for name, text in (("feed.xml", feed), ("new.toml", CONFIG)):
            assert self.within("sh", "-c", f"cat > /config/{name}", given=text).returncode == 0
        assert self.within("mv", "/config/new.toml", "/config/crosspost.toml").returncode == 0
        assert "alive" in self.until("crosspost", "healthcheck")

    def stop(self) -> int:
        good("stop", self.name)
        return int(json.loads(good("inspect", self.name))[0]["State"]["ExitCode"])

    def remove(self) -> None:
        engine("rm", "-f", self.name)
        engine("volume", "rm", "-f", self.name, f"{self.name}-key")


@pytest.mark.parametrize(
    ("options", "whom"),
    [
        ((), "10001 10001"),
        (("-e", "PUID=1234", "-e", "PGID=4321", *CAPABILITIES), "1234 4321"),
        (("--user", "10001:10001", "--cap-drop", "ALL"), "10001 10001"),
    ],
)
def test_a_daemon_begins_in_an_empty_volume_and_ends_cleanly(
    box: Box, options: tuple[str, ...], whom: str
) -> None:
    box.run(*options)
    box.begin()
    assert "crosspost init" in engine("logs", box.name).stderr, "said while it waited"
    box.until("sh", "-c", "crosspost status | grep '3 delivered'")
    owners = box.within("sh", "-c", "stat -c '%u %g' /config/* /config/key/. /proc/1 | sort -u")
    assert owners.stdout == f"{whom}\n"
    assert box.within("sh", "-c", "touch /opt/x").returncode != 0
    assert box.stop() == 0


def test_a_new_container_goes_on_with_the_volumes_of_the_one_before(box: Box) -> None:
    box.run()
    box.begin()
    box.until("sh", "-c", "crosspost status | grep '3 delivered'")
    assert box.stop() == 0
    good("rm", box.name)
    box.run()
    box.until("crosspost", "healthcheck")
    assert "delivered" not in engine("logs", box.name).stderr


def test_init_in_the_container_that_waits_is_all_it_waits_for(box: Box) -> None:
    box.run()
    feed = (ROOT / "examples/blog/feed.xml").read_text(encoding="utf-8")
    assert box.within("sh", "-c", "cat > /config/feed.xml", given=feed).returncode == 0
    said = box.within("crosspost", "init", "/config/feed.xml", "--yes", "--timezone", "America/Montreal")
    assert said.returncode == 0, said.stdout + said.stderr
    assert "Next:" in said.stdout
    assert "alive" in box.until("crosspost", "healthcheck")
    assert "3 delivered" in box.within("crosspost", "status").stdout


def test_a_stop_while_it_waits_is_heeded(box: Box) -> None:
    box.run()
    assert box.stop() == 0


def test_what_may_not_give_up_root_says_so(box: Box) -> None:
    done = engine("run", "--rm", "--name", box.name, "--cap-drop", "ALL", box.image, "version")
    assert done.returncode == 2
    assert "--user 10001:10001" in done.stderr

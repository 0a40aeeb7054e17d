"""The entry point of the image, run in a folder: it gives up root, waits, and becomes the program."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

ENTRY = Path(__file__).parents[2] / "docker/entry"
AS_ROOT = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("setpriv") is None, reason="only root can give up root, with setpriv"
)
PROGRAM = '#!/bin/sh\necho "$$ $(id -u):$(id -g) $*"\n'
"""In place of crosspost: tells as which process it runs, as whom, and with which words."""


@pytest.fixture
def place() -> Iterator[Path]:
    """Give a folder that others may enter, as the container's root is: pytest's own is for its user alone."""
    folder = Path(mkdtemp(prefix="crosspost-entry-"))
    folder.chmod(0o755)
    (folder / "config").mkdir()
    for name, text in {
        "program": PROGRAM,
        "entry": ENTRY.read_text(encoding="utf-8")
        .replace("/opt/crosspost/bin/crosspost", str(folder / "program"))
        .replace("find /config", f"find {folder}/config"),
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
        (folder / name).chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def start(place: Path) -> Callable[..., subprocess.Popen[str]]:
    def started(*arguments: str, **environment: str) -> subprocess.Popen[str]:
        there = {"PATH": os.environ["PATH"], "CROSSPOST_CONFIG": str(place / "config/crosspost.toml")}
        return subprocess.Popen(
            [place / "entry", *arguments],
            env=there | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return started


@AS_ROOT
@pytest.mark.parametrize(
    ("environment", "whom"),
    [
        ({}, "10001:10001"),
        ({"PUID": "1234"}, "1234:1234"),
        ({"PUID": "99", "PGID": "100"}, "99:100"),
        ({"PUID": "0"}, "0:0"),
    ],
)
def test_it_becomes_whom_it_is_told_and_the_folder_is_theirs(
    place: Path, start: Callable[..., subprocess.Popen[str]], environment: dict[str, str], whom: str
) -> None:
    (place / "config/key").mkdir(mode=0o700)
    (place / "config/key/crosspost").touch(mode=0o600)
    (place / "config/away").symlink_to(place / "program")
    child = start("plan", "--json", **environment)
    out, err = child.communicate()
    assert (out, err) == (f"{child.pid} {whom} plan --json\n", ""), "the very process, which gets the signals"
    for name in ("", "key", "key/crosspost"):
        status = (place / "config" / name).stat()
        assert f"{status.st_uid}:{status.st_gid}" == whom
    assert (place / "program").stat().st_uid == 0, "where a link leads nothing changes"


@AS_ROOT
def test_a_health_check_changes_no_owner(place: Path, start: Callable[..., subprocess.Popen[str]]) -> None:
    assert "10001:10001 healthcheck" in start("healthcheck").communicate()[0]
    assert (place / "config").stat().st_uid == 0


@AS_ROOT
@pytest.mark.parametrize("name", ["marie", "1000:1000", "-1", "1 2"])
def test_a_name_in_place_of_a_number_is_refused(start: Callable[..., subprocess.Popen[str]], name: str) -> None:
    child = start("status", PUID=name)
    out, err = child.communicate()
    assert (child.returncode, out) == (2, "")
    assert (
        err == f"crosspost: PUID and PGID are numbers, as id -u and id -g print them, not {name} and {name}\n"
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_daemon_without_configuration_says_so_waits_and_ends_at_a_signal(
    start: Callable[..., subprocess.Popen[str]], number: signal.Signals
) -> None:
    child = start("run")
    assert child.stderr is not None
    said = child.stderr.readline() + child.stderr.readline()
    assert "crosspost init" in said
    assert "crosspost.toml" in said
    child.send_signal(number)
    assert (child.communicate()[0], child.returncode) == ("", 0)


def test_it_begins_as_soon_as_a_configuration_is_there(
    place: Path, start: Callable[..., subprocess.Popen[str]]
) -> None:
    child = start("run")
    assert child.stderr is not None
    child.stderr.readline()
    (place / "config/crosspost.toml").touch()
    assert child.communicate()[0].endswith(" run\n")
    assert child.returncode == 0


@pytest.mark.parametrize("words", [["run-once"], ["status", "--json"], ["run", "--help"], []])
def test_all_else_waits_for_nothing(start: Callable[..., subprocess.Popen[str]], words: list[str]) -> None:
    child = start(*words)
    assert child.communicate()[0].split()[2:] == words

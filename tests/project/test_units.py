"""The units for systemd: one place for everything, one set of fences, and words that systemd understands."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from crosspost.engine.work import LONGEST_SLEEP

UNITS = Path(__file__).parents[2] / "examples/systemd"
DAEMON, ONCE = (UNITS / "crosspost.service", UNITS / "crosspost-once.service")
PROGRAM = "/opt/crosspost/bin/crosspost"


def lines(unit: Path) -> list[str]:
    """Return the settings of a unit, without comments and headings."""
    return [line for line in unit.read_text(encoding="utf-8").splitlines() if re.match(r"\w+=", line)]


def fences(unit: Path) -> list[str]:
    """Return what keeps the program from what it does not need."""
    found = lines(unit)
    return [line for line in found[found.index("AmbientCapabilities=") :] if "WantedBy" not in line]


def test_the_daemon_is_heard_watched_and_reloaded() -> None:
    settings = dict(line.split("=", 1) for line in lines(DAEMON))
    assert settings["Type"] == "notify"
    assert settings["NotifyAccess"] == "main", "a child that reads a stranger's feed says nothing in its place"
    assert settings["ExecReload"] == "kill -HUP $MAINPID"
    assert int(settings["WatchdogSec"].removesuffix("min")) * 60 >= 3 * LONGEST_SLEEP
    assert settings["ExecStart"] == f"{PROGRAM} run"


def test_a_run_from_the_timer_that_needs_a_person_is_no_failure() -> None:
    assert "SuccessExitStatus=1" in lines(ONCE)
    assert not any(line.startswith("SuccessExitStatus") for line in lines(DAEMON))


def test_both_have_the_same_place_the_same_user_and_the_same_fences() -> None:
    assert fences(DAEMON) == fences(ONCE)
    for beginning in ("User=", "StateDirectory=", "WorkingDirectory=", "Environment=CROSSPOST_"):
        same = [[line for line in lines(unit) if line.startswith(beginning)] for unit in (DAEMON, ONCE)]
        assert same[0] == same[1] != [], beginning


def test_the_script_for_people_is_the_service(tmp_path: Path) -> None:
    """With stand-ins for sudo and the program, which show what they are given."""
    text = (UNITS / "crosspost").read_text(encoding="utf-8")
    for line in lines(DAEMON):
        if line.startswith("Environment=CROSSPOST_"):
            assert line.removeprefix("Environment=") in text
    program, sudo = tmp_path / "program", tmp_path / "sudo"
    program.write_text('#!/bin/sh\npwd\necho "$CROSSPOST_CONFIG"\nprintf "%s\\n" "$@"\n')
    sudo.write_text('#!/bin/sh\nshift 3\nexec "$@"\n')
    script = tmp_path / "crosspost"
    script.write_text(
        text.replace("sudo ", f"{sudo} ")
        .replace(PROGRAM, str(program))
        .replace("cd /var/lib/crosspost", f"cd {tmp_path}")
    )
    for one in (program, sudo, script):
        one.chmod(0o755)
    said = subprocess.run([script, "skip", "a b", "$HOME"], capture_output=True, text=True, check=True)
    place = "/var/lib/crosspost/crosspost.toml"
    assert said.stdout.splitlines() == [str(tmp_path), place, "skip", "a b", "$HOME"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_understands_every_word(tmp_path: Path) -> None:
    for unit in UNITS.iterdir():
        if unit.suffix:
            text = unit.read_text(encoding="utf-8").replace(PROGRAM, sys.executable)
            (tmp_path / unit.name).write_text(text, encoding="utf-8")
    units = [str(unit) for unit in tmp_path.iterdir()]
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if "crosspost" in line]
    assert not ours, done.stderr

"""The Dockerfile, read by hand, and its steps run in a folder; `make real` builds and runs the image."""

import fnmatch
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
VENV = "/opt/crosspost"


@dataclass
class Stage:
    """One stage: its base image, its name, and its instructions in order."""

    base: str
    name: str
    steps: list[tuple[str, str]] = field(default_factory=list)

    def all(self, instruction: str) -> list[str]:
        return [arguments for name, arguments in self.steps if name == instruction]

    def only(self, instruction: str) -> str:
        (arguments,) = self.all(instruction)
        return arguments


def stages() -> list[Stage]:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    found: list[Stage] = []
    for line in re.sub(r"\s*\\\n\s*", " ", "\n".join(lines)).splitlines():
        instruction, _, arguments = line.partition(" ")
        if instruction == "FROM":
            base, _, name = arguments.partition(" AS ")
            found.append(Stage(base, name))
        else:
            found[-1].steps.append((instruction, arguments))
    return found


@pytest.fixture
def builder() -> Stage:
    return stages()[0]


@pytest.fixture
def final() -> Stage:
    return stages()[-1]


def sources(stage: Stage) -> list[str]:
    """Return what a stage copies out of the repository."""
    return [
        one for arguments in stage.all("COPY") if "--from" not in arguments for one in arguments.split()[:-1]
    ]


def environment(stage: Stage) -> dict[str, str]:
    return dict(pair.split("=", 1) for arguments in stage.all("ENV") for pair in arguments.split())


def test_there_are_two_stages_on_one_pinned_python(builder: Stage, final: Stage) -> None:
    assert len(stages()) == 2
    assert builder.base == final.base == "python:3.13-slim"
    assert builder.name
    assert f"--from={builder.name} {VENV} {VENV}" in final.all("COPY")
    assert sources(final) == ["docker/entry"], "the second stage takes nothing else but the environment"


def test_its_folders_belong_to_whom_the_entry_becomes(final: Stage) -> None:
    """`--user` finds them so in an empty volume; the entry point gives up root itself, see test_entry.py."""
    (user,) = re.findall(r"PUID:=(\d+)", (ROOT / "docker/entry").read_text(encoding="utf-8"))
    assert int(user) >= 1000
    assert not final.all("USER")
    made = " && ".join(
        (f"install -d -o {user} -g {user} /config", f"install -d -m 700 -o {user} -g {user} /config/key")
    )
    assert made in final.all("RUN")


def test_everything_that_changes_is_in_one_volume(final: Stage) -> None:
    assert final.only("VOLUME") == final.only("WORKDIR") == "/config"
    assert environment(final)["CROSSPOST_CONFIG"] == "/config/crosspost.toml"


def test_the_key_can_lie_in_a_volume_of_its_own_and_does_in_what_people_copy(final: Stage) -> None:
    folder = str(Path(environment(final)["CROSSPOST_KEY_FILE"]).parent)
    assert folder != final.only("VOLUME"), "where the database is"
    for document in ("README.md", "docs/accounts.md"):
        text = (ROOT / document).read_text(encoding="utf-8")
        assert f"crosspost-key:{folder}" in text, document


def test_the_daemon_is_the_default_and_tells_whether_it_lives(final: Stage) -> None:
    assert json.loads(final.only("ENTRYPOINT")) == ["crosspost"]
    assert "docker/entry /usr/local/bin/crosspost" in final.all("COPY"), "also for `docker exec`"
    assert json.loads(final.only("CMD")) == ["run"]
    assert json.loads(final.only("HEALTHCHECK").partition("CMD ")[2]) == ["crosspost", "healthcheck"]
    assert final.only("STOPSIGNAL") == "SIGTERM"


def test_dependencies_are_locked(builder: Stage) -> None:
    installs = [command for command in builder.all("RUN") if "pip install" in command]
    assert all("--require-hashes -r requirements.lock" in one or "--no-deps" in one for one in installs)
    assert "latest" not in (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_what_is_copied_exists_and_reaches_the_builder(builder: Stage, final: Stage) -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split("\n")
    kept = {line[1:] for line in ignored if line.startswith("!")}
    assert "*" in ignored
    assert kept == {*sources(builder), *sources(final)}
    assert all((ROOT / name).exists() for name in kept)


def test_every_package_is_copied(builder: Stage) -> None:
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    moved = tool["package-dir"]
    for package in tool["packages"]:
        inside = next(
            (name for name in moved if package == name or package.startswith(f"{name}.")), "crosspost"
        )
        assert moved.get(inside, inside) in sources(builder), package


def compose(name: str) -> Any:
    return yaml.safe_load((ROOT / "examples/docker" / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["compose.yaml", "compose.postgres.yaml"])
def test_the_compose_examples_are_strict_and_need_no_file_beside_them(name: str) -> None:
    whole = compose(name)
    service = whole["services"]["crosspost"]
    assert service["read_only"] is True
    assert service["tmpfs"] == ["/tmp"]
    assert service["cap_drop"] == ["ALL"]
    assert service["volumes"] == ["config:/config", "key:/config/key"], "the key is apart"
    assert {"config", "key"} <= set(whole["volumes"])
    assert "secrets" not in service
    assert "secrets" not in whole
    assert (ROOT / "examples/docker" / service["build"] / "Dockerfile").resolve() == ROOT / "Dockerfile"


def test_compose_lets_the_entry_do_what_it_must(final: Stage) -> None:
    service = compose("compose.yaml")["services"]["crosspost"]
    said = re.findall(r"capabilities ([A-Z_, ]+) and ([A-Z]+),", (ROOT / "docker/entry").read_text())
    ((names, last),) = said
    assert service["cap_add"] == [*names.split(", "), last]
    assert set(service["environment"]) == {"PUID", "PGID", "TZ"}


CONFIG = """
[feeds.blog]
url = "feed.xml"
[channels.signature]
adapter = "email_signature"
path = "signature"
"""


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_its_steps_make_a_program_that_runs_reports_and_stops(
    tmp_path: Path, builder: Stage, final: Stage
) -> None:
    """Each step in order, with the image's folders under a temporary one, and this machine's Python."""
    venv, work, config = tmp_path / "crosspost", tmp_path / "src", tmp_path / "config"
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for instruction, arguments in builder.steps:
        if instruction == "WORKDIR":
            work.mkdir()
        elif instruction == "COPY":
            *names, target = arguments.split()
            for name in names:
                place = work / (name if target == "./" else target)
                ignore = shutil.ignore_patterns("__pycache__")
                shutil.copytree(ROOT / name, place, ignore=ignore) if (ROOT / name).is_dir() else shutil.copy(
                    ROOT / name, place
                )
        else:
            assert instruction == "RUN"
            command = arguments.replace(VENV, str(venv))
            done = subprocess.run(
                command,
                shell=True,
                cwd=work,
                env={**os.environ, "PATH": path},
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    shutil.rmtree(work)  # the second stage does not have it

    config.mkdir()
    there = {name: value.replace("/config", str(config)) for name, value in environment(final).items()}
    entry = [str(venv / "bin" / "crosspost")]  # as docker/entry calls it

    def crosspost(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*entry, *arguments], cwd=config, env=there, capture_output=True, text=True, check=False
        )

    assert "Verbs" in crosspost("--help").stdout
    assert crosspost("healthcheck").returncode == 2, "there is no configuration yet"
    (config / "crosspost.toml").write_text(CONFIG, encoding="utf-8")
    shutil.copy(ROOT / "examples/blog/feed.xml", config)
    unborn = crosspost("healthcheck")
    assert (unborn.returncode, unborn.stderr) == (1, "")
    assert "no daemon has run" in unborn.stdout

    daemon = subprocess.Popen(
        [*entry, *json.loads(final.only("CMD"))], cwd=config, env=there, stderr=subprocess.PIPE
    )
    try:
        began = time.monotonic()
        while crosspost("healthcheck").returncode and time.monotonic() < began + 60:
            assert daemon.poll() is None, daemon.stderr and daemon.stderr.read()
            time.sleep(0.2)
        assert "alive" in crosspost("healthcheck").stdout
        daemon.send_signal(getattr(signal, final.only("STOPSIGNAL")))
        assert daemon.wait(timeout=8) == 0
    finally:
        daemon.kill()
        daemon.communicate()
    assert {one.name for one in config.iterdir()} >= {"crosspost.toml", "crosspost.db"}
    assert not [
        one for one in config.iterdir() if fnmatch.fnmatch(one.name, "*.pyc") or one.name == "__pycache__"
    ]

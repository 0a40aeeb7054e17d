"""The lines for cron in README and example, run as cron runs them, where README's own steps lead."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.program import Program

ROOT = Path(__file__).parents[2]
SCHEDULE = r"\*/15 \* \* \* \*"
OF_CRON = {"PATH": "/usr/bin:/bin", "SHELL": "/bin/sh", "LOGNAME": "marie"}
"""All that cron itself puts into the environment, beside the home folder."""


def checkout(folder: Path) -> Program:
    """Make what `make run` and a configuration beside it leave in a checkout."""
    folder.mkdir(parents=True)
    (folder / ".venv").symlink_to(Path(sys.executable).parents[1])
    return Program(folder)


def run(line: str, home: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    there = {**OF_CRON, "HOME": str(home), **environment}
    return subprocess.run(
        ["/bin/sh", "-c", line], cwd=home, env=there, capture_output=True, text=True, check=False
    )


def readme() -> tuple[str, str]:
    """Return the folder that README's line goes to, below the home folder, and the line."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (line,) = re.findall(rf"^{SCHEDULE}  (.+)$", text, re.MULTILINE)
    (folder,) = re.findall(r"cd \$HOME/([\w-]+) && \.venv/bin/crosspost ", line)
    return folder, line


def test_the_line_in_the_readme_runs_in_a_checkout(tmp_path: Path) -> None:
    folder, line = readme()
    program = checkout(tmp_path / folder)
    done = run(line, tmp_path, {})
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (program.folder / "signature.txt").read_text(encoding="utf-8")


def test_the_example_for_cron_runs_in_the_same_place(tmp_path: Path) -> None:
    text = (ROOT / "examples/cron/crosspost").read_text(encoding="utf-8").replace("/home/marie", str(tmp_path))
    environment = dict(re.findall(r"^([A-Z_]+)=(.*)$", text, re.MULTILINE))
    ((user, line),) = re.findall(rf"^{SCHEDULE}  (\w+)  (.+)$", text, re.MULTILINE)
    assert user == environment["MAILTO"]
    program = checkout(Path(environment["CROSSPOST_CONFIG"]).parent)
    done = run(line, tmp_path, environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (program.folder / "signature.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("line", [readme()[1], (ROOT / "examples/cron/crosspost").read_text(encoding="utf-8")])
def test_the_lines_name_the_program_that_make_run_leaves(line: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "BIN = .venv/bin\n" in makefile
    assert ".venv/bin/crosspost" in line

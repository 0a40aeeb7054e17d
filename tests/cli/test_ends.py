"""How the program ends where nobody listens any more, and where it cannot run at all."""

import subprocess
import sys

import pytest

from tests.cli.program import Program


@pytest.mark.parametrize("closed", ["1>&-", "2>&-", "1>&- 2>&-", "| true", "2>&1 | true"])
@pytest.mark.parametrize("verb", ["status", "run-once", "plan --json", "check"])
def test_nobody_listening_makes_no_traceback(crosspost: Program, verb: str, closed: str) -> None:
    command = f"sleep 0; {sys.executable} -m crosspost {verb} {closed}"
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=crosspost.folder,
        env=crosspost.environment({}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


def test_windows_is_refused_with_a_sentence(crosspost: Program) -> None:
    """Only the name of the system is another one: nothing else of it can be had here."""
    code = "import os; from crosspost.cli import main; os.name = 'nt'; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "status"],
        cwd=crosspost.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("crosspost: crosspost needs a POSIX system")
    assert len(done.stderr.splitlines()) == 1

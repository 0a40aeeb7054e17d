"""Install the clients that others wrote into `.real/`, once for each state of their pinned requirements.

A machine that cannot have them (no registry, no network) is no failure: `.real/missing` says what, and the
tests that need it are skipped with that reason.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).parent
PLACE = HERE.parents[1] / ".real"
PYTHON = PLACE / "python"
NODE = PLACE / "node"
MISSING = PLACE / "missing"
_LONGEST = 240  # seconds, for each of the two registries


def install() -> None:
    """Bring `.real/` to what is pinned; say in `.real/missing` what could not be had."""
    PLACE.mkdir(exist_ok=True)
    MISSING.unlink(missing_ok=True)
    for part, make, pins in (
        (PYTHON, _python, ["requirements.lock"]),
        (NODE, _node, ["package.json", "package-lock.json"]),
    ):
        if problem := _once(part, make, [HERE / pin for pin in pins]):
            with MISSING.open("a") as said:
                said.write(problem + "\n")
            print(problem, file=sys.stderr)


def _once(part: Path, make: Callable[[], None], pins: list[Path]) -> str:
    """Make a part unless it stands as it is pinned; return what went wrong, or "". A half is not kept."""
    pinned = sha256(b"".join(pin.read_bytes() for pin in pins) + sys.version.encode()).hexdigest()
    stamp = PLACE / f"{part.name}.stamp"
    if stamp.exists() and stamp.read_text() == pinned:
        return ""
    stamp.unlink(missing_ok=True)
    shutil.rmtree(part, ignore_errors=True)
    try:
        make()
    except (OSError, subprocess.SubprocessError) as error:
        shutil.rmtree(part, ignore_errors=True)
        lines = str(getattr(error, "stderr", "") or error).strip().splitlines()
        said = next((line for line in lines if "error" in line.lower()), lines[-1])
        return f"the clients in {pins[0].name} could not be installed: {said}"
    stamp.write_text(pinned)
    return ""


def _python() -> None:
    _run(sys.executable, "-m", "venv", str(PYTHON))
    pip = (str(PYTHON / "bin" / "pip"), "--disable-pip-version-check", "--retries", "1", "--timeout", "20")
    _run(*pip, "install", "--quiet", "--require-hashes", "-r", str(HERE / "requirements.lock"))


def _node() -> None:
    NODE.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, NODE)
    _run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1")


def path() -> str:
    """Return where programs are looked for: Node comes with the Python packages, before the system's."""
    return os.pathsep.join((str(PYTHON / "bin"), os.environ.get("PATH", "")))


def _run(*command: str) -> None:
    subprocess.run(
        [shutil.which(command[0], path=path()) or command[0], *command[1:]],
        cwd=NODE if command[0] == "npm" else PLACE,
        env=os.environ | {"PATH": path()},
        check=True,
        timeout=_LONGEST,
        capture_output=True,
        text=True,
    )


if __name__ == "__main__":
    install()

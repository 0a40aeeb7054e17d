"""Programs that others wrote, installed by `make real`, and how they are run."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from crosspost.testing import a_picture
from tests.real.install import MISSING, NODE, PYTHON, path

CLIENTS = Path(__file__).parent / "clients"
ALT = "Un port sous la neige"
LINK = "https://blog.example.org/2026/neige"
TEXT = f"Première neige\n\n{LINK}"


async def run(client: str, **told: object) -> Any:
    """Tell a client what it needs, let it do its work, and return what it says."""
    is_python = client.endswith(".py")
    program = PYTHON / "bin" / "python" if is_python else shutil.which("node", path=path())
    if program is None or not (PYTHON if is_python else NODE / "node_modules").exists():
        pytest.skip(MISSING.read_text().strip() if MISSING.exists() else "needs what `make real` installs")
    process = await asyncio.create_subprocess_exec(
        program,
        CLIENTS / client,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complained = await process.communicate(json.dumps({"modules": str(NODE), **told}).encode())
    assert process.returncode == 0, complained.decode()
    return json.loads(said)


@pytest.fixture
def told(tmp_path: Path) -> dict[str, str]:
    """Return what every client posts."""
    picture = tmp_path / "picture.jpg"
    picture.write_bytes(a_picture().data)
    return {"token": "sandbox-token", "text": TEXT, "link": LINK, "picture": str(picture), "alt": ALT}

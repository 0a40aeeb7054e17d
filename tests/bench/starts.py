"""What a start costs, as ratios to bare Python."""

import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crosspost.sandbox.server import serve

ROUNDS = 15
CROSSPOST = [sys.executable, "-m", "crosspost"]
FEED = (Path(__file__).parents[2] / "examples/blog/feed.xml").read_bytes()
CONFIG = """
database = "sqlite:///bench.db"
[feeds.blog]
url = "{url}/feed.xml"
[channels.signature]
adapter = "email_signature"
path = "signature"
[channels.facebook]
adapter = "facebook"
dry_run = true
page = "1"
"""


class Cost(NamedTuple):
    """The best time in seconds, and the peak memory in MB."""

    seconds: float
    megabytes: float


async def feed(request: Request) -> Response:
    if request.headers.get("if-none-match") == '"1"':
        return Response(status_code=304, headers={"etag": '"1"'})
    return Response(FEED, media_type="application/atom+xml", headers={"etag": '"1"'})


# A process starts with its parent's peak memory on its account, so a parent as small as can be starts it.
LAUNCHER = """
import os, sys, time
began = time.perf_counter()
quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet)
_, status, usage = os.wait4(child, 0)
print(time.perf_counter() - began, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status))
"""


def cost_of(command: list[str], folder: Path) -> Cost:
    """Run a command several times; keep the best."""
    costs = []
    for _ in range(ROUNDS):
        launched = [sys.executable, "-S", "-E", "-c", LAUNCHER, *command]
        said = subprocess.run(launched, cwd=folder, stdout=subprocess.PIPE, check=True, text=True).stdout
        seconds, megabytes, code = map(float, said.split())
        if code:
            sys.exit(f"{' '.join(command)} failed")
        costs.append(Cost(seconds, megabytes))
    return Cost(min(cost.seconds for cost in costs), min(cost.megabytes for cost in costs))


async def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with serve(Starlette(routes=[Route("/feed.xml", feed)])) as url:
            (folder / "crosspost.toml").write_text(CONFIG.format(url=url))
            await asyncio.to_thread(subprocess.run, [*CROSSPOST, "run-once"], cwd=folder, check=True)
            bare = await asyncio.to_thread(cost_of, [sys.executable, "-c", "pass"], folder)
            rows = [("bare Python", bare)]
            for verb in ("--help", "version", "status", "run-once"):
                label = f"crosspost {verb}" + (", feed unchanged" if verb == "run-once" else "")
                rows.append((label, await asyncio.to_thread(cost_of, [*CROSSPOST, verb], folder)))
    print(f"{'':34} {'time':>8} {'ratio':>7} {'peak MB':>8}")
    for label, cost in rows:
        print(
            f"{label:34} {cost.seconds * 1000:6.0f}ms {cost.seconds / bare.seconds:6.1f}× {cost.megabytes:8.1f}"
        )

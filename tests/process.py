"""The real program as a process beside a world, while its networks run here."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from tests.cli.program import Said
from tests.forks import run_verb
from tests.world import World

HANGS = 300
"""Seconds after which a program does hang, however busy the machine is."""


@asynccontextmanager
async def started(
    world: World,
    *arguments: str,
    program: tuple[str, str] = ("-m", "crosspost"),
    prepare: Callable[[], object] | None = None,
) -> AsyncIterator[Process]:
    """Start the program; kill it if the test did not end it. `prepare` runs in the child before it begins."""
    command = (sys.executable, *program, *arguments)
    # No bytecode: where files may not grow, Python would leave half of one, for good.
    env = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    child = await asyncio.create_subprocess_exec(
        *command, cwd=world.folder, env=env, preexec_fn=prepare, stdout=PIPE, stderr=PIPE
    )
    try:
        yield child
    finally:
        if child.returncode is None:
            child.kill()
            await child.communicate()


async def ended(child: Process) -> Said:
    """Wait until the program ends by itself."""
    out, err = await asyncio.wait_for(child.communicate(), HANGS)
    assert child.returncode is not None
    return Said(child.returncode, out.decode(), err.decode())


async def running(child: Process) -> None:
    """Wait until a daemon says that it has started: from then on it heeds signals."""
    assert child.stderr is not None
    async with asyncio.timeout(HANGS):
        while b"started: " not in await child.stderr.readline():
            assert child.returncode is None


async def crosspost(world: World, *arguments: str, prepare: Callable[[], object] | None = None) -> Said:
    """Run one verb."""
    if prepare is None:
        return Said(
            *await asyncio.to_thread(run_verb, *arguments, folder=world.folder, environment=dict(os.environ))
        )
    async with started(world, *arguments, prepare=prepare) as child:
        return await ended(child)


async def until(condition: Callable[[], object]) -> None:
    """Wait for what another process does; nothing tells us, so look often."""
    async with asyncio.timeout(HANGS):
        while not condition():  # noqa: ASYNC110 - another process sets no event of ours
            await asyncio.sleep(0.02)

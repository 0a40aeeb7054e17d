"""A person at a real terminal: what is typed there, and what is shown."""

import asyncio
import errno
import fcntl
import os
import pty
import sys
import termios
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Self

from tests.world import World

HANGS = 120
"""Seconds after which a program does hang, however busy the machine is."""


@dataclass
class Keyboard:
    """A pseudo terminal, the program's own: what ^C is there, the kernel says."""

    terminal: int
    child: Process
    shown: str = ""
    """All that was shown since the program began."""
    _since: int = field(default=0)

    async def until(self, words: str) -> Self:
        """Wait for words that were not waited for yet."""
        async with asyncio.timeout(HANGS):
            while words not in self.shown[self._since :]:
                piece = await asyncio.to_thread(self._read)
                assert piece, f"the program ended, and never said {words!r}: {self.shown}"
                self.shown += piece
        self._since = self.shown.index(words, self._since) + len(words)
        return self

    async def type(self, keys: str) -> None:
        """Type once the program reads hidden words, if it does: what is typed before, it throws away."""
        await asyncio.to_thread(os.write, self.terminal, keys.encode())

    async def ended(self) -> int:
        async with asyncio.timeout(HANGS):
            while piece := await asyncio.to_thread(self._read):
                self.shown += piece
            return await self.child.wait()

    @property
    def echoes(self) -> bool:
        """Whether the terminal shows what is typed."""
        return bool(termios.tcgetattr(self.terminal)[3] & termios.ECHO)

    def _read(self) -> str:
        try:
            return os.read(self.terminal, 65_536).decode(errors="replace")
        except OSError as error:  # how Linux says that the other end is closed
            if error.errno != errno.EIO:
                raise
            return ""


@asynccontextmanager
async def at_a_terminal(world: World, *arguments: str) -> AsyncIterator[Keyboard]:
    """Run a verb on a terminal of its own; kill it if the test did not end it."""
    ours, theirs = pty.openpty()
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "crosspost", *arguments),
        cwd=world.folder,
        env=os.environ | {"COLUMNS": "200", "BROWSER": "false"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        preexec_fn=_own_terminal,
    )
    keyboard = Keyboard(ours, child)
    try:
        yield keyboard
    finally:
        os.close(theirs)  # up to here: with the last one closed, its state would be gone
        if child.returncode is None:
            child.kill()
            await child.wait()
        os.close(ours)


def _own_terminal() -> None:
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)

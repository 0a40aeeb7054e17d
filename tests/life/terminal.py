"""A terminal that somebody sits at: a real one (pty) for the program, an emulator for what is on its screen."""

import asyncio
import fcntl
import os
import pty
import re
import struct
import sys
import termios
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyte

from tests.forks import FORKS

HANGS = 300
"""Seconds after which a program does hang, however busy the machine is."""
_ROWS = 1000
"""More than any verb prints: what a smaller screen would have scrolled away stays."""


@dataclass
class Terminal:
    """A terminal of so many columns, on which one verb runs after another."""

    columns: int
    folder: Path
    environment: Mapping[str, str]
    commands: int = 0
    answers: int = 0
    """How many lines were typed at prompts."""
    code: int | None = None
    """The exit code of the verb that ended last."""
    _screen: Any = field(init=False, repr=False)

    async def run(self, *arguments: str) -> "Running":
        """Begin a verb; what it prints is on a screen of its own."""
        self.commands += 1
        return await Running.begin(self, arguments)


class Running:
    """One verb at work on a terminal."""

    def __init__(self, terminal: Terminal, master: int, child: Any) -> None:
        self.terminal = terminal
        self.child = child
        self.screen = pyte.Screen(terminal.columns, _ROWS)
        # New lines come as the terminal sends them, with a carriage return.
        self.stream = pyte.ByteStream(self.screen)
        self.master = master
        self.news = asyncio.Event()
        self.ended = asyncio.Event()

    @classmethod
    async def begin(cls, terminal: Terminal, arguments: tuple[str, ...]) -> "Running":
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, terminal.columns, 0, 0))
        place = os.ttyname(slave)
        child = FORKS.Process(
            target=_verb, args=(arguments, terminal.folder, dict(terminal.environment), place)
        )
        await asyncio.to_thread(child.start)
        running = cls(terminal, master, child)
        loop = asyncio.get_running_loop()
        loop.add_reader(master, running._heard)
        loop.add_reader(child.sentinel, running._ended)
        # Held open until the program has ended: what it said last would be lost with whoever has it open last.
        running.slave = slave
        return running

    slave: int

    @property
    def text(self) -> str:
        """Return what stands on the screen, without what is blank at the ends of lines and of the screen."""
        return "\n".join(line.rstrip() for line in self.screen.display).rstrip()

    async def until(self, words: str) -> None:
        """Wait until these words stand on the screen, wherever its lines are wrapped."""
        async with asyncio.timeout(HANGS):
            while "".join(words.split()) not in "".join(self.text.split()):
                assert not self.ended.is_set(), f"it ended without saying {words!r}:\n{self.text}"
                self.news.clear()
                await self.news.wait()

    async def found(self, pattern: str) -> str:
        """Wait until something matches on the screen, its lines joined, and return that."""
        async with asyncio.timeout(HANGS):
            while (match := re.search(pattern, self.joined)) is None:
                self.news.clear()
                await self.news.wait()
        return match[0]

    @property
    def joined(self) -> str:
        """Return what stands on the screen, where a line that fills it goes on in the next."""
        width = self.terminal.columns
        return "".join(
            line if len(line) == width and line[-1] != " " else f"{line.rstrip()}\n"
            for line in self.screen.display
        )

    async def answer(self, question: str, line: str) -> None:
        """Wait for a question, and type a line."""
        await self.until(question)
        self.terminal.answers += 1
        os.write(self.master, f"{line}\n".encode())

    def press(self, key: bytes) -> None:
        os.write(self.master, key)

    async def end(self) -> str:
        """Wait until the program ends by itself; return its screen."""
        async with asyncio.timeout(HANGS):
            await self.ended.wait()
        loop = asyncio.get_running_loop()
        loop.remove_reader(self.master)
        os.set_blocking(self.master, False)
        while self._read():
            pass
        os.close(self.slave)
        os.close(self.master)
        await asyncio.to_thread(self.child.join)
        self.terminal.code = self.child.exitcode
        self.child.close()
        return self.text

    def _heard(self) -> None:
        self._read()

    def _read(self) -> bool:
        try:
            said = os.read(self.master, 65536)
        except OSError:  # nothing is left
            return False
        self.stream.feed(said)
        self.news.set()
        return bool(said)

    def _ended(self) -> None:
        asyncio.get_running_loop().remove_reader(self.child.sentinel)
        self.ended.set()
        self.news.set()


def _verb(arguments: tuple[str, ...], folder: Path, environment: dict[str, str], place: str) -> None:
    """Be the program, in a session of its own whose terminal is the one at `place`."""
    from crosspost.cli import main

    os.setsid()
    terminal = os.open(place, os.O_RDWR)  # the first that a session's leader opens becomes its terminal
    for number in (0, 1, 2):
        os.dup2(terminal, number)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    # The server's own were opened on what it had in their place.
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115
    sys.argv = ["crosspost", *arguments]
    main()

"""The real program on a pseudo terminal, with somebody who waits for each question."""

import errno
import os
import pty
import select
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

CTRL_C = b"\x03"
HANGS = 100
"""Seconds after which a program does hang, however busy the machine is."""


class Terminal:
    """One run of the program. `shown`: all that was on the screen."""

    def __init__(self, folder: Path, arguments: tuple[str, ...], environment: Mapping[str, str]) -> None:
        self.shown = ""
        self._seen = 0
        self._terminal, end = pty.openpty()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "crosspost", *arguments],
            cwd=folder,
            env=dict(environment),
            stdin=end,
            stdout=end,
            stderr=end,
            start_new_session=True,
            preexec_fn=lambda: os.close(
                os.open(os.ttyname(0), os.O_RDWR)
            ),  # it becomes the one that Ctrl-C goes to
        )
        os.close(end)

    def until(self, question: str) -> None:
        """Read what is shown until this is asked."""
        while (at := self.shown.find(question, self._seen)) < 0:
            assert self._read(), f"{question!r} was not asked:\n{self.shown}"
        self._seen = at + len(question)

    def types(self, text: str) -> None:
        os.write(self._terminal, f"{text}\n".encode())

    def ctrl_c(self) -> None:
        """Press it until something happens: just before Python waits for an answer, it can miss one."""
        before = self.shown.replace("^C", "")
        while self.shown.replace("^C", "") == before:
            os.write(self._terminal, CTRL_C)
            while select.select([self._terminal], [], [], 0.5)[0] and self._read() == "^C":
                pass

    def end(self) -> int:
        """Read to the end; return the exit code."""
        while self._read():
            pass
        return self._process.wait(timeout=300)

    def _read(self) -> str:
        ready, _, _ = select.select([self._terminal], [], [], HANGS)
        assert ready, f"nothing more is shown:\n{self.shown}"
        try:
            piece = os.read(self._terminal, 65_536).decode()
        except OSError as error:  # how Linux says that the other end is closed
            if error.errno != errno.EIO:
                raise
            return ""
        self.shown += piece.replace("\r\n", "\n")
        return piece

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self._terminal)


@contextmanager
def on_a_terminal(folder: Path, *arguments: str, environment: Mapping[str, str]) -> Iterator[Terminal]:
    """Start the program; end it if the test did not."""
    terminal = Terminal(folder, arguments, environment)
    try:
        yield terminal
    finally:
        terminal.close()

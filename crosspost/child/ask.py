"""Start a child, give it its question, take its answer; it is gone when this returns, whatever happened."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from dataclasses import dataclass, replace
from datetime import timedelta
from weakref import WeakKeyDictionary

_MOST_COMPLAINT = 2_000
# Not the environment: secrets are in it, and what reads strangers' bytes has no use for them.
_INHERITED = ("LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "TMPDIR")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended, and what it said before: the answer, and what came on standard error."""

    code: int
    answer: bytes
    complaint: bytes
    starved: str = ""
    """How little of the processor the child had, if it was stopped for that; "" if it was not."""

    @property
    def out_of_time(self) -> bool:
        """Tell whether the child's own bound on processor time ended it."""
        return self.code == -signal.SIGXCPU

    @property
    def how(self) -> str:
        """Name the end of a child that did not answer."""
        if self.code >= 0:
            return f"exit code {self.code}"
        with contextlib.suppress(ValueError):
            return f"signal {signal.Signals(-self.code).name}"
        return f"signal {-self.code}"


class Places:
    """Let only so many children of one kind run at once, in whichever event loop they are asked for."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._of_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()

    @property
    def one(self) -> asyncio.Semaphore:
        """Return what a child waits for; the wait is no part of its deadline."""
        return self._of_loop.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(self._most))


async def ask(module: str, question: bytes, *, patience: timedelta, most: int) -> Ended:
    """Run `python -m module`, give it the question, and return what came of it.

    What bounds its work is the processor time that it allows itself: waiting for a busy machine costs none.
    `patience`: several times that, after which it is stopped all the same. `most`: bytes that it may answer;
    one more is kept, and the child stopped. Raise `OSError` if no process can be started. Also when this is
    cancelled, no process is left.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",  # neither PYTHON… variables nor the current folder decide what is run
        "-m",
        module,
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        env={name: os.environ[name] for name in _INHERITED if name in os.environ},
        process_group=0,  # a group of its own: it is ended with all that it may have started
    )
    talk = asyncio.create_task(_talk(process, question, most))
    try:
        await asyncio.wait({talk}, timeout=patience.total_seconds())
        if talk.done():
            return talk.result()
        starved = _processor_time(process.pid, patience)
    finally:
        if not talk.done():
            _kill(process)
            await talk  # the pipes have to be read to their ends even when time is up
    ended = talk.result()
    return replace(ended, starved=starved) if ended.code == -signal.SIGKILL else ended  # it was done just then


def _processor_time(pid: int, patience: timedelta) -> str:
    """Say how long a process that still runs had the processor, in words that go on after "it had"."""
    of = f"of the {patience.total_seconds():g} s that it was given"
    try:
        # Linux's number for another process's clock; in C, clock_getcpuclockid(3) makes it.
        return f"the processor for {time.clock_gettime((~pid << 3) | 2):.1f} s {of}"
    except OSError:
        return f"the processor for too little {of}"


async def _talk(process: Process, question: bytes, most: int) -> Ended:
    async with asyncio.TaskGroup() as group:
        group.create_task(_write(process, question))
        answer = group.create_task(_read(process, process.stdout, most))
        complaint = group.create_task(_read(process, process.stderr, _MOST_COMPLAINT, stop=False))
    return Ended(await process.wait(), answer.result(), complaint.result())


async def _write(process: Process, question: bytes) -> None:
    assert process.stdin is not None
    # A child that stops early closes its end; its exit code says more than that.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(question)
        await process.stdin.drain()
    process.stdin.close()
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        await process.stdin.wait_closed()


async def _read(
    process: Process, stream: asyncio.StreamReader | None, most: int, *, stop: bool = True
) -> bytes:
    """Read to the end, keeping one byte more than `most`; past it, stop the child if told to."""
    assert stream is not None
    kept = bytearray()
    while chunk := await stream.read(65_536):
        kept += chunk[: most + 1 - len(kept)]
        if stop and len(kept) > most:
            _kill(process)
    return bytes(kept)


def _kill(process: Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

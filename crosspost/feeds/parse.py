"""Read a feed in a child process: hostile XML can take minutes, and only a process can be stopped.

A thread could not, and would hold up the event loop besides (419 KB with 40,000 attributes: 13.5 s in
feedparser, measured November 2026).
"""

import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from datetime import timedelta

from crosspost.errors import FeedError
from crosspost.feeds.address import named
from crosspost.feeds.document import Changed, Document
from crosspost.feeds.packing import unpack
from crosspost.redact import hide

_MOST_ANSWER = 32_000_000
_MOST_COMPLAINT = 2_000
# Not the environment: secrets are in it, and what reads strangers' XML has no use for them.
_INHERITED = ("LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "TMPDIR")

_log = logging.getLogger(__name__)


async def parse(
    changed: Changed,
    *,
    feed: str,
    deadline: timedelta = timedelta(seconds=15),
    most: int = _MOST_ANSWER,
) -> Document:
    """Read a document that `fetch` or `read_file` brought. Raise `FeedError`.

    `feed`: the feed's name, for its entries. `most`: bytes that the child may answer. It is stopped, and gone,
    when this returns or is cancelled, whatever happened.
    """
    name = named(changed.url)
    if not changed.body.strip():
        raise FeedError(f"{name} is empty; the next poll tries again")
    seconds = deadline.total_seconds()
    header = {"feed": feed, "url": changed.url, "content_type": changed.content_type, "seconds": seconds}
    too_slow = FeedError(
        f"{name} took longer than {seconds:g} s to read and was stopped: "
        "it is far too intricate, or made to be slow"
    )
    try:
        question = json.dumps(header).encode() + b"\n" + changed.body
        code, answer, complaint = await _ask(question, seconds, most)
    except TimeoutError as error:
        raise too_slow from error
    except OSError as error:
        raise FeedError(
            f"{name} could not be read: no process could be started for it ({error.strerror}); "
            "the next poll tries again"
        ) from error
    if complaint:
        _log.debug("reading the feed %s: %s", feed, hide(complaint.decode("utf-8", "replace")))
    if code == -signal.SIGXCPU:
        raise too_slow
    if len(answer) > most:
        raise FeedError(f"{name} is too large once read; let it list fewer entries")
    if code != 0:
        raise FeedError(f"{name} could not be read: its reader stopped ({_ending(code)})")
    # In a thread: thousands of entries take longer than anybody on the event loop should wait.
    return await asyncio.to_thread(_understood, answer, name)


def _understood(answer: bytes, name: str) -> Document:
    try:
        reply = json.loads(answer)
        if "error" not in reply:
            return unpack(reply["document"])
        sentence = str(reply["error"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise FeedError(f"{name} could not be read: its reader was unclear") from error
    raise FeedError(sentence)


async def _ask(question: bytes, seconds: float, most: int) -> tuple[int, bytes, bytes]:
    """Start the child, let it answer; return its exit code, answer and complaints. Raise TimeoutError."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",  # neither PYTHON… variables nor the current folder decide what is run
        "-m",
        "crosspost.feeds.child",
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        env={name: os.environ[name] for name in _INHERITED if name in os.environ},
    )
    talk = asyncio.gather(
        _write(process, question),
        _read(process, process.stdout, most),
        _read(process, process.stderr, _MOST_COMPLAINT, stop=False),
        process.wait(),
    )
    try:
        async with asyncio.timeout(seconds):
            # Shielded: the pipes have to be read to their ends even when time is up.
            _, answer, complaint, code = await asyncio.shield(talk)
    finally:
        if not talk.done():
            _kill(process)
            await talk
    return code, answer, complaint


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
            process.kill()


def _ending(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    with contextlib.suppress(ValueError):
        return f"signal {signal.Signals(-code).name}"
    return f"signal {-code}"

"""What bounds the reading of a feed is its processor time: waiting for a busy machine costs it nothing."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from crosspost.errors import FeedError
from tests.feeds.reading import read, rss
from tests.feeds.test_hostile import limited
from tests.process import HANGS

OTHERS = 6
linux = pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no program is pinned to a core here")


@contextmanager
def one_core_with_others_at_work() -> Iterator[None]:
    """Let all that this process starts meanwhile share one core with programs that never rest."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(OTHERS)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()
        os.sched_setaffinity(0, cores)


def large(entries: int) -> str:
    """Write a feed of long entries, as blogs that list whole posts do."""
    words = "&lt;p&gt;Il revient &lt;em&gt;chaque&lt;/em&gt; automne, et l’on s’en étonne.&lt;/p&gt;" * 50
    return rss(*(f"<title>{number}</title><description>{words}</description>" for number in range(entries)))


async def reader() -> int:
    """Wait until a process that we started reads a feed; return its id."""
    async with asyncio.timeout(60):
        while True:
            for folder in Path("/proc").glob("[0-9]*"):
                with suppress(OSError):  # it ended while we looked
                    parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
                    command = (folder / "cmdline").read_bytes()
                    if int(parent) == os.getpid() and b"crosspost.feeds.child" in command:
                        return int(folder.name)
            await asyncio.sleep(0.01)  # another process sets no event of ours


@linux
async def test_a_feed_is_read_on_a_busy_machine_though_that_takes_longer_than_its_deadline() -> None:
    """It gets a seventh of a core, and needs about half of the second that it may use."""
    with one_core_with_others_at_work():
        document = await read(large(100), seconds=1)
    assert len(document.items) == 100


@linux
async def test_a_reader_that_hangs_without_working_is_stopped_and_that_is_not_called_the_feeds_fault() -> None:
    reading = asyncio.create_task(read(large(500), patience=timedelta(seconds=3)))
    child = await reader()
    os.kill(child, signal.SIGSTOP)
    with pytest.raises(
        FeedError, match=r"had the processor for [0-9.]+ s of the 3 s that it was given"
    ) as caught:
        await reading
    assert "the machine is too busy; the next poll tries again" in str(caught.value)
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def ending(code: str) -> int:
    """Return how a program ends; fail if it does not."""
    return subprocess.run([sys.executable, "-c", code], check=False, timeout=HANGS).returncode


def test_half_a_second_is_one() -> None:
    assert limited(0.5, "exec('while True: pass')").returncode == -signal.SIGXCPU


@pytest.mark.parametrize("most", [2, 100])
def test_it_says_that_its_time_is_over_under_a_limit_of_the_system_too(most: int) -> None:
    """Where a process may only use so much, as under `ulimit -t`, the kernel's last word says nothing."""
    bound = f"import resource; resource.setrlimit(resource.RLIMIT_CPU, ({most}, {most}))"
    assert ending(f"{bound}; {ENDLESS}") == -signal.SIGXCPU


def test_it_ends_though_whoever_started_it_ignores_that_signal() -> None:
    ignoring = "import signal; signal.signal(signal.SIGXCPU, signal.SIG_IGN)"
    assert ending(f"{ignoring}; {ENDLESS}") == -signal.SIGXCPU


ENDLESS = "from crosspost.child.limits import limit; limit(2, 1 << 30); exec('while True: pass')"

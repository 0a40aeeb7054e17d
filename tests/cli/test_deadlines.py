"""A run ends by its deadline, and soon after a signal, whatever is stuck; what it left, a later run settles."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from crosspost.config import load
from crosspost.engine import run_once
from tests.cli.program import SIGNATURE, Program, Said
from tests.cli.stuck import (
    FEED,
    STUCK,
    Hang,
    Listener,
    Stuck,
    a_frozen_program_that_holds_the_signature,
    a_picture_that_takes_long_to_decode,
    drip,
    states,
)
from tests.process import HANGS

GENEROUS = 40
"""Seconds within which a run ends that is told to: nine at the most, on a machine without other work."""
PROGRAM = (sys.executable, "-m", "crosspost")


def ended(
    crosspost: Program, *arguments: str, command: tuple[str, ...] = PROGRAM, within: float = GENEROUS
) -> Said:
    """Run a verb in an interpreter of its own; fail if it does not end by itself."""
    done = subprocess.run(
        [*command, *arguments],
        cwd=crosspost.folder,
        env=crosspost.environment({"TOKEN": "a-token"}),
        capture_output=True,
        text=True,
        check=False,
        timeout=within,
    )
    return Said(done.returncode, done.stdout, done.stderr)


def signalled(crosspost: Program, verb: str, met: Callable[[int], bool]) -> Said:
    """Run a verb, and end it by a signal once it is stuck; fail if it does not end then."""
    with subprocess.Popen(
        [*PROGRAM, verb],
        cwd=crosspost.folder,
        env=crosspost.environment({"TOKEN": "a-token"}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        try:
            patience = time.monotonic() + 60
            while not (stuck := met(child.pid)) and child.poll() is None and time.monotonic() < patience:
                time.sleep(0.02)
            assert stuck, "it met nothing that hangs"
            child.terminate()
            out, err = child.communicate(timeout=GENEROUS)
        finally:
            child.kill()
    return Said(child.wait(), out, err)


def at_once(folder: Path, end: Callable[[Program, Hang], Said], *fine: int) -> None:
    """Let a run be stuck in everything, each in a folder of its own, side by side: they do nothing but wait."""

    def ended_well(stuck: Stuck) -> str:
        place = folder / stuck.__name__
        place.mkdir()
        crosspost = Program(place)
        with stuck(crosspost) as hang:
            crosspost.write("crosspost.toml", hang.configuration)
            said = end(crosspost, hang)
        is_well = said.code in fine and "Traceback" not in said.err
        return "" if is_well else f"{stuck.__name__}: {said}"

    with ThreadPoolExecutor(len(STUCK)) as threads:
        assert not [*filter(None, threads.map(ended_well, STUCK))]


def test_a_deadline_holds(tmp_path: Path) -> None:
    at_once(tmp_path, lambda crosspost, _: ended(crosspost, "run-once", "--deadline", "3s"), 0, 1)


@pytest.mark.parametrize(("verb", "fine"), [("run", (0, 1, -15)), ("run-once", (0, 1))])
def test_a_signal_ends_it(tmp_path: Path, verb: str, fine: tuple[int, ...]) -> None:
    """While the daemon starts, a signal ends it as the system does: nothing has begun."""
    at_once(tmp_path, lambda crosspost, hang: signalled(crosspost, verb, hang.met), *fine)


def test_a_feed_that_drips_leaves_the_others_their_time(crosspost: Program) -> None:
    """Before and after the first run, which knows nothing yet of either."""
    listener = Listener(drip)
    dripping = f'[feeds.slow]\nurl = "http://127.0.0.1:{listener.port}/feed.xml"\nallow_private = true\n'
    crosspost.write("crosspost.toml", f"{dripping}{FEED}{SIGNATURE}")
    try:
        said = ended(crosspost, "run-once", "--deadline", "10s")
        assert states(crosspost.folder) == ["delivered", "delivered"]
        assert "it did not answer in half of the time that the run has" in said.out + said.err
        assert "Traceback" not in said.err
    finally:
        listener.close()


def test_what_was_cut_off_is_settled_later(crosspost: Program) -> None:
    with a_frozen_program_that_holds_the_signature(crosspost) as hang:
        crosspost.write("crosspost.toml", hang.configuration)
        said = signalled(crosspost, "run-once", hang.met)
    assert said.code == 1
    assert "what was being sent is looked up by a later run" in said.err
    assert "delivered" not in states(crosspost.folder)
    configuration = load(crosspost.folder / "crosspost.toml")
    for minutes in (10, 20, 30):
        moment = datetime.now(UTC) + timedelta(minutes=minutes)
        asyncio.run(run_once(configuration, print, now=partial(max, moment, moment)))
    assert states(crosspost.folder) == ["delivered", "delivered"]
    text = (crosspost.folder / "signature.txt").read_text()
    assert [text.count(f"https://blog.example/{slug}\n") for slug in ("ete", "hour")] == [1, 1]


def test_a_slow_picture_costs_the_picture_and_not_the_post(crosspost: Program) -> None:
    with a_picture_that_takes_long_to_decode(crosspost) as hang:
        crosspost.write("crosspost.toml", hang.configuration)
        ended(crosspost, "run-once", within=HANGS)  # two of them use up their processor time
    notes = [one["note"] for one in json.loads(crosspost("deliveries", "--json", TOKEN="a-token").out)]
    assert states(crosspost.folder) == ["delivered", "delivered"]
    assert len(notes) == 2
    assert all("its picture was left out: it took too long to decode and was stopped" in note for note in notes)


NO_NAMES = """
ip link set lo up 2>/dev/null || python3 -c 'import fcntl, socket, struct
s = socket.socket(); fcntl.ioctl(s, 0x8914, struct.pack("16sh", b"lo", 1))'
echo 'nameserver 127.0.0.1\noptions timeout:30 attempts:5' > resolv.conf
echo 'hosts: dns' > nsswitch.conf
mount --bind resolv.conf /etc/resolv.conf
mount --bind nsswitch.conf /etc/nsswitch.conf
"$0" -c 'import socket, time; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 53)); open("bound", "w"); time.sleep(300)' > /dev/null 2>&1 &
trap "kill $!" EXIT
until test -e bound; do sleep 0.05; done
timeout -s KILL 100 "$0" -m crosspost "$@"
"""


def test_names_that_nobody_resolves_keep_no_process_from_ending(tmp_path: Path) -> None:
    """A resolver's call takes minutes here, in a thread that nothing can end; all verbs wait side by side."""
    there = ("unshare", "-rmn", "sh", "-ec")
    if subprocess.run([*there, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no network of its own can be made here")
    if not Path("/etc/nsswitch.conf").exists():
        pytest.skip("names are not looked up by /etc/nsswitch.conf here")

    def without_names(number: int, arguments: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
        place = tmp_path / str(number)
        place.mkdir()
        crosspost = Program(place)
        crosspost.write("crosspost.toml", f'[feeds.blog]\nurl = "http://blog.example/feed.xml"\n{SIGNATURE}')
        return subprocess.run(
            [*there, NO_NAMES, sys.executable, *arguments],
            cwd=place,
            env=crosspost.environment({"PATH": os.environ["PATH"]}),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    verbs = [("run-once",), ("run-once", "--deadline", "3s"), ("check", "--online")]
    with ThreadPoolExecutor(len(verbs)) as threads:
        for arguments, done in zip(verbs, threads.map(without_names, range(3), verbs), strict=True):
            assert done.returncode in (0, 1), done
            assert "Traceback" not in done.stderr
            if "--deadline" not in arguments:
                assert "blog.example did not answer: it took too long" in done.stdout

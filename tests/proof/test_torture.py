"""A shorter torture than `make torture`: killed at random, among bad networks, and with a bug to find."""

from pathlib import Path

import pytest

from tests.postgres import a_server
from tests.proof.torture.harness import Torture
from tests.proof.torture.verdict import Tally

SEED = 7
CHANNELS = 6

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


def assert_never_twice_never_lost(tally: Tally, *, entries: int) -> None:
    assert tally.good, str(tally)
    assert tally.deliveries == entries * CHANNELS
    assert tally.waiting == 0, str(tally)
    assert tally.kills > 10, "too few to prove anything"


async def test_two_replicas_on_sqlite_killed_at_random(tmp_path: Path) -> None:
    run = Torture(tmp_path, replicas=2, feeds=2, entries=6, seed=SEED)
    assert_never_twice_never_lost(await run.run(patience=360), entries=12)


async def test_two_replicas_on_a_postgresql_that_crashes(tmp_path: Path) -> None:
    """Its own server: other tests' connections would not outlive the crashes."""
    with a_server(tmp_path) as server:
        run = Torture(tmp_path, replicas=2, feeds=1, entries=10, seed=SEED, server=server)
        tally = await run.run(patience=360)
    assert_never_twice_never_lost(tally, entries=10)
    assert tally.crashes > 1


async def test_an_attempt_that_is_not_on_record_first_is_found_out(tmp_path: Path) -> None:
    """By one of some seeds: a kill must fall between the request and its record."""
    found = []
    for seed in range(SEED, SEED + 5):
        folder = tmp_path / str(seed)
        folder.mkdir()
        run = Torture(folder, replicas=2, feeds=1, entries=12, seed=seed, mutation="send, then mark")
        found.append(await run.run(patience=360, most_kills=2000))
        if found[-1].twice:
            break
    assert found[-1].twice > 0, "\n".join(map(str, found))


async def test_a_success_on_record_before_its_request_is_found_out(tmp_path: Path) -> None:
    run = Torture(tmp_path, replicas=2, feeds=1, entries=12, seed=SEED, mutation="mark, then send")
    tally = await run.run(patience=360)
    assert tally.lost > 0, str(tally)

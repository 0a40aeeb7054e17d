"""A replica freezes, as on a suspended machine, and others go on; it wakes up late and does no harm."""

import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from crosspost.config import DatabaseAddress
from tests.proof.stage import Stage, a_stage
from tests.world import fresh

POST = "POST /v26.0/102030405060708/feed"


@pytest_asyncio.fixture
async def stage(tmp_path: Path, address: DatabaseAddress) -> AsyncIterator[Stage]:
    async with a_stage(tmp_path, address, "facebook") as made:
        made.reset(*fresh(1))
        yield made


async def others(stage: Stage, runs: int) -> list[str]:
    """Let another replica run so many times, 6 minutes apart; return the delivery's state after each."""
    states = []
    for _ in range(runs):
        stage.later(minutes=6)
        assert (await stage.run())[1] == 0
        states.append(stage.rows()[0][1])
    return states


@pytest.mark.parametrize("runs", [1, 2, 3])
async def test_before_it_reads_the_answer(stage: Stage, runs: int) -> None:
    """The others find it uncertain, and then on the network; the answer agrees, whenever it is read."""
    gate = stage.hold("/feed")
    async with stage.replica() as frozen:
        await gate.reached.wait()
        frozen.tell(signal.SIGSTOP)
        gate.opened.set()
        assert await others(stage, runs) == ["uncertain", "delivered", "delivered"][:runs]
        frozen.tell(signal.SIGCONT)
        assert await frozen.ended() == 0
    assert stage.rows()[0][:3] == ("facebook", "delivered", 1)
    assert not stage.wrong()


@pytest.mark.parametrize("runs", [0, 1, 2, 3, 4])
async def test_between_the_attempt_on_record_and_the_request(stage: Stage, runs: int) -> None:
    """Its lease is over when it wakes up: it sends nothing, and what the others found out stands."""
    async with stage.replica(at="committed begin") as frozen:
        await frozen.says()
        states = ["uncertain", "uncertain", "delivered", "delivered"][:runs]
        assert await others(stage, runs) == states
        stage.later(minutes=6)
        before = stage.rows()
        frozen.tell(signal.SIGCONT)
        assert f"request {POST}" not in await frozen.says()
        assert await frozen.ended() == 0
        if runs:
            assert stage.rows() == before
    await stage.go_on()
    assert stage.rows()[0][:3] == ("facebook", "delivered", 2)
    assert not stage.wrong()


@pytest.mark.parametrize("runs", [1, 2])
async def test_between_the_reservation_and_the_attempt(stage: Stage, runs: int) -> None:
    """Another has taken it over, so this one may not begin."""
    async with stage.replica(at="committed take_turn") as frozen:
        await frozen.says()
        assert await others(stage, runs) == ["delivered"] * runs
        before = stage.rows()
        frozen.tell(signal.SIGCONT)
        assert f"request {POST}" not in await frozen.says()
        assert await frozen.ended() == 0
    assert stage.rows() == before
    assert stage.rows()[0][:3] == ("facebook", "delivered", 1)
    assert not stage.wrong()


@pytest.mark.parametrize(("at", "runs", "attempts"), [("committed take_turn", 0, 1), ("committed begin", 2, 2)])
async def test_while_another_is_at_the_same_point(stage: Stage, at: str, runs: int, attempts: int) -> None:
    """Only the holder of the lease goes on; the other may not begin, and its word counts for nothing."""
    async with stage.replica(at) as frozen:
        await frozen.says()
        await others(stage, runs)
        stage.later(minutes=6)
        async with stage.replica(at) as holder:
            await holder.says()
            before = stage.rows()
            frozen.tell(signal.SIGCONT)
            assert f"request {POST}" not in await frozen.says()
            assert await frozen.ended() == 0
            assert stage.rows() == before
            holder.tell(signal.SIGCONT)
            assert await holder.ended() == 0
    assert stage.rows()[0][:3] == ("facebook", "delivered", attempts)
    assert not stage.wrong()

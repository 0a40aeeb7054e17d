"""The process ends at every single boundary, one after the other: nothing is lost, nothing goes out twice."""

import random
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from crosspost.config import DatabaseAddress
from crosspost.sandbox.behaviour import drop
from tests.proof.crashing import BLIND, UNRECORDED, worth_ending_at
from tests.proof.stage import Stage, a_stage
from tests.world import fresh

CHUNKS = 4
PAIRS = 15
TWICE = "facebook shows new-0 2 times"


@pytest_asyncio.fixture
async def stage(tmp_path: Path, address: DatabaseAddress) -> AsyncIterator[Stage]:
    async with a_stage(tmp_path, address) as made:
        yield made


def begin(stage: Stage) -> None:
    """Publish two entries, one with a picture. X loses an answer, LinkedIn a request."""
    newest, other = fresh(2)
    stage.reset(replace(newest, picture=f"{stage.urls['blog']}/picture.jpg"), other)
    stage.world.x.behave(drop(accept=True))
    stage.world.linkedin.behave(drop(accept=False))


async def boundaries(stage: Stage) -> list[str]:
    begin(stage)
    passed, _ = await stage.go_on()
    assert not stage.wrong()
    return passed


async def test_the_boundaries_are_always_the_same_ones(stage: Stage) -> None:
    passed = await boundaries(stage)
    assert passed == await boundaries(stage)
    assert {
        "commit take_in_document",
        "commit begin",
        "commit look_again",
        "request POST /v26.0/102030405060708/photos",
        "request PUT /dms-uploads/C4E1001",
        "request POST /2/media/upload",
        "request POST /v2/blog/sandbox/posts",
        "request GET /rest/posts",
        "replace signature.html",
        "commit save" if stage.address.url else "commit note_unchanged",
    } <= set(passed)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("chunk", range(CHUNKS))
async def test_it_may_end_at_any_boundary(stage: Stage, chunk: int) -> None:
    """All that differ on SQLite, and a third on PostgreSQL, where a life lasts longer."""
    passed = await boundaries(stage)
    points = worth_ending_at(passed)
    if stage.address.url:
        points = sorted(random.Random("crosspost").sample(points, len(points) // 3))
    for k in points[chunk::CHUNKS]:
        begin(stage)
        _, crashes = await stage.go_on(k)
        assert crashes == 1
        assert not stage.wrong(), f"after a crash at boundary {k}, {passed[k - 1]}"


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_it_may_end_again_while_it_recovers(stage: Stage) -> None:
    passed = await boundaries(stage)
    chosen = random.Random(stage.engine.name)
    ends = []
    for _ in range(PAIRS):
        pair = chosen.randint(1, len(passed)), chosen.randint(1, 40)
        begin(stage)
        _, crashes = await stage.go_on(*pair)
        assert not stage.wrong(), f"after crashes at boundaries {pair}"
        ends.append(crashes)
    assert ends.count(2) > PAIRS // 2


@pytest.mark.parametrize("mutation", [UNRECORDED, BLIND])
async def test_it_finds_a_program_that_sends_twice(
    tmp_path: Path, address: DatabaseAddress, mutation: str
) -> None:
    """The proof proves something: with a promise broken, the same harness sees the second post."""
    async with a_stage(tmp_path, address, "facebook") as stage:
        stage.reset(*fresh(1))
        passed, _ = await stage.go_on(mutation=mutation)
        assert not stage.wrong(), "without a crash nobody notices"
        found = []
        for k, name in enumerate(passed, 1):
            stage.reset(*fresh(1))
            await stage.go_on(k, mutation=mutation)
            if TWICE in stage.wrong():
                found.append(name)
        assert found == ["answered POST /v26.0/102030405060708/feed", "commit _record"]

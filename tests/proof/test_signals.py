"""After the first signal no request begins, and what is under way is recorded. The second ends it at once."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
import sqlalchemy as sa

from crosspost.config import DatabaseAddress
from crosspost.sandbox.behaviour import drop
from tests.process import HANGS
from tests.proof.stage import Gate, Stage, a_stage
from tests.world import SECRETS, fresh

BOTH = pytest.mark.parametrize("verb", ["run", "run-once"])


@pytest_asyncio.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """Have two entries to announce, the first with a picture."""
    async with a_stage(tmp_path, DatabaseAddress(path=tmp_path / "crosspost.db"), "facebook") as made:
        second, first = fresh(2)
        made.reset(second, replace(first, picture=f"{made.urls['blog']}/picture.jpg"))
        yield made


@asynccontextmanager
async def program(stage: Stage, verb: str, path: str) -> AsyncIterator[tuple[Process, Gate]]:
    """Run a verb until an answer to a request for `path` is all that it waits for."""
    stage.world.now = datetime.now(UTC)  # its clock is the true one
    polled = stage.hold("/feed.xml")
    gate = stage.hold(path) if path != polled.path else polled
    command = (sys.executable, "-m", "crosspost", verb)
    child = await asyncio.create_subprocess_exec(
        *command, cwd=stage.folder, env=os.environ | SECRETS, stdout=DEVNULL
    )
    try:
        async with asyncio.timeout(HANGS):
            await polled.reached.wait()
            if gate is not polled:
                polled.opened.set()
            await gate.reached.wait()
        yield child, gate
    finally:
        gate.opened.set()
        if child.returncode is None:
            child.kill()
        await child.wait()


async def signalled(stage: Stage, verb: str, path: str) -> list[str]:
    """Signal it while the answer is held, and then let that through; return the deliveries' states."""
    async with program(stage, verb, path) as (child, gate):
        begun = list(stage.requests)
        child.terminate()
        gate.opened.set()
        assert await child.wait() == 0
    assert stage.requests == begun
    return [state for _, state, *_ in stage.rows()]


@BOTH
@pytest.mark.parametrize(
    ("path", "states"),
    [
        ("/picture.jpg", ["pending", "pending"]),
        ("/photos", ["pending"] * 2),
        ("/feed", ["delivered", "pending"]),
    ],
)
async def test_nothing_begins_after_a_signal(stage: Stage, verb: str, path: str, states: list[str]) -> None:
    """It comes while the picture is fetched, while it is uploaded, while the entry is published."""
    assert await signalled(stage, verb, path) == states
    await stage.go_on()
    assert not stage.wrong()
    assert len(stage.world.facebook.photos) == 1, "an upload that ended is not made again"


async def test_what_was_found_of_a_picture_before_a_signal_is_not_found_again(stage: Stage) -> None:
    """A run that ends before the post has left does not pay for it twice: short deadlines get on, too."""
    stage.world.blog.picture = b"no picture"
    assert await signalled(stage, "run-once", "/picture.jpg") == ["pending"] * 2
    asked = stage.requests.count("GET /picture.jpg")
    await stage.go_on()  # whose decoder would raise, were it asked
    assert not stage.wrong()
    assert stage.requests.count("GET /picture.jpg") == asked == 1
    with stage.engine.begin() as tx:
        notes = tx.execute(sa.text("SELECT note FROM deliveries")).scalars().all()
    assert "its picture was left out: it is no picture that can be read" in notes


@BOTH
async def test_no_look_begins_after_a_signal(stage: Stage, verb: str) -> None:
    stage.world.facebook.behave(drop(accept=True), drop(accept=True))
    await stage.run()
    assert await signalled(stage, verb, "/published_posts") == ["delivered", "delivered"], "it was paid for"
    await stage.go_on()
    assert not stage.wrong()


@BOTH
async def test_nothing_follows_a_poll_after_a_signal(stage: Stage, verb: str) -> None:
    assert set(await signalled(stage, verb, "/feed.xml")) <= {"pending"}
    await stage.go_on()
    assert not stage.wrong()


@BOTH
async def test_a_second_signal_leaves_what_a_later_run_adopts(stage: Stage, verb: str) -> None:
    async with program(stage, verb, "/feed") as (child, _):
        child.terminate()
        child.send_signal(signal.SIGINT)  # as good as a second SIGTERM, which at the same instant would be one
        await child.wait()
    assert [row[1:3] for row in stage.rows()] == [("uncertain", 1), ("pending", 0)]
    with stage.engine.begin() as tx:
        said = tx.execute(sa.text("SELECT reason FROM deliveries WHERE state = 'uncertain'")).scalar_one()
    assert "stopped while it was being sent" in said, "rather than unanswered until its deadline"
    await stage.go_on()
    assert not stage.wrong()
    assert [attempts for _, _, attempts, _ in stage.rows()] == [1, 1]

"""The process ends at the boundaries of a network with all steps before the post, and with keys that end."""

import random
import shutil
from pathlib import Path

import pytest

from crosspost.sandbox.behaviour import drop, refuse
from tests.contract.conftest import Shore
from tests.proof.crashing import CRASHED, Life, worth_ending_at
from tests.proof.stage import living
from tests.verbs import list_deliveries
from tests.world import Item, old


async def run(shore: Shore, site: Path, at: int = 0) -> tuple[list[str], int]:
    """Run once in a process of its own; return the boundaries that it passed, and its exit code."""
    now = shore.world.folder / "now"
    now.write_text(shore.world.now.isoformat())
    env = {"POND": "sandbox-token"}
    life = Life(config=shore.world.folder / "crosspost.toml", now=now, at=at, env=env, site=str(site))
    async with living(life) as replica:
        return await replica.says(), await replica.ended()


async def prepare(shore: Shore) -> None:
    """Take in a feed, once; then publish an entry whose picture takes its time, and is refused by the post.

    The answer to the one without it is lost.
    """
    shore.pond.begin_anew()
    database, known = shore.world.folder / "crosspost.db", shore.world.folder / "known.db"
    if not known.exists():
        shore.world.blog.items = old(1)
        shore.config()
        await shore.run()
        shutil.copy(database, known)
    for left in shore.world.folder.glob("crosspost.db*"):
        left.unlink()
    shutil.copy(known, database)
    picture = f"{shore.world.blog_url}/picture.jpg"
    shore.world.blog.items = [Item(slug="new-0", title="Une image", days_ago=0, picture=picture), *old(1)]
    shore.pond.not_ready = 1
    bad_picture = refuse(422, {"error": "this picture cannot be shown"})
    shore.pond.behave(bad_picture, drop(accept=True), refuse(503, b"<html>upstream</html>"))


async def go_on(shore: Shore, site: Path, minutes: int, at: int = 0) -> list[str]:
    """Run until nothing is under way any more; end once, at this boundary. Return the boundaries passed."""
    passed: list[str] = []
    for _ in range(14):
        names, code = await run(shore, site, max(at - len(passed), 0))
        assert code in (0, CRASHED)
        passed += names
        found = await list_deliveries(shore.world.loaded(), states=(), channel=None, feed=None, limit=9)
        if found and found[0]["state"] == "delivered":
            break
        shore.world.later(minutes=minutes)
    return passed


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("minutes", [6, 50], ids=["repeated under its key", "past its key's life"])
async def test_it_may_end_at_any_boundary(shore: Shore, site: Path, minutes: int) -> None:
    await prepare(shore)
    passed = await go_on(shore, site, minutes)
    assert len(shore.pond.posts) == 1
    assert {"request POST /session", "request POST /media", "commit begin", "request POST /posts"} <= set(
        passed
    )
    assert ("request GET /posts" in passed) is (minutes > 30)
    first = passed.index("commit take_turn")  # what goes before is everybody's, and proved elsewhere
    points = [k for k in worth_ending_at(passed) if k > first]
    for at in sorted(random.Random(minutes).sample(points, len(points) // 3)):
        await prepare(shore)
        await go_on(shore, site, minutes, at)
        assert len(shore.pond.posts) == 1, f"after a crash at boundary {at}, {passed[at - 1]}"

"""The life of a blog by seven engines: two new posts are announced as two, and everything else as none.

What the engines wrote is recorded in the folders beside this file; `record` says how.
"""

from pathlib import Path

import pytest

from tests.feeds.engines.posts import LIFE
from tests.verbs import list_deliveries
from tests.world import World

HERE = Path(__file__).parent
FEEDS = sorted({(path.parent.name, path.name.partition(".")[2]) for path in HERE.glob("*/*.*.*")})
LONG_AGO = 'horizon = "36500d"'


async def announced(world: World) -> list[tuple[str, str]]:
    config = world.config(only=("signature",), feed=LONG_AGO)
    made = await list_deliveries(config, states=(), channel=None, feed=None, limit=100)
    return sorted((one["title"], one["state"]) for one in made)


def test_seven_engines_are_there() -> None:
    assert {engine for engine, _ in FEEDS} == {
        "eleventy", "hexo", "hugo", "jekyll", "nikola", "pelican", "wordpress"
    }  # fmt: skip


@pytest.mark.parametrize(("engine", "kind"), FEEDS)
async def test_two_new_posts_are_announced_as_two(engine: str, kind: str, world: World) -> None:
    protected = [("Protected: For customers", "held")] if engine == "wordpress" else []
    right = sorted([("A ledger for one", "delivered"), ("Le jardin d’hiver", "delivered"), *protected])
    config = world.config(only=("signature",), feed=LONG_AGO)
    seen = {}
    for step in LIFE:
        world.blog.written = (HERE / engine / f"{step}.{kind}").read_bytes()
        await world.run(config)
        seen[step] = len(await announced(world))
        if step == "2-two-more":
            assert await announced(world) == right
    assert seen == {step: 0 if step == "1-first" else len(right) for step in LIFE}

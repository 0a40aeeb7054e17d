"""The process ends at every step of a run that renews: the channel lives, or asks; it never silently dies."""

import base64
import signal
from pathlib import Path

import pytest

from crosspost.sandbox.standin import StandIn
from tests.accounts.person import SETTINGS, Person, configured, connected, lines
from tests.proof.crashing import CRASHED, Life
from tests.proof.stage import living
from tests.world import World, a_world, fresh, old

KEY = base64.b64encode(b"k" * 32).decode()


def a_life(world: World, at: int | str = 0) -> Life:
    """Describe a run that ends at the boundary of this number, or freezes at this name."""
    now = world.folder / "now"
    now.write_text(world.now.isoformat())
    return Life(config=world.folder / "crosspost.toml", now=now, at=at, env={"CROSSPOST_KEY": KEY})


async def run(world: World, at: int = 0) -> tuple[list[str], int]:
    """Run once in a process of its own; return the boundaries that it passed, and its exit code."""
    async with living(a_life(world, at)) as replica:
        return await replica.says(), await replica.ended()


async def prepare(world: World, kind: str) -> StandIn:
    """Connect the channel, and let an entry wait for a token that has ended."""
    network = world.network(kind)
    for one in world.networks:
        one.clock = lambda: world.now
    configured(world, lines(world, kind, SETTINGS[kind]))
    await connected(world, Person(), kind, way="oauth2")
    network.token = "known-to-nobody"
    world.blog.publish(*old(1))
    await world.run(world.loaded())
    world.blog.publish(*fresh(1))
    world.later(hours=3)
    return network


@pytest.mark.parametrize(("kind", "forgives"), [("tumblr", True), ("x", False)])
async def test_it_lives_or_asks_wherever_it_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, forgives: bool
) -> None:
    """`forgives`: the network takes a used refresh token once more; the others end the grant."""
    monkeypatch.setenv("CROSSPOST_KEY", KEY)
    asked, at, steps = [], 0, 1
    names: list[str] = []
    while at <= steps:
        async with a_world(tmp_path, monkeypatch) as world:
            for stale in (*tmp_path.glob("crosspost.db*"), *tmp_path.glob("now")):
                stale.unlink()
            network = await prepare(world, kind)
            assert network.authority is not None
            network.authority.rules.rotates = not forgives
            passed, code = await run(world, at)
            if at == 0:
                names = passed
                first = next(n for n, name in enumerate(names, 1) if name == "commit claim")
                steps = next(n for n, name in enumerate(names, 1) if name == "committed renew") + 1
                at = first - 1
                continue
            assert code == CRASHED
            told = False
            for _ in range(6):
                world.later(minutes=7)
                events = await world.run(world.loaded())
                told = told or any(f"crosspost connect {kind}" in event.text for event in events)
            if not network.posts:
                assert told, f"silent after a crash at {names[at - 1]}"
                asked.append(names[at - 1])
                await connected(world, Person(), kind, way="oauth2")
                await world.run(world.loaded())
            assert len(network.posts) == 1, f"after a crash at {names[at - 1]}"
        at += 1
    exchanged = {name for name in asked if not name.startswith(("answered POST", "commit renew"))}
    assert not exchanged, "only what dies between the exchange and its record costs a person's time"
    assert bool(asked) is not forgives


async def test_a_frozen_process_does_not_use_what_another_has_renewed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It wakes up after its lease, between claim and request: a used token would end the whole grant."""
    monkeypatch.setenv("CROSSPOST_KEY", KEY)
    network = await prepare(world, "x")
    async with living(a_life(world, "committed claim")) as frozen:
        await frozen.says()
        world.later(minutes=6)
        await world.run(world.loaded())  # finds a lost answer, for all it knows, and tries once more
        assert len(network.posts) == 1
        (world.folder / "now").write_text(world.now.isoformat())
        frozen.tell(signal.SIGCONT)
        assert "request POST /2/oauth2/token" not in await frozen.says()
        assert await frozen.ended() == 0
    assert not any(grant.ended for grant in world.x.authority.grants)
    world.blog.publish(fresh(2)[1])
    world.later(hours=3)
    await world.run(world.loaded())
    assert len(network.posts) == 2

"""A dead credential is called dead everywhere, and with a new one what waited goes at once, in its order."""

import re

import pytest

from crosspost.sandbox.behaviour import refuse
from tests.accounts.person import SETTINGS, Person, configured, connected, lines
from tests.process import crosspost
from tests.world import BOTH_DATABASES, World, fresh, old

TITLES = ["Nouveau billet 2", "Nouveau billet 1", "Nouveau billet 0"]


def titles(world: World) -> list[str]:
    return [post.raw["content"]["article"]["title"] for post in world.linkedin.posts]


async def refused(world: World) -> None:
    """Let one entry meet a refused credential, and two newer ones come after it."""
    world.blog.publish(*old(1))
    await world.run(world.loaded())
    three = fresh(3)
    world.blog.publish(three[2])
    world.linkedin.token = "another-token-by-now"
    for grant in world.linkedin.authority.grants:
        grant.ended = True
    await world.run(world.loaded())
    assert not world.linkedin.posts
    world.blog.publish(*three[:2])
    await world.run(world.loaded())
    assert not world.linkedin.posts


@BOTH_DATABASES
async def test_after_reconnecting_what_was_refused_goes_first_and_at_once(world: World) -> None:
    configured(world, lines(world, "linkedin", SETTINGS["linkedin"]))
    await connected(world, Person(), "linkedin", way="member")
    await refused(world)
    for verb in ("status", "accounts"):
        said = await crosspost(world, verb)
        assert said.code == 1
        assert "crosspost connect linkedin" in said.out
        assert "401" in said.out or "refused" in said.out
    await connected(world, Person(), "linkedin", way="member")
    await world.run(world.loaded())
    assert titles(world) == TITLES
    said = await crosspost(world, "status")
    assert "nothing needs you" in said.out
    assert (await crosspost(world, "accounts")).code == 0


@BOTH_DATABASES
async def test_a_new_token_in_the_environment_is_tried_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.config(only=("linkedin",))
    await refused(world)
    for verb in ("status", "accounts"):
        said = await crosspost(world, verb)
        assert said.code == 1
        assert "put a new credential into the environment variable LINKEDIN" in said.out
    monkeypatch.setenv("LINKEDIN", "another-token-by-now")
    await world.run(world.loaded())
    assert titles(world) == TITLES
    assert (await crosspost(world, "accounts")).code == 0


async def test_retry_lets_what_waits_for_a_credential_go(world: World) -> None:
    world.config(only=("linkedin",))
    await refused(world)
    world.linkedin.token = "sandbox-token"  # the network was wrong
    said = await crosspost(world, "retry", "1")
    assert said.code == 0, said
    world.later(minutes=2)  # the verb's clock is the true one
    await world.run(world.loaded())
    assert titles(world) == TITLES


async def test_retry_says_what_it_cannot_end(world: World) -> None:
    world.config(only=("x",))
    world.blog.publish(*old(1))
    await world.run(world.loaded())
    world.blog.publish(*fresh(1))
    world.x.behave(refuse(429, {"title": "Too Many Requests"}))
    await world.run(world.loaded())
    said = await crosspost(world, "retry", "1")
    assert said.code == 2
    assert re.search(r"delivery 1 waits for its channel: x takes nothing before \w+ 20\S+ \S+ UTC: ", said.err)


async def test_retry_ends_a_pause_between_tries(world: World) -> None:
    world.config(only=("x",))
    world.blog.publish(*old(1))
    await world.run(world.loaded())
    world.blog.publish(*fresh(1))
    path = world.folder / "crosspost.toml"
    good = path.read_text()
    path.write_text(good.replace(world.urls["x"], "http://127.0.0.1:9"))
    await world.run(world.loaded())
    path.write_text(good)
    await world.run(world.loaded())
    assert not world.x.posts, "it waits a little"
    assert (await crosspost(world, "retry", "1")).code == 0
    world.later(seconds=30)
    await world.run(world.loaded())
    assert len(world.x.posts) == 1
    assert (await crosspost(world, "retry", "1")).code == 2, "it is delivered"


async def test_a_lost_key_needs_a_person(world: World) -> None:
    configured(world, lines(world, "x"))
    world.blog.publish(*old(1))
    await connected(world, Person(), "x", way="oauth2")
    await world.run(world.loaded())
    assert "nothing needs you" in (await crosspost(world, "status")).out
    (world.folder / "home/crosspost/key").unlink()
    for verb in ("status", "accounts", "check"):
        said = await crosspost(world, verb)
        assert said.code == 1, said
        assert "no key is there" in said.out
        assert "nothing needs you" not in said.out
    said = await crosspost(world, "run-once", "--quiet")
    assert said.code == 1, "also a run that had nothing to do"
    assert said.out.startswith("! account of x: ")


async def test_a_channel_that_was_never_connected_needs_a_person(world: World) -> None:
    configured(world, lines(world, "x"))
    world.blog.publish(*old(1))
    await world.run(world.loaded())
    said = await crosspost(world, "status")
    assert said.code == 1
    assert said.out.count("crosspost connect x") == 1

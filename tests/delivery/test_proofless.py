"""A success that names no post is no success: it is looked for, on every network."""

import pytest

from crosspost.sandbox.behaviour import Behaviour, accept_and_answer, refuse
from tests.delivery.test_reconcile import READABLE, begin, begin_as_member, run
from tests.world import World

NOTHING = {
    "empty": b"",
    "null": None,
    "no id": {},
    "null id": {"id": None, "data": {"id": None}, "response": {"id": None}},
    "fine": {"success": True},
    "portal": b"<html>Log in to the hotel's network</html>",
}


@pytest.mark.parametrize("body", NOTHING.values(), ids=NOTHING)
@pytest.mark.parametrize("name", READABLE)
async def test_what_arrived_without_proof_is_found(world: World, name: str, body: object) -> None:
    network = await begin(world, name)
    network.behave(accept_and_answer(201, body))
    assert (await run(world, name))["state"] == "uncertain"
    world.later(minutes=3)
    found = await run(world, name)
    assert (found["state"], found["remote_id"]) == ("delivered", network.posts[0].id)
    assert "None" not in found["url"]
    assert world.posts == 1


@pytest.mark.parametrize(
    "answer", [refuse(200, NOTHING["portal"]), refuse(302, b"", {"location": "/elsewhere"})]
)
@pytest.mark.parametrize("name", READABLE)
async def test_what_only_seemed_to_arrive_is_sent_again(world: World, name: str, answer: Behaviour) -> None:
    network = await begin(world, name)
    network.behave(answer)
    assert (await run(world, name))["state"] == "uncertain"
    for _ in range(2):
        world.later(minutes=3)
        found = await run(world, name)
    assert (found["state"], found["attempts"]) == ("delivered", 2)
    assert world.posts == 1


async def test_where_nobody_can_look_a_person_is_asked(world: World) -> None:
    network = await begin_as_member(world, accept_and_answer(201))
    await run(world, "linkedin")
    world.later(minutes=5)
    found = await run(world, "linkedin")
    assert found["state"] == "uncertain"
    assert "crosspost resolve" in found["reason"]
    assert len(network.posts) == 1

"""Uncertain: looked up after a settle time; adopted if found, sent again if absent twice, else asked about."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crosspost.adapters.linkedin.stand_in import ORGANIZATION, duplicate
from crosspost.model import State
from crosspost.report import What
from crosspost.sandbox.behaviour import Behaviour, accept_and_answer, drop
from crosspost.sandbox.standin import Post
from tests.process import crosspost
from tests.verbs import list_deliveries, read_status
from tests.world import BOTH_DATABASES, Item, Network, World, fresh, old

pytestmark = BOTH_DATABASES

LOST = (drop(accept=True), accept_and_answer(500, b"oops"), accept_and_answer(200, b"<p>"))
READABLE = ("facebook", "linkedin", "x", "tumblr")


async def begin(world: World, name: str) -> Network:
    """Make one entry due on one network. LinkedIn is an organization's, whose posts can be read."""
    if name == "linkedin":
        world.author = world.linkedin.author = ORGANIZATION
    world.stands_still()
    network: Network = getattr(world, name)
    network.clock = lambda: world.now
    world.blog.publish(*old(4))
    await world.run(world.config(only=(name,)))
    world.blog.publish(*fresh(1))
    return network


async def run(world: World, name: str, **lines: Any) -> dict[str, Any]:
    """Run once, and return the only delivery."""
    config = world.config(only=(name,), **lines)
    await world.run(config)
    (found,) = await list_deliveries(config, states=(), channel=None, feed=None, limit=10)
    return found


def asked(network: Network) -> int:
    return sum(seen.method == "GET" for seen in network.requests)


@pytest.mark.parametrize(
    "lost", [drop(accept=True), accept_and_answer(500, b"oops"), accept_and_answer(200, b"<p>")]
)
@pytest.mark.parametrize("name", READABLE)
async def test_what_arrived_is_found_and_adopted(world: World, name: str, lost: Behaviour) -> None:
    network = await begin(world, name)
    network.behave(lost)
    assert (await run(world, name))["state"] == "uncertain"
    world.later(minutes=1)
    assert (await run(world, name))["state"] == "uncertain"
    assert asked(network) == 0, "the network may still be committing"
    world.later(minutes=1)
    found = await run(world, name)
    assert (found["state"], found["remote_id"]) == ("delivered", network.posts[0].id)
    assert found["url"]
    assert world.posts == 1


@pytest.mark.parametrize("name", READABLE)
async def test_what_is_absent_on_two_looks_is_sent_again(world: World, name: str) -> None:
    network = await begin(world, name)
    network.behave(drop(accept=False))
    await run(world, name)
    world.later(minutes=2)
    assert (await run(world, name))["state"] == "uncertain", "one look proves nothing"
    assert world.posts == 0
    world.later(minutes=2)
    found = await run(world, name)
    assert (found["state"], found["attempts"]) == ("delivered", 2)
    assert world.posts == 1


async def test_a_post_that_shows_late_is_adopted_at_the_second_look(world: World) -> None:
    network = await begin(world, "facebook")
    network.behave(drop(accept=True))
    await run(world, "facebook")
    hidden, network.posts = network.posts, []
    world.later(minutes=2)
    assert (await run(world, "facebook"))["state"] == "uncertain"
    network.posts = hidden
    world.later(minutes=2)
    assert (await run(world, "facebook"))["state"] == "delivered"
    assert world.posts == 1


async def test_a_listing_that_fails_proves_nothing(world: World) -> None:
    network = await begin(world, "facebook")
    network.behave(drop(accept=False))
    await run(world, "facebook")
    for _ in range(3):
        network.distort = lambda _: b"<html>"
        world.later(minutes=11)
        found = await run(world, "facebook")
        assert found["state"] == "uncertain"
        assert "it stays open" in found["reason"]
    network.distort = None
    world.later(minutes=11)
    assert (await run(world, "facebook"))["state"] == "uncertain", "this was the first look"
    world.later(minutes=2)
    assert (await run(world, "facebook"))["state"] == "delivered"


async def test_the_settle_time_is_the_channels(world: World) -> None:
    network = await begin(world, "facebook")
    network.behave(drop(accept=True))
    await run(world, "facebook", channel='settle = "20m"')
    world.later(minutes=19)
    assert (await run(world, "facebook", channel='settle = "20m"'))["state"] == "uncertain"
    world.later(minutes=1)
    assert (await run(world, "facebook", channel='settle = "20m"'))["state"] == "delivered"


async def test_who_wants_to_be_asked_is_asked_and_nobody_looks(world: World) -> None:
    network = await begin(world, "facebook")
    network.behave(drop(accept=True))
    ask = 'on_uncertain = "ask"'
    found = await run(world, "facebook", channel=ask)
    assert world.happened(What.UNCERTAIN)[0].needs_person
    for _ in range(3):
        world.later(minutes=15)
        found = await run(world, "facebook", channel=ask)
    assert found["state"] == "uncertain"
    assert f"crosspost resolve {found['id']} --delivered URL, or --absent" in found["reason"]
    assert asked(network) == 0
    assert world.posts == 1
    status = await read_status(world.config(only=("facebook",), channel=ask))
    assert "crosspost resolve" in status["needs_person"][0]


async def test_a_linkedin_members_lost_answer_is_asked_about_by_default(world: World) -> None:
    network = await begin_as_member(world)
    found = await run(world, "linkedin")
    world.later(minutes=5)
    found = await run(world, "linkedin")
    assert found["state"] == "uncertain"
    assert "see for yourself" in found["reason"]
    assert len(network.posts) == 1


async def begin_as_member(world: World, lost: Behaviour = LOST[0]) -> Network:
    world.blog.publish(*old(4))
    await world.run(world.config(only=("linkedin",)))
    world.blog.publish(*fresh(1))
    world.linkedin.behave(lost)
    return world.linkedin


async def test_resending_relies_on_the_networks_refusal_of_duplicates(world: World) -> None:
    network = await begin_as_member(world)
    resend = 'on_uncertain = "resend"'
    assert (await run(world, "linkedin", channel=resend))["state"] == "uncertain"
    world.later(minutes=2)
    found = await run(world, "linkedin", channel=resend)
    assert (found["state"], found["remote_id"]) == ("delivered", network.posts[0].id)
    assert len(network.posts) == 1


@pytest.mark.parametrize("name", ["facebook", "linkedin", "x"])
async def test_a_refusal_as_a_duplicate_leads_to_a_look_and_to_adoption(world: World, name: str) -> None:
    """A person said in the meantime that it is absent, and was wrong."""
    network = await begin(world, name)
    network.behave(drop(accept=True))
    found = await run(world, name)
    assert (await crosspost(world, "resolve", str(found["id"]), "--absent")).code == 0
    world.later(minutes=1)
    found = await run(world, name)
    assert found["state"] == "uncertain"
    assert network.posts
    found = await run(world, name)
    assert (found["state"], found["remote_id"]) == ("delivered", network.posts[0].id)
    assert world.posts == 1


@pytest.mark.parametrize("name", ["facebook", "x"])
async def test_a_duplicate_of_something_deleted_asks_a_person(world: World, name: str) -> None:
    network = await begin(world, name)
    network.behave(drop(accept=True))
    found = await run(world, name)
    assert (await crosspost(world, "resolve", str(found["id"]), "--absent")).code == 0
    world.later(minutes=1)
    await run(world, name)  # refused as a duplicate
    network.forget(network.posts[0].id)
    await run(world, name)
    world.later(minutes=2)
    found = await run(world, name)
    assert found["state"] == "failed"
    assert "may have been deleted" in found["reason"]
    assert world.happened(What.FAILED)[0].needs_person
    assert world.posts == 0


async def test_a_duplicate_of_another_deliverys_post_is_not_adopted(world: World) -> None:
    """Two entries of the same words, on a network that names the original and cannot be read."""
    world.blog.publish(*old(4))
    only = {"only": ("linkedin",), "channel": 'template = "{{ title }}"\nutm = { source = "l" }'}
    await world.run(world.config(**only))
    first = Item(slug="a", title="Liens de la semaine", summary="", days_ago=1)
    world.blog.publish(first)
    await world.run(world.config(**only))
    world.linkedin.behave(duplicate(world.linkedin.posts[0].id))
    world.blog.publish(replace(first, slug="b", days_ago=0))
    await world.run(world.config(**only))
    found = await list_deliveries(world.config(**only), states=(), channel=None, feed=None, limit=10)
    assert [one["state"] for one in found] == ["failed", "delivered"]
    assert "but that post is delivery 1's" in found[0]["reason"]


async def test_tries_that_all_get_lost_are_given_up(world: World) -> None:
    network = await begin(world, "facebook")
    network.behave(drop(accept=False), drop(accept=False))
    for _ in range(5):
        found = await run(world, "facebook", channel="attempts = 2")
        world.later(minutes=2)
    assert found["state"] == "failed"
    assert found["attempts"] == 2
    assert "given up after 2 tries" in found["reason"]


async def test_a_list_that_does_not_reach_back_proves_nothing(world: World) -> None:
    network = await begin(world, "facebook")
    network.page_size = 1
    network.behave(drop(accept=False))
    await run(world, "facebook")
    world.later(minutes=3)
    for n in range(9):  # the account is busy: more pages than anybody reads
        network.posts.append(Post(id=f"1_{n}", text=f"another {n}", created=world.now))
    found = await run(world, "facebook")
    assert (found["state"], "it stays open" in found["reason"]) == ("uncertain", True)


async def test_the_verb_looks_and_sends_nothing(world: World) -> None:
    network = await begin(world, "facebook")
    network.behave(drop(accept=False))
    await run(world, "facebook")
    sent = len(network.requests)
    said = await crosspost(world, "reconcile")
    assert said.code == 0
    assert "next look at" in said.out
    assert len(network.requests) == sent, "its settle time has not passed"


async def test_a_resolved_one_is_left_alone(world: World) -> None:
    network = await begin(world, "facebook")
    network.behave(drop(accept=True))
    found = await run(world, "facebook")
    address = "https://www.facebook.com/mine"
    assert (await crosspost(world, "resolve", str(found["id"]), "--delivered", address)).code == 0
    world.later(minutes=30)
    found = await run(world, "facebook")
    assert (State(found["state"]), found["url"]) == (State.DELIVERED, address)
    assert asked(network) == 0


async def test_a_clock_that_is_hours_ahead_hides_no_post(world: World) -> None:
    network = await begin(world, "facebook")
    network.clock = lambda: world.now - timedelta(hours=14)
    network.behave(drop(accept=True))
    await run(world, "facebook")
    for _ in range(3):
        world.later(minutes=2)
        found = await run(world, "facebook")
    assert found["state"] == "delivered"
    assert world.posts == 1


@pytest.mark.parametrize("name", READABLE)
async def test_a_clock_that_is_set_back_brings_no_look_before_its_time(world: World, name: str) -> None:
    """The network lists the post late; as ever, two looks a settle time apart must miss it first."""
    network = await begin(world, name)
    world.later(hours=5)
    network.behave(drop(accept=True))
    assert (await run(world, name))["state"] == "uncertain"
    world.later(hours=-5)
    before = asked(network)  # a gap of five hours was looked into
    for _ in range(4):
        assert (await run(world, name))["state"] == "uncertain"
        world.later(seconds=20)
    assert asked(network) == before, "nothing is known of how long ago it was: the settle time begins anew"
    for _ in range(4):
        world.later(minutes=2)
        await run(world, name)
    assert len(network.posts) == 1
    assert (await run(world, name))["state"] == "delivered"


async def test_one_look_serves_all_that_is_uncertain_on_a_channel(world: World) -> None:
    network = await begin(world, "facebook")
    world.blog.publish(*(Item(slug=f"more-{n}", title=f"Encore {n}", days_ago=0) for n in range(2)))
    network.behave(*[drop(accept=True)] * 3)
    await world.run(world.config(only=("facebook",)))
    assert len(network.posts) == 3
    world.later(minutes=2)
    await world.run(world.config(only=("facebook",)))
    assert asked(network) == 1
    assert len(world.happened(What.DELIVERED)) == 3

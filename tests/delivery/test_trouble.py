"""What an account's trouble, or a proxy's, does to entries: nothing. The channel waits, and they with it."""

from collections.abc import Mapping
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from crosspost.adapters.facebook.stand_in import error as facebook_says
from crosspost.adapters.linkedin.stand_in import error as linkedin_says
from crosspost.adapters.tumblr.stand_in import error as tumblr_says
from crosspost.adapters.x.stand_in import invalid, problem
from crosspost.report import What
from crosspost.sandbox.behaviour import Behaviour, accept_and_answer, refuse
from tests.process import crosspost
from tests.verbs import list_deliveries
from tests.world import BOTH_DATABASES, Item, World, old

BOTH = (
    Item(slug="second", title="Le deuxième", summary="Le deuxième dit cela.", days_ago=0),
    Item(slug="first", title="Le premier", summary="Le premier dit ceci.", days_ago=1),
)
UNKNOWN = refuse(403, {"title": "Forbidden", "detail": "No.", "type": "about:blank", "status": 403})
PAGE = b"<html><h1>Access denied</h1></html>"


def older(code: int) -> Behaviour:
    return refuse(403, {"errors": [{"code": code, "message": "No."}]})


TROUBLES: Mapping[str, tuple[str, Behaviour]] = {
    "x locked": ("x", older(326)),
    "x robot": ("x", older(226)),
    "x full today": ("x", older(344)),
    "x suspended": ("x", older(64)),
    "x read-only": ("x", older(261)),
    "x not permitted": ("x", problem(403, "Forbidden", "You are not permitted to perform this action.")),
    "facebook blocked": ("facebook", facebook_says(400, 368, "You're temporarily blocked")),
    "facebook no page": ("facebook", facebook_says(400, 100, "Object does not exist", subcode=33)),
    "facebook page limit": ("facebook", facebook_says(400, 32, "Page request limit reached")),
    "facebook proof": ("facebook", facebook_says(400, 104, "Incorrect signature")),
    "linkedin": ("linkedin", refuse(403, {"status": 403, "message": "Not enough permissions"})),
    "linkedin version": ("linkedin", linkedin_says(426, "NONEXISTENT_VERSION", "not active")),
    "linkedin busy": ("linkedin", linkedin_says(429, "TOO_MANY_REQUESTS", "Throttled")),
    "tumblr forbidden": ("tumblr", tumblr_says(403, 5021, "No")),
    "tumblr disabled": ("tumblr", tumblr_says(503, title="Posting is disabled")),
}


async def states(world: World) -> list[str]:
    """Return the states of the deliveries, the oldest entry's first."""
    return [found["state"] for found in await shown(world)]


async def shown(world: World) -> list[dict[str, Any]]:
    found = await list_deliveries(world.loaded(), states=(), channel=None, feed=None, limit=10)
    return sorted(found, key=lambda delivery: delivery["id"])


async def after_first_sight(world: World, name: str, **lines: Any) -> None:
    world.blog.publish(*old(2))
    await world.run(world.config(only=(name,), **lines))


async def until_all_are_out(world: World) -> None:
    for _ in range(10):
        if set(await states(world)) == {"delivered"}:
            return
        world.later(hours=25)
        await world.run(world.loaded())
    raise AssertionError(await shown(world))


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_an_accounts_trouble_closes_the_channel_and_keeps_its_entries(world: World, trouble: str) -> None:
    name, refusal = TROUBLES[trouble]
    network = world.network(name)
    await after_first_sight(world, name)
    world.blog.publish(*BOTH)
    network.behave(refusal, refusal)
    await world.run(world.loaded())
    assert await states(world) == ["pending", "pending"]
    assert len(network.behaviours) == 1, "the second entry does not knock at a closed door"
    assert world.happened(What.CHANNEL_CLOSED)
    assert not world.happened(What.FAILED)
    network.behaviours.clear()
    await until_all_are_out(world)
    premier, deuxieme = network.posts
    assert "Le premier" in premier.text
    assert "Le deuxième" in deuxieme.text, "in their order"


@BOTH_DATABASES
async def test_an_unknown_refusal_of_two_entries_in_a_row_closes_the_channel_and_keeps_both(
    world: World,
) -> None:
    await after_first_sight(world, "x")
    world.x.behave(UNKNOWN, UNKNOWN)
    world.blog.publish(BOTH[1])
    await world.run(world.loaded())
    assert await states(world) == ["failed"], "one alone may be the entry's fault"
    world.blog.publish(BOTH[0])
    await world.run(world.loaded())  # another process: what it goes by is on record
    assert await states(world) == ["pending", "pending"]
    (closed,) = world.happened(What.CHANNEL_CLOSED)
    assert closed.needs_person
    assert "X answered 403: No." in closed.text
    status = await crosspost(world, "status")
    assert "X answered 403: No." in status.out
    assert "nothing needs you" not in status.out
    await until_all_are_out(world)
    assert ["Le premier" in post.text for post in world.x.posts] == [True, False]


async def test_an_entry_that_alone_is_refused_stays_refused_and_holds_nobody_up(world: World) -> None:
    await after_first_sight(world, "x")
    world.x.behave(UNKNOWN)
    world.blog.publish(*BOTH)
    await world.run(world.loaded())
    assert await states(world) == ["failed", "delivered"]
    world.x.behave(UNKNOWN)
    world.blog.publish(Item(slug="third", title="Le troisième", days_ago=0))
    await world.run(world.loaded())
    assert await states(world) == ["failed", "delivered", "failed"], "not in a row: one was taken in between"


async def test_refusals_that_are_known_to_be_the_entrys_own_close_nothing(world: World) -> None:
    await after_first_sight(world, "x")
    own = problem(403, "Forbidden", "A post can have a maximum of one cashtag.")
    world.x.behave(own, own)
    world.blog.publish(*BOTH)
    await world.run(world.loaded())
    assert await states(world) == ["failed", "failed"]
    assert not world.happened(What.CHANNEL_CLOSED)


async def test_the_same_entry_refused_again_is_not_two(world: World) -> None:
    await after_first_sight(world, "x")
    world.x.behave(UNKNOWN, UNKNOWN)
    world.blog.publish(BOTH[1])
    await world.run(world.loaded())
    (failed,) = await shown(world)
    assert (await crosspost(world, "retry", str(failed["id"]))).code == 0
    world.later(minutes=1)
    await world.run(world.loaded())
    assert await states(world) == ["failed"]


async def test_a_closed_door_is_knocked_at_ever_more_seldom(world: World) -> None:
    await after_first_sight(world, "facebook")
    world.blog.publish(BOTH[1])
    world.facebook.behave(*[facebook_says(400, 368, "You're temporarily blocked")] * 99)
    tries = []
    for _ in range(72):
        before = len(world.facebook.behaviours)
        await world.run(world.loaded())
        tries.append(before - len(world.facebook.behaviours))
        world.later(hours=1)
    assert 4 <= sum(tries) <= 8
    assert await states(world) == ["pending"]


# What answers in the network's place


@pytest.mark.parametrize("name", ["facebook", "linkedin", "x", "tumblr"])
@pytest.mark.parametrize(
    ("status", "body"), [(403, PAGE), (400, b""), (404, b'{"blocked": "by policy"}'), (451, PAGE)]
)
async def test_what_a_proxy_refuses_is_tried_again_and_never_the_entrys_fault(
    world: World, name: str, status: int, body: bytes
) -> None:
    await after_first_sight(world, name, channel="attempts = 2")
    world.blog.publish(BOTH[1])
    network = world.network(name)
    network.behave(*[refuse(status, body)] * 3)
    await world.run(world.loaded())
    assert await states(world) == ["pending"]
    assert not world.happened(What.CHANNEL_CLOSED)
    world.later(minutes=5)
    await world.run(world.loaded())
    assert await states(world) == ["pending"], "though its tries are used up"
    assert world.happened(What.CHANNEL_CLOSED)[-1].needs_person, "in the end it is the channel's trouble"
    await until_all_are_out(world)
    assert len(network.posts) == 1


# Pauses


@pytest.mark.parametrize("name", ["facebook", "linkedin", "x", "tumblr"])
@pytest.mark.parametrize("status", [403, 429])
@pytest.mark.parametrize("form", ["seconds", "date"])
async def test_retry_after_is_heeded_by_every_network(world: World, name: str, status: int, form: str) -> None:
    await after_first_sight(world, name)
    world.blog.publish(BOTH[1])
    network, span = world.network(name), timedelta(hours=3)
    asked = str(int(span.total_seconds())) if form == "seconds" else format_datetime(world.now + span)
    network.behave(refuse(status, b"", {"retry-after": asked}))
    await world.run(world.loaded())
    world.later(hours=2.9)
    await world.run(world.loaded())
    assert not network.posts, "not before its time"
    world.later(hours=0.2)
    await world.run(world.loaded())
    assert len(network.posts) == 1


async def test_a_503_with_retry_after_is_not_looked_for_before(world: World) -> None:
    await after_first_sight(world, "facebook")
    world.facebook.clock = lambda: world.now
    world.blog.publish(BOTH[1])
    world.facebook.behave(accept_and_answer(503, PAGE, {"retry-after": "7200"}))
    await world.run(world.loaded())
    asked = len(world.facebook.requests)
    world.later(hours=1.9)
    await world.run(world.loaded())
    assert len(world.facebook.requests) == asked
    world.later(hours=0.2)
    await world.run(world.loaded())
    assert await states(world) == ["delivered"]
    assert len(world.facebook.posts) == 1


async def test_an_invalid_request_is_its_entrys_until_it_meets_two(world: World) -> None:
    """As when a network changes its API under us."""
    await after_first_sight(world, "x")
    world.x.behave(invalid("$.text: something new"), invalid("$.text: something new"))
    world.blog.publish(*BOTH)
    await world.run(world.loaded())
    assert await states(world) == ["pending", "pending"]
    assert world.happened(What.CHANNEL_CLOSED)[0].needs_person


async def test_a_signature_that_can_be_written_again_waits_no_longer(world: World) -> None:
    world.blog.publish(*old(1))
    config = world.config(only=("signature",))
    await world.run(config)
    (world.folder / "signature.txt").mkdir()
    world.blog.publish(*BOTH)
    await world.run(config)
    assert await states(world) == ["pending", "pending"]
    await world.run(config)
    assert world.happened(What.CHANNEL_CLOSED), "it is still in the way"
    (world.folder / "signature.txt").rmdir()
    await world.run(config)
    assert await states(world) == ["delivered", "delivered"]
    assert "Le premier" in (world.folder / "signature.txt").read_text(encoding="utf-8")

"""What becomes of a delivery when the network says no, says nothing, or we die."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crosspost.adapters.facebook.stand_in import error
from crosspost.report import What
from crosspost.sandbox.behaviour import Behaviour, accept_and_answer, delay, drop, refuse
from tests.process import crosspost, started, until
from tests.verbs import list_deliveries, read_status
from tests.world import BOTH_DATABASES, Item, World, fresh, old

FACEBOOK = ("facebook",)


async def one(world: World, only: tuple[str, ...] = FACEBOOK, **lines: Any) -> dict[str, Any]:
    """Run once, and return the only delivery."""
    config = world.config(only=only, **lines)
    await world.run(config)
    (found,) = await list_deliveries(config, states=(), channel=None, feed=None, limit=10)
    return found


async def first_sight(world: World, only: tuple[str, ...] = FACEBOOK) -> None:
    world.blog.publish(*old(4))
    await world.run(world.config(only=only))
    world.blog.publish(*fresh(1))


async def test_what_certainly_did_not_arrive_is_tried_again_later(world: World) -> None:
    await first_sight(world)
    good, world.urls["facebook"] = world.urls["facebook"], "http://127.0.0.1:9"  # nobody listens there
    found = await one(world)
    assert found["state"] == "pending"
    assert "could not be reached" in found["reason"]
    world.urls["facebook"] = good
    assert (await one(world))["state"] == "pending", "not before its time"
    world.later(minutes=3)
    found = await one(world)
    assert found["state"] == "delivered"
    assert found["attempts"] == 2
    assert world.posts == 1


async def test_tries_are_bounded_and_then_a_person_is_asked(world: World) -> None:
    await first_sight(world)
    world.urls["facebook"] = "http://127.0.0.1:9"
    for _ in range(3):
        found = await one(world, channel="attempts = 3")
        world.later(minutes=30)
    assert found["state"] == "failed"
    assert "given up after 3 tries" in found["reason"]


async def test_a_refusal_asks_a_person_at_once(world: World) -> None:
    await first_sight(world)
    world.facebook.behave(error(400, 100, "Invalid parameter"))
    found = await one(world)
    assert found["state"] == "failed"
    assert found["attempts"] == 1
    assert world.happened(What.FAILED)[0].needs_person


async def test_a_rate_limit_costs_no_attempt_and_closes_the_channel(world: World) -> None:
    await first_sight(world)
    for _ in range(3):
        world.facebook.behave(world.facebook.rate_limited())
        found = await one(world, channel="attempts = 2")
        assert found["state"] == "pending"
        world.later(hours=1)
    assert (await one(world, channel="attempts = 2"))["state"] == "delivered"


async def test_a_bad_token_holds_the_channel_and_loses_nothing(world: World) -> None:
    await first_sight(world)
    world.blog.publish(Item(slug="two", title="Deux"))
    world.facebook.expire_token()
    await world.run(world.config(only=FACEBOOK))
    (closed,) = world.happened(What.CHANNEL_CLOSED)
    assert closed.needs_person
    tried = len(world.facebook.requests)
    await world.run(world.config(only=FACEBOOK))
    assert len(world.facebook.requests) == tried, "the second entry is not tried with the same bad token"

    world.later(hours=2)
    await world.run(world.config(only=FACEBOOK))
    assert world.facebook.requests[-1].method == "GET", "verified, not tried"
    assert world.posts == 0

    world.facebook.expired = False
    world.later(hours=2)
    await world.run(world.config(only=FACEBOOK))
    assert len(world.facebook.posts) == 2


async def test_a_bad_token_stays_a_persons_matter_while_the_network_is_away(world: World) -> None:
    """What cannot be verified is not good again."""
    await first_sight(world)
    world.facebook.expire_token()
    await world.run(world.config(only=FACEBOOK))
    (refused,) = world.happened(What.CHANNEL_CLOSED)
    tried = len(world.facebook.requests)

    there, world.urls["facebook"] = world.urls["facebook"], "http://127.0.0.1:9"  # nobody listens there
    world.later(hours=2)
    await world.run(world.config(only=FACEBOOK))
    closed = world.happened(What.CHANNEL_CLOSED)[-1]
    assert closed.needs_person
    assert closed.text.endswith(refused.text.partition(" UTC: ")[2])

    world.urls["facebook"] = there
    world.later(hours=2)
    await world.run(world.config(only=FACEBOOK))
    assert {seen.method for seen in world.facebook.requests[tried:]} == {"GET"}, "verified, not tried"


@pytest.mark.parametrize(
    "lost", [drop(accept=True), accept_and_answer(500, b"oops"), accept_and_answer(200, b"<html>")]
)
async def test_a_lost_answer_is_looked_up_and_adopted(world: World, lost: Behaviour) -> None:
    await first_sight(world)
    world.facebook.clock = lambda: world.now
    world.facebook.behave(lost)
    found = await one(world)
    assert found["state"] == "uncertain"
    world.later(seconds=30)
    assert (await one(world))["state"] == "uncertain", "the network may still be committing"
    world.later(minutes=5)
    found = await one(world)
    assert found["state"] == "delivered"
    assert found["remote_id"] == world.facebook.posts[0].id
    assert world.posts == 1


async def test_a_duplicate_that_names_the_original_is_adopted(world: World) -> None:
    await first_sight(world, ("linkedin",))
    world.linkedin.behave(drop(accept=True))
    found = await one(world, ("linkedin",))
    assert found["state"] == "uncertain"
    assert (await crosspost(world, "resolve", str(found["id"]), "--absent")).code == 0
    world.later(minutes=1)
    found = await one(world, ("linkedin",))
    assert found["state"] == "delivered"
    assert found["remote_id"] == world.linkedin.posts[0].id
    assert len(world.linkedin.posts) == 1


async def test_every_attempt_says_the_same_though_the_entry_was_edited(world: World) -> None:
    await first_sight(world)
    world.facebook.behave(refuse(429, b""))
    await one(world)
    first = world.facebook.requests[-1].body
    world.blog.items[0] = Item(slug="new-0", title="Un autre titre", days_ago=0)
    world.later(hours=1)
    await one(world)
    assert world.facebook.requests[-1].body == first


async def test_what_is_on_record_is_the_revision_that_was_sent(world: World) -> None:
    """Who edits posts later must know whether the network has the newest words."""
    await first_sight(world)
    world.facebook.behave(refuse(429, b""))
    await one(world)
    sent, _ = revisions(world)
    world.blog.items[0] = Item(slug="new-0", title="Un autre titre", days_ago=0)
    world.later(hours=1)
    assert (await one(world))["state"] == "delivered"
    carried, entry = revisions(world)
    assert carried == sent != entry


def revisions(world: World) -> tuple[str, str]:
    """Return the revision that the only delivery carries, and its entry's."""
    with closing(sqlite3.connect(world.folder / "crosspost.db")) as database:
        question = "SELECT d.revision, e.revision FROM deliveries d JOIN entries e ON e.id = d.entry_id"
        (row,) = database.execute(question).fetchall()
    return str(row[0]), str(row[1])


@BOTH_DATABASES
async def test_a_dry_run_shows_and_sends_nothing(world: World) -> None:
    await first_sight(world)
    found = await one(world, channel="dry_run = true")
    assert found["state"] == "shown"
    config = world.config(only=FACEBOOK, channel="dry_run = true")
    (channel,) = (await read_status(config))["channels"]
    assert channel["deliveries"] == {"shown": 1}
    for states, count in ((["shown"], 1), (["skipped"], 0), (["skipped", "shown"], 1), (["held", "shown"], 1)):
        listed = await list_deliveries(config, states=states, channel=None, feed=None, limit=9)
        assert len(listed) == count, states
    (shown,) = world.happened(What.SHOWN)
    assert shown.data["request"]["body"]["link"] == "https://blog.example/2026/new-0/"
    assert not world.facebook.requests


async def test_a_picture_is_uploaded_once_for_all_attempts(world: World) -> None:
    await first_sight(world)
    world.blog.items = [
        Item(slug="image", title="Image", picture=f"{world.blog_url}/picture.jpg"),
        *world.blog.items[1:],
    ]
    world.facebook.behave(world.facebook.rate_limited())
    await one(world, channel="picture = true")
    world.later(hours=1)
    assert (await one(world, channel="picture = true"))["state"] == "delivered"
    assert len(world.facebook.photos) == 1
    assert world.facebook.posts[0].alt == ("",)


@pytest.mark.slow
async def test_killed_while_sending_it_is_uncertain_then_found(world: World) -> None:
    """SIGKILL between the network's yes and our record of it: the worst moment there is."""
    await first_sight(world)
    never = asyncio.Event()
    world.facebook.behave(delay(never))
    world.config(only=FACEBOOK)
    async with started(world, "run-once") as child:
        await until(lambda: world.facebook.posts)
        child.kill()
        await child.communicate()
    never.set()
    with sqlite3.connect(world.folder / "crosspost.db") as database:
        assert database.execute("SELECT state, attempts FROM deliveries").fetchall() == [("sending", 1)]
        assert database.execute("SELECT number, outcome FROM attempts").fetchall() == [(1, "sending")]
    database.close()

    world.now = world.facebook.posts[0].created + timedelta(minutes=3)
    assert (await one(world))["state"] == "uncertain", "past its lease: nobody knows"
    world.later(minutes=3)
    found = await one(world)
    assert found["state"] == "delivered"
    assert found["remote_id"] == world.facebook.posts[0].id
    assert world.posts == 1


async def test_a_look_that_fails_for_a_moment_is_repeated_at_once(world: World) -> None:
    await first_sight(world)
    world.facebook.clock = lambda: world.now
    world.facebook.behave(drop(accept=True))
    await one(world)
    world.later(minutes=5)
    world.facebook.fail_reads = 2
    assert (await one(world))["state"] == "delivered"
    assert world.facebook.fail_reads == 0


async def test_another_entrys_post_is_not_adopted(world: World) -> None:
    """Two entries of the same words: one arrives, the other's request is lost before it does."""
    world.blog.publish(*old(4))
    await world.run(world.config(only=FACEBOOK))
    first = Item(slug="a", title="Liens de la semaine", summary="", days_ago=1)
    world.blog.publish(replace(first, slug="b", days_ago=0), first)
    world.facebook.clock = lambda: world.now
    world.facebook.behave(Behaviour(accept=True), drop(accept=False))
    await world.run(world.config(only=FACEBOOK))
    world.later(minutes=5)
    await world.run(world.config(only=FACEBOOK))
    config = world.config(only=FACEBOOK)
    found = await list_deliveries(config, states=(), channel=None, feed=None, limit=10)
    assert sorted(one["state"] for one in found) == ["delivered", "uncertain"]


@pytest.mark.parametrize("address", ["http://h:99999/p.jpg", "http://a..example/p.jpg", "http://xn--a/p.jpg"])
async def test_an_impossible_picture_address_blocks_nothing(world: World, address: str) -> None:
    await first_sight(world, ("tumblr",))
    world.blog.items = [Item(slug="image", title="Image", picture=address), *world.blog.items[1:]]
    found = await one(world, ("tumblr",))
    assert found["state"] == "delivered"
    assert "its picture was left out" in found["note"] or not found["note"]


async def test_an_odd_listing_does_not_stop_the_other_channels(world: World) -> None:
    both = ("facebook", "tumblr")
    await first_sight(world, both)
    world.facebook.behave(drop(accept=True))
    await world.run(world.config(only=both))
    world.facebook.posts[0].created = None
    world.blog.publish(Item(slug="next", title="Le suivant", days_ago=0))
    world.later(minutes=5)
    await world.run(world.config(only=both))
    assert len(world.tumblr.posts) == 2


async def test_a_receipt_that_comes_late_still_counts(world: World) -> None:
    """Another process takes the attempt for dead (its clock runs ahead), and then the answer comes."""
    await first_sight(world)
    answer = asyncio.Event()
    world.facebook.behave(delay(answer))
    sending = asyncio.create_task(world.run(world.config(only=FACEBOOK)))
    async with asyncio.timeout(30):
        while not world.facebook.posts:  # noqa: ASYNC110 - the stand-in has no event for "kept"
            await asyncio.sleep(0.01)
    world.later(minutes=5)
    assert (await one(world))["state"] == "uncertain"
    answer.set()
    await sending
    config = world.config(only=FACEBOOK)
    (found,) = await list_deliveries(config, states=(), channel=None, feed=None, limit=10)
    assert found["state"] == "delivered"
    assert found["remote_id"] == world.facebook.posts[0].id

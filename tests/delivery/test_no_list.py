"""A list that cannot prove absence proves none: what is in doubt is not sent again because of it."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from crosspost.house import open_house
from crosspost.people.needs import read_needs
from crosspost.sandbox.behaviour import drop
from crosspost.sandbox.lists import ascending, empty, lagging, shuffled
from crosspost.sandbox.standin import Post
from tests.delivery.test_reconcile import READABLE, begin
from tests.verbs import list_deliveries
from tests.world import BOTH_DATABASES, Item, Network, World

MONTH = timedelta(days=30)


async def doubted(world: World, name: str, *, accept: bool = True) -> Network:
    """Deliver one entry; a quarter of an hour later, lose the answer to the next."""
    network = await begin(world, name)
    await run(world, name)
    world.later(minutes=15)
    world.blog.publish(Item(slug="lost", title="Perdu", summary="Un billet perdu en route. " * 5, days_ago=0))
    network.behave(drop(accept=accept))
    newest, _ = await run(world, name)
    assert newest["state"] == "uncertain", newest["reason"]
    return network


async def run(world: World, name: str) -> list[dict[str, Any]]:
    """Run once; return the deliveries, the newest first."""
    config = world.config(only=(name,))
    await world.run(config)
    return await list_deliveries(config, states=(), channel=None, feed=None, limit=10)


def posted_before(network: Network, count: int, newest: datetime, every: timedelta) -> None:
    """Let somebody have posted on the account, so often and until then."""
    like = network.posts[0]
    for number in range(count):
        raw = json.loads(json.dumps(like.raw).replace("new-0", f"vieux-{number}"))
        links = (f"https://blog.example/2025/vieux-{number}/",)
        post = Post(id=f"{like.id}{number}", text=f"Vieux {number} {links[0]}", links=links, raw=raw)
        post.created = newest - number * every
        network.posts.append(post)


async def needs(world: World) -> list[str]:
    """Return what people would be told that needs them."""
    async with open_house(world.loaded(), clock=lambda: world.now) as house:
        return [need.text for need in await house.database.read(read_needs, house.config, house.now())]


@BOTH_DATABASES
@pytest.mark.parametrize("name", READABLE)
async def test_an_empty_list_is_none_where_posts_went_out(world: World, name: str) -> None:
    network = await doubted(world, name)
    network.arrange = empty
    for _ in range(6):
        world.later(minutes=11)
        newest, delivered = await run(world, name)
        assert newest["state"] == "uncertain", newest["reason"]
    assert f"lacks {delivered['url']}" in newest["reason"]
    assert f"crosspost resolve {newest['id']} --delivered URL, or --absent" in newest["reason"]
    assert any("lacks" in need for need in await needs(world))
    network.arrange = list
    world.later(hours=1)
    newest, *_ = await run(world, name)
    assert (newest["state"], newest["remote_id"]) == ("delivered", network.posts[1].id)
    assert world.posts == 2


@pytest.mark.parametrize("order", [ascending, shuffled])
@pytest.mark.parametrize("name", READABLE)
async def test_pages_in_another_order_do_not_end_at_what_is_old(
    world: World, name: str, order: Callable[[list[Post]], list[Post]]
) -> None:
    network = await doubted(world, name)
    posted_before(network, 12, world.now - MONTH, MONTH)
    network.arrange, network.page_size = order, 4
    for _ in range(3):
        world.later(minutes=11)
        newest, *_ = await run(world, name)
    assert newest["state"] == "delivered", newest["reason"]
    assert world.posts == 14


@pytest.mark.parametrize("name", READABLE)
async def test_a_list_that_is_late_is_asked_again(world: World, name: str) -> None:
    network = await doubted(world, name)
    network.arrange = lagging(world.now - timedelta(minutes=20))
    for _ in range(3):
        world.later(minutes=11)
        newest, *_ = await run(world, name)
        assert newest["state"] == "uncertain", newest["reason"]
    network.arrange = list
    world.later(minutes=11)
    newest, *_ = await run(world, name)
    assert newest["state"] == "delivered", newest["reason"]
    assert world.posts == 2


@pytest.mark.parametrize("name", READABLE)
async def test_a_shuffled_list_proves_no_absence(world: World, name: str) -> None:
    """Whole as it seems: who knows what else its network leaves out."""
    network = await doubted(world, name, accept=False)
    posted_before(network, 4, world.now - timedelta(hours=2), timedelta(hours=1))
    network.arrange = shuffled
    for _ in range(4):
        world.later(minutes=11)
        newest, *_ = await run(world, name)
        assert newest["state"] == "uncertain", newest["reason"]
    assert "order of time" in newest["reason"]


async def test_a_post_that_a_person_deleted_leaves_the_doubt_to_a_person(world: World) -> None:
    network = await doubted(world, "facebook", accept=False)
    network.forget(network.posts[0].id)
    for _ in range(6):
        world.later(minutes=11)
        newest, *_ = await run(world, "facebook")
        assert newest["state"] == "uncertain", newest["reason"]
    assert "that was deleted" in newest["reason"]
    assert any("crosspost resolve" in need for need in await needs(world))
    assert not network.posts

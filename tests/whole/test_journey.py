"""The main job, end to end: a real feed, five channels, sockets all the way."""

from dataclasses import replace

from crosspost.model import State
from crosspost.report import What
from crosspost.text import canonical_link
from tests.verbs import list_deliveries, read_status
from tests.world import BOTH_DATABASES, Item, World, fresh, old

pytestmark = BOTH_DATABASES


async def deliveries(world: World) -> list[dict[str, object]]:
    return await list_deliveries(world.config(), states=(), channel=None, feed=None, limit=1000)


async def settled(world: World) -> None:
    """Begin with a feed whose entries are known."""
    world.blog.publish(*old(6))
    await world.run()
    assert world.posts == 0


async def test_three_entries_reach_five_channels(world: World) -> None:
    await settled(world)
    world.blog.publish(*fresh(3))
    await world.run()

    assert [len(network.posts) for network in world.networks] == [3, 3, 3, 3]
    made = await deliveries(world)
    assert len(made) == 15
    assert all(one["state"] == State.DELIVERED and one["remote_id"] and one["url"] for one in made)
    signature = (world.folder / "signature.txt").read_text(encoding="utf-8")
    assert signature.index("billet 0") < signature.index("billet 1") < signature.index("billet 2")
    for network in world.networks:
        oldest = network.posts[0]
        assert "numéro 2" in oldest.text or "billet 2" in oldest.text, "the oldest goes first"
        links = [canonical_link(link) for link in (*oldest.links, *oldest.text.split())]
        assert "blog.example/2026/new-2" in links


async def test_the_next_run_sends_nothing(world: World) -> None:
    await settled(world)
    world.blog.publish(*fresh(3))
    await world.run()
    sent = [len(network.requests) for network in world.networks]
    await world.run()
    assert world.blog.answers[-1] == 304
    assert [len(network.requests) for network in world.networks] == sent
    assert [event.what for event in world.events] == [What.FEED_UNCHANGED]


async def test_an_edited_entry_does_not_post_again(world: World) -> None:
    await settled(world)
    world.blog.publish(*fresh(3))
    await world.run()
    world.blog.items[0] = replace(world.blog.items[0], title="Nouveau titre", summary="Sans la faute.")
    await world.run()
    assert world.blog.answers[-1] == 200
    assert world.posts == 12
    assert len(await deliveries(world)) == 15


async def test_new_guids_and_cosmetic_link_changes_are_nothing_new(world: World) -> None:
    await settled(world)
    world.blog.publish(*fresh(3))
    await world.run()
    world.blog.items = [
        replace(
            item, guid=f"renamed-{item.slug}", link=f"http://www.blog.example/2026/{item.slug}?utm_source=rss"
        )
        for item in world.blog.items
    ]
    await world.run()
    assert world.posts == 12
    assert len(await deliveries(world)) == 15
    (read,) = world.happened(What.FEED_READ)
    assert "nothing new" in read.text


async def test_a_feed_whose_ids_and_paths_all_change_is_held_once(world: World) -> None:
    await settled(world)
    world.blog.publish(*fresh(3))
    await world.run()
    world.blog.items = [
        replace(item, guid=f"moved-{item.slug}", link=f"https://blog.example/neuf/{item.slug}.html")
        for item in world.blog.items
    ]
    await world.run()
    assert world.posts == 12
    (held,) = world.happened(What.FEED_HELD)
    assert held.needs_person
    assert "all 9 entries" in held.text

    await world.run()
    assert not world.happened(What.FEED_HELD), "held once"
    assert world.posts == 12
    status = await read_status(world.config())
    assert any("45 deliveries held: all 9 entries" in line for line in status["needs_person"])


async def test_one_moved_entry_is_known_by_its_words(world: World) -> None:
    await settled(world)
    world.blog.publish(*fresh(1))
    await world.run()
    moved = replace(world.blog.items[0], guid="other", link="https://blog.example/otherwise")
    world.blog.items[0] = moved
    await world.run()
    assert world.posts == 4


async def test_a_new_entry_beside_a_broken_feed_still_goes_out(world: World) -> None:
    world.blog.publish(*old(4))
    second = '[feeds.gone]\nurl = "missing.xml"\n'
    (world.folder / "crosspost.toml").write_text("")
    config = world.config(feed=f"\n{second}")
    await world.run(config)
    world.blog.publish(Item(slug="un", title="Un billet"))
    await world.run(config)
    assert world.posts == 4
    (failed,) = world.happened(What.FEED_FAILED)
    assert failed.subject == "gone"
    assert "missing.xml" in failed.text


async def test_a_picture_travels_with_its_entry(world: World) -> None:
    await settled(world)
    world.blog.publish(Item(slug="image", title="Une image", picture=f"{world.blog_url}/picture.jpg"))
    await world.run(world.config(channel="", only=("linkedin", "tumblr")))
    assert len(world.tumblr.posts[0].alt) == 1
    sent = [seen.path for seen in world.linkedin.requests]
    assert any(
        "initializeUpload" in str(seen.query) or "images" in seen.path for seen in world.linkedin.requests
    ), sent


async def test_a_missing_picture_is_left_behind_and_said(world: World) -> None:
    await settled(world)
    world.blog.publish(Item(slug="image", title="Une image", picture=f"{world.blog_url}/nowhere.jpg"))
    await world.run(world.config(only=("tumblr",)))
    assert world.tumblr.posts[0].alt == ()
    (delivered,) = world.happened(What.DELIVERED)
    assert "its picture was left out: 127.0.0.1 answered 404" in delivered.text

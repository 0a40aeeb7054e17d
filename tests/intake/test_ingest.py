"""What a poll makes of a feed: what is known, what is announced, what is held, what is let go."""

import random
from dataclasses import replace

import pytest
from starlette.responses import PlainTextResponse

from crosspost.model import State
from crosspost.report import What
from tests.verbs import list_deliveries, read_status
from tests.world import Item, World, fresh, old

SIGNATURE = ("signature",)


async def states(world: World, **lines: object) -> list[tuple[str, str]]:
    """Return each delivery's entry and state, in the order they were made."""
    config = world.config(only=SIGNATURE, **lines)
    made = await list_deliveries(config, states=(), channel=None, feed=None, limit=10_000)
    return [(one["title"], one["state"]) for one in reversed(made)]


async def run(world: World, **lines: object) -> None:
    await world.run(world.config(only=SIGNATURE, **lines))


async def test_the_first_sight_announces_nothing(world: World) -> None:
    world.blog.publish(*old(9))
    await run(world)
    assert await states(world) == []


async def test_backfill_announces_the_newest_in_order(world: World) -> None:
    world.blog.publish(*random.Random(7).sample(old(9), 9))
    await run(world, feed="backfill = 2")
    assert await states(world) == [("Ancien billet 1", "delivered"), ("Ancien billet 0", "delivered")]


async def test_backfilled_entries_may_be_older_than_the_horizon(world: World) -> None:
    world.blog.publish(Item(slug="a", title="Vieux", days_ago=400))
    await run(world, feed="backfill = 1")
    assert await states(world) == [("Vieux", "delivered")]


async def test_waiting_ends_at_the_horizon(world: World) -> None:
    world.blog.publish(*old(4))
    lines = {"feed": 'horizon = "3d"', "channel": 'delay = "4d"'}
    await run(world, **lines)
    world.blog.publish(Item(slug="slow", title="Lent", days_ago=0))
    await run(world, **lines)
    assert await states(world, **lines) == [("Lent", "pending")]
    world.later(days=5)
    await run(world, **lines)
    assert await states(world, **lines) == [("Lent", "skipped")]


async def test_a_delay_leaves_time_to_fix_a_typo(world: World) -> None:
    world.blog.publish(*old(4))
    await run(world, channel='delay = "10m"')
    world.blog.publish(Item(slug="typo", title="Une coquile", days_ago=0))
    await run(world, channel='delay = "10m"')
    world.blog.items[0] = replace(world.blog.items[0], title="Une coquille")
    world.later(minutes=11)
    await run(world, channel='delay = "10m"')
    assert "Une coquille" in (world.folder / "signature.txt").read_text(encoding="utf-8")


async def test_a_flood_is_held_not_poured_out(world: World) -> None:
    world.blog.publish(*old(10))
    await run(world)
    world.blog.publish(*fresh(8))
    await run(world)
    assert {state for _, state in await states(world)} == {"held"}
    (held,) = world.happened(What.FEED_HELD)
    assert "8 entries are new at once" in held.text


async def test_what_was_held_is_not_announced_by_the_next_entry(world: World) -> None:
    world.blog.publish(*old(10))
    await run(world)
    world.blog.publish(*fresh(8))
    await run(world)
    world.blog.publish(Item(slug="next", title="Le suivant", days_ago=0))
    await run(world)
    assert [state for _, state in await states(world)] == ["held"] * 8 + ["delivered"]


@pytest.mark.parametrize("seed", range(3))
async def test_order_and_repetition_of_items_do_not_matter(world: World, seed: int) -> None:
    world.blog.publish(*old(6))
    await run(world)
    world.blog.publish(*fresh(3))
    shuffled = random.Random(seed)
    world.blog.items = shuffled.sample(world.blog.items, 9) + shuffled.sample(world.blog.items, 4)
    await run(world)
    assert [title for title, _ in await states(world)] == [
        "Nouveau billet 2",
        "Nouveau billet 1",
        "Nouveau billet 0",
    ]


async def test_included_and_excluded_categories(world: World) -> None:
    world.blog.publish(*old(4))
    lines = {"channel": 'include = ["québec"]\nexclude = ["Offre"]'}
    await run(world, **lines)
    world.blog.publish(
        Item(slug="a", title="Pour ici", categories=("Québec",)),
        Item(slug="b", title="Vente", categories=("Québec", "offre")),
        Item(slug="c", title="Ailleurs", categories=("France",)),
    )
    await run(world, **lines)
    assert dict(await states(world, **lines)) == {
        "Pour ici": "delivered",
        "Vente": "skipped",
        "Ailleurs": "skipped",
    }


async def test_a_channel_that_wants_approval_holds(world: World) -> None:
    world.blog.publish(*old(4))
    await run(world, channel="approve = true")
    world.blog.publish(*fresh(1))
    await run(world, channel="approve = true")
    assert await states(world) == [("Nouveau billet 0", "held")]
    status = await read_status(world.config(only=SIGNATURE))
    assert "wait for crosspost approve" in status["needs_person"][0]


async def test_a_new_channel_is_not_flooded_with_old_entries(world: World) -> None:
    world.blog.publish(*old(4))
    await run(world)
    world.blog.publish(*fresh(2))
    await run(world)
    await world.run(world.config(only=("signature", "tumblr")))
    assert not world.tumblr.posts


async def test_another_address_of_the_same_feed_announces_nothing(world: World) -> None:
    world.blog.publish(*old(4))
    await run(world)
    config = world.config(only=SIGNATURE)
    path = config.path
    path.write_text(path.read_text().replace("/feed.xml", "/feed.xml?format=rss"))
    from crosspost.config import load

    await world.run(load(path))
    assert await states(world) == []


async def test_a_failing_feed_says_why_and_needs_a_person_if_it_lasts(world: World) -> None:
    world.blog.publish(*old(4))
    await run(world)
    world.blog.broken = PlainTextResponse("oops", 500)
    for needs_person in (False, False, True):
        await run(world)
        (failed,) = world.happened(What.FEED_FAILED)
        assert "500" in failed.text
        assert failed.needs_person is needs_person
    world.blog.broken = None
    world.blog.publish(*fresh(1))
    await run(world)
    assert await states(world) == [("Nouveau billet 0", "delivered")]
    assert (await read_status(world.config(only=SIGNATURE)))["needs_person"] == []


async def test_a_feed_that_is_gone_is_left_alone(world: World) -> None:
    world.blog.publish(*old(4))
    await run(world)
    world.blog.broken = PlainTextResponse("gone", 410)
    await run(world)
    polls = len(world.blog.answers)
    await run(world)
    assert len(world.blog.answers) == polls
    (said,) = world.happened(What.FEED_FAILED)
    assert "gone for good" in said.text


async def test_a_server_that_asks_for_peace_gets_it(world: World) -> None:
    world.blog.publish(*old(4))
    await run(world)
    world.blog.broken = PlainTextResponse("slow down", 429, {"retry-after": "600"})
    await run(world)
    world.blog.broken = None
    polls = len(world.blog.answers)
    world.later(minutes=5)
    await run(world)
    assert len(world.blog.answers) == polls
    world.later(minutes=6)
    await run(world)
    assert len(world.blog.answers) == polls + 1


async def test_odd_entries_are_announced_or_passed_over_with_a_reason(world: World) -> None:
    world.blog.publish(*old(6))
    await run(world)
    world.blog.publish(
        Item(slug="untitled", title="", summary="Sans titre, mais avec du texte. " * 5),
        Item(slug="many", title="Beaucoup", categories=tuple(f"sujet {n}" for n in range(10_000))),
        Item(slug="nolink", title="Sans lien", link="javascript:alert(1)"),
    )
    await run(world)
    assert [state for _, state in await states(world)] == [State.DELIVERED, State.DELIVERED]
    (passed,) = world.happened(What.ENTRY_PASSED)
    assert "Sans lien" in passed.text


async def test_two_feeds_with_one_entry_announce_it_once(world: World) -> None:
    world.blog.publish(*old(4))
    lines = {"feed": f'\n[feeds.category]\nurl = "{world.blog_url}/feed.xml?category=1"\n'}
    await run(world, **lines)
    world.blog.publish(*fresh(1))
    await run(world, **lines)
    assert sorted(await states(world, **lines)) == [
        ("Nouveau billet 0", "delivered"),
        ("Nouveau billet 0", "skipped"),
    ]


async def test_ids_that_change_at_every_poll_are_held_once(world: World) -> None:
    world.blog.publish(*old(6))
    await run(world)
    for session in range(4):
        world.blog.items = [
            replace(item, guid=f"{item.slug}-{session}", link=f"https://blog.example/s{session}/{item.slug}")
            for item in world.blog.items
        ]
        await run(world)
    assert [state for _, state in await states(world)] == ["held"] * 6


async def test_a_link_that_holds_a_secret_is_not_announced(world: World) -> None:
    from crosspost.redact import remember

    world.blog.publish(*old(4))
    await run(world)
    remember("hunter22-token")
    world.blog.publish(Item(slug="a", title="Privé", link="https://blog.example/hunter22-token/a"))
    await run(world)
    assert await states(world) == []
    assert "holds a secret" in world.happened(What.ENTRY_PASSED)[0].text


async def test_a_feed_cut_off_does_not_announce_half_an_entry(world: World) -> None:
    world.blog.publish(*old(4))
    await run(world, channel='exclude = ["Privé"]')
    world.blog.publish(Item(slug="a", title="Pour moi", categories=("Privé",)))
    world.blog.items = world.blog.items[1:] + world.blog.items[:1]
    whole = world.blog.body()
    cut = whole[: whole.index("<category>Privé".encode())]
    world.blog.broken = PlainTextResponse(cut, 200, {"content-type": "application/rss+xml"})
    await run(world, channel='exclude = ["Privé"]')
    assert await states(world) == []
    world.blog.broken = None
    await run(world, channel='exclude = ["Privé"]')
    assert await states(world) == [("Pour moi", "skipped")]

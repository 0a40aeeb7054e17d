"""A channel that shows the newest entries is filled from the first run, and nothing is announced by it."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from crosspost.model import State
from crosspost.people.decisions import Chosen, Decision
from crosspost.report import What
from crosspost.text import local_time
from tests.verbs import decide, list_deliveries, read_plan
from tests.world import BOTH_DATABASES, NOW, Item, World, old

FILLS = {"signature": ""}


def shown(world: World, name: str = "signature") -> list[str]:
    """Return the titles in a signature, from the top."""
    file = world.folder / f"{name}.txt"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [line.strip(" •-*") for line in lines if "billet" in line]


async def states(world: World) -> list[str]:
    views = await list_deliveries(world.loaded(), states=(), channel=None, feed=None, limit=100)
    return [f"{view['channel']}: {view['title'][-1]} {view['state']}" for view in reversed(views)]


@BOTH_DATABASES
async def test_the_first_run_fills_the_signature_and_announces_nothing(world: World) -> None:
    world.blog.publish(*old(6))
    await world.run(world.config(**FILLS, channel='limits = "1/day"\nhours = "Mon-Sun 00:00-00:01"'))
    assert await states(world) == [f"signature: {number} delivered" for number in (2, 1, 0)]
    assert [title[-1] for title in shown(world)] == ["0", "1", "2"]
    assert world.posts == 0
    (filled,) = world.happened(What.FILLED)
    assert (filled.subject, filled.text) == ("signature", "filled with the newest 3 entries")
    (read,) = world.happened(What.FEED_READ)
    assert read.text.endswith("6 entries taken as known, 0 entries to announce")

    await world.run(world.loaded())
    assert [event.what for event in world.events] == [What.FEED_UNCHANGED], "once is enough"


async def test_what_fills_takes_no_room_from_what_is_announced(world: World) -> None:
    world.blog.publish(*old(4))
    config = world.config(**FILLS, top='[time_box]\nbudget = "1/day"\n', only=("signature", "x"))
    await world.run(config)
    assert len(shown(world)) == 3
    world.blog.publish(Item(slug="neuf", title="Nouveau billet"))
    await world.run(config)
    assert len(world.x.posts) + sum("Nouveau" in title for title in shown(world)) == 1, (
        "the box has room for one"
    )


async def test_a_signature_that_comes_later_or_grows_is_filled_then(world: World) -> None:
    world.blog.publish(*old(6))
    await world.run(world.config(only=("x",)))
    await world.run(world.config(**FILLS, only=("x", "signature")))
    assert [title[-1] for title in shown(world)] == ["0", "1", "2"]
    await world.run(world.config(signature="keep = 5", only=("x", "signature")))
    assert [title[-1] for title in shown(world)] == ["0", "1", "2", "3", "4"]
    assert [event.text for event in world.happened(What.FILLED)] == ["filled with the newest 2 entries"]
    assert not world.x.posts


async def test_what_a_person_skipped_stays_away(world: World) -> None:
    world.blog.publish(*old(4))
    await world.run(world.config(signature="approve = true", only=("signature",)))
    (held,) = world.happened(What.HELD)
    assert held.needs_person
    assert held.text == "to be filled with the newest 3 entries, once you say crosspost approve"
    chosen = Chosen(ids=(), states={State.HELD}, channel="signature")
    await decide(
        world.loaded(), chosen, Decision(verb="skip", made_by="marie", to=State.SKIPPED, reason="skipped")
    )
    await world.run(world.config(signature="# again", only=("signature",)))
    assert shown(world) == []
    assert len(await states(world)) == 3


async def test_a_dry_run_is_filled_once_it_writes(world: World) -> None:
    world.blog.publish(*old(2))
    await world.run(world.config(signature="dry_run = true", only=("signature",)))
    world.blog.publish(Item(slug="neuf", title="Nouveau billet"))
    await world.run(world.loaded())
    assert shown(world) == []
    await world.run(world.config(**FILLS, only=("signature",)))
    assert [title[-1] for title in shown(world)] == ["t", "0", "1"], "the one that was shown dry, too"


async def test_what_a_rule_let_go_waits_for_a_yes_where_the_channel_wants_one(world: World) -> None:
    world.blog.publish(*old(2))
    await world.run(world.config(signature="dry_run = true", only=("signature",)))
    world.blog.publish(Item(slug="neuf", title="Nouveau billet"))
    await world.run(world.loaded())
    await world.run(world.config(signature="approve = true", only=("signature",)))
    assert shown(world) == []
    assert await states(world) == [f"signature: {end} held" for end in ("t", "1", "0")]
    (needed,) = world.happened(What.NEEDED)
    assert needed.text.startswith("3 deliveries held: ")
    yes = Decision(verb="approve", made_by="marie", to=State.PENDING, reason="approved")
    assert await decide(world.loaded(), Chosen(ids=(), states={State.HELD}, channel="signature"), yes) == 3
    world.later(minutes=10)  # a person decides by the true clock
    await world.run(world.loaded())
    assert [title[-1] for title in shown(world)] == ["t", "0", "1"]


async def test_what_a_rule_let_go_waits_for_its_date(world: World) -> None:
    await world.run(world.config(signature='exclude = ["Interne"]', only=("signature",)))
    world.blog.publish(Item(slug="neuf", title="Nouveau billet", days_ago=-3, categories=("Interne",)))
    await world.run(world.loaded())
    assert await states(world) == ["signature: t skipped"]
    montreal = 'timezone = "America/Montreal"\n'
    await world.run(world.config(signature="", top=montreal, only=("signature",)))
    (planned,) = (await read_plan(world.loaded(), world.now))["deliveries"]
    assert planned["reason"].endswith(local_time(NOW + timedelta(days=3), ZoneInfo("America/Montreal")))
    assert shown(world) == []
    world.later(days=3, minutes=1)
    await world.run(world.loaded())
    assert shown(world) == ["Nouveau billet"]


async def test_another_name_for_the_same_signature_changes_nothing(world: World) -> None:
    world.blog.publish(*old(4))
    config = world.config(**FILLS, only=("signature",))
    await world.run(config)
    before = (world.folder / "signature.txt").read_bytes()
    text = config.path.read_text(encoding="utf-8").replace("[channels.signature]", "[channels.mine]")
    config.path.write_text(text, encoding="utf-8")
    await world.run(world.loaded())
    assert (world.folder / "signature.txt").read_bytes() == before
    assert len(await states(world)) == 3


async def test_the_newest_of_several_feeds_without_what_is_not_public_or_not_there(world: World) -> None:
    first, second = world.folder / "one.xml", world.folder / "two.xml"
    items = [replace(item, days_ago=2 * number) for number, item in enumerate(old(4), 1)]
    world.blog.items = [
        replace(items[0], title="Protected: Ancien billet 0"),
        items[1],
        replace(items[2], categories=("Privé",)),
        replace(items[3], days_ago=-3),
    ]
    first.write_bytes(world.blog.body())
    world.blog.items = [replace(items[1]), *old(6)[4:]]
    second.write_bytes(world.blog.body())
    config = world.config(signature='exclude = ["Privé"]', only=("signature",))
    text = config.path.read_text(encoding="utf-8").replace(f"{world.blog_url}/feed.xml", "one.xml")
    config.path.write_text(text + '[feeds.two]\nurl = "two.xml"\n', encoding="utf-8")
    await world.run(world.loaded())
    assert [title[-1] for title in shown(world)] == ["1", "4", "5"]
    assert "signature: 3 pending" in await states(world), "it waits for its date"
    world.later(days=4)
    await world.run(world.loaded())
    assert [title[-1] for title in shown(world)] == ["3", "1", "4"]


async def test_a_run_that_ended_before_it_filled_is_made_up_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.blog.publish(*old(4))
    config = world.config(**FILLS, only=("signature",))
    with monkeypatch.context() as patched:  # the process dies between the two transactions

        async def dies(_house: object) -> None:
            raise asyncio.CancelledError

        patched.setattr("crosspost.engine.work.fill_channels", dies)
        with pytest.raises(asyncio.CancelledError):
            await world.run(config)
    await world.run(config)
    assert len(shown(world)) == 3


async def test_a_plan_tells_what_fills(world: World) -> None:
    world.blog.publish(*old(4))
    plan = await read_plan(world.config(**FILLS, only=("signature",)), world.now)
    assert [planned["reason"] for planned in plan["deliveries"]] == [
        "one of the newest entries, which this channel shows"
    ] * 3
    assert shown(world) == []

"""After an upgrade that reads feeds otherwise, nothing on record is announced anew, or told as edited."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from crosspost.report import What
from crosspost.store.tables import entries, entry_keys, feeds
from tests.process import crosspost
from tests.store.past import engine_of
from tests.verbs import list_deliveries, read_status
from tests.world import BOTH_DATABASES, Item, World, old

HOME = "https://blog.example/"
SIGNATURE = ("signature",)


class Bare(Item):
    """An item that only its words identify: no id, and a link to the blog's home page."""

    def xml(self) -> str:
        whole = super().xml()
        before, _, rest = whole.partition("<guid")
        return before + rest.partition("</guid>")[2]


def bare(number: int, days_ago: int = 1, **parts: Any) -> Bare:
    words = {"title": f"Caf&eacute; nº {number}", "summary": f"Du neuf, numéro {number}. " * 8} | parts
    return Bare(slug=f"bare-{number}", link=HOME, days_ago=days_ago, **words)


async def run(world: World, **lines: object) -> None:
    await world.run(world.config(only=SIGNATURE, **lines))


async def made(world: World) -> list[tuple[str, str]]:
    """Return the title of each delivery's entry and its state, the oldest first."""
    found = await list_deliveries(world.loaded(), states=(), channel=None, feed=None, limit=100)
    return [(one["title"], one["state"]) for one in reversed(found)]


def as_an_older_reader(
    world: World,
    *,
    title: Callable[[str], str] = lambda title: title.replace("é", "Ã©").replace("É", "&Eacute;"),
    undated: bool = False,
    forgotten: str = "words",
) -> None:
    """Put on record what an older crosspost read: other titles and words, perhaps no dates, ids or links."""
    with engine_of(world).begin() as tx:
        tx.execute(sa.update(feeds).values(reader=0))
        for row in tx.execute(sa.select(entries.c.id, entries.c.title)).all():
            values: dict[str, Any] = {"title": title(row.title), "revision": f"older {row.id}"}
            values |= {"published": None} if undated else {}
            tx.execute(sa.update(entries).where(entries.c.id == row.id).values(values))
        keys = tx.execute(sa.select(entry_keys).where(entry_keys.c.trait.in_(forgotten.split()))).all()
        for row in keys:
            another = sa.update(entry_keys).where(entry_keys.c.key == row.key)
            tx.execute(another.values(key=f"older {row.key}"[:64]))


def titles(world: World) -> list[str]:
    with engine_of(world).connect() as tx:
        return list(tx.execute(sa.select(entries.c.title).order_by(entries.c.id)).scalars())


@BOTH_DATABASES
async def test_an_unchanged_feed_is_read_anew_once_and_quietly(world: World) -> None:
    world.blog.publish(*old(4))
    await run(world)
    world.blog.publish(Item(slug="new", title="L’été indien"), bare(1))
    await run(world)
    before, right = await made(world), titles(world)
    assert len(before) == 2
    as_an_older_reader(world)
    assert titles(world) != right
    await run(world)
    assert world.blog.answers[-1] == 200, "no validator kept the server from sending it"
    assert [event.text for event in world.happened(What.FEED_READ)] == ["nothing new"]
    assert (await made(world), titles(world)) == (before, right)
    await run(world)
    assert world.blog.answers[-1] == 304


async def test_a_run_from_cron_reads_anew_too(world: World) -> None:
    world.blog.publish(*old(4))
    await run(world)
    await run(world)
    as_an_older_reader(world)
    assert (await crosspost(world, "run-once")).code == 0
    assert world.blog.answers[-1] == 200


@pytest.mark.parametrize("forgotten", ["words", "words guid id", "words link", "words guid id link"])
async def test_what_waits_gets_the_better_words_whatever_is_read_otherwise(
    world: World, forgotten: str
) -> None:
    world.blog.publish(*old(4))
    await run(world, channel="approve = true")
    world.blog.publish(Item(slug="new", title="L’été indien"))
    await run(world, channel="approve = true")
    as_an_older_reader(world, forgotten=forgotten)
    await run(world, channel="approve = true")
    assert await made(world) == [("L’été indien", "held")]
    await crosspost(world, "approve", "--all")
    world.later(minutes=1)
    await run(world, channel="approve = true")
    assert await made(world) == [("L’été indien", "delivered")]
    assert "L’été indien" in (world.folder / "signature.txt").read_text("utf-8")


async def test_what_is_new_by_its_id_or_link_is_announced_with_the_first_reading(world: World) -> None:
    world.blog.publish(*old(4))
    await run(world)
    as_an_older_reader(world)
    world.blog.publish(Item(slug="new", title="Neuf"))
    await run(world)
    assert await made(world) == [("Neuf", "delivered")]


async def test_of_words_alone_a_person_is_asked_once(world: World) -> None:
    world.blog.publish(bare(1, days_ago=2), bare(2, days_ago=3), *old(4))
    await run(world)
    as_an_older_reader(world)
    world.blog.publish(bare(3))
    await run(world)
    assert await made(world) == [("Café nº 3", "held")], "the two others are known by title and day"
    (need,) = (await read_status(world.loaded()))["needs_person"]
    assert "crosspost was upgraded, and cannot tell whether it had this entry before" in need
    world.later(minutes=1)
    world.blog.publish(bare(4))
    await run(world)
    assert (await made(world))[1:] == [("Café nº 4", "delivered")], "by now its words can be trusted"


async def test_a_namesake_that_had_no_date_is_a_question(world: World) -> None:
    world.blog.publish(*old(4))
    await run(world)
    world.blog.publish(Item(slug="new", title="Éloge"))
    await run(world)
    as_an_older_reader(world, undated=True, forgotten="words guid id link")
    await run(world)
    assert {state for _, state in (await made(world))[1:]} <= {"held"}
    assert [state for _, state in await made(world)].count("delivered") == 1


async def test_a_title_that_comes_again_is_new_if_the_other_is_there(world: World) -> None:
    world.blog.publish(*old(4))
    await run(world)
    world.blog.publish(Item(slug="one", title="Photo du jour"))
    await run(world)
    as_an_older_reader(world)
    world.blog.publish(Item(slug="two", title="Photo du jour", summary="Une autre."))
    await run(world)
    assert await made(world) == [("Photo du jour", "delivered")] * 2


async def test_a_feed_that_is_cut_stays_to_be_read_anew(world: World) -> None:
    world.blog.publish(*old(4))
    await run(world)
    as_an_older_reader(world)
    whole = world.blog.body
    world.blog.body = lambda: whole()[:-60]  # type: ignore[method-assign]
    await run(world)
    with engine_of(world).connect() as tx:
        assert tx.execute(sa.select(feeds.c.reader)).scalar_one() == 0
    world.blog.body = whole  # type: ignore[method-assign]
    await run(world)
    assert world.blog.answers[-1] == 200
    assert await made(world) == []


async def test_a_feed_of_words_alone_goes_on(world: World) -> None:
    """None of its entries has an id or a link: their words are no less than they ever were."""
    world.blog.publish(*(bare(n, days_ago=5 + n) for n in range(4)))
    await run(world)
    world.blog.publish(bare(9))
    await run(world)
    assert await made(world) == [("Café nº 9", "delivered")]
    as_an_older_reader(world)
    await run(world)
    assert await made(world) == [("Café nº 9", "delivered")]

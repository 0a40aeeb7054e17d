"""A database that was lost, or is an older copy put back, announces nothing that is out already."""

import shutil
import sqlite3
from collections.abc import Collection
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from starlette.responses import Response

from crosspost.adapters.linkedin.stand_in import ORGANIZATION
from crosspost.config import Config
from crosspost.report import What
from tests.postgres import Server
from tests.process import crosspost
from tests.verbs import list_deliveries
from tests.world import BOTH_DATABASES, Item, World, fresh, old

MARK = "UPDATE feeds SET polled_at = NULL"
CHANNELS = ("facebook", "linkedin", "x", "tumblr")


def config(world: World, *, backfill: int = 0, channel: str = "") -> Config:
    world.author = world.linkedin.author = ORGANIZATION
    for network in world.networks:
        network.clock = lambda: world.now
        network.refuses_duplicates = False  # nothing but our own memory and our own eyes
    return world.config(feed=f"backfill = {backfill}" if backfill else "", channel=channel)


async def states(world: World) -> Collection[str]:
    found = await list_deliveries(world.config(), states=(), channel=None, feed=None, limit=100)
    return {one["state"] for one in found}


def copy_of(world: World) -> None:
    """Copy the database as no backup of ours does: the file itself."""
    with closing(sqlite3.connect(world.folder / "crosspost.db")) as source:
        source.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(world.folder / "crosspost.db", world.folder / "copy.db")


def put_back(world: World, name: str) -> None:
    lose(world)
    shutil.copy(world.folder / name, world.folder / "crosspost.db")


def lose(world: World) -> None:
    for file in world.folder.glob("crosspost.db*"):
        file.unlink()


async def settled(world: World) -> None:
    world.blog.publish(*old(4))
    await world.run(config(world))


async def test_a_backup_put_back_at_once_announces_nothing_twice(world: World) -> None:
    """The copy is minutes old: no clock could tell, so the copy says it of itself."""
    await settled(world)
    world.blog.publish(*fresh(1))
    await world.run(config(world, channel='delay = "1m"'))  # one entry waits, in the copy too
    said = await crosspost(world, "backup", "backup.db")
    assert (said.code, "bytes" in said.out) == (0, True)
    world.later(minutes=2)
    await world.run(config(world))
    world.blog.publish(Item(slug="later", title="Après la copie", days_ago=0))
    await world.run(config(world))
    assert world.posts == 8

    put_back(world, "backup.db")
    world.later(minutes=5)
    await world.run(config(world))
    assert world.posts == 8
    assert await states(world) == {"delivered"}
    assert len(world.happened(What.DELIVERED)) >= 8
    signature = (world.folder / "signature.txt").read_text(encoding="utf-8")
    assert signature.count("Après la copie") == 1

    world.blog.publish(Item(slug="new", title="Tout nouveau", days_ago=0))
    await world.run(config(world))
    assert world.posts == 12


async def test_an_older_copy_put_back_announces_nothing_twice(world: World) -> None:
    await settled(world)
    copy_of(world)
    world.later(hours=3)
    world.blog.publish(*fresh(2))
    await world.run(config(world))
    assert world.posts == 8
    put_back(world, "copy.db")
    await world.run(config(world))
    assert world.posts == 8
    assert await states(world) == {"delivered"}


async def test_entries_that_come_only_with_the_second_poll_are_looked_for_too(world: World) -> None:
    await settled(world)
    copy_of(world)
    world.later(hours=3)
    world.blog.publish(*fresh(2))
    await world.run(config(world))
    put_back(world, "copy.db")
    world.blog.broken = Response(status_code=503)
    await world.run(config(world))
    world.blog.broken = None
    await world.run(config(world))
    assert world.posts == 8
    assert await states(world) == {"delivered"}


@BOTH_DATABASES
async def test_a_lost_database_begun_again_announces_nothing_twice(world: World) -> None:
    world.blog.publish(*fresh(3))
    await world.run(config(world, backfill=3))
    assert world.posts == 12
    if world.postgres:
        engine = create_engine(make_url(world.postgres).set(drivername="postgresql+psycopg"))
        with engine.begin() as tx:
            tx.execute(text("DROP SCHEMA public CASCADE"))
            tx.execute(text("CREATE SCHEMA public"))
        engine.dispose()
    else:
        lose(world)
    world.later(minutes=5)
    await world.run(config(world, backfill=3))
    assert world.posts == 12
    assert await states(world) == {"delivered"}


@BOTH_DATABASES
async def test_after_a_long_pause_what_is_new_goes_out_after_one_look(world: World) -> None:
    await settled(world)
    world.later(hours=20)
    world.blog.publish(*fresh(1))
    before = [len(network.requests) for network in world.networks]
    await world.run(config(world))
    assert world.posts == 4
    assert await states(world) == {"delivered"}
    asked = [len(network.requests) - had for network, had in zip(world.networks, before, strict=True)]
    assert all(one <= 3 for one in asked), "a look, perhaps a question who we are, and the post"
    world.blog.publish(Item(slug="next", title="Le suivant", days_ago=0))
    await world.run(config(world))
    again = [len(network.requests) for network in world.networks]
    assert sum(again) - sum(before) - sum(asked) == 4, "without a gap nobody looks"


async def test_a_network_that_cannot_be_read_after_a_gap_is_not_written_to(world: World) -> None:
    await settled(world)
    world.later(hours=3)
    world.blog.publish(*fresh(1))
    world.facebook.distort = lambda _: b"<html>"
    await world.run(config(world))
    assert [len(network.posts) for network in world.networks] == [0, 1, 1, 1]
    closed = world.happened(What.CHANNEL_CLOSED)
    assert [event.subject for event in closed] == ["facebook"]
    assert "before crosspost has seen what is there already" in closed[0].text
    world.facebook.distort = None
    world.later(minutes=15)
    await world.run(config(world))
    assert [len(network.posts) for network in world.networks] == [1, 1, 1, 1]


async def test_a_copy_put_back_holds_what_nobody_can_look_up(world: World) -> None:
    """Tumblr takes the same post twice; with "ask" nobody looks, so a person decides."""
    await settled(world)
    world.blog.publish(*fresh(1))
    ask = {"only": ("tumblr",), "channel": 'on_uncertain = "ask"\ndelay = "1m"'}
    await world.run(world.config(**ask))
    assert (await crosspost(world, "backup", "backup.db")).code == 0
    put_back(world, "backup.db")
    world.blog.publish(Item(slug="later", title="Après la copie", days_ago=0))
    world.later(minutes=5)
    await world.run(world.config(**ask))
    assert world.posts == 0
    found = await list_deliveries(world.config(**ask), states=(), channel=None, feed=None, limit=9)
    assert [(one["state"], "nobody can look" in one["reason"]) for one in found] == [("held", True)] * 2


async def test_a_backup_refuses_what_would_lose_something(world: World) -> None:
    config(world)
    said = await crosspost(world, "backup", "copy.db")
    assert (said.code, "nothing to copy yet" in said.err) == (2, True)
    await settled(world)
    (world.folder / "mine.txt").write_text("mine")
    for target, sentence in (
        ("mine.txt", "exists already; give the copy another name"),
        ("crosspost.db", "exists already"),
        ("no/such/folder.db", "could not be written"),
    ):
        said = await crosspost(world, "backup", target)
        assert (said.code, sentence in said.err) == (2, True), said.err
    assert (world.folder / "mine.txt").read_text() == "mine"
    assert not [file for file in world.folder.iterdir() if file.name.startswith(".")]


async def test_a_backup_is_whole_while_the_database_is_in_use(world: World) -> None:
    await settled(world)
    with closing(sqlite3.connect(world.folder / "crosspost.db", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO channels (name) VALUES ('half done')")
        assert (await crosspost(world, "backup", "backup.db")).code == 0
        writer.execute("ROLLBACK")
    with closing(sqlite3.connect(world.folder / "backup.db")) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copy.execute("SELECT count(*) FROM entries").fetchone() == (4,)
        assert copy.execute("SELECT count(*) FROM channels").fetchone() == (0,)


@pytest.mark.parametrize("world", ["postgresql"], indirect=True)
async def test_a_dump_put_back_with_its_mark_announces_nothing_twice(world: World, postgres: Server) -> None:
    """As docs/operations.md says it is done."""
    await settled(world)
    dump = postgres.dump(world.postgres)
    world.blog.publish(*fresh(1))
    await world.run(config(world))
    assert world.posts == 4

    postgres.sql(world.postgres, dump)
    assert MARK in (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    postgres.sql(world.postgres, MARK.encode())
    world.later(minutes=5)
    await world.run(config(world))
    assert world.posts == 4
    assert await states(world) == {"delivered"}


@pytest.mark.parametrize("world", ["postgresql"], indirect=True)
async def test_for_postgresql_its_own_tool_is_named(world: World) -> None:
    await settled(world)
    said = await crosspost(world, "backup", "copy.db")
    assert said.code == 2
    assert "pg_dump" in said.err
    assert MARK in said.err

"""A damaged database is called damaged, by every verb, with the way to a backup; and nothing is sent."""

import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from crosspost.config import DatabaseAddress
from crosspost.sandbox.behaviour import drop
from crosspost.store.database import Database
from tests.process import crosspost
from tests.world import BOTH_DATABASES, Item, World, fresh, old

VERBS = (
    ("status",),
    ("plan",),
    ("deliveries",),
    ("run-once",),
    ("accounts",),
    ("check",),
    ("backup", "copy.db"),
    ("healthcheck",),
    ("reconcile",),
    ("approve", "--all"),
    ("preview",),
)


async def a_life(world: World) -> bytes:
    """Leave a database at rest with something in most of its tables."""
    world.blog.publish(*old(4))
    await world.run(world.config())
    world.blog.publish(*fresh(2))
    world.facebook.behave(drop(accept=True))
    await world.run()
    world.blog.publish(Item(slug="held", title="Retenu", days_ago=0))
    await world.run(world.config(channel="approve = true"))
    if world.postgres:
        return b""
    path = world.folder / "crosspost.db"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("INSERT INTO heartbeat VALUES ('here', '2026-11-26 10:00:00.000000', 60)")
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.read_bytes()


def put(world: World, content: bytes) -> None:
    for file in world.folder.glob("*.db*"):
        shutil.rmtree(file) if file.is_dir() else file.unlink()
    (world.folder / "crosspost.db").write_bytes(content)


@pytest.mark.slow
@pytest.mark.timeout(3_600)
async def test_no_flipped_bit_makes_a_traceback(world: World) -> None:
    """`FLIPS=300` tries that many, with every verb each."""
    whole = await a_life(world)
    chance = random.Random(int(os.environ.get("SEED", "7")))
    wrong = []
    for _ in range(int(os.environ.get("FLIPS", "20"))):
        at = chance.randrange(len(whole) * 8)
        content = bytearray(whole)
        content[at // 8] ^= 1 << at % 8
        for verb in VERBS if "FLIPS" in os.environ else chance.sample(VERBS, 4):
            put(world, bytes(content))
            said = await crosspost(world, *verb)
            if "Traceback" in said.err or said.code not in (0, 1, 2):
                wrong.append(f"bit {at}, {verb[0]}, exit code {said.code}: {said.err[-1000:]}")
    assert wrong == []


HEADER = "cannot be used: file is not a database"


def garbage_in_the_middle(whole: bytes) -> bytes:
    return whole[:4096] + random.Random(1).randbytes(len(whole) - 8192) + whole[-4096:]


WAYS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "emptied": (lambda _: b"", "cannot be used: it is an empty file"),
    "cut in the middle": (lambda whole: whole[: len(whole) // 2], "cannot be used: "),
    "cut in the header": (lambda whole: whole[:50], HEADER),
    "header overwritten": (lambda whole: bytes(100) + whole[100:], HEADER),
    "garbage in the middle": (garbage_in_the_middle, "cannot be used: "),
    "a text": (lambda _: b"Dear diary, this is no database. " * 100, HEADER),
}


@pytest.mark.parametrize("way", WAYS)
async def test_every_verb_calls_a_damaged_database_damaged(world: World, way: str) -> None:
    damage, sentence = WAYS[way]
    content = damage(await a_life(world))
    posts = world.posts
    for verb in ("status", "deliveries", "run-once", "run", "backup copy.db", "healthcheck", "approve --all"):
        put(world, content)
        said = await crosspost(world, *verb.split())
        assert said.code == 2, verb
        assert f"crosspost.db {sentence}" in said.err.splitlines()[-1], verb
        assert "it is damaged: stop crosspost and put a backup in its place" in said.err.splitlines()[-1], verb
        assert (world.folder / "crosspost.db").read_bytes() == content, verb
        assert not (world.folder / "copy.db").exists()
    assert world.posts == posts


async def test_a_folder_in_its_place_is_named(world: World) -> None:
    world.config()
    (world.folder / "crosspost.db").mkdir()
    for verb in ("status", "run-once", "healthcheck", "backup copy.db"):
        said = await crosspost(world, *verb.split())
        assert (said.code, "crosspost.db cannot be used: it is a folder" in said.problems[-1]) == (2, True)


@pytest.mark.parametrize("signed", [False, True])
async def test_another_programs_database_is_left_alone(world: World, signed: bool) -> None:
    world.config()
    path = world.folder / "crosspost.db"
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("CREATE TABLE cookies (name TEXT)")
        if signed:
            other.execute("PRAGMA application_id = 252006675")
    before = path.read_bytes()
    said = await crosspost(world, "run-once")
    assert (said.code, "another program" in said.problems[-1]) == (2, True)
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT name FROM sqlite_schema").fetchall() == [("cookies",)]
    if signed:
        assert path.read_bytes() == before


NONSENSE = {
    "a state": "UPDATE deliveries SET state = 'sing'",
    "a draft": "UPDATE deliveries SET draft = '{\"text\": 1}'",
    "a list": "UPDATE entries SET authors = '['",
    "a moment": "UPDATE deliveries SET not_before = 'noon'",
    "a name": "UPDATE deliveries SET channel = CAST(x'ff' AS TEXT) WHERE id = 1",
}


@pytest.mark.parametrize("what", NONSENSE)
@BOTH_DATABASES
async def test_what_crosspost_never_wrote_is_called_damage(world: World, what: str) -> None:
    statement = NONSENSE[what]
    if world.postgres and what not in ("a state", "a draft"):
        pytest.skip("PostgreSQL refuses to store that")
    await a_life(world)
    if world.postgres:
        with psycopg.connect(world.postgres) as server:
            server.execute(statement)
    else:
        with closing(sqlite3.connect(world.folder / "crosspost.db")) as database, database:
            database.execute(statement)
    said = [await crosspost(world, *verb) for verb in VERBS]
    assert not [one.err for one in said if "Traceback" in one.err]
    damaged = [one for one in said if "it is damaged: " in one.err]
    assert {one.code for one in damaged} == {2}


async def test_an_error_of_ours_is_not_called_damage(tmp_path: Path) -> None:
    database = Database(DatabaseAddress(path=tmp_path / "crosspost.db"))
    await database.migrate()
    with pytest.raises(KeyError, match="ours"):
        await database.read(lambda tx: {"theirs": 1}["ours"])
    await database.close()

"""Long transactions: the event loop goes on, and nothing else that a transaction promises is weaker."""

import asyncio
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from crosspost.config import DatabaseAddress
from crosspost.errors import StoreReplaced
from crosspost.store import feeds
from crosspost.store.database import Database, Tx


def add_one(tx: Tx) -> None:
    feeds.lock(tx, ["blog"])
    tx.execute(
        sa.text(
            "INSERT INTO decisions (at, made_by, verb, channel, detail) VALUES ('2026-11-26', '', '', '', '')"
        )
    )


def count(tx: Tx) -> object:
    return tx.execute(sa.text("SELECT count(*) FROM decisions")).scalar()


class Long:
    """A transaction that has written, and ends when it may."""

    def __init__(self) -> None:
        self.begun, self.may_end = threading.Event(), threading.Event()

    def __call__(self, tx: Tx) -> None:
        add_one(tx)
        self.begun.set()
        assert self.may_end.wait(60)


async def test_meanwhile_others_read_and_writers_wait_their_turn(database: Database) -> None:
    long = Long()
    lasts = asyncio.create_task(database.write_long(long))
    await asyncio.to_thread(long.begun.wait)
    short = asyncio.create_task(database.write(add_one))
    assert await database.read(count) == 0
    assert not short.done()
    long.may_end.set()
    await asyncio.gather(lasts, short)
    assert await database.read(count) == 2


async def test_two_long_ones_are_done_one_after_the_other(database: Database) -> None:
    await asyncio.gather(*(database.write_long(add_one) for _ in range(8)))
    assert await database.read(count) == 8


async def test_one_that_fails_leaves_nothing(database: Database) -> None:
    def fail(tx: Tx) -> None:
        add_one(tx)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.write_long(fail)
    assert await database.read(count) == 0


async def migrated(path: Path) -> Database:
    database = Database(DatabaseAddress(path=path))
    await database.migrate()
    return database


async def test_one_whose_caller_is_cancelled_goes_on_and_closing_waits_for_it(tmp_path: Path) -> None:
    database, long = await migrated(tmp_path / "crosspost.db"), Long()
    lasts = asyncio.create_task(database.write_long(long))
    await asyncio.to_thread(long.begun.wait)
    lasts.cancel()
    with pytest.raises(asyncio.CancelledError):
        await lasts
    closed = asyncio.create_task(database.close())
    await asyncio.to_thread(long.begun.wait)  # something else goes on
    assert not closed.done()
    long.may_end.set()
    await closed
    with closing(sqlite3.connect(tmp_path / "crosspost.db")) as file:
        assert file.execute("SELECT count(*) FROM decisions").fetchone() == (1,)


async def test_a_database_exchanged_meanwhile_is_not_written_to(tmp_path: Path) -> None:
    path, other = tmp_path / "crosspost.db", tmp_path / "other.db"
    database = await migrated(path)
    await (await migrated(other)).close()
    before = other.read_bytes()

    def exchange(tx: Tx) -> None:
        add_one(tx)
        other.replace(path)

    with pytest.raises(StoreReplaced, match="was replaced or removed while crosspost was running"):
        await database.write_long(exchange)
    with pytest.raises(StoreReplaced):
        await database.write_long(add_one)
    await database.close()
    assert path.read_bytes() == before
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("SELECT count(*) FROM decisions").fetchone() == (0,), "no log was left beside it"


async def test_a_removed_database_is_not_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "crosspost.db"
    database = await migrated(path)
    path.unlink()
    with pytest.raises(StoreReplaced):
        await database.write_long(add_one)
    await database.close()
    assert not path.exists()

"""The one file of a process's life: whatever takes its place is left alone, for good."""

import asyncio
import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from crosspost.config import DatabaseAddress
from crosspost.errors import StoreError, StoreReplaced
from crosspost.store.backup import backup
from crosspost.store.database import Database, Tx
from crosspost.store.sqlite import Sqlite


def add_one(tx: Tx) -> None:
    tx.execute(sa.text("INSERT INTO channels (name) SELECT 'c' || count(*) FROM channels"))


def count(tx: Tx) -> object:
    return tx.execute(sa.text("SELECT count(*) FROM channels")).scalar()


async def opened(path: Path) -> Database:
    database = Database(DatabaseAddress(path=path))
    await database.migrate()
    await database.write(add_one)
    return database


def removed(path: Path, _copy: Path) -> None:
    path.unlink()


def removed_with_its_log(path: Path, _copy: Path) -> None:
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()


def moved_over(path: Path, copy: Path) -> None:
    copy.replace(path)


def copied_over(path: Path, copy: Path) -> None:
    """Keep the inode, as `cp` does."""
    shutil.copyfile(copy, path)


def removed_then_copied(path: Path, copy: Path) -> None:
    path.unlink()
    shutil.copyfile(copy, path)


def emptied(path: Path, _copy: Path) -> None:
    path.write_bytes(b"")


EXCHANGES = (removed, removed_with_its_log, moved_over, copied_over, removed_then_copied, emptied)


@pytest.mark.parametrize("exchange", EXCHANGES)
async def test_what_takes_the_files_place_is_never_written_to(
    tmp_path: Path, exchange: Callable[[Path, Path], None]
) -> None:
    """Not by the next transactions either, which some other task begins before the program has ended."""
    path, copy = tmp_path / "crosspost.db", tmp_path / "copy.db"
    database = await opened(path)
    backup(database.address, copy)
    await database.write(add_one)
    exchange(path, copy)
    there = path.read_bytes() if path.exists() else None
    for act in (database.write, database.read, database.write_long, database.write):
        with pytest.raises(StoreReplaced, match="was replaced or removed while crosspost was running"):
            await act(add_one)
    await database.close()
    assert (path.read_bytes() if path.exists() else None) == there


@pytest.mark.parametrize("exchange", [moved_over, copied_over])
async def test_a_backup_put_in_place_while_running_is_what_the_next_start_finds(
    tmp_path: Path, exchange: Callable[[Path, Path], None]
) -> None:
    """No log of the database before it is read into it: with it would come the mark that it is no copy."""
    path, copy = tmp_path / "crosspost.db", tmp_path / "copy.db"
    database = await opened(path)
    await database.write(lambda tx: tx.execute(sa.text("INSERT INTO feeds (name) VALUES ('blog')")))
    backup(database.address, copy)
    await database.write(
        lambda tx: tx.execute(sa.text("UPDATE feeds SET polled_at = '2026-11-01 10:00:00.000000'"))
    )
    exchange(path, copy)
    with pytest.raises(StoreReplaced):
        await database.write(add_one)
    await database.close()
    with closing(sqlite3.connect(path)) as found:
        assert found.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert found.execute("SELECT polled_at FROM feeds").fetchall() == [(None,)]


async def test_what_was_put_back_after_it_was_missed_stays_untouched(tmp_path: Path) -> None:
    path, away = tmp_path / "crosspost.db", tmp_path / "away.db"
    database = await opened(path)
    path.rename(away)
    with pytest.raises(StoreReplaced):
        await database.read(count)
    away.rename(path)
    with pytest.raises(StoreReplaced):
        await database.write(add_one)
    await database.close()
    again = await opened(path)
    assert await again.read(count) == 2
    await again.close()


async def test_an_error_in_between_does_not_make_another_file_welcome(tmp_path: Path) -> None:
    """The connection was given up, and another one would have been opened to whatever is there."""
    path = tmp_path / "crosspost.db"
    database = await opened(path)
    with pytest.raises(StoreError, match="no such table"):
        await database.write(lambda tx: tx.execute(sa.text("DELETE FROM nowhere")))
    path.unlink()
    with pytest.raises(StoreReplaced):
        await database.write(add_one)
    assert not path.exists()
    await database.close()


async def test_a_second_house_does_not_end_the_firsts_locks(tmp_path: Path) -> None:
    """POSIX ends a process's locks on a file when it closes any descriptor of it: the log could be deleted."""
    path = tmp_path / "crosspost.db"
    first, second = await opened(path), Database(DatabaseAddress(path=path))
    assert await second.is_there()
    await second.close()
    checked = f"import sqlite3; c = sqlite3.connect({str(path)!r}); c.execute('SELECT * FROM feeds'); c.close()"
    child = await asyncio.create_subprocess_exec("python3", "-c", checked)
    assert await child.wait() == 0
    assert Path(f"{path}-wal").exists(), "whoever is not the last one leaves the log"
    await first.write(add_one)
    await first.close()


async def test_a_new_database_appears_in_one_go(tmp_path: Path) -> None:
    """Whoever dies at its birth leaves nothing, or a whole one: so an empty file is none of ours."""
    path = tmp_path / "crosspost.db"
    seen: list[int] = []
    database = Database(DatabaseAddress(path=path))
    await database.read(lambda tx: seen.append(path.stat().st_size))
    assert seen[0] >= 512
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".")] == []
    await database.close()


async def test_our_own_long_transaction_does_not_use_up_anybodys_patience(tmp_path: Path) -> None:
    database = Database(DatabaseAddress(path=tmp_path / "crosspost.db"))
    await database.migrate()
    await database.close()
    hasty = Sqlite(tmp_path / "crosspost.db", patience=timedelta(0))
    begun, go_on = threading.Event(), threading.Event()

    def take_long(tx: Tx) -> None:
        add_one(tx)
        begun.set()
        assert go_on.wait(60)

    long = asyncio.create_task(hasty.transact(take_long, writes=True, long=True))
    await asyncio.to_thread(begun.wait, 60)
    receipt = asyncio.create_task(hasty.transact(add_one, writes=True))
    await asyncio.wait((receipt,), timeout=0.5)  # many times its patience
    assert not receipt.done()
    go_on.set()
    await asyncio.gather(long, receipt)
    assert await hasty.transact(count, writes=False) == 2
    await hasty.close()


async def test_a_closed_database_says_so(address: DatabaseAddress) -> None:
    database = Database(address)
    await database.migrate()
    await database.close()
    for act in (database.read, database.write, database.write_long):
        with pytest.raises(StoreError, match="was closed, since crosspost is ending"):
            await act(add_one)

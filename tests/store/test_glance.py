"""The glance: what a run from cron reads without SQLAlchemy, and when it leaves the question to the store."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from crosspost.config import DatabaseAddress
from crosspost.feeds import Unchanged, Validators
from crosspost.store import attempts, feeds, glance, idle
from crosspost.store.database import Database, Tx
from tests.store.test_deliveries import LATER, NOW, a_delivery

SOON = NOW + timedelta(minutes=1)


@pytest_asyncio.fixture
async def path(tmp_path: Path) -> Path:
    """Give a database with one feed taken in, in which nothing is due until LATER."""
    database = Database(DatabaseAddress(path=tmp_path / "crosspost.db"))

    def live(tx: Tx) -> None:
        feeds.save(tx, "blog", baseline_at=NOW, polled_at=NOW, etag="1", failures=2, problem="weather")
        attempts.postpone(tx, a_delivery(tx), reason="", until=LATER, now=NOW)
        idle.keep(tx, ["c"], digest="d", now=NOW)

    await database.migrate()
    await database.write(live)
    await database.close()
    return tmp_path / "crosspost.db"


def test_the_glance_finds_the_feeds_while_nothing_is_due(path: Path) -> None:
    for now in (NOW, SOON, LATER - timedelta(microseconds=1)):
        found = glance.idle_feeds(path, ["blog"], "d", now)
        assert found is not None
        assert found["blog"].etag == "1"


@pytest.mark.parametrize(
    ("names", "digest", "now"),
    [
        (["blog"], "another", NOW),
        (["blog"], "d", LATER),
        (["blog"], "d", NOW - timedelta(seconds=1)),
        (["blog", "news"], "d", NOW),
    ],
    ids=["another configuration", "its time is over", "a clock set back", "a feed never taken in"],
)
def test_the_glance_leaves_to_the_store_what_is_not_as_it_was(
    path: Path, names: list[str], digest: str, now: datetime
) -> None:
    assert glance.idle_feeds(path, names, digest, now) is None


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM idle",
        "UPDATE alembic_version SET version_num = '0004'",
        "DROP TABLE idle",
        "UPDATE deliveries SET state = 'failed'",
        "UPDATE feeds SET baseline_at = NULL",
    ],
)
def test_the_glance_leaves_to_the_store_what_changed_since(path: Path, change: str) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(change)
    assert glance.idle_feeds(path, ["blog"], "d", NOW) is None


def test_the_glances_own_note_leaves_it_idle(path: Path) -> None:
    seen = Unchanged(validators=Validators(etag="2"), fresh_until=LATER)
    assert glance.note_unchanged(path, "blog", seen, SOON)
    found = glance.idle_feeds(path, ["blog"], "d", SOON)
    assert found is not None
    state = found["blog"]
    assert (state.etag, state.polled_at, state.not_before) == ("2", SOON, LATER)
    assert (state.failures, state.problem) == (0, "")


def test_the_glance_reads_one_row_and_the_feeds(path: Path) -> None:
    """So it costs the same with a long history."""
    needed = {"alembic_version", "feeds", "idle"}
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("PRAGMA foreign_keys = OFF")
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            if table not in needed:
                database.execute(f'DROP TABLE "{table}"')
    assert glance.idle_feeds(path, ["blog"], "d", NOW) is not None

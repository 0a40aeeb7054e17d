"""A database with many deliveries in it, written by the thousand."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crosspost.config import DatabaseAddress
from crosspost.store.database import Database

CHANNELS = ("facebook", "linkedin", "x", "tumblr", "signature")
_MOMENT = "%Y-%m-%d %H:%M:%S.%f"
_ENTRY = (
    "INSERT INTO entries (id, feed, title, permalink, summary, content, authors, categories, language,"
    " picture_url, picture_alt, revision, baseline, first_seen)"
    " VALUES (?, 'blog', 'Title', ?, 'Words', 'Words', '[]', '[]', 'fr', '', '', 'r', 0, ?)"
)
_DELIVERY = (
    "INSERT INTO deliveries (entry_id, channel, state, reason, key, attempts, counted, not_before, note,"
    " remote_id, url, created, updated) VALUES (?, ?, ?, '', ?, ?, 0, ?, '', ?, '', ?, ?)"
)


async def filled(path: Path, *, delivered: int = 0, pending: int = 0) -> DatabaseAddress:
    """Make a database with so many deliveries that went out, and so many that are due."""
    address = DatabaseAddress(path=path)
    database = Database(address)
    await database.migrate()
    await database.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        with connection:
            count = (delivered + pending) // len(CHANNELS) + 1
            then = moment(timedelta(days=1))
            links = ((n, f"https://blog.example/{n}", then) for n in range(count))
            connection.executemany(_ENTRY, links)
            connection.executemany(_DELIVERY, _rows(delivered, pending))
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return address


def _rows(delivered: int, pending: int) -> Iterator[tuple[object, ...]]:
    for n in range(delivered + pending):
        entry, channel = n // len(CHANNELS), CHANNELS[n % len(CHANNELS)]
        out = n < delivered
        then = moment(timedelta(minutes=delivered + pending - n))
        state, remote_id = ("delivered", f"post-{n}") if out else ("pending", "")
        yield entry, channel, state, str(n), int(out), then, remote_id, then, then


def moment(ago: timedelta) -> str:
    """Write a moment as SQLAlchemy does."""
    return (datetime.now(UTC) - ago).strftime(_MOMENT)

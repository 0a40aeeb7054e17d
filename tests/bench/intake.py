"""What a changed feed costs: how long the event loop stands still at most, and how long the transaction lasts.

The ratio is to a bare `executemany` of as many rows: the same columns, and the file set in the same way.
"""

import asyncio
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Iterable, Iterator, Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

from crosspost.config import DatabaseAddress, load
from crosspost.feeds import Changed, Validators
from crosspost.intake.ingest import take_in
from crosspost.store.database import Database
from tests.bench.deliveries import Stopwatch
from tests.verbs import closed_house

Statement = tuple[str, Sequence[tuple[Any, ...]]]

ROUNDS = 5
CONFIG = """
database = "sqlite:///bench.db"
[feeds.blog]
url = "feed.xml"
[channels.signature]
adapter = "email_signature"
path = "signature"
"""
FEED = '<rss version="2.0"><channel><title>Blog</title><link>https://blog.example/</link>{}</channel></rss>'
ITEM = (
    "<item><title>Entry {n}, {edition}</title><link>https://blog.example/{n}</link><guid>entry-{n}</guid>"
    "<pubDate>Mon, 02 Nov 2026 12:00:00 GMT</pubDate><category>News</category>"
    "<description>{words}</description></item>"
)
WORDS = "What this entry has to say, in a paragraph of ordinary length. " * 16


class Intake:
    """A feed of so many entries, before a database that is there."""

    def __init__(self, folder: Path, count: int) -> None:
        (folder / "crosspost.toml").write_text(CONFIG)
        self.count, self.file = count, folder / "bench.db"
        self.house, self.watch = closed_house(load(folder / "crosspost.toml")), Stopwatch()
        self.watch.on(self.house.database, "write_long", "transaction")

    async def take(self, edition: int) -> tuple[float, float]:
        """Take in an edition of the feed; return how long the loop stood still, and the transaction's time."""
        items = (ITEM.format(n=n, edition=edition, words=WORDS) for n in range(self.count))
        body = FEED.format("".join(items)).encode()
        changed = Changed(body=body, url="https://blog.example/feed.xml", validators=Validators())
        self.watch.seconds.clear()
        blocked = await longest_gap(take_in(self.house, "blog", changed))
        return blocked, self.watch.seconds["transaction"]


async def empty(file: Path) -> None:
    """Make a database of which nobody has used anything."""
    database = Database(DatabaseAddress(path=file))
    await database.migrate()
    await database.close()


async def longest_gap(act: Awaitable[None]) -> float:
    """Return for how long, at most, a task that wants to go on each millisecond could not."""
    pause, gaps = 0.001, [0.0]

    async def tick() -> None:
        while True:
            last = time.perf_counter()
            await asyncio.sleep(pause)
            gaps.append(time.perf_counter() - last - pause)

    ticking = asyncio.create_task(tick())
    await asyncio.sleep(0)
    await act
    await asyncio.sleep(2 * pause)  # the last gap is told after it
    ticking.cancel()
    return max(gaps)


def rows(file: Path, table: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return a table's columns, and its rows."""
    with closing(sqlite3.connect(file)) as database:
        cursor = database.execute(f"SELECT * FROM {table}")
        return [name for name, *_ in cursor.description], cursor.fetchall()


def inserts(file: Path) -> Iterator[Statement]:
    """Insert all entries and their keys, as the first sight of a feed does."""
    for table in ("entries", "entry_keys"):
        columns, found = rows(file, table)
        yield f"INSERT INTO {table} VALUES ({', '.join('?' for _ in columns)})", found


def updates(file: Path, revision: str) -> Iterator[Statement]:
    """Write every entry anew, and a key of its new words, as for one that was edited."""
    columns, found = rows(file, "entries")
    kept = ("id", "baseline", "first_seen")
    written = [name for name in columns if name not in kept]
    entries = [dict(zip(columns, row, strict=True)) | {"revision": revision} for row in found]
    statement = f"UPDATE entries SET {', '.join(f'{name} = ?' for name in written)} WHERE id = ?"
    yield statement, [tuple(entry[name] for name in (*written, "id")) for entry in entries]
    keys = [(sha256(f"{entry['id']} {revision}".encode()).hexdigest(), entry["id"]) for entry in entries]
    yield "INSERT INTO entry_keys VALUES ('blog', ?, ?)", keys


def bare(file: Path, statements: Iterable[Statement]) -> float:
    """Run these statements in one transaction of the standard library's driver; return its seconds."""
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            database.execute(f"PRAGMA {setting}")
        began = time.perf_counter()
        database.execute("BEGIN IMMEDIATE")
        for statement, given in statements:
            database.executemany(statement, given)
        database.execute("COMMIT")
        return time.perf_counter() - began


async def first_sight(count: int) -> None:
    """Take in a feed that nobody saw before, beside the same rows put into a database as empty."""
    costs = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            await empty(folder / "bench.db")
            shutil.copy(folder / "bench.db", folder / "twin.db")
            intake = Intake(folder, count)
            cost = await intake.take(1)
            costs.append((*cost, bare(folder / "twin.db", list(inserts(intake.file)))))
            await intake.house.database.close()
    tell(f"{count:,} entries at first sight", costs)


async def known(count: int, *, edited: bool) -> None:
    """Take in a feed all of whose entries are known, beside as many rows written anew."""
    costs = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        await empty(folder / "bench.db")
        intake = Intake(folder, count)
        await intake.take(0)
        await intake.house.database.close()
        shutil.copy(intake.file, folder / "twin.db")
        intake = Intake(folder, count)
        for edition in range(1, ROUNDS + 1):
            cost = await intake.take(edition if edited else 0)
            twin = bare(folder / "twin.db", list(updates(folder / "twin.db", f"revision {edition}")))
            costs.append((*cost, twin))
        await intake.house.database.close()
    tell(f"{count:,} known entries{', all edited' if edited else ''}", costs)


def tell(what: str, costs: Sequence[tuple[float, float, float]]) -> None:
    """Print the best of the rounds: what is ours is in each of them, and what else runs here only adds."""
    blocked, transaction, alone = (min(column) for column in zip(*costs, strict=True))
    times = f"{blocked * 1000:7.0f}ms {transaction * 1000:10.0f}ms {alone * 1000:6.0f}ms"
    print(f"{what:34} {times} {transaction / alone:6.2f}×", flush=True)


async def main() -> None:
    print(f"{'':34} {'blocked':>9} {'transaction':>12} {'bare':>8} {'ratio':>7}")
    for count in (300, 2_000):
        await known(count, edited=False)
        await known(count, edited=True)
    await first_sight(2_000)

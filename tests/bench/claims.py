"""Claims per second on one SQLite file: reserve a delivery, then put its attempt on record; two commits."""

import asyncio
import multiprocessing
import sqlite3
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from crosspost.config import DatabaseAddress
from crosspost.store import attempts
from crosspost.store.database import Database
from crosspost.testing import a_draft
from tests.bench.rows import CHANNELS, filled

COUNT = 4_000
LEASE = timedelta(minutes=2)


def values(channel: str, owner: str) -> dict[str, Any]:
    """Return what the three statements are given, but for the delivery's id and its draft."""
    now = datetime.now(UTC)
    claim = {
        "on": channel,
        "by": owner,
        "now": now,
        "until": now + LEASE,
        "number": 1,
        "remark": "",
        "carries": "",
    }
    return claim | {
        "fingerprint": "f",
        "owner": owner,
        "started": now,
        "outcome": "sending",
        "detail": "",
        "act": "publish",
    }


def bare(path: Path, owner: str) -> int:
    """Run the very statements with the standard library's driver: nobody can be faster."""
    compiled = [one.compile(dialect=sqlite.dialect(paramstyle="named")) for one in attempts.CLAIM]
    (reserve, chosen), (begin, begun), (attempt, noted) = ((str(one), one.params) for one in compiled)
    sqlite3.register_adapter(datetime, lambda moment: moment.strftime("%Y-%m-%d %H:%M:%S.%f"))
    database = sqlite3.connect(path, timeout=15, isolation_level=None)
    database.execute("PRAGMA synchronous=FULL")
    done = 0
    for channel in CHANNELS:
        while True:
            given = values(channel, owner)
            database.execute("BEGIN IMMEDIATE")
            row = database.execute(reserve, chosen | given).fetchone()
            database.execute("COMMIT")
            if row is None:
                break
            database.execute("BEGIN IMMEDIATE")
            database.execute(begin, begun | given | {"this": row[0], "frozen": "{}"})
            database.execute(attempt, noted | given | {"delivery_id": row[0]})
            database.execute("COMMIT")
            done += 1
    return done


def by_sqlalchemy(path: Path, owner: str) -> int:
    """Run them by SQLAlchemy alone, on one connection: what it costs by itself."""
    reserve, begin, attempt = attempts.CLAIM
    noted = ("number", "fingerprint", "owner", "started", "outcome", "detail", "act")
    engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": 15})
    done = 0
    with engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        raw.isolation_level = None
        raw.execute("PRAGMA synchronous=FULL")
        for channel in CHANNELS:
            while True:
                given = values(channel, owner)
                raw.execute("BEGIN IMMEDIATE")
                with connection.begin():
                    row = connection.execute(reserve, given).one_or_none()
                if row is None:
                    break
                raw.execute("BEGIN IMMEDIATE")
                with connection.begin():
                    connection.execute(begin, given | {"this": row.id, "frozen": {}})
                    attempted = {name: given[name] for name in noted} | {"delivery_id": row.id}
                    connection.execute(attempt, attempted)
                done += 1
    engine.dispose()
    return done


def ours(path: Path, owner: str) -> int:
    """Claim as crosspost does."""

    async def claim() -> int:
        database, draft, done = Database(DatabaseAddress(path=path)), a_draft(), 0
        for channel in CHANNELS:
            while True:
                now = database.now()
                until = now + LEASE
                found = await database.write(attempts.reserve, channel, owner=owner, now=now, until=until)
                if found is None:
                    break
                await database.write(
                    attempts.begin_attempt,
                    found,
                    draft,
                    owner=owner,
                    note="",
                    revision="",
                    now=now,
                    until=until,
                )
                done += 1
        await database.close()
        return done

    return asyncio.run(claim())


def worker(claim: Callable[[Path, str], int], path: Path, owner: str, ready: Any, done: Any) -> None:
    ready.wait()
    done.put(claim(path, owner))


def timed(claim: Callable[[Path, str], int], path: Path, processes: int) -> float:
    """Return claims per second, from the moment all processes are ready."""
    context = multiprocessing.get_context("spawn")
    ready, done = context.Barrier(processes + 1), context.Queue()
    started = [
        context.Process(target=worker, args=(claim, path, f"w{n}", ready, done)) for n in range(processes)
    ]
    for process in started:
        process.start()
    ready.wait()
    began = time.perf_counter()
    total = sum(done.get() for _ in started)
    seconds = time.perf_counter() - began
    for process in started:
        process.join()
    assert total == COUNT, f"{total} claims of {COUNT} deliveries"
    return COUNT / seconds


async def main() -> None:
    loops = {"bare sqlite3": bare, "by SQLAlchemy alone": by_sqlalchemy, "crosspost's store": ours}
    print(f"{'':34} {'claims/s':>9} {'ratio':>7}")
    for processes in (1, 4):
        rates = {}
        for name, loop in loops.items():
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "claims.db"
                await filled(path, pending=COUNT)
                rates[name] = await asyncio.to_thread(timed, loop, path, processes)
            label = f"{name}, {processes} process{'es' if processes > 1 else ''}"
            print(f"{label:34} {rates[name]:9,.0f} {rates[name] / rates['bare sqlite3']:6.2f}×", flush=True)

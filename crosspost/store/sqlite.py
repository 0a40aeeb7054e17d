"""SQLite: one file on a local disk, one connection per process, and every writer waits its turn.

A transaction runs on the event loop itself: it takes well under a millisecond beside the disk's, and a thread
would cost more than the work. Only the wait for another process's lock is awaited. A long one runs in a thread,
on a connection of its own, and is to the others as another process's. See docs/decisions/0006.
"""

import asyncio
import contextlib
import os
import random
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from crosspost.errors import StoreError, StoreReplaced, Unexplained
from crosspost.store import place
from crosspost.store.mounts import MOUNTS, network_file_system
from crosspost.store.refusal import closed

T = TypeVar("T")

PATIENCE = timedelta(seconds=15)
"""How long a transaction waits for another process's lock before it is given up."""
_REFUSALS = frozenset(
    {
        *(sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL),
        *(sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOLFS, sqlite3.SQLITE_AUTH),
    }
)
"""What the system around SQLite refuses; it has nothing to do with what is in the file."""
_PRAGMAS = ("busy_timeout=0", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")


class Sqlite:
    """The store's way to a SQLite file. `mounts` lists what lies on which file system, as Linux tells it."""

    def __init__(self, path: Path, *, patience: timedelta = PATIENCE, mounts: Path = MOUNTS) -> None:
        self.path = path
        self.patience = patience
        self._mounts = mounts
        self._connection: sa.Connection | None = None
        self._held: place.Held | None = None  # the one file of this process's life, since it was first opened
        self._lost = False
        self._closed = False
        self._thread = ThreadPoolExecutor(1, "store")  # started by the first long transaction
        self._aside: sa.Engine | None = None
        self._long_ones = 0

    def is_there(self) -> bool:
        return self._held is not None or place.is_there(self.path)

    def make_place(self) -> None:
        folder = self.path.parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"the database's folder {folder} cannot be made: {error.strerror}; "
                "mend `database` in the configuration"
            ) from error
        if kind := network_file_system(folder, self._mounts):
            raise StoreError(
                f"the database {self.path} lies on a network file system ({kind}), where SQLite cannot keep "
                "two programs apart; move it to a local disk, or use PostgreSQL"
            )

    async def transact(self, act: Callable[[sa.Connection], T], *, writes: bool, long: bool = False) -> T:
        loop = asyncio.get_running_loop()
        until, wait = loop.time() + self.patience.total_seconds(), 0.001
        while True:
            try:
                if long:
                    return await self._run_long(act)
                return _run(self._open(), act, "BEGIN IMMEDIATE" if writes else "BEGIN")
            except (sqlite3.Error, DBAPIError) as error:
                cause = error.orig if isinstance(error, DBAPIError) else error
                if not _is_locked(cause):
                    self._drop()
                    raise self._unusable(cause) from error
                if self._long_ones:  # our own: it will end, and what waits may be a receipt
                    until = loop.time() + self.patience.total_seconds()
                elif loop.time() > until:
                    raise StoreError(
                        f"another program kept the database {self.path} locked for "
                        f"{self.patience.total_seconds():g} s; run again when it is done; "
                        "what was being sent is looked up by the next run"
                    ) from error
            await asyncio.sleep(wait * random.uniform(0.5, 1.5))  # noqa: S311 - spreads, hides nothing
            wait = min(wait * 1.5, 0.02)

    async def _run_long(self, act: Callable[[sa.Connection], T]) -> T:
        self._open()  # or it was replaced
        self._long_ones += 1
        running = asyncio.get_running_loop().run_in_executor(self._thread, self._run_aside, act)
        running.add_done_callback(self._long_one_ended)
        return await asyncio.shield(running)  # it goes on if whoever waits for it is cancelled

    def _long_one_ended(self, ended: asyncio.Future[Any]) -> None:
        self._long_ones -= 1
        if not ended.cancelled():
            ended.exception()  # whoever was cancelled no longer asks

    def _run_aside(self, act: Callable[[sa.Connection], T]) -> T:
        """Run a long transaction in the thread that calls this."""
        self._aside = self._aside or _engine(self.path)
        connection = self._aside.connect()

        def acted(tx: sa.Connection) -> T:
            result = act(tx)
            self._check()  # since it began, or since this connection looked for it
            return result

        try:
            return _run(connection, acted, "BEGIN IMMEDIATE")
        finally:
            self._close(connection)

    def _open(self) -> sa.Connection:
        """Return the connection. Only the first call in a process's life makes a file where none is."""
        if self._closed:
            raise closed(self.path)
        if self._held is None:
            if not place.is_there(self.path):
                self._make()
            with self._system():
                self._held = place.Held(self.path)
        try:
            self._check()
            if self._connection is None:
                self._connection = _engine(self.path).connect()
                self._check()  # it may have opened what was put there this moment
        except StoreReplaced:
            self._drop()
            raise
        return self._connection

    def _make(self) -> None:
        with self._system():
            place.make(self.path)

    @contextlib.contextmanager
    def _system(self) -> Iterator[None]:
        """Turn what the system refuses into a sentence."""
        try:
            yield
        except OSError as error:
            raise place.cannot_be_used(self.path, error.strerror or str(error)) from error

    def _check(self) -> None:
        """Raise `StoreReplaced` if the file is not the one that was opened: for good, whatever is put there."""
        self._lost = self._lost or (self._held is not None and not self._held.is_same())
        if self._lost:
            raise self._replaced()

    def _drop(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            self._close(connection)

    def _close(self, connection: sa.Connection) -> None:
        held = self._held
        if held is not None and held.was_overwritten():
            # Our log belongs to what was there before; SQLite would write it into what is there now.
            with contextlib.suppress(OSError):
                os.truncate(f"{self.path}-wal", 0)
        elif held is not None and not held.is_same():
            with contextlib.suppress(sqlite3.Error, DBAPIError):
                # Our log would be left beside the new file, and SQLite would read it into that one.
                raw: Any = connection.connection.dbapi_connection
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with contextlib.suppress(sqlite3.Error, DBAPIError):
            connection.close()

    def lock_schema(self, tx: sa.Connection) -> None:
        """Sign a file that no version before this one has signed; whoever writes is alone anyway."""
        raw: Any = tx.connection.dbapi_connection
        if raw.execute("PRAGMA user_version").fetchone() == (0,):
            place.sign(raw)

    def ahead(self, tx: sa.Connection, local: datetime) -> timedelta:
        return timedelta(0)  # processes on one machine share its clock

    async def close(self) -> None:
        """Let a long transaction come to its end, though nobody waits for it any more; then close the file."""
        self._closed = True
        try:
            await asyncio.to_thread(self._thread.shutdown)
        finally:
            self._drop()
            if self._held is not None:
                self._held.close()
                self._held = None

    def _replaced(self) -> StoreReplaced:
        return StoreReplaced(
            f"the database {self.path} was replaced or removed while crosspost was running; what is there "
            "now is untouched, and nothing more is sent; start crosspost again to go on with it"
        )

    def _unusable(self, cause: BaseException | None) -> StoreError:
        if place.is_damage(cause):
            return place.damaged(self.path, str(cause))
        refused = place.cannot_be_used(self.path, cause)
        return refused if place.code(cause) in _REFUSALS else Unexplained(str(refused))


def _run(connection: sa.Connection, act: Callable[[sa.Connection], T], begin: str) -> T:
    raw: Any = connection.connection.dbapi_connection
    raw.execute(begin)
    with connection.begin():
        return act(connection)


def _engine(path: Path) -> sa.Engine:
    """Return the way to a file that is there."""
    url = sa.URL.create("sqlite", database=path.absolute().as_uri(), query={"uri": "true", "mode": "rw"})
    engine = sa.create_engine(url, poolclass=NullPool)

    @sa.event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are ours alone, see `_run`
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _is_locked(cause: BaseException | None) -> bool:
    """Tell whether SQLite refused because of another's lock."""
    return place.code(cause) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)

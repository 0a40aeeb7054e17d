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
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from crosspost import files
from crosspost.errors import StoreError, StoreReplaced
from crosspost.store.mounts import MOUNTS, network_file_system

T = TypeVar("T")
Identity = tuple[int, int] | None
"""What tells a file from another of the same name; None: there is none."""

PATIENCE = timedelta(seconds=15)
"""How long a transaction waits for another process's lock before it is given up."""
_PRAGMAS = ("busy_timeout=0", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")


class Sqlite:
    """The store's way to a SQLite file. `mounts` lists what lies on which file system, as Linux tells it."""

    def __init__(self, path: Path, *, patience: timedelta = PATIENCE, mounts: Path = MOUNTS) -> None:
        self.path = path
        self.patience = patience
        self._mounts = mounts
        self._connection: sa.Connection | None = None
        self._opened: Identity = None
        self._thread = ThreadPoolExecutor(1, "store")  # started by the first long transaction
        self._aside: sa.Engine | None = None

    def is_there(self) -> bool:
        return self.path.is_file()

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
                    self._open()  # or it was replaced
                    return await loop.run_in_executor(self._thread, self._run_aside, act, self._opened)
                return _run(self._open(), act, "BEGIN IMMEDIATE" if writes else "BEGIN")
            except (sqlite3.Error, DBAPIError) as error:
                cause = error.orig if isinstance(error, DBAPIError) else error
                if not _is_locked(cause):
                    self._drop()
                    raise self._unusable(cause) from error
                if loop.time() > until:
                    raise StoreError(
                        f"another program kept the database {self.path} locked for "
                        f"{self.patience.total_seconds():g} s; run again when it is done; "
                        "what was being sent is looked up by the next run"
                    ) from error
            await asyncio.sleep(wait * random.uniform(0.5, 1.5))  # noqa: S311 - spreads, hides nothing
            wait = min(wait * 1.5, 0.02)

    def _run_aside(self, act: Callable[[sa.Connection], T], opened: Identity) -> T:
        """Run a long transaction in the thread that calls this. A file that is not there is not made."""
        self._aside = self._aside or _engine(self.path, make=False)
        connection = self._aside.connect()

        def acted(tx: sa.Connection) -> T:
            result = act(tx)
            if _identity(self.path) != opened:  # since it began, or since this connection looked for it
                raise self._replaced()
            return result

        try:
            return _run(connection, acted, "BEGIN IMMEDIATE")
        finally:
            self._close(connection, opened)

    def _open(self) -> sa.Connection:
        if self._connection is None:
            with contextlib.suppress(OSError):  # SQLite will say what hinders it
                files.make_own(self.path)
            self._connection = _engine(self.path, make=True).connect()
            self._opened = _identity(self.path)
        elif _identity(self.path) != self._opened:
            self._drop()
            raise self._replaced()
        return self._connection

    def _drop(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            self._close(connection, self._opened)

    def _close(self, connection: sa.Connection, opened: Identity) -> None:
        with contextlib.suppress(sqlite3.Error, DBAPIError):
            if _identity(self.path) != opened:
                # Our log would be left beside the new file, and SQLite would read it into that one.
                raw: Any = connection.connection.dbapi_connection
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with contextlib.suppress(sqlite3.Error, DBAPIError):
            connection.close()

    def lock_schema(self, tx: sa.Connection) -> None:
        """Do nothing: whoever writes is alone."""

    def ahead(self, tx: sa.Connection, local: datetime) -> timedelta:
        return timedelta(0)  # processes on one machine share its clock

    async def close(self) -> None:
        """Let a long transaction come to its end, though nobody waits for it any more; then close the file."""
        try:
            await asyncio.to_thread(self._thread.shutdown)
        finally:
            self._drop()

    def _replaced(self) -> StoreReplaced:
        return StoreReplaced(
            f"the database {self.path} was replaced or removed while crosspost was running; what is there "
            "now is untouched, and nothing more is sent; start crosspost again to go on with it"
        )

    def _unusable(self, cause: BaseException | None) -> StoreError:
        return StoreError(
            f"the database {self.path} cannot be used: {cause}; nothing was changed; "
            "check that the file and its folder belong to you, can be written, and have room"
        )


def _run(connection: sa.Connection, act: Callable[[sa.Connection], T], begin: str) -> T:
    raw: Any = connection.connection.dbapi_connection
    raw.execute(begin)
    with connection.begin():
        return act(connection)


def _engine(path: Path, *, make: bool) -> sa.Engine:
    """Return the way to a file. `make`: also to one that is not there yet."""
    query = {"uri": "true", "mode": "rwc" if make else "rw"}
    url = sa.URL.create("sqlite", database=path.absolute().as_uri(), query=query)
    engine = sa.create_engine(url, poolclass=NullPool)

    @sa.event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are ours alone, see `_run`
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _is_locked(cause: BaseException | None) -> bool:
    """Tell whether SQLite refused because of another's lock: by its code, for its words are no promise."""
    # An extended code, such as SQLITE_BUSY_SNAPSHOT, has the primary one in its last byte.
    return getattr(cause, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _identity(path: Path) -> Identity:
    """Return what tells this file from another of the same name."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino

"""Open the database, and bring its schema up to date under a lock."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from crosspost.errors import StoreError
from crosspost.migrations import HEAD, REVISIONS

_BUSY_MS = 15_000


Tx = AsyncConnection
"""An open transaction, as the store's functions take it."""


class Database:
    """One SQLite file. `write` takes the write lock at once: no transaction fails half-way for want of it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = _engine(path)

    async def close(self) -> None:
        await self._engine.dispose()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Read in one snapshot."""
        with _explained(self.path):
            async with self._engine.connect() as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Write in one transaction: all of it, durably, or nothing."""
        with _explained(self.path):
            async with self._engine.connect() as connection:
                await connection.execution_options(crosspost_writes=True)
                async with connection.begin():
                    yield connection

    async def is_there(self) -> bool:
        """Tell whether there is anything to read yet. Raise `StoreError` if only `migrate` can help."""
        if not self.path.is_file():
            return False
        async with self.read() as connection:
            version: str | None = await connection.run_sync(_version)
        if version is not None and version != HEAD:
            raise StoreError(
                f"the database {self.path} has schema {version}, and this crosspost reads {HEAD}; "
                "run crosspost migrate, or update crosspost"
            )
        return version is not None

    async def migrate(self) -> bool:
        """Create the file, or bring its schema up to date; tell whether anything was to be done.

        Raise `StoreError`, with nothing changed.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"the database's folder {self.path.parent} cannot be made: {error.strerror}; "
                "mend `database` in the configuration"
            ) from error
        try:
            # Tried on the spot: after a failed opening, aiosqlite's thread may outlive the loop and complain.
            sqlite3.connect(self.path).close()
        except sqlite3.Error as error:
            raise _unusable(self.path, error) from error
        async with self.read() as connection:
            version = await connection.run_sync(_version)
        if version == HEAD:
            return False
        if version is not None and version not in REVISIONS:
            raise StoreError(
                f"the database {self.path} was written by a newer crosspost (schema {version}, this one "
                f"knows up to {HEAD}); update crosspost, or restore the copy made before the update"
            )
        async with self.write() as connection:
            # Under the write lock: another process may have been faster.
            if await connection.run_sync(_version) != HEAD:
                await connection.run_sync(_upgrade)
        return True


def _engine(path: Path) -> AsyncEngine:
    engine = create_async_engine(
        sa.URL.create("sqlite+aiosqlite", database=str(path)), connect_args={"timeout": _BUSY_MS / 1000}
    )

    @sa.event.listens_for(engine.sync_engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are ours alone, see _begin
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={_BUSY_MS}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @sa.event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("crosspost_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _version(connection: sa.Connection) -> str | None:
    """Return the schema's revision, None for an empty database."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _upgrade(connection: sa.Connection) -> None:
    # Late: Alembic costs 300 ms, and the schema is behind once per release.
    from importlib.resources import files

    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(files("crosspost.migrations")))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


class _explained:  # noqa: N801 - reads as the statement it is used as
    """Turn the driver's errors into sentences; leave every other exception alone."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, DBAPIError):
            raise _unusable(self.path, error.orig) from error


def _unusable(path: Path, cause: BaseException | None) -> StoreError:
    if "locked" in str(cause):
        return StoreError(
            f"another program kept the database {path} locked for {_BUSY_MS // 1000} s; run again when it "
            "is done. What was being sent is looked up by the next run"
        )
    return StoreError(
        f"the database {path} cannot be used: {cause}; nothing was changed. "
        "Check that the file and its folder belong to you, can be written, and have room"
    )

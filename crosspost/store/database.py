"""Open the database, run transactions in it, and bring its schema up to date under a lock."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Concatenate, ParamSpec, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from crosspost.config import DatabaseAddress
from crosspost.errors import StoreError, Unexplained
from crosspost.http import utc_now
from crosspost.migrations import HEAD, REVISIONS
from crosspost.store import place
from crosspost.store.refusal import NONSENSE

Tx = sa.Connection
"""An open transaction, as the store's functions take it."""

P = ParamSpec("P")
T = TypeVar("T")


class Backend(Protocol):
    """What SQLite and PostgreSQL do each in its own way. Every failure is a `StoreError`."""

    async def transact(self, act: Callable[[Tx], T], *, writes: bool, long: bool = False) -> T:
        """Run `act` in one transaction. If it could not begin, it may be called again.

        `long`: it writes, and takes too long for the event loop to stand still meanwhile.
        """
        ...

    def is_there(self) -> bool:
        """Tell whether there is something to connect to, without making it."""
        ...

    def make_place(self) -> None:
        """Make what must be there before the first connection."""
        ...

    def lock_schema(self, tx: Tx) -> None:
        """Keep every other process from migrating until the transaction ends."""
        ...

    def ahead(self, tx: Tx, local: datetime) -> timedelta:
        """Tell how far the clock that counts is ahead of ours, which reads `local`."""
        ...

    async def close(self) -> None: ...


class Database:
    """One database. A transaction is a plain function of a `Tx`: nothing is awaited while it is open.

    So no lock is held over somebody's slow answer, and whoever is cancelled is so before a transaction or
    after it. `clock` returns aware UTC; on PostgreSQL, where replicas' clocks differ, `now` follows the
    server's instead.
    """

    def __init__(self, address: DatabaseAddress, *, clock: Callable[[], datetime] = utc_now) -> None:
        self.address = address
        self._clock = clock
        self._ahead = timedelta(0)
        self._used = False
        self._backend = _backend(address)

    def now(self) -> datetime:
        """Return the moment by the clock that leases and limits are counted by."""
        return self._clock() + self._ahead

    async def read(self, act: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `act(tx, ...)`, which only reads."""
        return await self._transact(lambda tx: act(tx, *args, **kwargs), writes=False)

    async def write(self, act: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `act(tx, ...)`: all that it writes is kept, durably, or nothing."""
        return await self._transact(lambda tx: act(tx, *args, **kwargs), writes=True)

    async def write_long(self, act: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `act(tx, ...)` as `write` does, but never on the event loop: it may be about thousands of rows.

        It goes on to its end if whoever waits for it is cancelled; on SQLite, `close` waits for that.
        """
        return await self._transact(lambda tx: act(tx, *args, **kwargs), writes=True, long=True)

    async def _transact(self, act: Callable[[Tx], T], *, writes: bool, long: bool = False) -> T:
        self._used = True
        try:
            return await self._backend.transact(self._timed(act), writes=writes, long=long)
        except (Unexplained, SQLAlchemyError, *NONSENSE) as error:
            await self.explain(error)
            raise

    async def explain(self, error: Exception) -> None:
        """Raise `StoreError` if the database is damaged: that may be why something failed that should not."""
        if not self._used:
            return
        from crosspost.store import damage  # late: it knows every table

        try:
            what = await self._backend.transact(damage.find, writes=False)
        except Unexplained:
            return
        except NONSENSE as unreadable:  # SQLite names what is malformed by its name, and that may be no text
            what = f"it cannot be read ({type(unreadable).__name__})"
        if what:
            raise place.damaged(self.address, what) from error

    def _timed(self, act: Callable[[Tx], T]) -> Callable[[Tx], T]:
        def timed(tx: Tx) -> T:
            self._ahead = self._backend.ahead(tx, self._clock())
            return act(tx)

        return timed

    async def close(self) -> None:
        await self._backend.close()

    async def is_there(self) -> bool:
        """Tell whether there is anything to read yet. Raise `StoreError` if only `migrate` can help."""
        if not self._backend.is_there():
            return False
        version = await self.read(_version)
        if version is not None and version != HEAD:
            raise StoreError(
                f"the database {self.address} has schema {version}, and this crosspost reads {HEAD}; "
                "run crosspost migrate, or update crosspost"
            )
        return version is not None

    async def migrate(self) -> bool:
        """Create the tables, or bring them up to date; tell whether anything was to be done.

        Raise `StoreError`, with nothing changed.
        """
        self._backend.make_place()
        version = await self.read(_version)
        if version == HEAD:
            return False
        if version is None and self.address.path is not None and await self.read(_has_tables):
            raise StoreError(
                f"the database {self.address} holds another program's tables; name another file in the "
                "configuration, and crosspost makes it"
            )
        if version is not None and version not in REVISIONS:
            raise StoreError(
                f"the database {self.address} was written by a newer crosspost (schema {version}, this one "
                f"knows up to {HEAD}); update crosspost, or restore the copy made before the update"
            )
        return await self.write(self._migrate)

    def _migrate(self, tx: Tx) -> bool:
        self._backend.lock_schema(tx)
        if _version(tx) == HEAD:
            return False  # another process was faster
        _upgrade(tx)
        return True


def _backend(address: DatabaseAddress) -> Backend:
    if address.path is not None:
        from crosspost.store.sqlite import Sqlite

        return Sqlite(address.path)
    from crosspost.store.postgres import Postgres

    return Postgres(address)


def _version(tx: Tx) -> str | None:
    """Return the schema's revision, None for an empty database."""
    if not sa.inspect(tx).has_table("alembic_version"):
        return None
    return tx.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _has_tables(tx: Tx) -> bool:
    return bool(sa.inspect(tx).get_table_names())


def _upgrade(tx: Tx) -> None:
    # Late: Alembic costs 300 ms, and the schema is behind once per release.
    from importlib.resources import files

    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(files("crosspost.migrations")))
    config.attributes["connection"] = tx
    command.upgrade(config, "head")

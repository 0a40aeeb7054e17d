"""PostgreSQL, for several replicas: row locks instead of one lock for all, and the server's clock.

Transactions run in a few threads: the server is elsewhere, and its slowness must not stop the loop.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError

from crosspost.config import DatabaseAddress
from crosspost.errors import StoreError, Unexplained
from crosspost.store.refusal import closed

T = TypeVar("T")

_THREADS = 4
_SCHEMA_LOCK = 0x63726F7373  # "cross": an advisory lock's number, ours by convention
_SETTINGS = (
    # An attempt on record must survive the server's crash, whatever its administrator prefers elsewhere.
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
    "SET TIME ZONE 'UTC'",
    "SET lock_timeout = '15s'",
    "SET statement_timeout = '60s'",
    # A replica frozen in a transaction must not keep its locks.
    "SET idle_in_transaction_session_timeout = '30s'",
)

_OF_THE_DATA = (DataError, IntegrityError, ProgrammingError)
"""What has to do with what is in the database, and not with the way to it."""


class Postgres:
    """The store's way to a PostgreSQL database."""

    def __init__(self, address: DatabaseAddress) -> None:
        self.address = address
        self._closed = False
        self._threads = ThreadPoolExecutor(_THREADS, "store")
        self._engine = sa.create_engine(
            sa.make_url(address.url).set(drivername="postgresql+psycopg"),
            pool_size=_THREADS,
            max_overflow=0,
            pool_pre_ping=True,  # the server may have been restarted since
            # What is decided under a lock must see what was committed before it was taken.
            isolation_level="READ COMMITTED",
            connect_args={"connect_timeout": 10, "application_name": "crosspost"},
        )
        sa.event.listen(self._engine, "connect", _connected)

    def is_there(self) -> bool:
        return True

    def make_place(self) -> None:
        """Do nothing: the database itself is made by the server's administrator."""

    async def transact(self, act: Callable[[sa.Connection], T], *, writes: bool, long: bool = False) -> T:
        if self._closed:
            raise closed(self.address)
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._run, act)

    def _run(self, act: Callable[[sa.Connection], T]) -> T:
        try:
            with self._engine.begin() as connection:
                return act(connection)
        except DBAPIError as error:
            cause = " ".join(str(error.orig).split())
            refused = Unexplained if isinstance(error, _OF_THE_DATA) else StoreError
            raise refused(
                f"the database {self.address} cannot be used: {cause}; "
                "check that the server runs, and that the address, the role and its rights are right"
            ) from error

    def lock_schema(self, tx: sa.Connection) -> None:
        tx.execute(sa.select(sa.func.pg_advisory_xact_lock(_SCHEMA_LOCK)))

    def ahead(self, tx: sa.Connection, local: datetime) -> timedelta:
        server: datetime = tx.execute(_CLOCK).scalar_one()
        return server - local

    async def close(self) -> None:
        self._closed = True
        self._threads.shutdown(wait=False)
        self._engine.dispose()


_CLOCK = sa.text("SELECT clock_timestamp()")


def _connected(connection: Any, _record: Any) -> None:
    connection.autocommit = True
    for setting in _SETTINGS:
        connection.execute(setting)
    connection.autocommit = False

"""A migrated database of either kind, and an open transaction in it."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
import sqlalchemy as sa

from crosspost.config import DatabaseAddress
from crosspost.store.database import Database, Tx
from tests.postgres import Server


@pytest_asyncio.fixture
async def database(address: DatabaseAddress) -> AsyncIterator[Database]:
    opened = Database(address)
    await opened.migrate()
    yield opened
    await opened.close()


async def _migrate(address: DatabaseAddress) -> None:
    database = Database(address)
    await database.migrate()
    await database.close()


@pytest.fixture(scope="session")
def engines(tmp_path_factory: pytest.TempPathFactory, postgres: Server) -> Iterator[dict[str, sa.Engine]]:
    """Migrate one database of each kind; nothing that a test does in it stays."""
    path, url = tmp_path_factory.mktemp("store") / "crosspost.db", postgres.database()
    for address in (DatabaseAddress(path=path), DatabaseAddress(url=url)):
        asyncio.run(_migrate(address))
    made = {
        "sqlite": sa.create_engine(f"sqlite:///{path}"),
        # Kept by no pool: other tests restart the server.
        "postgresql": sa.create_engine(
            sa.make_url(url).set(drivername="postgresql+psycopg"), poolclass=sa.NullPool
        ),
    }
    yield made
    for engine in made.values():
        engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def tx(request: pytest.FixtureRequest, engines: dict[str, sa.Engine]) -> Iterator[Tx]:
    """Give a transaction that is undone at the end."""
    with engines[request.param].connect() as connection:
        yield connection

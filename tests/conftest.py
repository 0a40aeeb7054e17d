"""The one fixture vocabulary: a `world` with a blog and the networks in it."""

import os
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings

from crosspost import redact
from crosspost.config import DatabaseAddress
from crosspost.sandbox.server import serve
from tests.notify.ears import Ears
from tests.postgres import Server, a_server, simulated_clock
from tests.world import World, a_world

# How long an example takes is the machine's affair; each test has its timeout.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")
os.environ.pop("TZ", None)  # the zone of a configuration that names none


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start the server of processes, if any test can need it."""
    if "tests.forks" in sys.modules and not session.config.option.collectonly:
        sys.modules["tests.forks"].start_server()


@pytest_asyncio.fixture
async def world(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[World]:
    """Give a world; on PostgreSQL if the test is parametrised with `BOTH_DATABASES`."""
    async with a_world(tmp_path, monkeypatch) as made:
        if getattr(request, "param", "sqlite") == "postgresql":
            server: Server = request.getfixturevalue("postgres")
            made.postgres = server.database()
            simulated_clock(made.postgres)
        yield made


@pytest.fixture(autouse=True)
def _forget_secrets() -> Iterator[None]:
    """What one test had remembered must not mask another's output."""
    yield
    redact.forget()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run one PostgreSQL server for all tests of this process."""
    with a_server(tmp_path_factory.mktemp("postgres")) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> DatabaseAddress:
    """Name a database that is still empty, of either kind."""
    if request.param == "sqlite":
        return DatabaseAddress(path=tmp_path / "crosspost.db")
    server: Server = request.getfixturevalue("postgres")
    return DatabaseAddress(url=server.database())


@pytest_asyncio.fixture
async def ears() -> AsyncIterator[Ears]:
    """Serve somebody who is told, and a watchdog."""
    ears = Ears()
    async with serve(ears.app) as ears.url:
        yield ears


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the slow tests: at the end, one worker would be at them while the others wait."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)

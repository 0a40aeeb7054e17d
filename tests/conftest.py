"""The one fixture vocabulary: a `world` with a blog and the networks in it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from crosspost import redact
from tests.world import World, a_world


@pytest_asyncio.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    async with a_world(tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture(autouse=True)
def _forget_secrets() -> Iterator[None]:
    """What one test taught must not mask another's output."""
    yield
    redact.forget()

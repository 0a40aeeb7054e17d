"""A site on loopback, and the real client to call it."""

from collections.abc import AsyncIterator

import pytest

from crosspost.http.wire import HttpxClient
from crosspost.sandbox.server import serve
from tests.feeds.site import Site


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    async with serve(site) as site.url:
        yield site


@pytest.fixture
async def client() -> AsyncIterator[HttpxClient]:
    client = HttpxClient()
    yield client
    await client.aclose()

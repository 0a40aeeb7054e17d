"""A site to begin with."""

from collections.abc import Iterator

import pytest

from tests.beginning.site import Site, served


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as site:
        yield site

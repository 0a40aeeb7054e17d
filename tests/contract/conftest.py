"""The pond as an installed plug-in, and a world beside it."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from crosspost.config import Config, load
from crosspost.contract import registry
from crosspost.sandbox.server import serve
from tests.contract.server import PondStandIn
from tests.world import World


@pytest.fixture(scope="package", autouse=True)
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Lay down what installing the pond's package would leave in site-packages."""
    site = tmp_path_factory.mktemp("site-packages")
    info = site / "crosspost_pond-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: crosspost-pond\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[crosspost.adapters]\npond = tests.contract.pond:Pond\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(site)
        registry.kinds.cache_clear()
        yield site
    registry.kinds.cache_clear()
    registry.adapter_class.cache_clear()


@dataclass
class Shore:
    """A world with a pond in it."""

    world: World
    pond: PondStandIn
    url: str

    def config(self, more: str = "", *, connected: bool = False) -> Config:
        """Configure one channel on the pond; `more`: lines of its table. `connected`: it has no secret."""
        secret = "" if connected else 'password = { env = "POND" }\n'
        path = self.world.folder / "crosspost.toml"
        base = self.world.toml(only=("nothing",))
        own = f'[channels.pond]\nadapter = "pond"\nbase_url = "{self.url}"\nlogin_url = "{self.url}"\n'
        path.write_text(f"{base}{own}{secret}{more}\n", encoding="utf-8")
        return load(path)

    async def run(self) -> None:
        """Run once with the configuration that is there."""
        await self.world.run(self.world.loaded())


@pytest_asyncio.fixture
async def shore(world: World, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Shore]:
    monkeypatch.setenv("POND", "sandbox-token")
    pond = PondStandIn()
    pond.clock = lambda: world.now
    async with serve(pond.app, clock=world.served) as url:
        yield Shore(world=world, pond=pond, url=url)

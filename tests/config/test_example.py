"""Every network can be shown as it is by default: what its settings require has an example."""

from typing import ClassVar

import pytest
from pydantic import Field

from crosspost.config import example
from crosspost.config.example import example_channel, posts
from crosspost.contract import Adapter, AdapterSettings
from crosspost.contract.registry import kinds
from crosspost.errors import ConfigError


@pytest.mark.parametrize("kind", kinds())
def test_ours_give_an_example_of_what_they_require(kind: str) -> None:
    channel = example_channel(kind)
    assert channel.adapter == channel.name == kind
    assert posts(kind) == bool(channel.adapter_class.home)


def test_one_without_an_example_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Patched: another author's adapter would have to be installed."""

    class Other(Adapter["Other.Settings"]):
        kind: ClassVar[str] = "other"

        class Settings(AdapterSettings):
            server: str = Field(description="Where it is.")

    monkeypatch.setattr(example, "adapter_class", lambda _: Other)
    with pytest.raises(ConfigError, match="it gives no example of server"):
        example_channel("other")

"""A configuration that no file holds: every network as it is by default, with accounts that nobody has."""

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from crosspost.config.address import DatabaseAddress
from crosspost.config.model import Channel, Config, Feed
from crosspost.config.unfinished import examples_of
from crosspost.contract import HttpAdapter
from crosspost.contract.registry import adapter_class
from crosspost.errors import ConfigError

_NOWHERE = DatabaseAddress(path=Path(os.devnull, "crosspost.db"))
"""No file can be there: nothing is ever stored."""


def without_file(feeds: Mapping[str, Feed], channels: Mapping[str, Channel]) -> Config:
    """Return a configuration for those who only look: it names no file, and its database cannot be."""
    return Config(path=Path(os.devnull), digest="", database=_NOWHERE, feeds=feeds, channels=channels)


def posts(kind: str) -> bool:
    """Tell whether an adapter speaks to a network. Raise `ConfigError` if it cannot be imported."""
    return issubclass(adapter_class(kind), HttpAdapter)


def example_channel(kind: str) -> Channel:
    """Return a channel of an adapter with its defaults. Raise `ConfigError` if there is no such adapter.

    What its settings require is what they give as an example (`Field(examples=[…])`), a secret a placeholder.
    Also raise `ConfigError` for settings that give none.
    """
    adapter = adapter_class(kind)
    required = {name: field for name, field in adapter.Settings.model_fields.items() if field.is_required()}
    try:
        settings = adapter.Settings.model_validate(
            {name: example for name, field in required.items() for example in examples_of(field)},
            context={"folder": Path.cwd()},
        )
    except ValidationError as error:
        missing = ".".join(map(str, error.errors()[0]["loc"])) or "its settings"
        raise ConfigError(
            f"{kind} cannot be shown without settings of yours, since it gives no example of {missing}; "
            "name a configuration that has such a channel with --config FILE"
        ) from error
    return Channel(adapter=kind, name=kind, settings=settings)

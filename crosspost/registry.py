"""Find adapters by entry point: ours and a third party's register in the same group."""

from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, EntryPoints, entry_points
from typing import Any

from crosspost.adapter import Adapter
from crosspost.errors import ConfigError
from crosspost.login import Login

GROUP = "crosspost.adapters"
LOGINS = "crosspost.logins"


def kinds() -> dict[str, EntryPoint]:
    """Return every installed adapter's entry point by its name, in alphabetical order; import none."""
    return {found.name: found for found in sorted(_points(GROUP))}


@cache
def _points(group: str) -> EntryPoints:
    return entry_points(group=group)  # it reads what every installed package says of itself


@cache
def adapter_class(kind: str) -> type[Adapter[Any]]:
    """Import and return the adapter of this name. Raise `ConfigError` if it cannot be had."""
    found = kinds().get(kind)
    if found is None:
        raise ConfigError(f"there is no adapter {kind!r}; there are: {', '.join(kinds())}")
    try:
        loaded = found.load()
    except ImportError as error:
        raise ConfigError(f"the adapter {kind!r} ({found.value}) cannot be imported: {error}") from error
    if not (isinstance(loaded, type) and issubclass(loaded, Adapter)):
        raise ConfigError(f"the adapter {kind!r} ({found.value}) is no crosspost.adapter.Adapter")
    return loaded


def can_connect(kind: str) -> bool:
    """Tell whether `crosspost connect` can give this adapter its credential; import nothing."""
    return kind in _points(LOGINS).names


@cache
def logins(kind: str) -> Mapping[str, type[Login]]:
    """Import and return the ways of connecting an adapter has, by name, the best first; mostly none."""
    named = _points(LOGINS).select(name=kind)
    if not named:
        return {}
    (found,) = named
    try:
        loaded: Mapping[str, type[Login]] = found.load()
    except ImportError as error:
        raise ConfigError(f"the logins of {kind!r} ({found.value}) cannot be imported: {error}") from error
    return loaded

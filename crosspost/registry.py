"""Find adapters by entry point: ours and a third party's register in the same group."""

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from crosspost.adapter import Adapter
from crosspost.errors import ConfigError

GROUP = "crosspost.adapters"


def kinds() -> dict[str, EntryPoint]:
    """Return every installed adapter's entry point by its name, in alphabetical order; import none."""
    return {found.name: found for found in sorted(entry_points(group=GROUP))}


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

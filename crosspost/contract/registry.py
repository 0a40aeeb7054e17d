"""Find adapters by entry point: ours and a third party's register in the same group."""

from functools import cache
from importlib.metadata import EntryPoint, entry_points

from crosspost.contract.adapter import Adapter, AnyAdapter
from crosspost.errors import ConfigError

GROUP = "crosspost.adapters"


@cache
def kinds() -> dict[str, EntryPoint]:
    """Return every installed adapter's entry point by its name, in alphabetical order; import none."""
    return {point.name: point for point in sorted(entry_points(group=GROUP))}


@cache
def adapter_class(kind: str) -> type[AnyAdapter]:
    """Import and return the adapter of this name. Raise `ConfigError` if it cannot be had."""
    point = kinds().get(kind)
    if point is None:
        from crosspost.contract.known import no_adapter  # late: only who asks for what is not there needs it

        raise ConfigError(no_adapter(kind, kinds()))
    try:
        loaded = point.load()
    except (ImportError, TypeError) as error:  # `TypeError`: what a class of settings refuses to be
        raise ConfigError(f"the adapter {kind!r} ({point.value}) cannot be imported: {error}") from error
    if not (isinstance(loaded, type) and issubclass(loaded, Adapter)):
        raise ConfigError(f"the adapter {kind!r} ({point.value}) is no crosspost.contract.Adapter")
    return loaded


def can_connect(adapter: type[AnyAdapter]) -> bool:
    """Tell whether `crosspost connect` can give an adapter its credential: whether it names ways to one."""
    return adapter.logins.__func__ is not Adapter.logins.__func__  # type: ignore[attr-defined]

"""What a channel's table still lacks that `crosspost connect` finds, and what stands in for that. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from crosspost.config.placeholder import is_placeholder
from crosspost.config.secrets import PLACEHOLDER, is_reference, is_secret
from crosspost.contract import AnyAdapter
from crosspost.contract.registry import can_connect


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """A channel's table as its adapter takes it."""

    settings: Mapping[str, Any]
    connected: bool
    """Whether its credential is what `crosspost connect` keeps."""
    unfinished: tuple[str, ...]
    """The keys that connecting is still to find."""
    examples: tuple[str, ...]
    """Those of them for which the table has an example's value."""


def completed(adapter: type[AnyAdapter], table: Mapping[str, Any], *, dry_run: bool) -> Completed:
    """Return the adapter's settings in a table, each that connecting finds filled with an example."""
    fields = adapter.Settings.model_fields
    found = without_placeholders(adapter, table)
    secrets = {name: field for name, field in fields.items() if is_secret(field)}
    needed = {name for name, field in secrets.items() if field.is_required()}
    connected = can_connect(adapter) and not dry_run and not secrets.keys() & found.keys()
    lacking = tuple(key for key in _findable(adapter) if key not in found)
    found |= {key: example for key in lacking for example in examples_of(fields[key])}
    if dry_run or connected:
        # What is sent is nothing, or what the vault holds: `crosspost connect` put it there.
        found |= {key: SecretStr(PLACEHOLDER) for key in needed - found.keys()}
    return Completed(
        settings=found,
        connected=connected,
        unfinished=() if dry_run else lacking,
        examples=() if dry_run else tuple(key for key in lacking if key in table),
    )


def without_placeholders(adapter: type[AnyAdapter], table: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table without the examples in it of what connecting finds, or gives: they count as missing."""
    fields, findable = adapter.Settings.model_fields, _findable(adapter)
    given = {name for name, field in fields.items() if is_secret(field)} if can_connect(adapter) else set()
    return {
        key: value
        for key, value in table.items()
        if not (key in findable or key in given)
        or is_reference(value)
        or not is_placeholder(value, fields[key].examples or ())
    }


def examples_of(field: FieldInfo) -> tuple[Any, ...]:
    """Return the value to show a setting with; empty if there is none."""
    return (SecretStr(PLACEHOLDER),) if is_secret(field) else tuple(field.examples or ())[:1]


def _findable(adapter: type[AnyAdapter]) -> list[str]:
    """Return the settings that connecting finds, and for which an example can stand until then."""
    if not can_connect(adapter):
        return []
    fields = adapter.Settings.model_fields
    return [key for key in fields if key in adapter.found_by_connect and fields[key].examples]

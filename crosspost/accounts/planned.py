"""What is known of a connection before anybody is asked: what the file says, and what the adapter can."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from crosspost.config import Config
from crosspost.config.load import load_around
from crosspost.config.model import NAME
from crosspost.config.secrets import is_secret, resolve
from crosspost.config.unfinished import without_placeholders
from crosspost.contract import AdapterSettings, AnyAdapter
from crosspost.contract.registry import adapter_class, can_connect, kinds
from crosspost.contract.settings import partly
from crosspost.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the command line says."""

    channel: str
    made_by: str
    adapter: str | None = None
    way: str | None = None
    port: int | None = None
    redirect: str | None = None
    """An address of the user's own that is registered at the network; its answer is pasted."""
    paste: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is known before anybody is asked: the channel as the file has it, and what its adapter can."""

    config: Config
    channel: str
    adapter: str
    kind: type[AnyAdapter]
    table: Mapping[str, Any] | None
    """As the file has it, without examples: they count as missing."""
    examples: frozenset[str]
    """The keys of the file's examples, which were left out."""
    given: Mapping[str, Any] = field(repr=False)
    """What the table says of the adapter's settings, without its secrets."""
    settings: AdapterSettings = field(repr=False)
    """What is known of the adapter's settings, defaults included; None: required and not known yet."""


def planned(path: Path, wanted: Wanted) -> Plan:
    """Read the configuration around the channel. Raise `ConfigError` if it cannot be connected."""
    if not re.match(NAME, wanted.channel):
        raise ConfigError(f"{wanted.channel!r} is no name; use letters, digits, _ - and ., at most 64")
    config, table = load_around(path, wanted.channel)
    named = (table or {}).get("adapter") or wanted.adapter
    known = [kind for kind in kinds() if can_connect(adapter_class(kind))]
    adapter = named or (wanted.channel if wanted.channel in known else None)
    if adapter is None:
        raise ConfigError(
            f"{path}: there is no channel {wanted.channel!r} yet; say of which network it is to be, with "
            f"--adapter and one of: {', '.join(known)}"
        )
    if adapter not in known:
        adapter_class(adapter)  # one that is not there says so itself
        raise ConfigError(
            f"channels.{wanted.channel} needs no connecting: its adapter is {adapter!r}; those that do are: "
            f"{', '.join(known)}"
        )
    kind = adapter_class(adapter)
    examples: frozenset[str] = frozenset()
    if table is not None:
        written, table = table, without_placeholders(kind, table)
        examples = frozenset(written) - frozenset(table)
    given = _given(path, wanted.channel, kind, table or {})
    try:
        settings = partly(kind.Settings, given, folder=path.parent)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)[0]
        key, says = ".".join(map(str, wrong["loc"])), wrong["msg"].removeprefix("Value error, ")
        raise ConfigError(f"{path}: channels.{wanted.channel}.{key}: {says}") from error
    return Plan(
        config=config,
        channel=wanted.channel,
        adapter=adapter,
        kind=kind,
        table=table,
        examples=examples,
        given=given,
        settings=settings,
    )


def _given(path: Path, channel: str, kind: type[AnyAdapter], table: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a channel's table says of the adapter's settings, references followed, without secrets."""
    fields = kind.Settings.model_fields
    given = {}
    for key, value in table.items():
        if key in fields and not is_secret(fields[key]):
            try:
                given[key] = resolve(value, folder=path.parent, secret=False, optional=False)
            except ValueError as error:
                raise ConfigError(f"{path}: channels.{channel}.{key} {error}") from error
    return given

"""From a TOML file to a checked `Config`, or to one error that names everything to mend."""

import hashlib
import os
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from crosspost import __version__
from crosspost.config import where
from crosspost.config.address import DatabaseAddress, parse_database
from crosspost.config.explain import explanation
from crosspost.config.model import NAME, Channel, ChannelKeys, Config, Feed, Lacking, TopLevel
from crosspost.config.notify import tables as notify_tables
from crosspost.config.placeholder import is_placeholder
from crosspost.config.secrets import PLACEHOLDER, is_reference, is_secret, resolve, source_of
from crosspost.config.together import contradictions
from crosspost.config.unfinished import completed
from crosspost.config.units import is_address
from crosspost.config.zones import surrounding_zone
from crosspost.contract import FOR_EVER, AdapterSettings, AnyAdapter, FindsRecent
from crosspost.contract.registry import adapter_class, can_connect
from crosspost.errors import ConfigError
from crosspost.model import Learnt
from crosspost.redact import remember_address

M = TypeVar("M", bound=BaseModel)
_NOWHERE = "https://not-set.invalid/"
"""Stands for an address that is not needed."""
_ADDRESSES = ("url", "urls", "heartbeat")
_PLACES = ("crosspost.toml", "/config/crosspost.toml")


def find(given: str | None) -> Path:
    """Return the configuration's path: the one given, `$CROSSPOST_CONFIG`, or the first of the usual places."""
    named = given or os.environ.get("CROSSPOST_CONFIG")
    for place in (named,) if named else _PLACES:
        if os.path.isfile(place):
            return Path(place).absolute()
    if named:
        raise ConfigError(f"the configuration {named} cannot be found; give its path with --config FILE")
    raise ConfigError(
        "there is no configuration yet: crosspost init asks for your blog's address and writes one; "
        "if there is one elsewhere, name it with --config FILE or $CROSSPOST_CONFIG"
    )


def new_place(given: str | None) -> Path:
    """Return where a first configuration belongs: the place given, `$CROSSPOST_CONFIG`, or a usual one.

    The usual one is /config where that folder is, as in a container, else the working folder. Raise
    `ConfigError` if one that would be found by itself is there already.
    """
    if named := given or os.environ.get("CROSSPOST_CONFIG"):
        return Path(named).absolute()
    for place in _PLACES:
        if os.path.lexists(place):
            raise ConfigError(
                f"there is a configuration already, {Path(place).absolute()}; edit it, "
                "or name another with --config FILE"
            )
    here, container = map(Path, _PLACES)
    return container if container.parent.is_dir() else here.absolute()


Needs = Callable[[where.Path], bool]
"""Tells whether the secret of this key is needed: any other may be missing, and is a placeholder then."""


def every(_path: where.Path) -> bool:
    """Need every secret: for those who act."""
    return True


def none(_path: where.Path) -> bool:
    """Need no secret: for those who read, or decide."""
    return False


def load(path: Path, *, needs: Needs = every) -> Config:
    """Read and check everything that can be known without the network. Raise `ConfigError`."""
    reader, data = _opened(path)
    reader.needs = needs
    return reader.finished(reader.read(data))


def load_around(path: Path, name: str) -> tuple[Config, Mapping[str, Any] | None]:
    """Read and check the configuration around one channel, whose own table may be incomplete or missing.

    Return the configuration without that channel, and its table as the file has it. No secret of the others is
    needed, and those that are wrong are left out: one channel is no hindrance to another. Raise `ConfigError`.
    """
    reader, data = _opened(path)
    reader.needs = none
    tables = dict(_tables(data.get("channels")))
    table = tables.get(name)
    data["channels"] = {name: {}} | {other: tables[other] for other in tables if re.match(NAME, other)}
    reader.without = name
    return reader.finished(reader.read(data)), table


def problems_of(path: Path) -> frozenset[str]:
    """Return all that is wrong in a file, whatever its lines; secrets may be missing. Raise `ConfigError`."""
    reader, data = _opened(path)
    reader.needs = none
    reader.read(data)
    return frozenset(says for _, _, says in reader.problems)


def _opened(path: Path) -> tuple["_Reader", dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8-sig")  # some editors put a mark in front
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} cannot be read: it is not UTF-8 text; save it as such") from error
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        what, _, where_ = str(error).partition(" (at line ")
        line = f", line {where_.partition(',')[0]}" if where_ else ""
        raise ConfigError(f"{path}{line}: this is no TOML: {what}") from error
    return _Reader(path, text), data


class _Reader:
    """Collect every problem of one file, each with its line, instead of stopping at the first."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.folder = path.parent
        self.text = text
        self.problems: list[tuple[int, str, str]] = []
        self.wrong: set[where.Path] = set()
        self.referenced: set[where.Path] = set()
        self.without: str | None = None
        self.connects: set[where.Path] = set()
        self.kinds: dict[str, str] = {}
        self.needs: Needs = every
        self.files: list[Path] = []
        self.lacking: list[Lacking] = []

    def finished(self, config: Config | None) -> Config:
        """Return what was read, or raise all that is wrong."""
        if self.problems:
            raise ConfigError("\n".join(f"{place}: {says}" for _, place, says in sorted(self.problems)))
        assert config is not None
        return config

    def read(self, data: dict[str, Any]) -> Config | None:
        if "database" in data:
            data["database"] = self.value(("database",), data["database"], secret=False)
        for name, feed in _tables(data.get("feeds")):
            if is_reference(feed.get("url")):
                # An address may hold a token; one that comes by reference is treated as a secret.
                feed["url"] = self.value(("feeds", name, "url"), feed["url"], secret=True)
        for path, model, table in notify_tables(data.get("notify")):
            self.secrets_of(path, model, table)
        if "timezone" not in data and (zone := surrounding_zone(os.environ)):
            data["timezone"] = zone.key
        top = self.validated(TopLevel, data, ())
        database = self.database(top.database) if top is not None else None
        channels = self.channels(data)
        if top is None:
            return None
        feeds = {name: self.feed(name, feed) for name, feed in top.feeds.items()}
        if self.without is None:
            for path, what in contradictions(top, feeds, channels):
                self.problem(path, what)
        if self.problems or database is None:
            return None
        own = dict(top) | {"database": database, "feeds": feeds, "channels": channels}
        digest = hashlib.sha256(f"{__version__}\0{top.timezone}\0{self.text}".encode()).hexdigest()
        return Config(
            path=self.path, digest=digest, secret_files=tuple(self.files), lacking=tuple(self.lacking), **own
        )

    def secrets_of(self, here: where.Path, model: type[BaseModel], table: dict[str, Any]) -> None:
        """Put what references name in their places. An address that comes by reference is itself a secret."""
        for key, value in table.items():
            field = model.model_fields.get(key)
            if field is None or (isinstance(value, dict) and not is_reference(value)):
                continue
            many = isinstance(value, list)
            secret = is_secret(field)
            resolved = [self.value((*here, key), one, secret=secret) for one in (value if many else [value])]
            table[key] = resolved if many else resolved[0]
            if (*here, key) in self.referenced and isinstance(resolved[0], str) and is_address(resolved[0]):
                remember_address(resolved[0])

    def database(self, given: str) -> DatabaseAddress | None:
        here = ("database",)
        try:
            address = parse_database(given, self.folder)
        except ValueError as error:
            self.problem(here, f": {error}")
            return None
        if address.url:
            if here in self.referenced:
                remember_address(address.url)
            elif urlsplit(address.url).password:
                self.problem(here, 'holds a password; write database = { env = "DATABASE_URL" } instead')
        return address

    def feed(self, name: str, feed: Feed) -> Feed:
        here = ("feeds", name, "url")
        if feed.is_file:
            return feed.model_copy(update={"url": str(self.folder / feed.url)})
        if here in self.referenced:
            remember_address(feed.url)
        elif urlsplit(feed.url).password:
            self.problem(here, 'holds a password; write url = { env = "NAME" } instead')
        return feed

    def channels(self, data: Mapping[str, Any]) -> dict[str, Channel]:
        """Return the channels that are good; whoever looks at one alone hears nothing of the others' faults."""
        good: dict[str, Channel] = {}
        for name, table in _tables(data.get("channels")):
            if name == self.without:
                continue
            before = len(self.problems)
            if channel := self.channel(name, table):
                good[name] = channel
            if self.without is not None:
                del self.problems[before:]
        return good

    def channel(self, name: str, table: dict[str, Any]) -> Channel | None:
        here = ("channels", name)
        kind = table.get("adapter")
        if kind is not None and not isinstance(kind, str):
            self.problem((*here, "adapter"), "must be a string, in quotes")
            return None
        if kind is None:
            self.problem(here, 'has no adapter; add adapter = "...", one of those `crosspost adapters` lists')
            return None
        try:
            adapter = adapter_class(kind)
        except ConfigError as error:
            self.problem((*here, "adapter"), f"cannot be used: {error}")
            return None
        self.kinds[name] = kind
        if can_connect(adapter):
            self.connects.add(here)
        common = {key: value for key, value in table.items() if key in ChannelKeys.model_fields}
        own = {key: value for key, value in table.items() if key not in ChannelKeys.model_fields}
        known = (*ChannelKeys.model_fields, *adapter.Settings.model_fields)
        keys = self.validated(ChannelKeys, common, here, known=known)
        dry_run = table.get("dry_run") is True
        before = len(self.problems)
        whole = completed(adapter, own, dry_run=dry_run)
        settled = {
            key: self.setting(adapter, here, key, value, dry_run) if value is own.get(key) else value
            for key, value in whole.settings.items()
        }
        if len(self.problems) > before:
            return None
        settings = self.validated(adapter.Settings, settled, here, known=known)
        if keys is None or settings is None:
            return None
        secrets = {key for key, field in adapter.Settings.model_fields.items() if is_secret(field)}
        if not whole.unfinished:  # whether its posts can be read depends on what is still to be found
            self.check_uncertain((*here, "on_uncertain"), adapter, settings, keys.on_uncertain)
        return Channel(
            **dict(keys),
            name=name,
            settings=settings,
            connected=whole.connected,
            unfinished=whole.unfinished,
            examples=whole.examples,
            secrets_from={
                key: source_of(value, self.folder)
                for key, value in own.items()
                if is_reference(value) and key in secrets
            },
        )

    def check_uncertain(
        self, here: where.Path, adapter: type[AnyAdapter], settings: AdapterSettings, wanted: str | None
    ) -> None:
        """Refuse what this account's network cannot do after a lost answer."""
        rules = adapter.capabilities_for(settings, Learnt())
        if wanted == "reconcile" and rules.repeatable_for is None and not adapter.has(FindsRecent, settings):
            says = f"{adapter.kind} does not let this account's posts be read; leave it out, or write ask"
            self.problem(here, f"cannot be reconcile: {says}")
        if wanted == "resend" and not rules.refuses_duplicates and rules.repeatable_for != FOR_EVER:
            says = f"{adapter.kind} takes the same post twice; leave it out, or write ask"
            self.problem(here, f"cannot be resend: {says}")

    def setting(self, adapter: type[AnyAdapter], here: where.Path, key: str, value: Any, dry_run: bool) -> Any:
        field = adapter.Settings.model_fields.get(key)
        secret = field is not None and is_secret(field)
        given = self.value((*here, key), value, secret=secret, optional=dry_run)
        if isinstance(given, str) and "\0" in given:
            self.problem((*here, key), "holds a NUL character; remove it")
        elif secret and not dry_run and key != "password" and is_placeholder(given):
            where_from = source_of(value, self.folder)
            self.problem(
                (*here, key), f"is taken from {where_from}, which holds an example; put the real one there"
            )
        elif key == "base_url" and isinstance(given, str):
            self.address((*here, key), given)
        return given

    def address(self, path: where.Path, url: str) -> None:
        if not is_address(url):
            self.problem(path, "must be an http or https address")
        elif path in self.referenced:
            remember_address(url)
        elif urlsplit(url).password:
            self.problem(path, f'holds a password; write {path[-1]} = {{ env = "NAME" }} instead')

    def value(self, path: where.Path, value: Any, *, secret: bool, optional: bool = False) -> Any:
        unneeded = (secret or path[0] == "notify") and is_reference(value) and not self.needs(path)
        if is_reference(value):
            self.referenced.add(path)
            if secret and "file" in value and isinstance(value["file"], str):
                self.files.append(self.folder / value["file"])
        try:
            found = resolve(value, folder=self.folder, secret=secret, optional=optional, key=path[-1])
        except ValueError as error:
            if not unneeded:
                self.problem(path, str(error))
                return None
            unset = "env" in value and not os.environ.get(str(value["env"]))
            self.lacking.append(Lacking(".".join(path), str(error), unset))
            found = PLACEHOLDER
        return _NOWHERE if found == PLACEHOLDER and unneeded and path[-1] in _ADDRESSES else found

    def validated(
        self, model: type[M], data: Mapping[str, Any], here: where.Path, known: Iterable[str] = ()
    ) -> M | None:
        try:
            return model.model_validate(data, context={"folder": self.folder})
        except ValidationError as error:
            for fault in error.errors(include_url=False, include_input=False):
                self.explain(model, here, fault, tuple(known))
        except RuntimeError as error:
            # `Path.expanduser`, in an adapter's settings
            self.problem(here, f"holds a path that leads nowhere: {error}")
        return None

    def explain(self, model: type[BaseModel], here: where.Path, fault: Any, known: tuple[str, ...]) -> None:
        """Name one of pydantic's findings; what follows from it alone is left out."""
        loc, what = explanation(model, fault, known)
        if here + loc in self.wrong:
            return
        if fault["type"] == "extra_forbidden" and issubclass(model, AdapterSettings):
            from crosspost.contract.known import no_setting  # late: only who writes it needs it

            adapter, key = self.kinds[here[1]], str(loc[-1])
            says = no_setting(adapter, key, here[1]) if here in self.connects else ""
            what = f"is no key that exists here: {says}" if says else what
        if fault["type"] == "missing" and here in self.connects:
            what += f"; crosspost connect {here[1]} finds it"
        self.problem(here + loc, what)

    def problem(self, path: where.Path, what: str) -> None:
        """Note what is wrong with a key; `what` goes on after its name."""
        self.wrong.add(path)
        number = where.line_of(path, self.lines)
        place = f"{self.path}, line {number}" if number else str(self.path)
        name = ".".join(path) + ("" if what.startswith(":") else " ")
        self.problems.append((number or 0, place, f"{name}{what}"))

    @cached_property
    def lines(self) -> Mapping[where.Path, int]:
        return where.lines_of_keys(self.text)


def _tables(value: object) -> list[tuple[str, dict[str, Any]]]:
    if not isinstance(value, dict):
        return []
    return [(name, table) for name, table in value.items() if isinstance(table, dict)]

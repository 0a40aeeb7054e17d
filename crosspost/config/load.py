"""From a TOML file to a checked `Config`, or to one error that names everything to mend."""

import difflib
import os
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, SecretStr, ValidationError

from crosspost.adapter import Adapter
from crosspost.config import where
from crosspost.config.model import Channel, ChannelKeys, Config, Feed, TopLevel
from crosspost.config.secrets import is_reference, is_secret, resolve
from crosspost.errors import ConfigError
from crosspost.redact import learn_address
from crosspost.registry import adapter_class

M = TypeVar("M", bound=BaseModel)
_PLACES = ("crosspost.toml", "/config/crosspost.toml")


def find(given: str | None) -> Path:
    """Return the configuration's path: the one given, `$CROSSPOST_CONFIG`, or the first of the usual places."""
    named = given or os.environ.get("CROSSPOST_CONFIG")
    for place in (named,) if named else _PLACES:
        if Path(place).is_file():
            return Path(place).absolute()
    if named:
        raise ConfigError(f"the configuration {named} cannot be found; give its path with --config FILE")
    raise ConfigError(
        "there is no configuration: copy config.example.toml to crosspost.toml and edit it, "
        "or name one with --config FILE or $CROSSPOST_CONFIG"
    )


def load(path: Path) -> Config:
    """Read and check everything that can be known without the network. Raise `ConfigError`."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from error
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: this is no TOML: {error}") from error
    reader = _Reader(path, text)
    config = reader.read(data)
    if reader.problems:
        raise ConfigError("\n".join(reader.problems))
    assert config is not None
    return config


class _Reader:
    """Collect every problem of one file, each with its line, instead of stopping at the first."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.folder = path.parent
        self.lines = where.lines_of_keys(text)
        self.problems: list[str] = []

    def read(self, data: dict[str, Any]) -> Config | None:
        if "database" in data:
            data["database"] = self.value(("database",), data["database"], secret=False)
        for name, feed in _tables(data.get("feeds")):
            if is_reference(feed.get("url")):
                # An address may hold a token; one that comes by reference is treated as a secret.
                feed["url"] = self.value(("feeds", name, "url"), feed["url"], secret=True)
                learn_address(feed["url"])
        top = self.validated(TopLevel, data, ())
        channels = {name: self.channel(name, table) for name, table in _tables(data.get("channels"))}
        if top is None:
            return None
        feeds = {name: self.feed(name, feed) for name, feed in top.feeds.items()}
        self.check_together(feeds, {name: channel for name, channel in channels.items() if channel})
        if self.problems:
            return None
        return Config(
            path=self.path,
            timezone=top.timezone,
            database=(self.folder / Path(top.database.removeprefix("sqlite:///")).expanduser()),
            feeds=feeds,
            channels={name: channel for name, channel in channels.items() if channel},
        )

    def feed(self, name: str, feed: Feed) -> Feed:
        if not feed.is_file:
            if urlsplit(feed.url).password and self.lines_hold(("feeds", name, "url"), feed.url):
                self.problem(("feeds", name, "url"), 'holds a password; write url = { env = "NAME" } instead')
            return feed
        if "://" in feed.url:
            self.problem(("feeds", name, "url"), "must be an http or https address, or the path of a file")
        return feed.model_copy(update={"url": str(self.folder / Path(feed.url).expanduser())})

    def lines_hold(self, path: where.Path, value: str) -> bool:
        """Tell whether a value stands in the file itself, not behind a reference."""
        number = where.line_of(path, self.lines)
        return number is not None and value in self.path.read_text(encoding="utf-8").splitlines()[number - 1]

    def channel(self, name: str, table: dict[str, Any]) -> Channel | None:
        here = ("channels", name)
        kind = table.get("adapter")
        if not isinstance(kind, str):
            self.problem(here, 'has no adapter; add adapter = "...", one of those `crosspost adapters` lists')
            return None
        try:
            found = adapter_class(kind)
        except ConfigError as error:
            self.problem((*here, "adapter"), str(error))
            return None
        common = {key: value for key, value in table.items() if key in ChannelKeys.model_fields}
        own = {key: value for key, value in table.items() if key not in ChannelKeys.model_fields}
        known = (*ChannelKeys.model_fields, *found.Settings.model_fields)
        keys = self.validated(ChannelKeys, common, here, known=known)
        dry_run = table.get("dry_run") is True
        before = len(self.problems)
        own = {key: self.setting(found, here, key, value, dry_run) for key, value in own.items()}
        if dry_run:
            # What identifies the account may be missing too: nothing is sent.
            for key, field in found.Settings.model_fields.items():
                if field.is_required() and is_secret(field):
                    own.setdefault(key, SecretStr("dry-run"))
        if len(self.problems) > before:
            return None
        settings = self.validated(found.Settings, own, here, known=known)
        if keys is None or settings is None:
            return None
        return Channel(**dict(keys), name=name, settings=settings)

    def setting(self, found: type[Adapter[Any]], here: where.Path, key: str, value: Any, dry_run: bool) -> Any:
        field = found.Settings.model_fields.get(key)
        secret = field is not None and is_secret(field)
        given = self.value((*here, key), value, secret=secret, optional=dry_run)
        if secret and isinstance(given, str) and not (given.isascii() and given.isprintable()):
            # It could not travel in a header; most often something was pasted along with it.
            self.problem((*here, key), "holds a character that no network's secret has; copy it anew")
        return given

    def value(self, path: where.Path, value: Any, *, secret: bool, optional: bool = False) -> Any:
        try:
            return resolve(value, folder=self.folder, secret=secret, optional=optional)
        except ValueError as error:
            self.problem(path, str(error))
            return ""

    def check_together(self, feeds: Mapping[str, Feed], channels: Mapping[str, Channel]) -> None:
        """Check what only shows when feeds and channels are seen side by side."""
        owners: dict[str, str] = {}
        for name, channel in channels.items():
            for feed in channel.feeds or ():
                if feed not in feeds:
                    hint = _nearest(feed, feeds)
                    self.problem(
                        ("channels", name, "feeds"), f"names a feed {feed!r} that does not exist{hint}"
                    )
            for thing in channel.adapter_class.owns(channel.settings):
                if thing in owners:
                    self.problem(
                        ("channels", name),
                        f"writes {thing}, and so does channels.{owners[thing]}; give each a path of its own",
                    )
                owners.setdefault(thing, name)

    def validated(
        self, model: type[M], data: Mapping[str, Any], here: where.Path, known: Iterable[str] = ()
    ) -> M | None:
        try:
            return model.model_validate(data, context={"folder": self.folder})
        except ValidationError as error:
            for found in error.errors(include_url=False, include_input=False):
                self.explain(model, here, found, tuple(known))
            return None

    def explain(self, model: type[BaseModel], here: where.Path, found: Any, known: tuple[str, ...]) -> None:
        loc = tuple(str(part) for part in found["loc"] if part != "[key]")
        path = here + loc
        if found["type"] == "extra_forbidden":
            names = known if known and len(loc) == 1 else _names_at(model, loc)
            self.problem(path, f"is no key that exists here{_nearest(loc[-1], names)}")
        elif found["type"] == "missing":
            field = model.model_fields.get(loc[0]) if len(loc) == 1 else None
            meaning = f" ({field.description})" if field is not None and field.description else ""
            self.problem(path, f"is missing{meaning}")
        else:
            self.problem(path, found["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, "))

    def problem(self, path: where.Path, what: str) -> None:
        number = where.line_of(path, self.lines)
        place = f"{self.path}, line {number}" if number else str(self.path)
        name = ".".join(path)
        self.problems.append(f"{place}: {name} {what}" if name else f"{place}: {what}")


def _tables(value: object) -> list[tuple[str, dict[str, Any]]]:
    if not isinstance(value, dict):
        return []
    return [(name, table) for name, table in value.items() if isinstance(table, dict)]


def _names_at(model: type[BaseModel], loc: tuple[str, ...]) -> tuple[str, ...]:
    """Return the keys that exist where an unknown one was found."""
    if len(loc) == 3 and loc[0] == "feeds":
        return tuple(Feed.model_fields)
    if len(loc) == 2 and loc[0] == "utm":
        return ("source", "medium", "campaign", "term", "content")
    return tuple(model.model_fields)


def _nearest(name: str, names: Iterable[str]) -> str:
    names = list(names)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    return f"; did you mean {close[0]}?" if close else f"; there are: {', '.join(sorted(names))}"

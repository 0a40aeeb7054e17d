"""What the verbs share: `--config` after the verb, `--json`, `--as`, and the loaded configuration."""

import getpass
import json
import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def config_option(command: F) -> F:
    """Give a verb `--config`, and pass it the loaded configuration as `config`, with every secret."""
    return _config_option(command, secrets=True)


def config_without_secrets(command: F) -> F:
    """Give a verb that sends nothing `--config`, and pass it the configuration; secrets may be missing."""
    return _config_option(command, secrets=False)


def _config_option(command: F, *, secrets: bool) -> F:
    def read(ctx: click.Context, _parameter: click.Parameter, value: str | None) -> object:
        return loaded(value or ctx.find_root().obj, secrets=secrets)

    return click.option("--config", "-c", metavar="FILE", callback=read, help="The configuration file.")(
        command
    )


def loaded(named: str | None, *, secrets: bool) -> Any:
    """Load the configuration that `--config` names, or else the usual one. Raise `ConfigError`."""
    from crosspost.config import find  # late: `version` has no configuration
    from crosspost.config.load import every, load, none

    return load(find(named), needs=every if secrets else none)


def json_option(command: F) -> F:
    """Give a verb `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, for machines.")(command)


def requests_option(command: F) -> F:
    """Give a verb `--requests`."""
    says = "Show the requests too, with their bodies."
    return click.option("--requests", is_flag=True, help=says)(command)


def log_option(command: F) -> F:
    """Give a verb `--log-format`, and pass it as `log_format`; None where nobody chose."""
    return click.option(
        "--log-format",
        type=click.Choice(["text", "json"]),
        envvar="CROSSPOST_LOG_FORMAT",
        help="How the log is written. Default: text on a terminal, json elsewhere.",
    )(command)


def duration(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> timedelta | None:
    """Read an option or argument that is a duration."""
    from crosspost.config.units import parse_duration  # late: it needs pydantic

    try:
        return parse_duration(value) if value is not None else None
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def as_option(command: F) -> F:
    """Give a verb `--as`, and pass it the name of whoever decides, as `made_by`: on record for good."""

    def who(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> str:
        name = (value if value is not None else _user()).strip()
        if not name or len(name) > 64 or not name.isprintable():
            raise click.BadParameter("a name is 1 to 64 printable characters")
        return name

    return click.option(
        "--as", "made_by", metavar="NAME", callback=who, help="Who decides. Default: your user name."
    )(command)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return f"user {os.getuid()}"  # as in a container


def print_json(value: object) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))

"""What the verbs share: `--config` after the verb, `--json`, and the loaded configuration."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def config_option(command: F) -> F:
    """Give a verb `--config`, and pass it the loaded configuration as `config`."""

    def read(ctx: click.Context, _parameter: click.Parameter, value: str | None) -> object:
        from crosspost.config import find, load  # late: `version` has no configuration

        return load(find(value or ctx.find_root().obj))

    return click.option("--config", "-c", metavar="FILE", callback=read, help="The configuration file.")(
        command
    )


def json_option(command: F) -> F:
    """Give a verb `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, for machines.")(command)


def print_json(value: object) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))

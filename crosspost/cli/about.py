"""The verb that needs no configuration at all: `version`."""

import click

from crosspost import __version__
from crosspost.cli.options import json_option, print_json


@click.command("version")
@json_option
def version(as_json: bool) -> None:
    if as_json:
        print_json({"version": __version__})
    else:
        click.echo(f"crosspost {__version__}")


COMMANDS = {"version": version}

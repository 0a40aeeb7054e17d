"""What needs a person, printed."""

from collections.abc import Iterable
from typing import Any

import click

from crosspost.cli.terminal import wrapped
from crosspost.redact import hide


def show_needs(needs: Iterable[Any]) -> None:
    """Print what needs a person (`policy.Need`), a line each."""
    for need in needs:
        click.echo(wrapped(f"{click.style('!', fg='yellow')} {hide(need.text)}", indent=2))

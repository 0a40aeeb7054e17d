"""What needs a person, printed."""

from collections.abc import Iterable
from typing import Any

import click

from crosspost.cli.terminal import wrapped
from crosspost.redact import hide
from crosspost.report import Event, What


def old_needs(needs: Iterable[Any], events: Iterable[Event]) -> list[Any]:
    """Return the needs that none of these events has told just now."""
    told = {event.text for event in events if event.what is What.NEEDED}
    return [need for need in needs if need.text not in told]


def show_needs(needs: Iterable[Any]) -> None:
    """Print what needs a person (`policy.Need`), a line each."""
    for need in needs:
        click.echo(wrapped(f"{click.style('!', fg='yellow')} {hide(need.text)}", indent=2))

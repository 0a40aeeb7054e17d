"""The last lines of a run: what came of it, and the command to type next."""

import os
import shlex
from collections.abc import Sequence

import click

from crosspost.cli.called import program
from crosspost.cli.needs import old_needs, show_needs
from crosspost.cli.opened import in_house
from crosspost.cli.tables import show_limits
from crosspost.cli.terminal import broken, cells_of, columns, wrapped
from crosspost.config import Config, find
from crosspost.errors import ConfigError
from crosspost.redact import hide
from crosspost.report import Event
from crosspost.views.summary import Line, Next, read_summary

_GAP = 2
_BELOW = 4


def show_summary(config: Config, events: Sequence[Event]) -> None:
    """Print what a run came to that told these events."""
    summary = in_house(config, lambda house: read_summary(house, events))
    needs = old_needs(summary.needs, events)
    if summary.lines or needs:
        click.echo()
    for line in aligned(summary.lines, columns()):
        click.echo(line)
    show_needs(needs)
    if summary.limits:
        click.echo()
        show_limits(summary.limits)
    if summary.next is not None:
        click.echo()
        _show_next(config, summary.next)


def aligned(lines: Sequence[Line], width: int | None) -> list[str]:
    """Return a line for each channel, its reason wrapped beside it, or below where there is no room."""
    names = max((cells_of(line.subject) for line in lines), default=0)
    whats = max((cells_of(line.what) for line in lines), default=0)
    indent = names + whats + 2 * _GAP
    written = []
    for line in lines:
        why = hide(line.why)  # before it is wrapped: no piece of a secret is left
        name = click.style(line.subject, bold=True) + " " * (names - cells_of(line.subject) + _GAP)
        lead = name + line.what
        beside = lead + " " * (whats - cells_of(line.what) + _GAP) + why
        if not why:
            written.append(lead)
        elif width is None:
            written.append(beside)
        elif max(map(cells_of, why.split(" "))) <= width - indent:
            written += broken(beside, width, indent=indent)
        else:
            written += [lead, *broken(" " * _BELOW + why, width, indent=_BELOW)]
    return written


def _show_next(config: Config, step: Next) -> None:
    """Print the commands each on a line of its own, to be copied whole."""
    first = f" {step.first}, then" if step.first else ""
    click.echo(wrapped(f"{click.style('next', bold=True)}, {step.purpose}:{first}", indent=len("next, ")))
    configured = "" if step.begins else _configured(config)
    for command in step.commands:
        click.echo(f"    {click.style(f'{program()}{configured} {command}', fg='cyan')}")


def _configured(config: Config) -> str:
    """Return the option that names this configuration; "" where it is found without."""
    try:
        if find(None) == config.path:
            return ""
    except ConfigError:
        pass
    here = os.path.relpath(config.path)
    return f" -c {shlex.quote(str(config.path) if here.startswith('..') else here)}"

"""The verbs that act: `run`, `run-once` and `reconcile`."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import click

from crosspost.cli import logs
from crosspost.cli.ending import at_the_latest
from crosspost.cli.loop import run as run_loop
from crosspost.cli.needs import old_needs, show_needs
from crosspost.cli.options import config_option, duration, json_option, log_option, requests_option
from crosspost.cli.printing import EventPrinter, progress
from crosspost.cli.terminal import columns
from crosspost.config import Config
from crosspost.engine.signals import GRACE
from crosspost.report import is_news

_LAST = GRACE + timedelta(seconds=3)
"""After so long a program that was told to end does, whatever hangs in it. Docker kills after 10 s."""


@click.command("run")
@config_option
@log_option
def run(config: Config, log_format: str | None) -> None:
    from crosspost.engine.signals import Signals

    signals = Signals()  # before the imports that take longest
    from crosspost.engine.daemon import run as run_daemon

    logs.set_up(form=log_format, zone=config.timezone)
    signals.told = partial(at_the_latest, _LAST)
    run_loop(run_daemon(config, logs.log_event, signals=signals))


@click.command("run-once")
@config_option
@json_option
@log_option
@requests_option
@click.option(
    "--quiet", "-q", is_flag=True, help="Say only what is new in what needs a person: for cron's mail."
)
@click.option(
    "--deadline", callback=duration, metavar="50s", help="Begin nothing more after this long; soon after, end."
)
@click.pass_context
def run_once(
    ctx: click.Context,
    config: Config,
    as_json: bool,
    log_format: str | None,
    requests: bool,
    quiet: bool,
    deadline: timedelta | None,
) -> None:
    from crosspost.engine import run_once as once

    # Warnings only: what happens is told on standard output.
    logs.set_up(level=30, form=log_format, zone=config.timezone)
    if deadline is not None:
        at_the_latest(deadline + _LAST)
    printer = EventPrinter(as_json=as_json, quiet=quiet, requests=requests)
    try:
        with progress(printer) as tell:
            needs = run_loop(once(config, tell, deadline=deadline, told=partial(at_the_latest, _LAST)))
    except asyncio.CancelledError:  # a second signal
        ctx.exit(130)
    _sum_up(config, printer, needs)
    ctx.exit(1 if needs else 0)


@click.command("reconcile")
@config_option
@json_option
@log_option
@click.pass_context
def reconcile(ctx: click.Context, config: Config, as_json: bool, log_format: str | None) -> None:
    from crosspost.engine.once import look_up

    logs.set_up(level=30, form=log_format, zone=config.timezone)
    printer = EventPrinter(as_json=as_json, quiet=False)
    with progress(printer) as tell:
        uncertain, needs = run_loop(look_up(config, tell))
    if not uncertain and not as_json:
        click.echo("nothing is uncertain")
    _sum_up(config, printer, needs)
    ctx.exit(1 if needs else 0)


@click.command("feed", help="Ask a feed now, also one that is gone or left alone, and take in what it brings.")
@config_option
@json_option
@log_option
@click.argument("name", metavar="NAME")
@click.pass_context
def retry_feed(ctx: click.Context, config: Config, as_json: bool, log_format: str | None, name: str) -> None:
    from crosspost.engine.once import ask_feed

    logs.set_up(level=30, form=log_format, zone=config.timezone)
    printer = EventPrinter(as_json=as_json, quiet=False)
    could_be_read = asyncio.run(ask_feed(config, name, printer))
    if columns() is not None:  # a script asked for one feed, and has its line
        _sum_up(config, printer, ())
    ctx.exit(0 if could_be_read else 1)


def _sum_up(config: Config, printer: EventPrinter, needs: Sequence[Any]) -> None:
    """End with a summary where people read and something happened; else with what needs a person."""
    if printer.quiet or printer.as_json:
        return
    if not any(map(is_news, printer.events)):
        show_needs(old_needs(needs, printer.events))
        return
    from crosspost.cli.summary import show_summary  # late: a run that finds nothing opens no database

    show_summary(config, printer.events)


COMMANDS = {"run": run, "run-once": run_once, "reconcile": reconcile}

"""The verbs that act: `run`, `run-once` and `reconcile`."""

import asyncio
from datetime import timedelta
from functools import partial

import click

from crosspost.cli import logs
from crosspost.cli.ending import at_the_latest
from crosspost.cli.loop import run as run_loop
from crosspost.cli.options import config_option, duration, json_option
from crosspost.cli.printing import EventPrinter, progress, show_needs
from crosspost.config import Config
from crosspost.engine.signals import GRACE

_LAST = GRACE + timedelta(seconds=3)
"""After so long a program that was told to end does, whatever hangs in it. Docker kills after 10 s."""


@click.command("run")
@config_option
def run(config: Config) -> None:
    from crosspost.engine.signals import Signals

    signals = Signals()  # before the imports that take longest
    from crosspost.engine.daemon import run as run_daemon

    logs.set_up()
    signals.told = partial(at_the_latest, _LAST)
    run_loop(run_daemon(config, logs.log_event, signals=signals))


@click.command("run-once")
@config_option
@json_option
@click.option(
    "--quiet", "-q", is_flag=True, help="Say only what is new in what needs a person: for cron's mail."
)
@click.option(
    "--deadline", callback=duration, metavar="50s", help="Begin nothing more after this long; soon after, end."
)
@click.pass_context
def run_once(
    ctx: click.Context, config: Config, as_json: bool, quiet: bool, deadline: timedelta | None
) -> None:
    from crosspost.engine import run_once as once

    logs.set_up(level=30)  # warnings: what happens is told on standard output
    if deadline is not None:
        at_the_latest(deadline + _LAST)
    printer = EventPrinter(as_json=as_json, quiet=quiet)
    try:
        with progress(printer) as tell:
            needs = run_loop(once(config, tell, deadline=deadline, told=partial(at_the_latest, _LAST)))
    except asyncio.CancelledError:  # a second signal
        ctx.exit(130)
    if not quiet and not as_json:
        show_needs(needs)
    ctx.exit(1 if needs else 0)


@click.command("reconcile")
@config_option
@json_option
@click.pass_context
def reconcile(ctx: click.Context, config: Config, as_json: bool) -> None:
    from crosspost.engine.once import look_up

    logs.set_up(level=30)
    printer = EventPrinter(as_json=as_json, quiet=False)
    with progress(printer) as tell:
        uncertain, needs = run_loop(look_up(config, tell))
    if not uncertain and not as_json:
        click.echo("nothing is uncertain")
    if not as_json:
        show_needs(needs)
    ctx.exit(1 if needs else 0)


@click.command("feed", help="Ask a feed now, also one that is gone or left alone, and take in what it brings.")
@config_option
@json_option
@click.argument("name", metavar="NAME")
@click.pass_context
def retry_feed(ctx: click.Context, config: Config, as_json: bool, name: str) -> None:
    from crosspost.engine.once import ask_feed

    logs.set_up(level=30)
    printer = EventPrinter(as_json=as_json, quiet=False)
    ctx.exit(0 if asyncio.run(ask_feed(config, name, printer)) else 1)


COMMANDS = {"run": run, "run-once": run_once, "reconcile": reconcile}

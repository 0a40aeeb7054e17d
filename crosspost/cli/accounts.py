"""The verbs about accounts, and about telling people: `connect` to `secrets`, and `notify`."""

import sys
from pathlib import Path
from typing import Any

import click

from crosspost.cli.loop import run
from crosspost.cli.options import as_option, config_without_secrets, json_option, print_json
from crosspost.cli.person import Terminal, interruptible
from crosspost.cli.tables import show_table
from crosspost.cli.terminal import say, wrapped
from crosspost.config import Config, find
from crosspost.errors import ConfigError
from crosspost.text import local_date


def _path(ctx: click.Context, _parameter: click.Parameter, value: str | None) -> Path:
    return find(value or ctx.find_root().obj)


@click.command("connect")
@click.option("--config", "-c", "path", metavar="FILE", callback=_path, help="The configuration file.")
@as_option
@click.argument("channel", metavar="CHANNEL")
@click.option("--adapter", metavar="KIND", help="Of which network a new channel is to be.")
@click.option("--way", metavar="NAME", help="How to connect, where a network has several ways.")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="On which port the answer is received. Default: a free one."
)
@click.option(
    "--redirect",
    metavar="URL",
    help="The address that you registered at the network; unless it is this machine's, its answer is pasted.",
)
@click.option(
    "--paste", is_flag=True, help="Paste the address the browser ends on: for another machine's browser."
)
@click.option("--no-browser", is_flag=True, help="Open no browser; only print the address.")
@click.option("--yes", "-y", is_flag=True, help="Write the channel into the configuration without asking.")
def connect(
    path: Path,
    made_by: str,
    channel: str,
    adapter: str | None,
    way: str | None,
    port: int | None,
    redirect: str | None,
    paste: bool,
    no_browser: bool,
    yes: bool,
) -> None:
    from crosspost.accounts.planned import Wanted, planned  # late: `--help` needs no network

    wanted = Wanted(
        channel=channel,
        made_by=made_by,
        adapter=adapter,
        way=way,
        port=port,
        redirect=redirect,
        paste=paste,
    )
    plan = planned(path, wanted)
    terminal = Terminal(browser=not (no_browser or paste))
    try:
        done = run(_connect(plan, wanted, terminal))
    except (KeyboardInterrupt, click.Abort):
        click.echo("\ncrosspost: interrupted; nothing was changed", err=True)
        raise click.Abort from None
    account = done.choice.account
    say(f"\n{channel} speaks for {account.name or account.id}" + (f", {account.url}" if account.url else ""))
    if done.key_file is not None:
        say(
            f"Credentials are kept under a new key, {done.key_file}: keep a copy of it, apart from the database"
        )
        from crosspost.views.safekeeping import key_with_database

        if says := key_with_database(plan.config.database, done.key_file):
            say(f"! {says}", err=True)
    if done.ends is not None:
        how = (
            " unless it is renewed before; crosspost sees to that"
            if done.renewable
            else ": crosspost tells you before"
        )
        say(f"It ends on {local_date(done.ends, plan.config.timezone)}{how}")
    for key in done.shadowed:
        say(f"! channels.{channel}.{key} still wins over it: take it out of {path}", err=True)
    for other in done.also:
        say(f"! {other} speaks for the same account: an entry goes out on one of the two, never on both")
    if done.lacks or done.spoiled:
        _write(path, channel, done, yes=yes)
    else:
        say(_NEXT.format(channel))


async def _connect(plan: Any, wanted: Any, terminal: Terminal) -> Any:
    from crosspost.accounts.connect import connect as carry_out
    from crosspost.house import open_house

    async with open_house(plan.config) as house:
        await house.database.migrate()
        return await carry_out(house, plan, wanted, terminal)


def _write(path: Path, channel: str, done: Any, *, yes: bool) -> None:
    """Offer to write what the configuration still needs into it, and take examples out; else show that."""
    from crosspost.config import edit

    lines = edit.snippet(channel, done.lacks, new=done.is_new) if done.lacks else ""
    where = "these lines" if done.is_new else f"this, in [channels.{channel}]"
    click.echo(f"\n{path} needs {where}:\n\n{lines}")
    for key in sorted(done.spoiled):
        click.echo(f"(without the line of {key}, which is an example)")
    click.echo()
    try:
        with interruptible():
            agreed = yes or (sys.stdin.isatty() and click.confirm("Write it there?", default=True))
    except click.Abort:
        click.echo(f"\ncrosspost: {channel} is connected; its table lacks the lines above: {path}", err=True)
        raise
    if not agreed:
        return
    try:
        edit.add(path, channel, done.lacks, without=done.spoiled)
    except ConfigError as error:
        raise ConfigError(f"{error}; the account is connected: add the lines above yourself") from error
    say(f"Written. {_NEXT.format(channel)}")


_NEXT = "Next: crosspost check --online, and crosspost preview --channel {}"


@click.command("disconnect")
@click.option("--config", "-c", "path", metavar="FILE", callback=_path, help="The configuration file.")
@as_option
@click.argument("channel", metavar="CHANNEL")
@click.option("--forget", is_flag=True, help="Forget it here though the network could not be told.")
def disconnect(path: Path, made_by: str, channel: str, forget: bool) -> None:
    from crosspost.accounts.disconnect import disconnect as carry_out
    from crosspost.cli.opened import in_house
    from crosspost.config.load import load_around
    from crosspost.house import House

    async def work(house: House) -> str:
        await house.database.migrate()
        return await carry_out(house, path, channel, made_by=made_by, forget=forget)

    config, _ = load_around(path, channel)
    click.echo(in_house(config, work))


@click.command("accounts")
@config_without_secrets
@json_option
@click.pass_context
def accounts(ctx: click.Context, config: Config, as_json: bool) -> None:
    from crosspost.cli.opened import in_house
    from crosspost.views.accounts import read_accounts

    views = in_house(config, read_accounts)
    if as_json:
        from crosspost.cli import as_json as machine  # late: it knows every view

        print_json([machine.account(view) for view in views])
    else:
        rows = [
            (
                view.channel,
                view.account or view.source,
                " ".join(view.scopes),
                f"{view.ends:%Y-%m-%d}" if view.ends else "never" if view.account else "",
                view.renewal,
            )
            for view in views
        ]
        show_table(("channel", "speaks for", "scopes", "ends", "renewed"), rows)
        for view in views:
            for problem in view.problems:
                click.echo(wrapped(f"! {view.channel}: {problem}", indent=2))
        if not views:
            click.echo("no channel needs an account", err=True)
    ctx.exit(1 if any(view.needs_person for view in views) else 0)


@click.group("secrets")
def secrets() -> None:
    pass


@secrets.command("rotate")
@config_without_secrets
def rotate(config: Config) -> None:
    """Keep all credentials under a new key."""
    from crosspost.accounts.rotate import rotate as carry_out
    from crosspost.cli.opened import in_house
    from crosspost.house import House

    async def work(house: House) -> list[str]:
        await house.database.migrate()
        return await carry_out(house)

    for line in in_house(config, work):
        click.echo(line)


COMMANDS = {
    "connect": connect,
    "disconnect": disconnect,
    "accounts": accounts,
    "secrets": secrets,
}

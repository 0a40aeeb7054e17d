"""The verbs about accounts, and about telling people: `connect` to `secrets`, and `notify`."""

import asyncio
import sys
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from crosspost.cli.loop import run
from crosspost.cli.options import as_option, config_without_secrets, json_option, print_json
from crosspost.cli.tables import show_table
from crosspost.cli.terminal import wrapped
from crosspost.config import Config, find
from crosspost.errors import ConfigError
from crosspost.redact import hide
from crosspost.text import local_date


class Terminal:
    """The person at the terminal."""

    def __init__(self, *, browser: bool) -> None:
        self.browser = browser

    def say(self, text: str) -> None:
        click.echo(hide(text))

    async def ask(self, question: str, *, default: str = "", hidden: bool = False) -> str:
        if not sys.stdin.isatty():  # answers from a pipe, one a line
            line = sys.stdin.readline()
            if not line:
                raise click.UsageError(
                    f"nobody answers: {question}; run this on a terminal, or pipe the answers in"
                )
            return line.strip() or default
        answer = await asyncio.to_thread(
            click.prompt, question, default=default, hide_input=hidden, show_default=bool(default)
        )
        return str(answer).strip()

    async def choose(self, question: str, options: Sequence[str]) -> int:
        self.say(question)
        for number, option in enumerate(options, 1):
            self.say(f"  {number}  {option}")
        answer = await self.ask("Number", default="1")
        if not (answer.isascii() and answer.isdigit() and 1 <= int(answer) <= len(options)):
            raise click.UsageError(f"{answer!r} is no number from 1 to {len(options)}")
        return int(answer) - 1

    def open(self, url: str) -> None:
        click.echo(f"\nOpen this address in a browser, and agree there:\n\n  {url}\n")
        if not self.browser:
            return
        try:
            opened = webbrowser.open(url)
        except webbrowser.Error:
            opened = False
        if not opened:
            click.echo(
                "No browser could be opened here: copy the address to one. If that is on another machine,"
            )
            click.echo("the answer cannot come back by itself: run this again with --paste.\n")


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
    "--redirect", metavar="URL", help="Another address that you registered at the network; implies --paste."
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
        paste=paste or redirect is not None,
    )
    plan = planned(path, wanted)
    terminal = Terminal(browser=not (no_browser or paste or redirect))
    done = run(_connect(plan, wanted, terminal))
    account = done.choice.account
    click.echo(
        f"\n{channel} speaks for {account.name or account.id}" + (f", {account.url}" if account.url else "")
    )
    if done.key_file is not None:
        click.echo(
            f"Credentials are kept under a new key, {done.key_file}: keep a copy of it, apart from the database"
        )
        from crosspost.views.safekeeping import key_with_database

        if says := key_with_database(plan.config.database, done.key_file):
            click.echo(f"! {says}", err=True)
    if done.ends is not None:
        how = (
            "unless it is used before; crosspost sees to that"
            if done.renewable
            else "crosspost tells you before"
        )
        click.echo(f"It ends on {local_date(done.ends, plan.config.timezone)}: {how}")
    for key in done.shadowed:
        click.echo(f"! channels.{channel}.{key} still wins over it: take it out of {path}", err=True)
    if done.lacks:
        _write(path, channel, done.lacks, is_new=done.is_new, yes=yes)


async def _connect(plan: Any, wanted: Any, terminal: Terminal) -> Any:
    from crosspost.accounts.connect import connect as carry_out
    from crosspost.house import open_house

    async with open_house(plan.config) as house:
        await house.database.migrate()
        return await carry_out(house, plan, wanted, terminal)


def _write(path: Path, channel: str, keys: dict[str, str], *, is_new: bool, yes: bool) -> None:
    """Offer to write the keys that the configuration still needs into it; else show them."""
    from crosspost.config import edit

    lines = edit.snippet(channel, keys, new=is_new)
    where = "these lines" if is_new else f"this, to [channels.{channel}]"
    click.echo(f"\n{path} needs {where}:\n\n{lines}\n")
    if not yes and not (sys.stdin.isatty() and click.confirm("Write it there?", default=True)):
        return
    try:
        edit.add(path, channel, keys)
    except ConfigError as error:
        raise ConfigError(f"{error}; the account is connected: add the lines above yourself") from error
    click.echo(f"Written. Next: crosspost check --online, and crosspost preview --channel {channel}")


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

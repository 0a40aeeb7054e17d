"""The verbs that keep the house: `migrate`, `backup` and `healthcheck`."""

from datetime import datetime, timedelta
from pathlib import Path

import click

from crosspost.cli.options import config_without_secrets, json_option, print_json
from crosspost.config import Config

PATIENCE = 3
"""How many heartbeats may fail to come before the daemon counts as dead."""


@click.command("migrate")
@config_without_secrets
def migrate(config: Config) -> None:
    from crosspost.cli.opened import in_house

    changed = in_house(config, lambda house: house.database.migrate())
    click.echo(f"{config.database}: {'brought up to date' if changed else 'is up to date'}")


@click.command("healthcheck")
@config_without_secrets
@json_option
@click.pass_context
def healthcheck(ctx: click.Context, config: Config, as_json: bool) -> None:
    from crosspost.http import utc_now

    beat = _last_beat(config)
    age = utc_now() - beat[0] if beat else None
    alive = beat is not None and age is not None and age <= timedelta(seconds=beat[1] * PATIENCE)
    if as_json:
        print_json({"alive": alive, "last": beat[0] if beat else None})
    elif age is None:
        click.echo(f"no daemon has run on {config.database} yet; start one with crosspost run")
    else:
        said = f"{int(age.total_seconds())} s ago"
        click.echo(f"alive, last seen {said}" if alive else f"the daemon was last seen {said}; is it running?")
    ctx.exit(0 if alive else 1)


def _last_beat(config: Config) -> tuple[datetime, int] | None:
    """Ask the quick way where there is one: a container asks every minute."""
    if config.database.path is not None:
        from crosspost.store import glance

        return glance.last_beat(config.database.path)
    from crosspost.cli.opened import in_house
    from crosspost.house import host
    from crosspost.store import channels

    return in_house(config, lambda house: house.read(channels.last_beat, host()))


@click.command("backup")
@config_without_secrets
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
def backup(config: Config, file: Path) -> None:
    from crosspost.store.backup import backup as copy

    size = copy(config.database, file)
    click.echo(f"{file}: {size:,} bytes. Put back, it announces nothing twice: see docs/operations.md")


COMMANDS = {"migrate": migrate, "backup": backup, "healthcheck": healthcheck}

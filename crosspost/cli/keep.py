"""The verbs that keep the house: `migrate` and `healthcheck`."""

import asyncio
from datetime import timedelta

import click

from crosspost.cli.options import config_option, json_option, print_json
from crosspost.config import Config

PATIENCE = 3
"""How many heartbeats may fail to come before the daemon counts as dead."""


@click.command("migrate")
@config_option
def migrate(config: Config) -> None:
    async def work() -> bool:
        from crosspost.store.database import Database

        database = Database(config.database)
        try:
            return await database.migrate()
        finally:
            await database.close()

    changed = asyncio.run(work())
    click.echo(f"{config.database}: {'brought up to date' if changed else 'is up to date'}")


@click.command("healthcheck")
@config_option
@json_option
@click.pass_context
def healthcheck(ctx: click.Context, config: Config, as_json: bool) -> None:
    from crosspost.http import utc_now
    from crosspost.store import glance

    beat = glance.last_beat(config.database)
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


COMMANDS = {"migrate": migrate, "healthcheck": healthcheck}

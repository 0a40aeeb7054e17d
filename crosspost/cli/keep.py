"""The verbs that keep the house: `migrate`, `backup` and `healthcheck`."""

from pathlib import Path

import click

from crosspost.cli.options import config_without_secrets, json_option, print_json
from crosspost.cli.terminal import say
from crosspost.config import Config
from crosspost.policy.pulse import Pulse, judge_pulse


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
    life = _life(config)
    if as_json:
        print_json({"alive": life.alive, "last": life.last})
    else:
        say(life.text or f"no daemon has run on {config.database} yet; start one with crosspost run")
    ctx.exit(0 if life.alive else 1)


def _life(config: Config) -> Pulse:
    """Ask the quick way where there is one: a container asks every minute."""
    if config.database.path is not None:
        from crosspost.http import utc_now
        from crosspost.store import glance

        return judge_pulse(glance.signs(config.database.path), utc_now(), config.timezone)
    from crosspost.cli.opened import in_house
    from crosspost.house import House, host
    from crosspost.store import channels

    async def judged(house: House) -> Pulse:
        signs = await house.read(channels.signs, host())
        return judge_pulse(signs or (), house.now(), config.timezone)

    return in_house(config, judged)


@click.command("backup")
@config_without_secrets
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
def backup(config: Config, file: Path) -> None:
    from crosspost.store.backup import backup as copy

    size = copy(config.database, file)
    say(f"{file}: {size:,} bytes. Put back, it announces nothing twice: see docs/operations.md")


COMMANDS = {"migrate": migrate, "backup": backup, "healthcheck": healthcheck}

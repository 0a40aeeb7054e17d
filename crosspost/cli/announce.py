"""The verb by which a person has something announced: `announce`."""

from datetime import datetime

import click

from crosspost.cli.options import as_option, config_without_secrets, json_option, print_json
from crosspost.cli.terminal import say
from crosspost.config import Config


@click.command("announce")
@config_without_secrets
@as_option
@json_option
@click.argument("what", metavar="URL|ENTRY")
@click.option(
    "--channel", "channels", multiple=True, metavar="NAME", help="On this channel alone. Can be repeated."
)
@click.option("--at", metavar="WHEN", help='Not before: "2026-12-01 09:00", "tomorrow 9:00", 15:30, "in 2h".')
def announce(
    config: Config, made_by: str, as_json: bool, what: str, channels: tuple[str, ...], at: str | None
) -> None:
    from crosspost.cli.opened import in_house  # late: `--help` needs no database
    from crosspost.house import House
    from crosspost.people.announce import Wanted
    from crosspost.people.announce import announce as carry_out
    from crosspost.views.announced import AnnouncedView, read_announced

    async def work(house: House) -> AnnouncedView:
        moment = _moment(at, house.now(), config) if at is not None else None
        wanted = Wanted(what=what.strip(), made_by=made_by, channels=channels, at=moment)
        return await read_announced(house, await carry_out(house, wanted))

    view = in_house(config, work)
    if as_json:
        from crosspost.cli import as_json as machine  # late: it knows every view

        print_json(machine.announced(view))
        return
    from crosspost.http import utc_now

    say(f"{click.style(view.title, bold=True)} (entry {view.entry_id}, {view.permalink})")
    wide = max(len(each.channel) for each in view.channels)
    for each in view.channels:
        where = f": {each.url}" if each.url else ""
        say(f"  {each.channel:{wide}}  {each.text}{where}", indent=wide + 4)
    if view.what_next:
        later = all(each.at is not None and each.at > utc_now() for each in view.channels)
        say(
            f"next: {view.what_next}"
            + (", once it is time; cron and crosspost run see to that" if later else "")
        )


def _moment(said: str, now: datetime, config: Config) -> datetime:
    from crosspost.config.moment import parse_moment

    try:
        return parse_moment(said, now, config.timezone)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--at") from error


COMMANDS = {"announce": announce}

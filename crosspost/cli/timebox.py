"""The verbs of the time box: `plan`, `spent` and `assign`."""

import sys
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import click

from crosspost.cli.options import as_option, config_without_secrets, duration, json_option, print_json
from crosspost.cli.tables import show_limits
from crosspost.cli.terminal import wrapped
from crosspost.config import Config
from crosspost.text import local_time

WEEK = 7
_HANGING = 9
"""Where what belongs to a delivery begins: after its time of day."""


@click.command("plan")
@config_without_secrets
@json_option
@click.option("--texts", is_flag=True, help="Show each text in full.")
def plan(config: Config, as_json: bool, texts: bool) -> None:
    from crosspost.cli.opened import in_house
    from crosspost.views.plan import read_plan  # late: `--help` needs no database

    view = in_house(config, read_plan)
    if as_json:
        from crosspost.cli import as_json as machine  # late: it knows every view

        print_json(machine.plan(view))
        return
    show_limits(limit for limit in view.limits if limit.scope.kind != "channel")
    for problem in view.problems:
        click.echo(f"crosspost: {problem}", err=True)
    for sentence in view.hours:
        click.echo(sentence, err=True)
    if not view.deliveries:
        says = "nothing is ahead: no entry waits, and the feeds have nothing new to announce"
        click.echo(wrapped(says, err=True), err=True)
    if sys.stdout.isatty():
        _show_week(view.deliveries, view.now.date(), texts)
        return
    for delivery in view.deliveries:
        at = delivery.at.isoformat(timespec="seconds") if delivery.at else "never" if delivery.skipped else "?"
        cells = (
            at,
            delivery.channel,
            delivery.title,
            _facts(delivery),
            delivery.reason,
            str(delivery.entry_id),
        )
        click.echo("\t".join(" ".join(cell.split()) for cell in cells))
        if texts:
            _show_text(delivery)


def _show_week(planned: Sequence[Any], today: date, texts: bool) -> None:
    """Show the next seven days, one after the other, and then what comes later or never."""
    days = [today + timedelta(days=ahead) for ahead in range(WEEK)]
    timed = [(delivery, delivery.at) for delivery in planned if delivery.at is not None]
    for day in days:
        here = [(delivery, at) for delivery, at in timed if at.date() == day]
        title = click.style(f"{day:%A} {day.day} {day:%B}", bold=True)
        click.echo(title + ("" if here else click.style("  –", dim=True)))
        for delivery, at in here:
            _show_delivery(delivery, f"{at:%H:%M}", texts)
    later = [(delivery, local_time(at, at.tzinfo)) for delivery, at in timed if at.date() > days[-1]]
    blank = " " * 5
    for title, rest in (
        ("Later", later),
        ("Not in sight", [(delivery, blank) for delivery in planned if not (delivery.at or delivery.skipped)]),
        ("Will be skipped", [(delivery, blank) for delivery in planned if delivery.skipped]),
    ):
        if rest:
            click.echo(click.style(title, bold=True))
        for delivery, when in rest:
            _show_delivery(delivery, when, texts)


def _show_delivery(delivery: Any, when: str, texts: bool) -> None:
    facts = click.style(_facts(delivery), dim=True)
    named = f"{delivery.title} ({delivery.entry_id})"
    line = f"  {when}  {click.style(delivery.channel, fg='cyan')}  {named}  {facts}"
    click.echo(wrapped(line, indent=_HANGING))
    if delivery.reason:
        click.echo(click.style(wrapped(f"{' ' * _HANGING}{delivery.reason}", indent=_HANGING), dim=True))
    if texts:
        _show_text(delivery)


def _show_text(delivery: Any) -> None:
    for line in delivery.text.splitlines():
        click.echo(wrapped(f"{' ' * _HANGING}{line}".rstrip(), indent=_HANGING))


def _facts(delivery: Any) -> str:
    """Say what it measures and costs: `123 of 280, 6m, 0.20 USD`."""
    length = f"{delivery.length} of {delivery.limit}" if delivery.limit else str(delivery.length)
    dry = "shown, not sent (dry run)" if delivery.dry_run else ""
    return ", ".join(filter(None, (length, delivery.attention, delivery.money, dry)))


@click.command("spent")
@config_without_secrets
@as_option
@click.argument("much", metavar="DURATION", callback=duration)
@click.option("--channel", metavar="NAME", help="On this channel; it costs its owner.")
@click.option("--person", metavar="NAME", help="It cost this person.")
@click.option(
    "--instead", type=click.IntRange(1, 2**63 - 1), metavar="ID", help="Instead of a delivery's estimate."
)
@click.option("--note", default="", metavar="TEXT", help="What it was for.")
def spent(
    config: Config,
    made_by: str,
    much: timedelta,
    channel: str | None,
    person: str | None,
    instead: int | None,
    note: str,
) -> None:
    if instead is not None and (channel or person):
        raise click.UsageError("--instead names a delivery, whose channel and person are known")
    if not much and instead is None:
        raise click.UsageError(
            "0m changes nothing; give the minutes, or --instead ID for a delivery that took none"
        )
    if much > timedelta(days=1):
        raise click.UsageError("more than a day at once is no time box; give it day by day")
    from crosspost.cli.opened import in_house
    from crosspost.house import House
    from crosspost.people.share import Spent, spend
    from crosspost.views.usage import Usage, read_usage

    async def work(house: House) -> Sequence[Usage]:
        given = Spent(much=much, made_by=made_by, channel=channel, person=person, instead=instead, note=note)
        await spend(house, given)
        return await read_usage(house)

    limits = in_house(config, work)
    click.echo(f"booked, by {made_by}")
    show_limits(limit for limit in limits if limit.unit == "minutes")


@click.command("assign")
@config_without_secrets
@as_option
@click.argument("channel", metavar="CHANNEL")
@click.argument("person", metavar="[PERSON]", required=False)
def assign(config: Config, made_by: str, channel: str, person: str | None) -> None:
    from crosspost.cli.opened import in_house
    from crosspost.people.share import assign as carry_out

    owner = in_house(config, lambda house: carry_out(house, channel, person, made_by=made_by))
    again = "" if person else " again, as the configuration says"
    click.echo(f"{channel} is {f'{owner}’s' if owner else 'nobody’s'}{again}")


COMMANDS = {"plan": plan, "spent": spent, "assign": assign}

"""The verbs of the time box: `plan`, `spent` and `assign`."""

import asyncio
import sys
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import click

from crosspost.cli.options import as_option, config_option, duration, json_option, print_json
from crosspost.cli.printing import show_limits
from crosspost.config import Config

WEEK = 7


@click.command("plan")
@config_option
@json_option
@click.option("--texts", is_flag=True, help="Show each text in full.")
def plan(config: Config, as_json: bool, texts: bool) -> None:
    from crosspost.look.plan import read_plan  # late: `--help` needs no database

    found = asyncio.run(read_plan(config))
    if as_json:
        print_json(found)
        return
    show_limits(one for one in found["limits"] if one["scope"] != "channel")
    for problem in found["problems"]:
        click.echo(f"crosspost: {problem}", err=True)
    if not found["deliveries"]:
        click.echo("nothing is ahead: no entry waits, and the feeds have nothing new to announce", err=True)
    if sys.stdout.isatty():
        _show_week(found["deliveries"], datetime.fromisoformat(found["now"]).date(), texts)
        return
    for one in found["deliveries"]:
        cells = (
            one["at"] or ("never" if one["skipped"] else "?"),
            one["channel"],
            one["title"],
            _facts(one),
            one["reason"],
        )
        click.echo("\t".join(" ".join(cell.split()) for cell in cells))
        if texts:
            _show_text(one)


def _show_week(planned: Sequence[dict[str, Any]], today: date, texts: bool) -> None:
    """Show the next seven days, one after the other, and then what comes later or never."""
    days = [today + timedelta(days=ahead) for ahead in range(WEEK)]
    at = {one["id"]: datetime.fromisoformat(one["at"]) if one["at"] else None for one in planned}
    for day in days:
        here = [one for one in planned if (when := at[one["id"]]) and when.date() == day]
        click.echo(
            click.style(f"{day:%A} {day.day} {day:%B}", bold=True)
            + ("" if here else click.style("  –", dim=True))
        )
        for one in here:
            _show_one(one, f"{at[one['id']]:%H:%M}", texts)
    for title, rest in (
        ("Later", [one for one in planned if (when := at[one["id"]]) and when.date() > days[-1]]),
        ("Not in sight", [one for one in planned if not at[one["id"]] and not one["skipped"]]),
        ("Will be skipped", [one for one in planned if one["skipped"]]),
    ):
        if rest:
            click.echo(click.style(title, bold=True))
        for one in rest:
            when = at[one["id"]]
            _show_one(one, f"{when:%a %Y-%m-%d %H:%M}" if when else "     ", texts)


def _show_one(one: dict[str, Any], when: str, texts: bool) -> None:
    facts = click.style(_facts(one), dim=True)
    click.echo(f"  {when}  {click.style(one['channel'], fg='cyan')}  {one['title']}  {facts}")
    if one["reason"]:
        click.echo(click.style(f"         {one['reason']}", dim=True))
    if texts:
        _show_text(one)


def _show_text(one: dict[str, Any]) -> None:
    for line in one["text"].splitlines():
        click.echo(f"         {line}".rstrip())


def _facts(one: dict[str, Any]) -> str:
    """Say what it measures and costs: `123 of 280, 6m, 0.20 USD`."""
    length = f"{one['length']} of {one['limit']}" if one["limit"] else str(one["length"])
    dry = "dry run" if one["dry_run"] else ""
    return ", ".join(filter(None, (length, one["attention"], one["money"], dry)))


@click.command("spent")
@config_option
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
    from crosspost.http import utc_now
    from crosspost.look.limits import read_limits
    from crosspost.look.store import read
    from crosspost.share import Spent, spend

    async def work() -> list[dict[str, Any]]:
        given = Spent(much=much, made_by=made_by, channel=channel, person=person, instead=instead, note=note)
        await spend(config, given)
        return await read(config, read_limits, config, utc_now()) or []

    found = asyncio.run(work())
    click.echo(f"booked, by {made_by}")
    show_limits(one for one in found if one["unit"] == "minutes")


@click.command("assign")
@config_option
@as_option
@click.argument("channel", metavar="CHANNEL")
@click.argument("person", metavar="[PERSON]", required=False)
def assign(config: Config, made_by: str, channel: str, person: str | None) -> None:
    from crosspost.share import assign as carry_out

    owner = asyncio.run(carry_out(config, channel, person, made_by=made_by))
    again = "" if person else " again, as the configuration says"
    click.echo(f"{channel} is {f'{owner}’s' if owner else 'nobody’s'}{again}")


COMMANDS = {"plan": plan, "spent": spent, "assign": assign}

"""The verbs that show: `check`, `preview`, `status`, `deliveries`, `adapters`. They change nothing."""

import asyncio
from collections.abc import Mapping
from typing import Any

import click

from crosspost.cli.options import config_option, json_option, print_json
from crosspost.cli.printing import show_limits, show_preview, show_table
from crosspost.config import Config
from crosspost.config.secrets import is_secret
from crosspost.errors import ConfigError
from crosspost.model import State


@click.command("check")
@config_option
@json_option
@click.option("--online", is_flag=True, help="Also read each feed and ask each network who we are.")
@click.pass_context
def check(ctx: click.Context, config: Config, as_json: bool, online: bool) -> None:
    from crosspost.look.check import check_offline, check_online

    found = asyncio.run(check_online(config)) if online else check_offline(config)
    if as_json:
        print_json({"config": str(config.path), "findings": [vars(one) for one in found]})
    else:
        click.echo(f"{config.path}: feeds: {len(config.feeds)}, channels: {len(config.channels)}")
        for one in found:
            mark = click.style("✓", fg="green") if one.good else click.style("✗", fg="red")
            click.echo(f"{mark} {one.subject}: {one.text}")
    ctx.exit(0 if all(one.good for one in found) else 1)


@click.command("preview")
@config_option
@json_option
@click.argument("entry", required=False, metavar="[URL|ENTRY]")
@click.option("--channel", metavar="NAME", help="Only this channel.")
def preview(config: Config, as_json: bool, entry: str | None, channel: str | None) -> None:
    from crosspost.look.preview import preview_entries

    if channel is not None and channel not in config.channels:
        raise ConfigError(f"there is no channel {channel!r}; there are: {', '.join(config.channels)}")
    shown = asyncio.run(preview_entries(config, entry, only=channel))
    if as_json:
        print_json(shown)
        return
    for one in shown:
        click.echo(f"{click.style(one['channel'], bold=True)}: {one['title'] or one['permalink']}")
        if one["skipped"]:
            click.echo(f"    not announced here: {one['skipped']}")
        else:
            show_preview(one)
        for warning in one["warnings"]:
            click.echo(f"    {click.style('!', fg='yellow')} {warning}")


@click.command("status")
@config_option
@json_option
@click.pass_context
def status(ctx: click.Context, config: Config, as_json: bool) -> None:
    from crosspost.look.status import read_status

    found = asyncio.run(read_status(config))
    if as_json:
        print_json(found)
    else:
        show_table(
            ("feed", "last read", "problem"),
            [(one["name"], one["last_read"] or "never", one["problem"]) for one in found["feeds"]],
        )
        rows = [
            (
                one["name"],
                one["adapter"],
                one["owner"],
                _counted(one["deliveries"]),
                f"closed {one['closed']}" if one["closed"] else one["waits"] and f"waits {one['waits']}",
            )
            for one in found["channels"]
        ]
        show_table(("channel", "adapter", "owner", "deliveries", "closed, or waits"), rows)
        show_limits(found["limits"])
        for line in found["needs_person"]:
            click.echo(f"! {line}")
        if not found["needs_person"]:
            click.echo("nothing needs you")
    ctx.exit(1 if found["needs_person"] else 0)


def _counted(counts: Mapping[str, int]) -> str:
    """Name the states that have deliveries, in the order of a delivery's life."""
    return ", ".join(f"{counts[state]} {state}" for state in State if counts.get(state)) or "none yet"


@click.command("deliveries")
@config_option
@json_option
@click.option(
    "--state", "states", multiple=True, type=click.Choice([str(s) for s in State]), help="Those in this state."
)
@click.option("--channel", metavar="NAME", help="Those of one channel.")
@click.option("--feed", metavar="NAME", help="Those of one feed.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000), help="How many.")
def deliveries(
    config: Config,
    as_json: bool,
    states: tuple[str, ...],
    channel: str | None,
    feed: str | None,
    limit: int,
) -> None:
    from crosspost.look.status import list_deliveries

    wanted = {State(state) for state in states}
    found = asyncio.run(list_deliveries(config, states=wanted, channel=channel, feed=feed, limit=limit))
    if as_json:
        print_json(found)
        return
    if not found:
        click.echo("no deliveries", err=True)
    rows = [
        (str(one["id"]), one["state"], one["channel"], one["title"], one["url"] or one["reason"])
        for one in found
    ]
    show_table(("id", "state", "channel", "entry", "where or why"), rows)


@click.command("adapters")
@json_option
def adapters(as_json: bool) -> None:
    from crosspost.contract.registry import adapter_class, kinds

    found = {kind: _described(adapter_class(kind)) for kind in kinds()}
    if as_json:
        print_json(found)
        return
    for kind, described in found.items():
        click.echo(f"{click.style(kind, bold=True)}: {described['summary']}")
        for name, text in described["settings"].items():
            click.echo(f"    {name:20} {text}")


def _described(adapter: Any) -> Mapping[str, Any]:
    settings = {}
    for name, field in adapter.Settings.model_fields.items():
        marks = []
        if is_secret(field):
            marks.append("secret")
        if field.is_required():
            marks.append("required")
        settings[name] = (field.description or "") + (f" ({', '.join(marks)})" if marks else "")
    return {"summary": (adapter.__doc__ or "").split("\n")[0], "settings": settings}


COMMANDS = {
    "check": check,
    "preview": preview,
    "status": status,
    "deliveries": deliveries,
    "adapters": adapters,
}

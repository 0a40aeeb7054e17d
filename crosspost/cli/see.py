"""The verbs that show: `check`, `preview`, `status`, `deliveries`, `adapters`. They decide nothing."""

from collections.abc import Mapping
from typing import Any

import click

from crosspost.cli.needs import show_needs
from crosspost.cli.options import (
    config_option,
    config_without_secrets,
    json_option,
    loaded,
    print_json,
    requests_option,
)
from crosspost.cli.shown import show_preview, show_request
from crosspost.cli.tables import show_limits, show_table
from crosspost.cli.terminal import columns, say, wrapped
from crosspost.config import Config
from crosspost.config.secrets import is_secret
from crosspost.errors import ConfigError
from crosspost.model import STANDINGS
from crosspost.text import local_time


@click.command("check")
@config_option
@json_option
@click.option("--online", is_flag=True, help="Also read each feed and ask each network who we are.")
@click.pass_context
def check(ctx: click.Context, config: Config, as_json: bool, online: bool) -> None:
    from crosspost.cli.opened import in_house
    from crosspost.views.check import check_here, check_online, next_step

    findings = in_house(config, check_online if online else check_here)
    then = next_step(config, findings, online=online)
    if as_json:
        from crosspost.cli import as_json as machine  # late: it knows every view

        print_json(
            {
                "config": str(config.path),
                "findings": [machine.finding(finding) for finding in findings],
                "next": then,
            }
        )
    else:
        say(f"{config.path}: feeds: {len(config.feeds)}, channels: {len(config.channels)}")
        for finding in findings:
            mark = click.style("✓", fg="green") if finding.good else click.style("✗", fg="red")
            mark = click.style("!", fg="yellow") if finding.warns else mark
            click.echo(wrapped(f"{mark} {finding.subject}: {finding.text}", indent=2))
        say(f"Next: {then}")
    ctx.exit(0 if all(finding.good for finding in findings) else 1)


@click.command("preview")
@click.option("--config", "-c", "path", metavar="FILE", help="The configuration file.")
@json_option
@requests_option
@click.argument("entry", required=False, metavar="[URL|ENTRY]")
@click.option("--channel", metavar="NAME", help="Only this channel.")
@click.option(
    "--feed",
    "feeds",
    multiple=True,
    metavar="FILE|URL",
    help="Show any feed (-: standard input; a folder: those in it), without a configuration. Can be repeated.",
)
@click.option("--network", "networks", multiple=True, metavar="NAME", help="With --feed: only this network.")
@click.option(
    "--entries", "most", metavar="N|all", help="With --feed: how many entries. Default: the newest 3."
)
@click.option("--pictures", is_flag=True, help="With --feed: fetch the entries' pictures, too.")
@click.pass_context
def preview(
    ctx: click.Context,
    path: str | None,
    as_json: bool,
    requests: bool,
    entry: str | None,
    channel: str | None,
    feeds: tuple[str, ...],
    networks: tuple[str, ...],
    most: str | None,
    pictures: bool,
) -> None:
    named = path or ctx.find_root().obj
    if feeds:
        from crosspost.cli.feeds import Wanted, show_feeds

        wanted = Wanted(feeds=feeds, config=named, channel=channel, networks=networks)
        ctx.exit(show_feeds(wanted, entry=entry, most=most, pictures=pictures, as_json=as_json))
    if networks or most is not None or pictures:
        raise click.UsageError("--network, --entries and --pictures go with --feed")
    _preview_configured(loaded(named, secrets=False), entry, channel, as_json=as_json, requests=requests)


def _preview_configured(
    config: Config, entry: str | None, channel: str | None, *, as_json: bool, requests: bool
) -> None:
    from crosspost.cli.opened import in_house
    from crosspost.views.preview import preview_entries

    if channel is not None and channel not in config.channels:
        raise ConfigError(f"there is no channel {channel!r}; there are: {', '.join(config.channels)}")
    views = in_house(config, lambda house: preview_entries(house, entry, only=channel))
    if as_json:
        from crosspost.cli import as_json as machine  # late: it knows every view

        print_json([machine.preview(view) for view in views])
        return
    for view in views:
        number = f" ({view.entry_id})" if view.entry_id else ""
        named = f"{click.style(view.channel, bold=True)}: {view.title or view.permalink}{number}"
        click.echo(wrapped(named, indent=2))
        if view.preview is None:
            click.echo(wrapped(f"    not announced here: {view.skipped}", indent=4))
        else:
            show_preview(view.preview, cut=view.cut)
            if requests:
                show_request(view.preview)
        for warning in view.warnings:
            click.echo(wrapped(f"    {click.style('!', fg='yellow')} {warning}", indent=6))


@click.command("status")
@config_without_secrets
@json_option
@click.pass_context
def status(ctx: click.Context, config: Config, as_json: bool) -> None:
    from crosspost.cli.opened import in_house
    from crosspost.views.status import read_status

    view = in_house(config, read_status)
    if as_json:
        from crosspost.cli import as_json as machine  # late: it knows every view

        print_json(machine.status(view))
    else:
        show_table(
            ("feed", "last read", "problem"),
            [
                (
                    feed.name,
                    local_time(feed.last_read, feed.last_read.tzinfo) if feed.last_read else "never",
                    _what_of(feed),
                )
                for feed in view.feeds
            ],
        )
        rows = [
            (
                channel.name,
                channel.adapter or "(not configured)",
                channel.owner,
                _counted(channel.deliveries),
                f"closed {channel.closed}" if channel.closed else channel.waits and f"waits {channel.waits}",
            )
            for channel in view.channels
        ]
        show_table(("channel", "adapter", "owner", "deliveries", "closed, or waits"), rows)
        show_limits(view.limits)
        show_needs(view.needs)
        for remark in view.remarks:
            click.echo(wrapped(f"· {remark}", indent=2))
        if not view.needs:
            click.echo(f"nothing {'else ' if view.remarks else ''}needs you")
    ctx.exit(1 if view.needs else 0)


def _what_of(feed: Any) -> str:
    """Say what is wrong with a feed, and where it is read if it moved."""
    passes = "you are told if that lasts" if feed.problem and not feed.lasts else ""
    return "; ".join(filter(None, (feed.problem, passes, feed.moved_to and f"moved to {feed.moved_to}")))


def _counted(counts: Mapping[str, int]) -> str:
    """Say how many deliveries stand how, in the order of a delivery's life."""
    return ", ".join(f"{counts[word]} {word}" for word in STANDINGS if counts.get(word)) or "none yet"


@click.command("deliveries")
@config_without_secrets
@json_option
@click.option("--state", "states", multiple=True, type=click.Choice(STANDINGS), help="Those in this state.")
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
    from crosspost.cli.opened import in_house
    from crosspost.views.deliveries import list_deliveries

    views = in_house(
        config,
        lambda house: list_deliveries(house, states=states, channel=channel, feed=feed, limit=limit),
    )
    if as_json:
        from crosspost.cli import as_json as machine  # late: it knows every view

        print_json([machine.delivery(view) for view in views])
        return
    if not views:
        click.echo("no deliveries", err=True)
    rows: list[tuple[str, ...]] = [
        (str(view.id), view.state, view.channel, view.title, view.url or view.reason, str(view.entry_id))
        for view in views
    ]
    if columns() is not None:  # scripts find each thing in its place; people read the two together
        rows = [(*row[:3], f"{row[3]} ({row[5]})", row[4]) for row in rows]
    show_table(("id", "state", "channel", "entry (its id)", "where or why"), rows)


@click.command("adapters")
@json_option
@click.argument("kind", required=False, metavar="[KIND]")
def adapters(as_json: bool, kind: str | None) -> None:
    from crosspost.contract.guide import guide
    from crosspost.contract.registry import adapter_class, kinds

    shown = [kind] if kind is not None else list(kinds())
    known = {each: _described(adapter_class(each)) for each in shown}
    if as_json:
        print_json(known)
        return
    for each, described in known.items():
        say(f"{click.style(each, bold=True)}: {described['summary']}", indent=4)
        for name, text in described["settings"].items():
            say(f"    {name:20} {text}", indent=25)
    if kind is None:
        say("\nWhat to click, what is refused and why, what it costs: crosspost adapters KIND")
    elif (page := guide(kind)) is not None:
        from crosspost.cli.page import show_page  # late: only this shows one

        click.echo()
        show_page(page.strip())


def _described(adapter: Any) -> Mapping[str, Any]:
    from crosspost.contract.registry import can_connect

    settings = {}
    for name, field in adapter.Settings.model_fields.items():
        marks = []
        if is_secret(field):
            marks.append("secret")
        if field.is_required():
            marks.append("required; crosspost connect fills it in" if can_connect(adapter) else "required")
        settings[name] = (field.description or "") + (f" ({', '.join(marks)})" if marks else "")
    return {"summary": (adapter.__doc__ or "").split("\n")[0], "settings": settings}


COMMANDS = {
    "check": check,
    "preview": preview,
    "status": status,
    "deliveries": deliveries,
    "adapters": adapters,
}

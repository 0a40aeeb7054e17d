"""Show events, tables and previews: with colours and a bar on a terminal, as plain lines elsewhere."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from crosspost.redact import hide
from crosspost.report import Event, Tell, What

_MARKS = {
    What.FEED_UNCHANGED: ("·", None),
    What.FEED_READ: ("·", None),
    What.FEED_HELD: ("!", "yellow"),
    What.FEED_FAILED: ("!", "yellow"),
    What.ENTRY_PASSED: ("-", None),
    What.DELIVERED: ("✓", "green"),
    What.SHOWN: ("→", "cyan"),
    What.WAITS: ("…", "yellow"),
    What.SKIPPED: ("-", None),
    What.FAILED: ("✗", "red"),
    What.UNCERTAIN: ("?", "yellow"),
    What.CHANNEL_CLOSED: ("!", "red"),
    What.ENDS: ("!", "yellow"),
}


class EventPrinter:
    """Print events as they come, and remember whether one needs a person."""

    def __init__(self, *, as_json: bool, quiet: bool) -> None:
        self.as_json = as_json
        self.quiet = quiet
        self.needs_person = False

    def __call__(self, event: Event) -> None:
        self.needs_person = self.needs_person or event.needs_person
        if event.what is What.DUE or (self.quiet and not event.needs_person):
            return
        if self.as_json:
            line = {"event": event.what, "subject": event.subject, "text": event.text, **event.data}
            click.echo(hide(json.dumps(line, ensure_ascii=False, default=str)))
            return
        mark, colour = _MARKS[event.what]
        click.echo(f"{click.style(mark, fg=colour)} {click.style(event.subject, bold=True)}: {event.text}")
        if event.what is What.SHOWN:
            show_preview(event.data)


@contextmanager
def progress(tell: Tell) -> Iterator[Tell]:
    """Draw a bar of the deliveries under way beside what is told; only on a terminal."""
    if not (sys.stderr.isatty() and sys.stdout.isatty()):
        yield tell
        return
    from rich.console import Console  # late: cron never sees a terminal
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    ends = {What.DELIVERED, What.SHOWN, What.WAITS, What.SKIPPED, What.FAILED, What.UNCERTAIN}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        reading = bar.add_task("Reading feeds", total=None)
        delivering = bar.add_task("Delivering", total=None, visible=False)

        def told(event: Event) -> None:
            if event.what is What.DUE:
                bar.update(reading, visible=False)
                bar.update(delivering, total=event.data["count"], visible=True)
            elif event.what in ends:
                bar.advance(delivering)
            tell(event)

        yield told


def show_preview(data: Any) -> None:
    """Print a draft as the network would show it, its count, and the request that carries it."""
    for line in data["text"].splitlines():
        click.echo(f"    {line}")
    facts = {
        "link": data["link"],
        "card": " — ".join(filter(None, (data["title"], data["description"]))),
        "tags": " ".join(f"#{tag}" for tag in data["hashtags"]),
        "picture": data["picture"],
        "length": f"{data['length']} of {data['limit']}" if data["limit"] else str(data["length"]),
        "cut": data.get("cut", ""),
        "cost": data["cost"],
        "note": data["note"],
    }
    for name, value in facts.items():
        if value:
            click.echo(f"    {click.style(f'{name:8}', dim=True)} {value}")
    if data["request"]:
        request = data["request"]
        click.echo(f"    {click.style('request ', dim=True)} {request['method']} {request['url']}")
        for line in json.dumps(request["body"], ensure_ascii=False, indent=2).splitlines():
            click.echo(click.style(f"             {line}", dim=True))


def show_limits(limits: Iterable[dict[str, Any]]) -> None:
    """Print how full limits are: with a bar on a terminal."""
    for one in limits:
        whose = one["name"] or "time box"
        full = min(one["used"] / one["amount"], 1.0)
        colour = "red" if full >= 1 else "yellow" if full >= 0.8 else "green"
        bar = click.style("█" * round(full * _BAR), fg=colour) + click.style(
            "░" * (_BAR - round(full * _BAR)), dim=True
        )
        said = one["sentence"] or f"{one['used_text']} used, {one['left_text']} left"
        frees = f", frees {one['frees'][:16].replace('T', ' ')}" if one["frees"] else ""
        shown = f"{bar}  " if sys.stdout.isatty() else ""
        click.echo(f"{shown}{click.style(whose, bold=True)} {one['limit']}: {said}{frees}")


_BAR = 20


def show_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows: a table on a terminal, tab-separated lines elsewhere."""
    if not sys.stdout.isatty():
        for row in rows:
            click.echo("\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in head:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)

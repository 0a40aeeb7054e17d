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
    What.RENAMED: ("·", None),
    What.ENTRY_PASSED: ("-", None),
    What.DELIVERED: ("✓", "green"),
    What.SHOWN: ("→", "cyan"),
    What.WAITS: ("…", "yellow"),
    What.HELD: ("!", "yellow"),
    What.HANDED: ("!", "yellow"),
    What.SKIPPED: ("-", None),
    What.FAILED: ("✗", "red"),
    What.UNCERTAIN: ("?", "yellow"),
    What.RETRACTED: ("-", None),
    What.CHANNEL_CLOSED: ("!", "red"),
    What.CLOCK_DOUBTED: ("!", "red"),
    What.ENDS: ("!", "yellow"),
    What.UNHEARD: ("!", "yellow"),
    What.NEEDED: ("!", "yellow"),
    What.OVER: ("✓", "green"),
}


class EventPrinter:
    """Print events as they come; with `quiet`, only what is new in what needs a person, and what is over.

    Without it, whatever needs a person is printed at the end, new or not: see `show_needs`.
    """

    def __init__(self, *, as_json: bool, quiet: bool) -> None:
        self.as_json = as_json
        self.quiet = quiet

    def __call__(self, event: Event) -> None:
        is_news = event.what in (What.NEEDED, What.OVER)
        if event.what is What.DUE or (self.quiet and not is_news):
            return
        if event.what is What.NEEDED and not self.quiet and not self.as_json:
            return
        if self.as_json:
            line = {"event": event.what, "subject": event.subject, "text": event.text, **event.data}
            click.echo(hide(json.dumps(line, ensure_ascii=False, default=str)))
            return
        mark, colour = _MARKS[event.what]
        subject = f"{click.style(event.subject, bold=True)}: " if event.subject else ""
        over = f"{event.what}: " if event.what is What.OVER else ""
        click.echo(f"{click.style(mark, fg=colour)} {subject}{over}{event.text}")
        if event.what is What.SHOWN:
            show_preview(event.shown)


def show_needs(needs: Iterable[Any]) -> None:
    """Print what needs a person (`policy.Need`), a line each."""
    for need in needs:
        click.echo(f"! {need.text}")


@contextmanager
def progress(tell: Tell) -> Iterator[Tell]:
    """Draw a bar of the deliveries under way beside what is told; only on a terminal."""
    if not (sys.stderr.isatty() and sys.stdout.isatty()):
        yield tell
        return
    from rich.console import Console  # late: cron never sees a terminal
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    ends = {What.DELIVERED, What.SHOWN, What.WAITS, What.HANDED, What.SKIPPED, What.FAILED, What.UNCERTAIN}
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


def show_preview(shown: Any, *, cut: str = "") -> None:
    """Print a preview (`compose.preview.Preview`): the text, its count, and the request that carries it."""
    from crosspost.compose.preview import picture_line, readable_body  # late: cron previews nothing

    draft = shown.draft
    for line in draft.text.splitlines():
        click.echo(f"    {line}")
    facts = {
        "link": draft.link,
        "card": " — ".join(filter(None, (draft.title, draft.description))),
        "tags": " ".join(f"#{tag}" for tag in draft.hashtags),
        "picture": picture_line(draft),
        "length": f"{shown.length} of {shown.limit}" if shown.limit else str(shown.length),
        "cut": cut,
        "cost": shown.cost,
        "note": shown.note,
    }
    for name, value in facts.items():
        if value:
            click.echo(f"    {click.style(f'{name:8}', dim=True)} {value}")
    if shown.request:
        request = shown.request
        click.echo(f"    {click.style('request ', dim=True)} {request.method} {request.url}")
        body = json.dumps(readable_body(request), ensure_ascii=False, indent=2)
        for line in body.splitlines():
            click.echo(click.style(f"             {line}", dim=True))


def show_limits(limits: Iterable[Any]) -> None:
    """Print how full limits (`views.usage.Usage`) are: with a bar on a terminal."""
    for limit in limits:
        whose = limit.scope.name or "time box"
        full = min(limit.used / limit.amount, 1.0)
        colour = "red" if full >= 1 else "yellow" if full >= 0.8 else "green"
        bar = click.style("█" * round(full * _BAR), fg=colour) + click.style(
            "░" * (_BAR - round(full * _BAR)), dim=True
        )
        said = limit.sentence or f"{limit.used_text} used, {limit.left_text} left"
        frees = f", frees {limit.frees:%Y-%m-%d %H:%M}" if limit.frees else ""
        shown = f"{bar}  " if sys.stdout.isatty() else ""
        click.echo(f"{shown}{click.style(whose, bold=True)} {limit.limit}: {said}{frees}")


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

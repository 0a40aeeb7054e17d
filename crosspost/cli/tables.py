"""Tables and bars: aligned by cells and wrapped at words on a terminal, plain lines elsewhere."""

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any

import click

from crosspost.cli.terminal import broken, cells_of, columns, wrapped
from crosspost.text import local_time

_GAP = 2
_BELOW = 4
"""How far a cell is indented that stands below its row."""
_NARROWEST = 12
"""No column gets less, however much the others take."""
_BESIDE = 24
"""The last column is wrapped beside the others if it has so much room; else it stands below."""
_BAR, _SHORT_BAR, _WIDE = 20, 10, 100
"""How long a bar is, and how long on a terminal with fewer columns than the last says."""


def show_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows: a table on a terminal, tab-separated lines elsewhere.

    On a terminal too narrow for it, the last column is wrapped, or stands below each row where its words would
    not fit; then the widest of the others is wrapped, too.
    """
    width = columns()
    if width is None:
        for row in rows:
            click.echo("\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in row))
        return
    for line in laid_out(head, rows, width):
        click.echo(line)


def laid_out(head: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """Return the lines of a table that is so many cells wide."""
    widths = _widths([head, *rows])
    if _total(widths) > width and len(head) > 1:
        room = width - _total(widths[:-1]) - _GAP
        words = max(cells_of(word) for row in [head, *rows] for word in row[-1].split(" "))
        widths[-1:] = [room] if room >= max(words, _BESIDE) else []
    below = len(widths) < len(head) and any(row[-1] for row in rows)
    if (excess := _total(widths) - width) > 0:
        widest = widths.index(max(widths))
        widths[widest] = max(widths[widest] - excess, _NARROWEST)
    lines = []
    for number, row in enumerate([head, *rows]):
        written = _row(row[: len(widths)], widths)
        if below and row[-1]:
            written += broken(" " * _BELOW + row[-1], width, indent=_BELOW)
        lines += [click.style(line, bold=True) for line in written] if number == 0 else written
    return lines


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(cells_of, column)) for column in zip(*rows, strict=True)]


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + _GAP * (len(widths) - 1)


def _row(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    """Return the lines of one row, each cell wrapped in its column."""
    columns_ = [broken(cell, width) for cell, width in zip(cells, widths, strict=True)]
    return [
        (" " * _GAP).join(map(_padded, pieces, widths)).rstrip()
        for pieces in zip_longest(*columns_, fillvalue="")
    ]


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cells_of(text))


def show_limits(limits: Iterable[Any]) -> None:
    """Print how full limits (`views.usage.Usage`) are: with a bar on a terminal.

    What dry runs showed is lighter in it, since nothing of it was spent.
    """
    said = [(limit, f"{limit.scope.name or 'time box'} {limit.limit}:", _said(limit)) for limit in limits]
    width = columns()
    if width is None:
        for _, name, says in said:
            click.echo(f"{name} {says}")
        return
    widest = max((cells_of(name) for _, name, _ in said), default=0)
    for limit, name, says in said:
        bar = _bar(limit, _BAR if width >= _WIDE else _SHORT_BAR)
        lead = f"{bar}  {click.style(name, bold=True)}{' ' * (widest - cells_of(name))}"
        click.echo(wrapped(f"{lead} {says}", indent=min(cells_of(lead) + 1, width // 2)))


def _said(limit: Any) -> str:
    used = limit.sentence or f"{limit.used_text} used, {limit.left_text} left"
    frees = f", frees {local_time(limit.frees, limit.frees.tzinfo)}" if limit.frees else ""
    return used + frees + (f"; {limit.shown_text}" if limit.shown_text else "")


def _bar(limit: Any, length: int) -> str:
    full = min(limit.used / limit.amount, 1.0)
    with_shown = min((limit.used + limit.shown) / limit.amount, 1.0)
    colour = "red" if full >= 1 else "yellow" if full >= 0.8 else "green"
    used = round(full * length)
    shown = round(with_shown * length) - used
    return (
        click.style("█" * used, fg=colour)
        + click.style("▒" * shown, fg="cyan")
        + click.style("░" * (length - used - shown), dim=True)
    )

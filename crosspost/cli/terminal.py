"""The terminal: how wide it is, words wrapped to that, and one line that says what is under way.

That line stands on standard error, and is taken away at the end. Whatever is written meanwhile goes through
`echo`, which puts it above; else both would end up in one line.
"""

import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

_NARROWEST = 40
"""Columns below which nothing is drawn: the line would be wrapped, and could not be taken away."""
_BAR = 16
Advance = Callable[[str, str, int, int | None], None]
"""Say what is under way: a word, a count as text, how much of it is done, and of how much; None: unknown."""

_drawn: Any = None
"""The console on which a line is drawn just now. A process has one terminal."""
_shared = False
"""Whether standard output ends on that terminal, too."""


def columns(*, err: bool = False) -> int | None:
    """Return how wide the terminal is that standard output, or error, is; None if it is none."""
    if not (sys.stderr if err else sys.stdout).isatty():
        return None
    import shutil  # late: it loads three ways to compress

    return shutil.get_terminal_size().columns


def echo(text: str = "", *, err: bool = False) -> None:
    """Print a line, above what is drawn."""
    if _drawn is None or not (err or _shared):
        click.echo(text, err=err)
        return
    from rich.text import Text  # late: where nothing is drawn, nothing needs it

    _drawn.print(Text.from_ansi(text), soft_wrap=True)


def say(text: str = "", *, indent: int = 0, err: bool = False) -> None:
    """Print what is for people, each of its lines wrapped at words; see `wrapped`."""
    click.echo("\n".join(wrapped(line, indent=indent, err=err) for line in text.split("\n")), err=err)


def wiped() -> str:
    """Return what takes the drawn line away, for a last word before the process is ended by force."""
    return "\r\x1b[2K\x1b[?25h" if _drawn is not None else ""


@contextmanager
def drawing() -> Iterator[Advance]:
    """Draw a line that says what is under way, where that can be done without spoiling what is printed."""
    global _drawn, _shared
    shared = _ends_on_the_same_terminal()
    console = _console() if sys.stderr.isatty() and shared is not None else None
    if console is None:
        yield lambda *_: None
        return
    from rich.progress import BarColumn, Progress, TextColumn

    parts = (TextColumn("{task.description}"), BarColumn(_BAR), TextColumn("{task.fields[count]}"))
    # Not the library's redirection: it would send standard output to where the line is drawn, also from a file.
    with Progress(
        *parts, console=console, transient=True, redirect_stdout=False, redirect_stderr=False
    ) as progress:
        task = progress.add_task("", total=None, count="")

        def advance(what: str, count: str, done: int, total: int | None) -> None:
            progress.update(task, description=what, count=count, completed=done, total=total)

        _drawn, _shared = console, bool(shared)
        try:
            yield advance
        finally:
            _drawn, _shared = None, False


def _console() -> Any:
    """Return a console on standard error; None if lines cannot be taken away there."""
    from rich.console import Console  # late: cron never sees a terminal

    console = Console(stderr=True, highlight=False)
    return None if console.is_dumb_terminal or console.width < _NARROWEST else console


def _ends_on_the_same_terminal() -> bool | None:
    """Tell whether standard output ends where standard error does; None if nobody knows, as in `| tee log`."""
    try:
        out, err = os.fstat(sys.stdout.fileno()), os.fstat(sys.stderr.fileno())
    except (OSError, ValueError):
        return None
    if os.path.samestat(out, err):
        return True
    leads_on = stat.S_ISFIFO(out.st_mode) or stat.S_ISSOCK(out.st_mode) or sys.stdout.isatty()
    return None if leads_on else False


def wrapped(text: str, *, indent: int = 0, err: bool = False) -> str:
    """Break a line at blanks, to the terminal's width; the lines that follow are indented by so many columns.

    No word and no link is broken: what is wider stands alone, and the terminal folds it. Styles may be in it.
    """
    width = columns(err=err)
    return text if width is None else "\n".join(broken(text, width, indent=indent))


def broken(text: str, width: int, *, indent: int = 0) -> list[str]:
    """Break a line at blanks into lines of at most so many cells, the later ones indented.

    A text without blanks that is too wide is Chinese or Japanese, and may be broken anywhere.
    """
    lines: list[str] = []
    line, used = "", 0
    for number, word in enumerate(_words(text, width - indent)):
        cells = cells_of(word)
        if number and used + 1 + cells > width and line.strip():
            lines.append(line.rstrip(" "))
            line, used = " " * indent + word, indent + cells
        else:
            line, used = (f"{line} {word}", used + 1 + cells) if number else (word, cells)
    return [*lines, line.rstrip(" ")]


def _words(text: str, room: int) -> Iterator[str]:
    from rich.cells import chop_cells

    for word in text.split(" "):
        has_wide = cells_of(word) > len(click.unstyle(word))
        if has_wide and cells_of(word) > max(room, 2) and "://" not in word and "\x1b" not in word:
            yield from chop_cells(word, max(room, 2))
        else:
            yield word


def cells_of(text: str) -> int:
    """Return how many columns a text takes; styles take none."""
    from rich.cells import cell_len  # late: only terminals need it

    return cell_len(click.unstyle(text))

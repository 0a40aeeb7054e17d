"""The person at the terminal: what is said there, and asked."""

import signal
import sys
import threading
import webbrowser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from crosspost.cli.terminal import say
from crosspost.redact import hide


class Terminal:
    """The person at the terminal. Raise `click.Abort` from every question, at once, for ^C and ^D."""

    def __init__(self, *, browser: bool) -> None:
        self.browser = browser

    def say(self, text: str) -> None:
        say(hide(text), indent=2)

    async def ask(self, question: str, *, default: str = "", hidden: bool = False) -> str:
        """Ask, and wait; nothing else goes on meanwhile. In a thread, nobody could end what waits."""
        with interruptible():
            if not is_at_terminal():
                return piped(question) or default
            answer = click.prompt(question, default=default, hide_input=hidden, show_default=bool(default))
        return str(answer).strip()

    async def choose(self, question: str, options: Sequence[str]) -> int:
        self.say(question)
        for number, option in enumerate(options, 1):
            self.say(f"  {number}  {option}")
        answer = await self.ask("Number", default="1")
        if not (answer.isascii() and answer.isdigit() and 1 <= int(answer) <= len(options)):
            raise click.UsageError(f"{answer!r} is no number from 1 to {len(options)}")
        return int(answer) - 1

    def open(self, url: str, *, comes_back: bool) -> None:
        click.echo(f"\nOpen this address in a browser, and agree there:\n\n  {url}\n")
        if not self.browser:
            return
        try:
            opened = webbrowser.open(url)
        except webbrowser.Error:
            opened = False
        if not opened and comes_back:
            click.echo(
                "No browser could be opened here: copy the address to one. If that is on another machine,"
            )
            click.echo("the answer cannot come back by itself: run this again with --paste.\n")
        elif not opened:
            click.echo("No browser could be opened here: copy the address to one.\n")


def is_at_terminal() -> bool:
    """Tell whether whoever answers sits at a terminal."""
    return bool(sys.stdin and sys.stdin.isatty())


def piped(question: str, otherwise: str = "") -> str:
    """Return the next answer from a pipe, one a line. Raise `UsageError` if there is none.

    `otherwise`: what can be done about that, besides a terminal and a pipe.
    """
    line = sys.stdin.readline() if sys.stdin else ""
    if not line:
        ways = f"run this on a terminal, {'' if otherwise else 'or '}pipe the answers in"
        raise click.UsageError(f"nobody answers: {question}; {ways}{otherwise and f', or {otherwise}'}")
    return line.strip()


@contextmanager
def interruptible() -> Iterator[None]:
    """Let ^C end what waits for a line, also inside an event loop, which would only note it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        raise click.Abort from None
    finally:
        signal.signal(signal.SIGINT, before)

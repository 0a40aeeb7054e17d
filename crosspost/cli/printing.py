"""Show events: with colours and what is under way on a terminal, as plain lines elsewhere."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import click

from crosspost.cli.terminal import drawing, echo, wrapped
from crosspost.redact import hide
from crosspost.report import Event, Tell, What

_MARKS = {
    What.FEED_UNCHANGED: ("·", None),
    What.FEED_READ: ("·", None),
    What.FEED_HELD: ("!", "yellow"),
    What.FEED_FAILED: ("!", "yellow"),
    What.RENAMED: ("·", None),
    What.FILLED: ("·", None),
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
    """Print events as they come, and keep them for the summary.

    With `quiet`, print only what is new in what needs a person, and what is over. Without it, what needs a
    person since before is printed at the end: see `old_needs`.
    """

    def __init__(self, *, as_json: bool, quiet: bool, requests: bool = False) -> None:
        self.as_json = as_json
        self.quiet = quiet
        self.requests = requests
        self.events: list[Event] = []

    def __call__(self, event: Event) -> None:
        self.events.append(event)
        is_news = event.what in (What.NEEDED, What.OVER)
        if event.what is What.DUE or (self.quiet and not is_news):
            return
        if self.as_json:
            told = {"event": event.what, "subject": event.subject, "text": event.text, **event.data}
            echo(hide(json.dumps(told, ensure_ascii=False, default=str)))
            return
        mark, colour = _MARKS[event.what]
        subject = f"{click.style(event.subject, bold=True)}: " if event.subject else ""
        over = f"{event.what}: " if event.what is What.OVER else ""
        echo(wrapped(f"{click.style(mark, fg=colour)} {subject}{over}{event.text}", indent=2))
        if event.what is What.SHOWN:
            from crosspost.cli.shown import show_dry_run, show_request  # late: a quiet run shows nothing

            show_dry_run(event.shown)
            if self.requests:
                show_request(event.shown)


_ENDS = {What.DELIVERED, What.SHOWN, What.WAITS, What.HANDED, What.SKIPPED, What.FAILED, What.UNCERTAIN}


@contextmanager
def progress(tell: Tell) -> Iterator[Tell]:
    """Draw how many deliveries of those due came to an end, beside what is told; only on a terminal."""
    with drawing() as advance:
        advance("Reading feeds", "", 0, None)
        done = total = 0

        def told(event: Event) -> None:
            nonlocal done, total
            if event.what is What.DUE:
                total += event.data["count"]
            done += event.what in _ENDS
            tell(event)
            if total:
                advance("Delivering", f"{min(done, total)}/{total}", min(done, total), total)

        yield told

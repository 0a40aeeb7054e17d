"""The end of the process: by itself, or, where something in it hangs, without that.

What is ended here is ended as by a crash, after which a later run settles everything: see docs/architecture.md.
"""

import os
import sys
import threading
import time
from datetime import timedelta
from typing import NoReturn

import click

from crosspost.cli.terminal import wiped

_PATIENCE = 2.0
"""Seconds that threads get at the end: enough for a file that is just being written."""


def at_the_latest(span: timedelta) -> None:
    """End the process once `span` has passed, with exit code 1, if it did not end by itself before.

    By a thread: it also holds where the event loop itself is stuck.
    """
    timer = threading.Timer(span.total_seconds(), _end)
    timer.daemon = True
    timer.start()


def _end() -> None:
    says = (
        "something hung, and the program was ended without it; what was being sent is looked up by a later run"
    )
    click.echo(f"{wiped()}crosspost: {says}", err=True)
    os._exit(1)


def leave(code: int) -> NoReturn:
    """End the process with this exit code; threads that hang, as in looking up a name, are left behind."""
    until = time.monotonic() + _PATIENCE
    others = [
        thread
        for thread in threading.enumerate()
        if thread is not threading.current_thread() and not thread.daemon
    ]
    for thread in others:
        thread.join(max(0.0, until - time.monotonic()))
    if not any(thread.is_alive() for thread in others):
        sys.exit(code)
    for stream in (sys.stdout, sys.stderr):
        if not stream.closed:
            stream.flush()
    os._exit(code)

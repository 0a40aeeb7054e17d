"""SIGTERM and SIGINT: the first lets what is under way finish, the second ends it."""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

SIGNALS = (signal.SIGTERM, signal.SIGINT)
GRACE = timedelta(seconds=6)
"""How long what is under way may go on after the first signal, or a deadline. Docker kills after 10 s."""


@contextmanager
def on_signals(*first: Callable[[], object]) -> Iterator[None]:
    """Call these at the first signal; at the second, cancel the task that entered here.

    An attempt cut off by that records itself as uncertain.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread is told of signals
        return
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    told = False

    def signalled() -> None:
        nonlocal told
        if told and task is not None:
            task.cancel()
        told = True
        for act in first:
            act()

    for number in SIGNALS:
        loop.add_signal_handler(number, signalled)
    try:
        yield
    finally:
        for number in SIGNALS:
            loop.remove_signal_handler(number)

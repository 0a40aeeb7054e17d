"""SIGTERM and SIGINT: the first lets what is under way finish, the second ends it.

SIGHUP lets the daemon read its configuration anew. For `run-once` it means that the terminal is gone: it stops.
"""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

SIGNALS = (signal.SIGTERM, signal.SIGINT)
GRACE = timedelta(seconds=6)
"""How long what is under way may go on after the first signal, or a deadline. Docker kills after 10 s."""


class Signals:
    """What a daemon was told. From the making of it, SIGHUP no longer ends the process, but is remembered."""

    def __init__(self) -> None:
        self.stop = asyncio.Event()
        self.hurry = asyncio.Event()
        self.reload = asyncio.Event()
        self.at_stop: Callable[[], object] = lambda: None
        """Called at once at the first signal to stop, and at each one after it."""
        self.told: Callable[[], object] = lambda: None
        """Called once, at the first."""
        self.heard = "a signal"
        """The name of the first signal to stop."""
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGHUP, lambda *_: self.reload.set())

    def listen(self) -> None:
        """Hear signals in the event loop that runs."""
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            loop.add_signal_handler(number, self.told_to_stop, number)
        loop.add_signal_handler(signal.SIGHUP, self.reload.set)

    def told_to_stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        if not self.stop.is_set():
            self.heard = number.name
            self.told()
        (self.hurry if self.stop.is_set() else self.stop).set()
        self.at_stop()


@contextmanager
def on_signals(*first: Callable[[], object]) -> Iterator[None]:
    """Call these at the first signal; at the second, cancel the task that entered here.

    An attempt cut off by that records itself as uncertain. SIGHUP is never the second, since a closed terminal
    sends several. Under `nohup` it stays ignored.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread is told of signals
        return
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    told = False

    def signalled(*, hurry: bool) -> None:
        nonlocal told
        if told and hurry and task is not None:
            task.cancel()
        told = True
        for act in first:
            act()

    heard = [*SIGNALS, *([] if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else [signal.SIGHUP])]
    for number in heard:
        loop.add_signal_handler(number, partial(signalled, hurry=number in SIGNALS))
    try:
        yield
    finally:
        for number in heard:
            loop.remove_signal_handler(number)

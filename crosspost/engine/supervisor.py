"""Tell the program that supervises the daemon, such as systemd, how it goes: sd_notify(3).

Words go as datagrams to the socket that `$NOTIFY_SOCKET` names. Without one nothing is opened, nothing said.
"""

import os
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from crosspost.redact import hide, without_controls
from crosspost.text import local_clock, local_date, local_time

_TAKES = 1.0
"""Seconds that a word may take: a supervisor that reads nothing must not stop what it supervises."""


@dataclass(frozen=True, slots=True)
class Supervisor:
    """Who wants to hear how the daemon goes: systemd, or what speaks as it does; without an address nobody."""

    address: str = ""
    patience: timedelta | None = None
    """After how long without a sign of life it ends us; None: never."""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Supervisor":
        """Return the one that the environment names. A watchdog meant for another process is none of ours."""
        named = environment.get("NOTIFY_SOCKET", "")
        address = f"\0{named[1:]}" if named.startswith("@") else named
        microseconds = environment.get("WATCHDOG_USEC", "")
        ours = environment.get("WATCHDOG_PID", "") in ("", str(os.getpid()))
        watches = bool(address) and ours and microseconds.isdecimal() and int(microseconds) > 0
        return cls(address, timedelta(microseconds=int(microseconds)) if watches else None)

    def within(self, seconds: float) -> float:
        """Return how long we may sleep of these seconds, and still be heard twice within its patience."""
        return seconds if self.patience is None else min(seconds, self.patience.total_seconds() / 2)

    def ready(self, status: str) -> None:
        """Say that the daemon works: for the first time, or again after `reloading`."""
        self._tell("READY=1", _status(status))

    def alive(self, status: str) -> None:
        """Say that a round came to its end: whoever hangs does not come to say it."""
        self._tell("WATCHDOG=1", _status(status))

    def reloading(self) -> None:
        """Say that the configuration is being read anew, until `ready`."""
        self._tell("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}", "STATUS=reading anew")

    def stopping(self) -> None:
        """Say that the daemon is about to end."""
        self._tell("STOPPING=1", "STATUS=ending what is under way")

    def _tell(self, *words: str) -> None:
        if not self.address:
            return
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as way:
            way.settimeout(_TAKES)
            way.sendto("\n".join(words).encode(), self.address)


def _status(text: str) -> str:
    return "STATUS=" + hide(without_controls(" ".join(text.split())))


def what_is_next(moment: datetime | None, now: datetime, zone: tzinfo) -> str:
    """Say in a few words when something is due next, by the clock on the wall."""
    if moment is None:
        return "nothing is due"
    if moment <= now:
        return "next: now"
    is_today = local_date(moment, zone) == local_date(now, zone)
    return f"next: {local_clock(moment, zone) if is_today else local_time(moment, zone)}"

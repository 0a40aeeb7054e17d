"""Decisions per second, with 10 limits: by the ledger alone, and as a turn takes it from the database.

The history must not matter: only what lies in a limit's period is read, and of that only what is new.
"""

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from crosspost.config.limits import ATTENTION, POSTS, parse_limit
from crosspost.policy import EVERYTHING, Booking, Cover, Go, Ledger, Rules, Scope, Waiting, may_go
from crosspost.store import bookings
from crosspost.store.database import Database, Tx
from tests.bench.rows import filled

LIMITS = (
    "1/30m",
    "30/day",
    "200/week",
    "1000/month",
    "10/4h",
    "3h/day",
    "20h/week",
    "80h/30d",
    "9 USD/day",
    "199 USD/month",
)
SIZES = (100, 10_000, 100_000)
ROUNDS = 2_000
ZONE = ZoneInfo("America/Montreal")
NOW = datetime.now(UTC)
COST = {POSTS: 1, ATTENTION: 360, "USD": 200_000}
PERSON = Scope.person("marie")
RULES = Rules(
    channel="one",
    person="marie",
    zone=ZONE,
    covers=tuple(
        Cover(limit=parse_limit(text), scope=(Scope.channel("one"), PERSON, EVERYTHING)[place % 3], zone=ZONE)
        for place, text in enumerate(LIMITS)
    ),
)


def history(size: int) -> list[Booking]:
    """Return so many bookings: one each hour, until an hour ago."""
    return [
        Booking(at=NOW - timedelta(hours=size - n), cost=COST, channel=("one", "two")[n % 2], person="marie")
        for n in range(size)
    ]


def timed(act: Callable[[], Any]) -> float:
    """Return how many microseconds it takes, on average."""
    began = time.perf_counter()
    for _ in range(ROUNDS):
        act()
    return (time.perf_counter() - began) / ROUNDS * 1e6


async def main() -> None:
    waiting = Waiting(id=1, channel="one", not_before=NOW, cost=COST)
    print(
        f"{'bookings':>9} {'alone':>9} {'decisions/s':>12} {'ratio':>7} {'in a transaction':>17} {'ratio':>7}"
    )
    first: tuple[float, float] | None = None
    for size in SIZES:
        ledger = Ledger()
        for booking in history(size):
            ledger.book(booking)
        assert may_go(waiting, RULES, ledger, now=NOW) == Go(), "all limits are looked at"
        alone = timed(lambda: may_go(waiting, RULES, ledger, now=NOW))  # noqa: B023
        with tempfile.TemporaryDirectory() as folder:
            database = Database(await filled(Path(folder) / "decisions.db"))
            await database.write(_fill, history(size))
            learnt = Ledger()
            since = NOW - timedelta(days=32)
            await database.read(bookings.catch_up, learnt, since)
            began = time.perf_counter()
            for _ in range(ROUNDS):
                await database.read(_turn, learnt, since, waiting)
            stored = (time.perf_counter() - began) / ROUNDS * 1e6
            await database.close()
        first = first or (alone, stored)
        print(
            f"{size:9,} {alone:7.0f}µs {1e6 / alone:12,.0f} {alone / first[0]:6.2f}×"
            f" {stored:15.0f}µs {stored / first[1]:6.2f}×",
            flush=True,
        )


def _fill(tx: Tx, made: list[Booking]) -> None:
    for booking in made:
        bookings.spend(tx, booking, note="", made_by="bench")


def _turn(tx: Tx, ledger: Ledger, since: datetime, waiting: Waiting) -> None:
    bookings.catch_up(tx, ledger, since)
    may_go(waiting, RULES, ledger, now=NOW)

"""A tick that finds one delivery due, a run's end, and a glance: a long history should not make them dearer."""

import tempfile
import time
from itertools import pairwise
from pathlib import Path
from statistics import median

from crosspost.delivery.deliver import LEASE
from crosspost.store import attempts, deliveries, glance, idle, looks
from crosspost.store.database import Database, Tx
from tests.bench.rows import CHANNELS, filled

SIZES = (100, 10_000, 1_000_000)
ROUNDS = 300


def tick(tx: Tx, database: Database) -> None:
    """Ask what a tick asks."""
    now = database.now()
    assert not attempts.leases_run_out(tx, now, LEASE)
    assert not looks.due_uncertain(tx, now)
    assert deliveries.due_channels(tx, now, "")
    assert not looks.to_look_first(tx, CHANNELS[0])
    found = attempts.reserve(tx, "facebook", owner="bench", now=now, until=now)
    assert found is not None
    deliveries.receipts(tx, "facebook", ["post-0", "nobody's"])
    deliveries.next_moment(tx, now)


async def main() -> None:
    measured = ("a tick", "a run's end", "a glance")
    print(f"{'deliveries in history':>22} " + " ".join(f"{what:>11} {'ratio':>7}" for what in measured))
    first: list[float] = []
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "history.db"
            database = Database(await filled(path, delivered=size, pending=5))
            costs = []
            for _ in range(ROUNDS):
                moments = [time.perf_counter()]
                await database.write(tick, database)
                moments.append(time.perf_counter())
                # Of no channel, so that what is due does not count, and the glance finds a row.
                await database.write(idle.keep, (), digest="", now=database.now())
                moments.append(time.perf_counter())
                assert glance.idle_feeds(path, [], "", database.now()) is not None
                moments.append(time.perf_counter())
                costs.append([end - began for began, end in pairwise(moments)])
            await database.close()
        cost = [median(column) for column in zip(*costs, strict=True)]
        first = first or cost
        shown = (
            f"{one * 1000:9.2f}ms {one / at_first:6.2f}×" for one, at_first in zip(cost, first, strict=True)
        )
        print(f"{size:22,} " + " ".join(shown), flush=True)

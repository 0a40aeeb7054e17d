"""One tick that finds one delivery due, with a short and a long history: it should cost the same."""

import tempfile
import time
from pathlib import Path
from statistics import median

from crosspost.deliver import LEASE
from crosspost.store import attempts, deliveries, glance, looks
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
    print(f"{'deliveries in history':>22} {'a tick':>9} {'ratio':>7} {'a glance':>9} {'ratio':>7}")
    first: tuple[float, float] | None = None
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "history.db"
            database = Database(await filled(path, delivered=size, pending=5))
            ticks, glances = [], []
            for _ in range(ROUNDS):
                began = time.perf_counter()
                await database.write(tick, database)
                ticked = time.perf_counter()
                glance.idle_feeds(path, [], CHANNELS, database.now(), "")
                ticks.append(ticked - began)
                glances.append(time.perf_counter() - ticked)
            await database.close()
        cost = median(ticks), median(glances)
        first = first or cost
        print(
            f"{size:22,} {cost[0] * 1000:7.2f}ms {cost[0] / first[0]:6.2f}× "
            f"{cost[1] * 1000:7.2f}ms {cost[1] / first[1]:6.2f}×",
            flush=True,
        )

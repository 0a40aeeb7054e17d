"""Torture at full size: what `make torture` runs. Exits with 1 if anything was lost, came twice or broke."""

import argparse
import asyncio
import random
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.postgres import a_server
from tests.proof.torture.harness import Torture
from tests.proof.torture.verdict import Tally

COLUMNS = "kills", "crashes", "deliveries", "lost", "twice", "waiting", "seconds"
say = partial(print, flush=True)


async def one(database: str, replicas: int, entries: int, seed: int) -> Tally:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        server = stack.enter_context(a_server(folder)) if database == "postgresql" else None
        run = Torture(folder, replicas=replicas, feeds=3, entries=entries, seed=seed, server=server, say=say)
        return await run.run(patience=1200)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.proof.torture", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(10_000), help="of all random choices")
    parser.add_argument("--entries", type=int, default=100, help="in each of three feeds, for five channels")
    parser.add_argument("--database", action="append", choices=["sqlite", "postgresql"])
    parser.add_argument("--replicas", action="append", type=int)
    given = parser.parse_args()
    say(f"seed {given.seed}")
    tallies = []
    for database in given.database or ("sqlite", "postgresql"):
        for replicas in given.replicas or (1, 2, 4):
            tally = asyncio.run(one(database, replicas, given.entries, given.seed))
            tallies.append(tally)
            say(f"{tally}\n")
    say(" " * 16 + "".join(f"{name:>11}" for name in COLUMNS))
    for tally in tallies:
        say(f"{tally.label:16}" + "".join(f"{getattr(tally, name):>11.0f}" for name in COLUMNS))
    return int(not all(tally.good for tally in tallies))


if __name__ == "__main__":
    sys.exit(main())

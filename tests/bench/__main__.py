"""Run all, or those that are named: starts, claims, deliveries, decisions, intake, history, reading."""

import asyncio
import sys

from tests.bench import claims, decisions, deliveries, history, intake, reading, starts

PARTS = {
    "starts": starts,
    "claims": claims,
    "deliveries": deliveries,
    "decisions": decisions,
    "intake": intake,
    "history": history,
    "reading": reading,
}

if __name__ == "__main__":
    for name in sys.argv[1:] or PARTS:
        print(f"\n{name}: {(PARTS[name].__doc__ or '').strip()}\n", flush=True)
        asyncio.run(PARTS[name].main())

"""What fails that is no feed and no channel, how often in a row, and since when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from crosspost.store.database import Tx
from crosspost.store.tables import troubles
from crosspost.store.upsert import upsert

_column = troubles.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One thing that fails. `times`: how often in a row."""

    name: str
    times: int
    problem: str
    since: datetime


def load(tx: Tx) -> Mapping[str, Trouble]:
    """Return all that fails, by name."""
    return {row["name"]: Trouble(**row) for row in tx.execute(sa.select(troubles)).mappings()}


def note(tx: Tx, name: str, problem: str, *, now: datetime, times: int = 1) -> None:
    """Note that something failed once more, which counts as so many times; with no problem, that it is over."""
    if not problem:
        tx.execute(sa.delete(troubles).where(_column.name == name))
        return
    before = load(tx).get(name)
    upsert(
        tx,
        troubles,
        {"name": name},
        {
            "times": times + (before.times if before else 0),
            "problem": problem,
            "since": before.since if before else now,
        },
    )

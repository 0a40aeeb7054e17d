"""Whether there is anything to do at all, asked without SQLAlchemy.

A run from cron mostly finds every feed unchanged and nothing due. SQLAlchemy alone costs more than all the
rest of such a run, so this one question, and the note that the feeds were seen, use the standard library's
driver on the same file. Everything else goes through `store.database`. See docs/decisions/0003.
"""

import sqlite3
from collections.abc import Collection, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crosspost.errors import StoreError
from crosspost.feeds import Unchanged
from crosspost.migrations import HEAD
from crosspost.store.state import FeedState

_MOMENT = "%Y-%m-%d %H:%M:%S.%f"  # how SQLAlchemy writes a datetime into SQLite
_MOMENTS = ("baseline_at", "polled_at", "succeeded_at", "not_before")
_DUE = """
    SELECT EXISTS (
        SELECT 1 FROM deliveries WHERE state = 'uncertain' AND channel IN ({0}) AND not_before <= ?1
    ) OR EXISTS (
        SELECT 1 FROM deliveries WHERE state = 'pending' AND channel IN ({0}) AND not_before <= ?1
        AND channel NOT IN (SELECT channel FROM waits WHERE until > ?1 AND made <= ?1 AND digest = ?2)
    ) OR EXISTS (SELECT 1 FROM deliveries WHERE state = 'sending' AND lease_until <= ?1)
    OR EXISTS (SELECT 1 FROM credentials WHERE channel IN ({0}) AND look_at <= ?1)
"""
_NOTICED = "SELECT EXISTS (SELECT 1 FROM notices)"


def idle_feeds(
    path: Path,
    names: Collection[str],
    channels: Collection[str],
    now: datetime,
    digest: str,
    *,
    tells: bool = False,
) -> Mapping[str, FeedState] | None:
    """Return the feeds' states if no delivery is due, or all that is due waits for room by this configuration,
    and no credential is to be looked at. `tells`: nor does anything need a person, who is
    to be told when that changes.

    None if this needs the whole store.

    None too for whatever is unusual: no database yet, another schema, a feed never taken in.
    """
    if not path.is_file():
        return None
    moment = now.astimezone(UTC).strftime(_MOMENT)
    try:
        with closing(_connect(path)) as connection:
            if connection.execute("SELECT version_num FROM alembic_version").fetchone()[0] != HEAD:
                return None
            if connection.execute(due_statement(channels), (moment, digest, *channels)).fetchone()[0]:
                return None
            if tells and connection.execute(_NOTICED).fetchone()[0]:
                return None
            rows = connection.execute("SELECT * FROM feeds").fetchall()
    except (sqlite3.Error, TypeError):
        return None
    states = {row["name"]: _state(row) for row in rows if row["baseline_at"]}
    return states if set(names) <= set(states) else None


def due_statement(channels: Collection[str]) -> str:
    """Return the question whether anything is due on one of these channels."""
    return _DUE.format(", ".join(f"?{place}" for place in range(3, 3 + len(channels))))


def note_unchanged(path: Path, name: str, seen: Unchanged, now: datetime) -> bool:
    """Record a poll that brought nothing; False if the database refuses, and the store should say why."""
    moment = now.astimezone(UTC).strftime(_MOMENT)
    later = seen.fresh_until.astimezone(UTC).strftime(_MOMENT) if seen.fresh_until else None
    try:
        with closing(_connect(path)) as connection, connection:
            connection.execute(
                "UPDATE feeds SET etag = ?, last_modified = ?, polled_at = ?, succeeded_at = ?, not_before = ?,"
                " failures = 0, problem = '' WHERE name = ?",
                (seen.validators.etag, seen.validators.last_modified, moment, moment, later, name),
            )
    except sqlite3.Error:
        return False
    return True


def last_beat(path: Path) -> tuple[datetime, int] | None:
    """Return when the daemon last said that it lives, and in how many seconds it says so again."""
    if not path.is_file():
        return None
    try:
        with closing(_connect(path)) as connection:
            row = connection.execute("SELECT at, every FROM heartbeat ORDER BY at DESC LIMIT 1").fetchone()
    except sqlite3.OperationalError:
        return None  # no such table yet
    except sqlite3.Error as error:
        raise StoreError(f"the database {path} cannot be used: {error}; put a backup in its place") from error
    return (_moment(row["at"]), row["every"]) if row else None


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=15)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def _moment(text: str) -> datetime:
    return datetime.strptime(text, _MOMENT).replace(tzinfo=UTC)


def _state(row: sqlite3.Row) -> FeedState:
    values: dict[str, Any] = dict(row)
    for name in _MOMENTS:
        if values[name] is not None:
            values[name] = _moment(values[name])
    values["gone"] = bool(values["gone"])
    return FeedState(**values)

"""Whether there is anything to do at all, asked without SQLAlchemy.

A run from cron mostly finds every feed unchanged and nothing due. SQLAlchemy alone costs more than all the
rest of such a run, so to read what the last run found (`store.idle`), and to note that the feeds were seen, the
standard library's driver is used on the same file. Everything else goes through `store.database`. See
docs/decisions/0003.
"""

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crosspost.errors import StoreError
from crosspost.feeds import Unchanged
from crosspost.feeds.state import FeedState
from crosspost.migrations import HEAD
from crosspost.policy.pulse import Sign
from crosspost.store import place
from crosspost.store.refusal import NONSENSE

_MOMENT = "%Y-%m-%d %H:%M:%S.%f"  # how SQLAlchemy writes a datetime into SQLite
_MOMENTS = ("baseline_at", "polled_at", "succeeded_at", "not_before")
_IDLE = """
    SELECT EXISTS (
        SELECT 1 FROM idle WHERE digest = ?1 AND made <= ?2 AND (until IS NULL OR until > ?2)
    )
"""


def idle_feeds(
    path: Path, names: Collection[str], digest: str, now: datetime
) -> Mapping[str, FeedState] | None:
    """Return the feeds' states if it is on record that nothing is due; None if this needs the whole store.

    `digest`: of the configuration and what is beside it, see `people.beside`. None too for whatever is unusual:
    no database yet, another schema or configuration, a clock set back, a feed never taken in.
    """
    try:
        if not place.is_there(path):
            return None
        with closing(_connect(path)) as connection:
            if connection.execute("SELECT version_num FROM alembic_version").fetchone()[0] != HEAD:
                return None
            moment = now.astimezone(UTC).strftime(_MOMENT)
            if not connection.execute(_IDLE, (digest, moment)).fetchone()[0]:
                return None
            rows = connection.execute("SELECT * FROM feeds").fetchall()
            states = {row["name"]: _state(row) for row in rows if row["baseline_at"]}
    except (StoreError, sqlite3.Error, *NONSENSE):
        return None  # the store says why
    return states if set(names) <= set(states) else None


def note_unchanged(path: Path, name: str, seen: Unchanged, now: datetime) -> bool:
    """Record a poll that brought nothing; False if the database refuses, and the store should say why."""
    moment = now.astimezone(UTC).strftime(_MOMENT)
    later = seen.fresh_until.astimezone(UTC).strftime(_MOMENT) if seen.fresh_until else None
    try:
        with closing(_connect(path)) as connection, connection:
            connection.execute(
                "UPDATE feeds SET etag = ?, last_modified = ?, polled_at = ?, succeeded_at = ?, not_before = ?,"
                " failures = 0, problem = '', gone = 0 WHERE name = ?",
                (seen.validators.etag, seen.validators.last_modified, moment, moment, later, name),
            )
    except (sqlite3.Error, *NONSENSE):
        return False
    return True


def signs(path: Path) -> Sequence[Sign]:
    """Return what each program on this machine last said of itself. Raise `StoreError`."""
    try:
        if not place.is_there(path):
            return ()
        with closing(_connect(path)) as connection:
            known = "SELECT 1 FROM sqlite_schema WHERE name = 'heartbeat'"
            if not connection.execute(known).fetchone():
                return ()  # no such table yet
            rows = connection.execute("SELECT at, every FROM heartbeat").fetchall()
            return [Sign(_moment(row["at"]), int(row["every"])) for row in rows]
    except NONSENSE as error:
        raise place.damaged(path, "its table heartbeat holds what crosspost never wrote") from error
    except sqlite3.Error as error:
        cause = place.damaged if place.is_damage(error) else place.cannot_be_used
        raise cause(path, str(error)) from error


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

"""Copy the database while it is in use."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from crosspost import files
from crosspost.config import DatabaseAddress
from crosspost.errors import ConfigError, StoreError

HOW_ELSEWHERE = (
    "copy it with pg_dump, and after putting such a copy back say `UPDATE feeds SET polled_at = NULL` in it, "
    "so that nothing is announced twice"
)


def backup(address: DatabaseAddress, file: Path) -> int:
    """Write a whole, consistent copy to a file that does not exist yet; return its size in bytes.

    The copy says of itself that it is one: its feeds were never polled, so whoever puts it back has every
    account looked at before anything is sent. Raise `ConfigError`, or `StoreError` with no file left behind.
    """
    if address.path is None:
        raise ConfigError(f"{address} is a PostgreSQL database: {HOW_ELSEWHERE}")
    if not address.path.is_file():
        raise ConfigError(f"there is nothing to copy yet: {address.path} is made by the first run")
    if file.exists():
        raise ConfigError(f"{file} exists already; give the copy another name")
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        files.make_own(aside)
        with (
            closing(sqlite3.connect(f"{address.path.as_uri()}?mode=ro", uri=True, timeout=15)) as source,
            closing(sqlite3.connect(aside)) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, complete in itself
            with copy:
                copy.execute("UPDATE feeds SET polled_at = NULL")
                copy.execute("DELETE FROM heartbeat")
            if (verdict := copy.execute("PRAGMA quick_check").fetchone()[0]) != "ok":
                raise StoreError(f"the database {address.path} is damaged, so there is no copy: {verdict}")
        files.put_new(aside, file)  # a file that appeared meanwhile is somebody else's
        return file.stat().st_size
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{file} could not be written: {error}; nothing was left behind") from error
    finally:
        aside.unlink(missing_ok=True)

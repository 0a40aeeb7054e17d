"""Copy the database while it is in use."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from crosspost import files
from crosspost.config import DatabaseAddress
from crosspost.errors import ConfigError, StoreError
from crosspost.store import place

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
    if not place.is_there(address.path):
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
                place.sign(copy)  # put over a database in use, it is not taken for that one
                copy.execute("UPDATE feeds SET polled_at = NULL")
                copy.execute("DELETE FROM heartbeat")
            if (verdict := copy.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
                raise place.damaged(address.path, verdict)
        files.put_new(aside, file)  # a file that appeared meanwhile is somebody else's
        return file.stat().st_size
    except sqlite3.DatabaseError as error:
        if place.is_damage(error):
            raise place.damaged(address.path, str(error)) from error
        raise StoreError(f"{file} could not be written: {error}; nothing was left behind") from error
    except UnicodeDecodeError as error:  # SQLite names what is malformed by its name, and that may be no text
        raise place.damaged(address.path, "it cannot be read") from error
    except OSError as error:
        raise StoreError(f"{file} could not be written: {error}; nothing was left behind") from error
    finally:
        aside.unlink(missing_ok=True)

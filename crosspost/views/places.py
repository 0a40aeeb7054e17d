"""Whether what has to be written on this machine can be: tried, and nothing left behind."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from crosspost import files
from crosspost.config import Config
from crosspost.errors import VaultError
from crosspost.vault import key_file

_SOME = b"\n" * 4096
"""Enough for a full disk to refuse it."""


def unwritable(config: Config) -> Iterator[tuple[str, str]]:
    """Yield what is in the way of the database, and of the key of what is connected: a subject, and why."""
    database = config.database.path
    if database is not None and (why := _in_the_way(database.absolute().parent)):
        yield "database", f"{database} could not be written: {why}"
    if any(channel.connected for channel in config.channels.values()):
        with suppress(VaultError):  # said where the key is used
            key = key_file(config.database)
            if not key.exists() and (why := _in_the_way(key.parent)):
                yield "key", f"{key} could not be made: {why}"


def _in_the_way(folder: Path) -> str:
    """Say why no file can be made in a folder, or the folder itself; "" if nothing is."""
    there = next(place for place in (folder, *folder.parents) if os.path.lexists(place))
    if not there.is_dir():
        return f"{there} is no folder"
    if there != folder:
        makes = os.access(there, os.W_OK | os.X_OK)
        return "" if makes else f"{folder} does not exist, and cannot be made in {there}"
    probe = folder / f".crosspost-try.{os.getpid()}"
    try:
        files.replace(probe, _SOME)
    except OSError as error:
        return f"{folder}: {error.strerror or error}"
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)
    return ""

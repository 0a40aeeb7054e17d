"""What lies in the SQLite file's place: asked before SQLite opens it, and again at every transaction.

SQLite would make an empty database of an empty file, and would go on in whatever took the place of the file it
has opened. Offsets are those of the header (https://sqlite.org/fileformat2.html#the_database_header).
"""

import os
import secrets
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from crosspost import files
from crosspost.errors import StoreError

APPLICATION = 0x63707374  # "cpst": says in a file's header whose it is
_MAGIC = b"SQLite format 3\0"
_HEADER = 100
_MARK, _APPLICATION = slice(60, 64), slice(68, 72)  # PRAGMA user_version and application_id


def is_there(path: Path) -> bool:
    """Tell whether a database is there. Raise `StoreError` if what is there cannot be ours as it is."""
    try:
        status = os.stat(path)
        if stat.S_ISREG(status.st_mode):
            with closing(Held(path)) as held:
                header = held.header()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise cannot_be_used(path, error.strerror or str(error)) from error
    if not stat.S_ISREG(status.st_mode):
        kind = "a folder" if stat.S_ISDIR(status.st_mode) else "no ordinary file"
        raise StoreError(
            f"the database {path} cannot be used: it is {kind}; mend `database` in the configuration"
        )
    if not header:
        raise StoreError(
            f"the database {path} cannot be used: it is an empty file, and crosspost never leaves one; it is "
            "damaged: stop crosspost and put a backup in its place (docs/operations.md, Backups); if nothing "
            "was ever in it, delete it, and the next run makes a new one"
        )
    if len(header) < _HEADER or not header.startswith(_MAGIC):
        raise damaged(path, "file is not a database")
    owner = int.from_bytes(header[_APPLICATION])
    if owner not in (0, APPLICATION):  # 0: made by a version before this one
        raise StoreError(
            f"the database {path} is another program's (application id {owner:#x}), or its header is damaged; "
            "name another file in the configuration, or put a backup in its place"
        )
    return True


def make(path: Path) -> None:
    """Make an empty database in one go: whoever dies meanwhile leaves none. Raise `OSError`."""
    with closing(sqlite3.connect(":memory:")) as empty:
        sign(empty)
        content = empty.serialize()
    try:
        with files.beside(path, content, mode=0o600) as draft:
            files.put_new(draft, path)
    except FileExistsError:
        pass  # another process was faster


def sign(connection: sqlite3.Connection) -> None:
    """Let a file say that it is crosspost's, by a mark that no other file has, a backup of it neither."""
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {1 + secrets.randbelow(2**31 - 1)}")


class _Shared(NamedTuple):
    """The descriptors by which a process holds one file, and the `Held` that share them."""

    descriptors: list[int]
    holders: set[int]


_SHARED: dict[tuple[int, int], _Shared] = {}
"""By device and inode. Closing any descriptor of a file ends all locks that the process has on it, SQLite's too
(https://sqlite.org/howtocorrupt.html, 2.2): so none is closed while another may have the database open."""


class Held:
    """A database file that stays open, so that no other can pass for it: none gets its inode meanwhile."""

    def __init__(self, path: Path) -> None:
        """Raise `OSError` if it is not there."""
        self.path = path
        self._file = _file(os.stat(path))
        if self._file not in _SHARED:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            self._file = _file(os.fstat(descriptor))
            _SHARED.setdefault(self._file, _Shared([], set())).descriptors.append(descriptor)
        self._shared = _SHARED[self._file]
        self._shared.holders.add(id(self))
        self._mark = self._read_mark()

    def header(self) -> bytes:
        """Return the file's first bytes as they lie on the disk, whatever SQLite's log says."""
        return os.pread(self._shared.descriptors[0], _HEADER, 0)

    def is_same(self) -> bool:
        """Tell whether the file in this place is the one that was opened, and nothing was copied over it."""
        return self._is_in_place() and not self.was_overwritten()

    def was_overwritten(self) -> bool:
        """Tell whether another file was copied over this one: then its log belongs to nothing that is there."""
        mark = self._read_mark()
        if self._mark == 0 and mark is not None:
            self._mark = mark  # a migration has signed the file
        return self._is_in_place() and mark != self._mark

    def close(self) -> None:
        self._shared.holders.discard(id(self))
        if not self._shared.holders and self._file in _SHARED:
            del _SHARED[self._file]
            for descriptor in self._shared.descriptors:
                os.close(descriptor)

    def _is_in_place(self) -> bool:
        try:
            return _file(os.stat(self.path)) == self._file
        except OSError:
            return False

    def _read_mark(self) -> int | None:
        header = self.header()
        return int.from_bytes(header[_MARK]) if header.startswith(_MAGIC) else None


def _file(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def damaged(where: object, what: str) -> StoreError:
    """Say that a database is damaged, and the way to a backup."""
    return StoreError(
        f"the database {where} cannot be used: {what}; nothing was changed; it is damaged: stop crosspost and "
        "put a backup in its place (docs/operations.md, Backups): what went out since is looked for before "
        "anything is sent"
    )


def cannot_be_used(path: Path, cause: object) -> StoreError:
    """Say that the system refuses the file."""
    return StoreError(
        f"the database {path} cannot be used: {cause}; nothing was changed; "
        "check that the file and its folder belong to you, can be written, and have room"
    )


def is_damage(cause: BaseException | None) -> bool:
    """Tell whether SQLite itself says that the file is damaged: by its code, for its words are no promise."""
    return code(cause) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def code(cause: BaseException | None) -> int:
    """Return SQLite's primary result code, 0 where the driver failed by itself."""
    # An extended code, such as SQLITE_BUSY_SNAPSHOT, has the primary one in its last byte.
    return getattr(cause, "sqlite_errorcode", 0) & 0xFF

"""Files that survive a power cut: whoever reads one finds the old content or the new, never half of it.

New content is written beside the file and onto the disk, takes the file's place at once, and then the folder is
written onto the disk too: without that, a power cut may bring the old file back, or none.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_CANNOT_SYNC_FOLDERS = (errno.EINVAL, errno.ENOTSUP, errno.EBADF)
"""How file systems answer that know no such thing (SMB, some FUSE)."""


def replace(path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Give a file this content, durably. Raise `OSError`, and the file is as it was.

    A file that is there keeps its mode, and its owner where we may give files away; `mode`, without the umask's
    bits, is a new file's.
    """
    with beside(path, content, mode=mode) as draft:
        put(draft, path)


@contextmanager
def beside(path: Path, content: bytes, *, mode: int = 0o666, ending: str = "") -> Iterator[Path]:
    """Write the content, durably, into a draft beside the file; whatever happens, no draft stays.

    `ending` ends the draft's name, by default with our process; writers that keep each other out give a fixed
    one, so that what a crash left behind is written over.
    """
    draft = path.with_name(f".{path.name}.{ending or os.getpid()}")
    try:
        _write(draft, content, like=path, mode=mode)
        yield draft
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def put(draft: Path, path: Path) -> None:
    """Put a draft in the file's place, durably."""
    os.replace(draft, path)
    sync_folder(path.parent)


def put_new(draft: Path, path: Path) -> None:
    """Put a draft where no file is, durably. Raise `FileExistsError` if another program was faster."""
    os.link(draft, path)
    sync_folder(path.parent)


def make_own(path: Path) -> None:
    """Make an empty file that only its owner can read, whatever the umask; one that is there stays as it is."""
    with suppress(FileExistsError):
        # Exclusively: to close a file that a program has open elsewhere would drop that one's POSIX locks.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.close(descriptor)


def make_folder(folder: Path, *, mode: int = 0o777) -> None:
    """Make a folder and those above it, as far as they are missing, durably; `mode` is the innermost one's."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    folder.mkdir(mode=mode, parents=True, exist_ok=True)
    for place in missing:
        sync_folder(place.parent)


def sync_folder(folder: Path) -> None:
    """Let what was made, replaced or deleted in a folder survive a power cut, where its file system can."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC_FOLDERS:
            raise
    finally:
        os.close(descriptor)


def _write(draft: Path, content: bytes, *, like: Path, mode: int) -> None:
    draft.unlink(missing_ok=True)  # left by a crash
    there = like.stat() if like.exists() else None
    wanted = stat.S_IMODE(there.st_mode) if there else mode
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, wanted), "wb") as file:
        if there:
            with suppress(PermissionError):  # only root may give a file away
                os.fchown(file.fileno(), there.st_uid, there.st_gid)
            os.fchmod(file.fileno(), wanted)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())

"""Files that survive a power cut: whoever reads one finds the old content or the new, never half of it.

New content is written beside the file and onto the disk, takes the file's place at once, and then the folder is
written onto the disk too: without that, a power cut may bring the old file back, or none.

Not every place allows that: a file that is mounted by itself cannot be replaced, nor can one in a folder that
may not be written, or on a share while somebody reads it. It is then written in place, while the new content
and the old one lie whole elsewhere; `mend` ends what was broken off.
"""

import errno
import fcntl
import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

_UNKNOWN = (errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EBADF, errno.ENOSYS)
"""How file systems answer what they do not know (SMB, NFS, some FUSE)."""
_CANNOT_BE_REPLACED = (errno.EBUSY, errno.EXDEV, errno.EACCES, errno.EPERM, errno.EROFS, errno.ETXTBSY)
_CANNOT_LINK = (errno.EPERM, errno.EMLINK, *_UNKNOWN)
_KNOWS_NO_LOCKS = (errno.ENOLCK, *_UNKNOWN)
"""Among them NFS, which wants a file that is open for writing; no folder is."""
_PAUSE = 0.02  # seconds
_OLD = ".old"


class Busy(Exception):
    """Say that another program kept a lock for all of our patience."""


class Torn(Exception):
    """Say that a file is neither as it was nor as it was to become; `whole` and `old` hold both."""

    def __init__(self, path: Path, whole: Path, old: Path) -> None:
        super().__init__(path, whole, old)
        self.path, self.whole, self.old = path, whole, old


def replace(path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Give a file this content, durably. Raise `OSError`, and the file is as it was.

    A file that is there keeps its mode, and its owner where we may give files away; `mode`, without the umask's
    bits, is a new file's.
    """
    with beside(path, content, mode=mode) as draft:
        put(draft, path)


@contextmanager
def beside(
    path: Path, content: bytes, *, mode: int = 0o666, ending: str = "", draft: Path | None = None
) -> Iterator[Path]:
    """Write the content, durably, into a draft beside the file; whatever happens, no draft stays.

    `ending` ends the draft's name, by default with our process; writers that keep each other out give a fixed
    one, so that what a crash left behind is written over. `draft`: where it is written instead.
    """
    draft = draft or path.with_name(f".{path.name}.{ending or os.getpid()}")
    try:
        _write(draft, content, like=path, mode=mode)
        yield draft
    finally:
        with suppress(OSError):
            if not draft.with_name(draft.name + _OLD).exists():  # or the file is half written
                draft.unlink(missing_ok=True)


def put(draft: Path, path: Path, begun: Callable[[], object] = lambda: None) -> None:
    """Put a draft in the file's place, durably; if it cannot take that, write the file in place.

    `begun`: called once the file is no longer what it was. Raise `OSError`, before that with nothing changed.
    """
    try:
        os.replace(draft, path)
    except OSError as error:
        if error.errno not in _CANNOT_BE_REPLACED or not path.is_file():
            raise
        _write_in_place(draft, path, begun)
    else:
        begun()
    sync_folder(path.parent)


def _write_in_place(draft: Path, path: Path, begun: Callable[[], object]) -> None:
    old = draft.with_name(draft.name + _OLD)
    before = path.read_bytes()
    _write(old, before, like=path, mode=0o600)
    sync_folder(draft.parent)
    try:
        _overwrite(path, draft.read_bytes())
    except OSError:
        with suppress(OSError):  # else both stay, and `mend` has what it needs
            _overwrite(path, before)
            old.unlink()
        if old.exists():
            begun()
        raise
    begun()
    old.unlink()


def _overwrite(path: Path, content: bytes) -> None:
    with path.open("r+b") as file:  # not emptied first: whoever reads meanwhile finds most of it
        file.write(content)
        file.truncate()
        file.flush()
        os.fsync(file.fileno())


def mend(draft: Path, path: Path) -> None:
    """End what a crash broke off while this draft was written into the file in place. Raise `Torn`.

    Nobody else may be writing it: its writers keep each other out.
    """
    old = draft.with_name(draft.name + _OLD)
    try:
        before = old.read_bytes()
    except FileNotFoundError:
        return
    after, there = draft.read_bytes(), path.read_bytes()
    if there not in (before, after):
        pairs = enumerate(zip(there, after, strict=False))
        written = next((at for at, (is_, becomes) in pairs if is_ != becomes), min(len(there), len(after)))
        if there[written:] != before[written:]:
            raise Torn(path, draft, old)  # somebody else wrote too
        _overwrite(path, after)
    old.unlink()


def put_new(draft: Path, path: Path) -> None:
    """Put a draft where no file is, durably. Raise `FileExistsError` if another program was faster."""
    try:
        os.link(draft, path)
    except OSError as error:
        if error.errno not in _CANNOT_LINK:
            raise
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))  # raises if it is there
        os.replace(draft, path)
    sync_folder(path.parent)


def lock(descriptor: int, patience: timedelta) -> bool:
    """Lock an open file or folder against every other program until it is closed; False: there are no locks.

    One that is frozen would hold it for ever, so it is asked for again and again. Raise `Busy`.
    """
    until = time.monotonic() + patience.total_seconds()
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > until:
                raise Busy(f"another program has kept it locked for {patience.total_seconds():g} s") from error
            time.sleep(_PAUSE)
        except OSError as error:
            if error.errno not in _KNOWS_NO_LOCKS:
                raise
            return False
        else:
            return True


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
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except PermissionError:
        return  # a folder that may be written and not be read
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _UNKNOWN:
            raise
    finally:
        os.close(descriptor)


def _write(draft: Path, content: bytes, *, like: Path, mode: int) -> None:
    draft.unlink(missing_ok=True)  # left by a crash
    there = like.stat() if like.exists() else None
    wanted = stat.S_IMODE(there.st_mode) if there else mode
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, wanted), "wb") as file:
        if there:
            with _as_far_as_it_can():  # only root may give a file away
                os.fchown(file.fileno(), there.st_uid, there.st_gid)
            with _as_far_as_it_can():
                os.fchmod(file.fileno(), wanted)
            _keep_attributes(like, file.fileno())
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _keep_attributes(like: Path, descriptor: int) -> None:
    """Copy a file's extended attributes, where there are such: access lists are among them."""
    if not hasattr(os, "listxattr"):
        return
    with _as_far_as_it_can():
        for name in os.listxattr(like):
            with _as_far_as_it_can():
                os.setxattr(descriptor, name, os.getxattr(like, name))


@contextmanager
def _as_far_as_it_can() -> Iterator[None]:
    """Go on where the system does not permit something, or its file system knows no such thing."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EACCES, errno.ENODATA, *_UNKNOWN):
            raise

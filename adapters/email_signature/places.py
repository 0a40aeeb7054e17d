"""Where a signature's files can be written, and how they are kept from being written by two at once.

The usual place is beside the signature. Where its folder may not be written, or knows no locks, what is needed
besides lies in the user's state folder (XDG Base Directory Specification, 2021): its memory, drafts and lock.
"""

import errno
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from crosspost import files

PATIENCE = timedelta(seconds=15)
"""How long another program is waited for that holds the lock: one that is frozen would hold it for ever."""
_MOUNTS = Path("/proc/self/mountinfo")
_DRAFT = "crosspost-new"
_SOME = b"\n" * 4096
"""Enough for a full disk to refuse it."""


def state_folder() -> Path:
    return (
        Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "crosspost" / "signatures"
    )


def aside(file: Path, ending: str) -> Path:
    """Return the place in the state folder of what belongs to a file and cannot lie beside it."""
    name = hashlib.sha256(os.fsencode(file)).hexdigest()[:16]
    return state_folder() / f"{file.name}.{name}.{ending}"


def target_of(file: Path) -> Path:
    """Follow a link to what it names, so that the link stays."""
    return Path(os.path.realpath(file))


def draft_of(target: Path) -> Path:
    """Return where a file's new content is written first: a fixed place, since whoever writes is alone."""
    if _may_be_written(target.parent):
        return target.with_name(f".{target.name}.{_DRAFT}")
    return aside(target, _DRAFT)


def memory_of(path: Path) -> Path:
    """Return where the memory of the signature at `path` (without a suffix) is, or is to be."""
    beside = path.with_name(f".{path.name}.crosspost.json")
    elsewhere = aside(path, "json")
    if beside.exists() or (not elsewhere.exists() and _may_be_written(path.parent)):
        return beside
    return elsewhere


def admit(target: Path) -> None:
    """Raise if a file could be neither replaced nor written here, nor be made. Change nothing."""
    folder = target.parent
    while not os.path.lexists(folder):
        folder = folder.parent
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "this is no folder", str(folder))
    place = target if os.path.lexists(target) else folder
    if not os.access(place, os.W_OK):
        raise PermissionError(errno.EACCES, "this may not be written", str(place))


@contextmanager
def alone_in(folder: Path, patience: timedelta = PATIENCE) -> Iterator[None]:
    """Keep every other process out of the signatures in this folder, made if need be. Raise `files.Busy`.

    Where the folder knows no locks, processes of other machines are not kept out.
    """
    files.make_folder(folder)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        if not files.lock(descriptor, patience):
            os.close(descriptor)
            descriptor = _local_lock(folder)
            files.lock(descriptor, patience)
        yield
        files.sync_folder(folder)  # also for an earlier try that could not
    finally:
        os.close(descriptor)


def try_out(folder: Path, targets: list[Path]) -> list[str]:
    """Lock, write, replace and remove where the signature is; return what does not work, and what is done then.

    Nothing stays. Raise `OSError` or `files.Busy` for what cannot be done at all.
    """
    remarks = []
    while not folder.exists():
        folder = folder.parent
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        if not files.lock(descriptor, timedelta(seconds=1)):
            os.close(_local_lock(folder))
            remarks.append(f"{folder} knows no locks: let only this machine write there")
    finally:
        os.close(descriptor)
    for target in targets:
        if not target.parent.exists():
            remarks.append(f"{target.parent} does not exist yet: it will be made")  # as `admit` found
            continue
        if _may_be_written(target.parent):
            _try_replacing(target)
            if _is_mounted(target):
                remarks.append(f"{target} is written in place: it is mounted by itself")
        else:
            files.make_folder(state_folder(), mode=0o700)
            _try_replacing(state_folder() / target.name)
            remarks.append(f"{target} is written in place: no other file may be made in its folder")
    return list(dict.fromkeys(remarks))


def _try_replacing(file: Path) -> None:
    """Make, replace and remove a file beside this one."""
    probe = file.with_name(f".{file.name}.crosspost-try")
    try:
        files.replace(probe, _SOME)
        files.replace(probe, _SOME)
    finally:
        probe.unlink(missing_ok=True)


def _local_lock(folder: Path) -> int:
    """Open a file of this machine's that stands for the folder."""
    files.make_folder(state_folder(), mode=0o700)
    return os.open(aside(folder, "lock"), os.O_RDWR | os.O_CREAT, 0o600)


def _may_be_written(folder: Path) -> bool:
    return not folder.exists() or os.access(folder, os.W_OK | os.X_OK)  # a missing one is made


def _is_mounted(file: Path) -> bool:
    """Tell whether a file is mounted by itself, as containers do it: nothing can take its place then."""
    try:
        lines = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return False  # not Linux: it is found out when the file is written
    points = (line.split(" ")[4] for line in lines)
    return str(file) in {re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), point) for point in points}

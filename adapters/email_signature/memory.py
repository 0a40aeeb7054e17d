"""The entries that a signature remembers, more than it shows, and the files that they are written to.

One process at a time reads, changes and writes, and finds what is wrong before it replaces anything.
"""

import errno
import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from crosspost import files
from crosspost.errors import Unauthorized

from .block import BrokenMarks, Format, with_block

_SPARE = 20  # entries remembered beyond those shown


class Entry(BaseModel):
    """An entry as it is remembered. `published` is when it was first seen, if the feed does not say."""

    model_config = ConfigDict(frozen=True)
    name: str
    text: str
    link: str
    published: AwareDatetime


class _Memory(BaseModel):
    entries: tuple[Entry, ...]


Entries = dict[str, Entry]
"""By name, which is the remote id."""
_Rewrite = tuple[Path, bytes]


class Begun(Exception):
    """Say that something failed when the first file was already replaced. Its cause is the `OSError`."""


class Signature:
    """One signature's files: what it shows in each format, and its memory beside them."""

    def __init__(self, path: Path, *, formats: Sequence[Format], keep: int, heading: str) -> None:
        """`path`: without a suffix; `keep`: how many entries are shown."""
        self.path = path
        self.formats = formats
        self.keep = keep
        self.heading = heading

    @property
    def memory(self) -> Path:
        return self.path.with_name(f".{self.path.name}.crosspost.json")

    def file(self, format_: Format) -> Path:
        return self.path.with_name(f"{self.path.name}.{format_}")

    def all_files(self) -> list[Path]:
        """Return every file that is written: the memory first, for it is replaced first."""
        return [self.memory, *map(self.file, self.formats)]

    def check(self) -> None:
        """Find out whether all can be read and written. Raise `OSError` or `Unauthorized`."""
        self._rendered(self._remembered())
        for file in self.all_files():
            _admit(_target(file))

    def change(self, change: Callable[[Entries], Entries]) -> None:
        """Change what is remembered, and show that. Raise `OSError`, `Begun` or `Unauthorized`.

        The memory is replaced first: whatever breaks off after it is completed by the next try.
        """
        begun = False
        try:
            with _alone_in(self.path.parent):
                known = self._remembered()
                changed = _newest(change(known), self.keep + _SPARE)
                rewrites = self._rendered(changed)
                if changed != known:
                    rewrites = [(self.memory, _dumped(changed)), *rewrites]
                with _written_beside(rewrites) as drafts:
                    for draft, target in drafts:
                        os.replace(draft, target)
                        begun = True  # also if the folder cannot be written onto the disk
                        files.sync_folder(target.parent)
        except OSError as error:
            if begun:
                raise Begun from error
            raise

    def _remembered(self) -> Entries:
        content = _read(self.memory)
        if content is None:
            return {}
        try:
            return {entry.name: entry for entry in _Memory.model_validate_json(content).entries}
        except ValidationError as error:
            raise Unauthorized(
                f"{self.memory} is damaged; mend it, or delete it: the signature then begins anew"
            ) from error

    def _rendered(self, entries: Entries) -> list[_Rewrite]:
        """Return the files whose content has to change, and to what."""
        shown = list(_newest(entries, self.keep).values())
        rewrites: list[_Rewrite] = []
        for format_ in self.formats:
            file = self.file(format_)
            content = _read(file)
            text = _decoded(file, content) if content is not None else None
            try:
                written = with_block(format_, text, self.heading, shown)
            except BrokenMarks as error:
                raise Unauthorized(f"{file}, line {error.line}: {error.says}") from error
            if written not in (None, text):
                rewrites.append((file, str(written).encode()))
        return rewrites


def _newest(entries: Entries, most: int) -> Entries:
    newest = sorted(entries.values(), key=lambda entry: (entry.published, entry.name), reverse=True)
    return {entry.name: entry for entry in newest[:most]}


def _dumped(entries: Entries) -> bytes:
    return _Memory(entries=tuple(entries.values())).model_dump_json(indent=1).encode() + b"\n"


def _target(file: Path) -> Path:
    """Follow a link to what it names, so that the link stays."""
    return Path(os.path.realpath(file))


def _read(file: Path) -> bytes | None:
    if file.exists() and not (file.is_file() or file.is_dir()):
        raise Unauthorized(f"{file} is no file but a pipe or a device; put the signature elsewhere")
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None


def _decoded(file: Path, content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unauthorized(f"{file}, line {line}: this is not UTF-8; save the file in UTF-8") from error


def _admit(target: Path) -> None:
    """Raise if a file could not be made or replaced here. Change nothing."""
    folder = target.parent
    while not os.path.lexists(folder):
        folder = folder.parent
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "this is no folder", str(folder))
    for place in (folder, target):
        if os.path.lexists(place) and not os.access(place, os.W_OK):
            raise PermissionError(errno.EACCES, "this may not be written", str(place))


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Keep every other process out of the signatures in this folder; make the folder if need be."""
    files.make_folder(folder)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
        files.sync_folder(folder)  # also for an earlier try that could not
    finally:
        os.close(descriptor)


@contextmanager
def _written_beside(rewrites: Sequence[_Rewrite]) -> Iterator[list[tuple[Path, Path]]]:
    """Write every new content, durably, beside the file it is to replace; leave nothing behind."""
    with ExitStack() as stack:
        drafts: list[tuple[Path, Path]] = []
        for file, content in rewrites:
            target = _target(file)
            _admit(target)
            files.make_folder(target.parent)
            # A fixed ending: we are alone, and what a crash left behind is written over.
            draft = stack.enter_context(files.beside(target, content, ending="crosspost-new"))
            drafts.append((draft, target))
        yield drafts

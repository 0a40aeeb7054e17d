"""The entries that a signature remembers, more than it shows, and the files that they are written to.

One process at a time reads, changes and writes, and finds what is wrong before it replaces anything.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from crosspost import files
from crosspost.errors import Unauthorized

from .block import BrokenMarks, Format, with_block
from .charset import UTF_8, NoCharacter, charset_of
from .places import admit, alone_in, draft_of, memory_of, target_of, try_out

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
        return memory_of(self.path)

    def file(self, format_: Format) -> Path:
        return self.path.with_name(f"{self.path.name}.{format_}")

    def all_files(self) -> list[Path]:
        """Return every file that is written: the memory first, for it is replaced first."""
        return [self.memory, *map(self.file, self.formats)]

    def check(self) -> list[str]:
        """Try whether all can be read and written; return what does not work, and what is done instead.

        Nothing is changed. Raise `OSError`, `files.Busy` or `Unauthorized`.
        """
        self._rendered(self._remembered())
        targets = [target_of(file) for file in self.all_files()]
        for target in targets:
            admit(target)
        links = [(file, target_of(file)) for file in self.all_files()[1:] if file.is_symlink()]
        remarks = [f"{file} is a link: {target} is written" for file, target in links]
        return [*try_out(self.path.parent, targets[1:]), *remarks]

    def change(self, change: Callable[[Entries], Entries]) -> None:
        """Change what is remembered, and show that. Raise `OSError`, `files.Busy`, `Begun` or `Unauthorized`.

        The memory is replaced first: whatever breaks off after it is completed by the next try.
        """
        begun = False

        def note() -> None:
            nonlocal begun
            begun = True

        try:
            with alone_in(self.path.parent):
                self._mend()
                known = self._remembered()
                changed = _newest(change(known), self.keep + _SPARE)
                rewrites = self._rendered(changed)
                if changed != known:
                    rewrites = [(self.memory, _dumped(changed)), *rewrites]
                with _written_beside(rewrites) as drafts:
                    for draft, target in drafts:
                        files.put(draft, target, begun=note)
        except OSError as error:
            if begun:
                raise Begun from error
            raise

    def _mend(self) -> None:
        """End what a crash broke off while a file was written in place."""
        for file in self.all_files():
            target = target_of(file)
            try:
                files.mend(draft_of(target), target)
            except files.Torn as error:
                raise Unauthorized(
                    f"{target} was changed by somebody else while crosspost wrote it; {error.whole} holds it "
                    f"whole with the newest articles, {error.old} as it was: put it right, and delete these two"
                ) from error

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
            charset = charset_of(format_, content) if content is not None else UTF_8
            text = charset.decode(content) if content is not None else None
            try:
                written = with_block(format_, text, self.heading, shown, charset)
            except BrokenMarks as error:
                raise Unauthorized(f"{file}, line {error.line}: {error.says}") from error
            except NoCharacter as error:
                raise Unauthorized(  # the channel waits: the next entry could as well be lacking one
                    f"{file} is encoded in {charset.ours}, which has no {error}; save the file in UTF-8"
                ) from error
            if written not in (None, text):
                rewrites.append((file, charset.encode(str(written))))
        return rewrites


def _newest(entries: Entries, most: int) -> Entries:
    newest = sorted(entries.values(), key=lambda entry: (entry.published, entry.name), reverse=True)
    return {entry.name: entry for entry in newest[:most]}


def _dumped(entries: Entries) -> bytes:
    return _Memory(entries=tuple(entries.values())).model_dump_json(indent=1).encode() + b"\n"


def _read(file: Path) -> bytes | None:
    if file.exists() and not (file.is_file() or file.is_dir()):
        raise Unauthorized(f"{file} is no file but a pipe or a device; put the signature elsewhere")
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None


@contextmanager
def _written_beside(rewrites: Sequence[_Rewrite]) -> Iterator[list[tuple[Path, Path]]]:
    """Write every new content, durably, beside the file it is to replace; leave nothing behind."""
    with ExitStack() as stack:
        drafts: list[tuple[Path, Path]] = []
        for file, content in rewrites:
            target = target_of(file)
            admit(target)
            files.make_folder(target.parent)
            # A fixed place: we are alone, and what a crash left behind is written over.
            draft = draft_of(target)
            files.make_folder(draft.parent, mode=0o700)
            drafts.append((stack.enter_context(files.beside(target, content, draft=draft)), target))
        yield drafts

"""The newest entries in an email signature: a text file, an HTML file, or both. No network.

Thunderbird and mutt read such files at each message; into other programs they are pasted. What stands between
two marks is ours; everything else in the file is the user's and stays byte for byte.

What is shown comes from a small JSON file beside the signature, which holds more entries than are shown: so
the order is exact whatever comes late, and what is retracted makes room for the next.
"""

import asyncio
import errno
import fcntl
import html
import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from crosspost.adapter import (
    Adapter,
    AdapterSettings,
    Capabilities,
    HashtagPlace,
    Idempotency,
    LinkPlace,
    LocalPath,
)
from crosspost.errors import NotSent, PublishError, Rejected, Unauthorized, Uncertain
from crosspost.http import utc_now
from crosspost.model import Account, Draft, Receipt
from crosspost.text import canonical_link, is_web_link

Format = Literal["txt", "html"]

_SPARE = 20  # entries remembered beyond those shown
# Recipients see the marks of a text, so they look like a frame. Any heading is recognised: it may change.
_MARKS: dict[Format, tuple[str, str]] = {
    "txt": ("~~ … ~~", "~~"),
    "html": ("<!-- crosspost:begin -->", "<!-- crosspost:end -->"),
}
_ANY_MARK: dict[Format, re.Pattern[str]] = {
    "txt": re.compile(r"^(?:(?P<begin>~~ .+ ~~)|~~)[ \t]*(?=\r?$)", re.MULTILINE),
    "html": re.compile(r"<!--\s*crosspost:(?:(?P<begin>begin)|end)\s*-->"),
}
_NEW_HTML = '<!DOCTYPE html>\n<html>\n<head><meta charset="utf-8"></head>\n<body>\n</body>\n</html>\n'
_BODY_END = re.compile(r"</body\s*>", re.IGNORECASE)
# What a person has to mend. Anything else (a full disk, a failing one) may pass.
_LASTING = (PermissionError, NotADirectoryError, IsADirectoryError, FileExistsError)
_LASTING_TOO = (errno.EROFS, errno.ELOOP, errno.ENAMETOOLONG)


class _Entry(BaseModel):
    """An entry as the memory holds it. `published` is when it was first seen, if the feed does not say."""

    model_config = ConfigDict(frozen=True)
    name: str
    text: str
    link: str
    published: AwareDatetime


class _Memory(BaseModel):
    entries: tuple[_Entry, ...]


_Entries = dict[str, _Entry]  # by name, which is the remote id
_Rewrite = tuple[Path, bytes]


def _without_suffix(path: Path) -> Path:
    path = Path(os.path.abspath(path))
    if path.suffix.lower() in (".txt", ".html"):
        path = path.with_suffix("")
    if not path.name:
        raise ValueError("must name a file, such as /home/marie/signature")
    return path


def _once_each(formats: tuple[Format, ...]) -> tuple[Format, ...]:
    return tuple(dict.fromkeys(formats))


class EmailSignature(Adapter["EmailSignature.Settings"]):
    """Write the newest entries into a signature that is otherwise the user's own."""

    kind: ClassVar[str] = "email_signature"

    class Settings(AdapterSettings):
        """Where the signature is, and what the block in it looks like."""

        path: Annotated[LocalPath, AfterValidator(_without_suffix)] = Field(
            description="The signature's file, without .txt or .html: both are written beside each other."
        )
        keep: int = Field(3, ge=1, le=20, description="How many entries are shown, the newest first.")
        heading: str = Field(
            "Latest articles", pattern=r"^[^\r\n]*[^\s][^\r\n]*$", description="What stands above them."
        )
        formats: Annotated[tuple[Format, ...], AfterValidator(_once_each)] = Field(
            ("txt", "html"), min_length=1, description='Which files are written: "txt", "html" or both.'
        )

    capabilities: ClassVar[Capabilities] = Capabilities(
        max_length=None,
        link=LinkPlace.CARD,
        hashtags=HashtagPlace.NOWHERE,
        idempotency=Idempotency.KEY,  # an entry stands there once, however often it is written
        template="{{ title }}",
    )
    settings: Settings

    @classmethod
    def owns(cls, settings: Settings) -> tuple[str, ...]:
        """Name the files themselves, so that two spellings or a link to one are found out."""
        memory = str(settings.path.with_name(f".{settings.path.name}.crosspost.json"))
        files = [f"{settings.path}.{format_}" for format_ in settings.formats]
        return tuple(os.path.realpath(file) for file in (*files, memory))

    async def verify(self) -> Account:
        await asyncio.to_thread(self._check)
        return Account(id=str(self.settings.path), name=self.settings.path.name, url=self._url)

    async def publish(self, draft: Draft, *, key: str) -> Receipt:
        name = canonical_link(draft.permalink)

        def put(known: _Entries) -> _Entries:
            return known | {name: _entry(name, draft, known.get(name))}

        await asyncio.to_thread(self._change, put)
        return Receipt(remote_id=name, url=self._url)

    async def edit(self, remote_id: str, draft: Draft) -> Receipt:
        """Change an entry that is remembered; one that is not (retracted, long gone) does not come back."""

        def put(known: _Entries) -> _Entries:
            if remote_id not in known:
                return known
            return known | {remote_id: _entry(remote_id, draft, known[remote_id])}

        await asyncio.to_thread(self._change, put)
        return Receipt(remote_id=remote_id, url=self._url)

    async def delete(self, remote_id: str) -> None:
        await asyncio.to_thread(
            self._change, lambda known: {name: entry for name, entry in known.items() if name != remote_id}
        )

    @property
    def _url(self) -> str:
        return self._file(self.settings.formats[0]).as_uri()

    @property
    def _memory(self) -> Path:
        return self.settings.path.with_name(f".{self.settings.path.name}.crosspost.json")

    def _file(self, format_: Format) -> Path:
        return self.settings.path.with_name(f"{self.settings.path.name}.{format_}")

    def _check(self) -> None:
        """Find out whether all could be read and written. Change nothing."""
        try:
            self._rendered(self._remembered())
            for file in (self._memory, *map(self._file, self.settings.formats)):
                _admit(_target(file))
        except OSError as error:
            raise self._meaning(error) from error

    def _change(self, change: Callable[[_Entries], _Entries]) -> None:
        """Read, change and write, alone among all processes; find what is wrong before anything is replaced.

        The memory is replaced first: whatever breaks off after it is completed by the next try.
        """
        begun = False
        try:
            with _alone_in(self.settings.path.parent):
                known = self._remembered()
                changed = _newest(change(known), self.settings.keep + _SPARE)
                files = self._rendered(changed)
                if changed != known:
                    files = [(self._memory, _dumped(changed)), *files]
                with _written_aside(files) as ready:
                    for aside, target in ready:
                        os.replace(aside, target)
                        begun = True
                        _sync(target.parent)
        except OSError as error:
            raise self._meaning(error, begun=begun) from error

    def _remembered(self) -> _Entries:
        content = _read(self._memory)
        if content is None:
            return {}
        try:
            return {entry.name: entry for entry in _Memory.model_validate_json(content).entries}
        except ValidationError as error:
            raise Unauthorized(
                f"{self._memory} is damaged; mend it, or delete it: the signature then begins anew"
            ) from error

    def _rendered(self, entries: _Entries) -> list[_Rewrite]:
        """Return the files whose content has to change, and to what."""
        shown = list(_newest(entries, self.settings.keep).values())
        rewrites: list[_Rewrite] = []
        for format_ in self.settings.formats:
            file = self._file(format_)
            content = _read(file)
            text = _decoded(file, content) if content is not None else None
            ours = _ours(file, format_, text or "")
            if not shown and ours is None:
                continue  # nothing to show, and nothing shown
            block = _html_block if format_ == "html" else _text_block
            written = _with_block(format_, text, ours, block(self.settings.heading, shown))
            if written != text:
                rewrites.append((file, written.encode()))
        return rewrites

    def _meaning(self, error: OSError, *, begun: bool = False) -> PublishError:
        file = error.filename if isinstance(error.filename, str) else self.settings.path
        says = f"the signature could not be written: {file}: {error.strerror or error}"
        if begun:
            return Uncertain(f"{says}; part of it was")
        if isinstance(error, _LASTING) or error.errno in _LASTING_TOO:
            return Unauthorized(says)
        return NotSent(says)


def _entry(name: str, draft: Draft, before: _Entry | None) -> _Entry:
    if not is_web_link(draft.link):
        raise Rejected(f"a signature links only to http and https, not to {draft.link!r}")
    return _Entry(
        name=name,
        text=draft.text.strip() or draft.title or draft.link,
        link=draft.link,
        published=draft.published or (before.published if before else utc_now()),
    )


def _newest(entries: _Entries, most: int) -> _Entries:
    newest = sorted(entries.values(), key=lambda entry: (entry.published, entry.name), reverse=True)
    return {entry.name: entry for entry in newest[:most]}


def _dumped(entries: _Entries) -> bytes:
    return _Memory(entries=tuple(entries.values())).model_dump_json(indent=1).encode() + b"\n"


# What the signature says


def _text_block(heading: str, entries: Sequence[_Entry]) -> list[str]:
    lines = []
    for entry in entries:
        first, *more = entry.text.splitlines()
        lines += [f"• {first}", *(f"  {line}" for line in more if line.strip())]
        if entry.link not in entry.text:
            lines.append(f"  {entry.link}")
    return [f"~~ {heading} ~~", *lines, "~~"]


def _html_block(heading: str, entries: Sequence[_Entry]) -> list[str]:
    begin, end = _MARKS["html"]
    items = []
    for entry in entries:
        shown = "<br>".join(html.escape(line) for line in entry.text.splitlines() if line.strip())
        items.append(f'<li><a href="{html.escape(entry.link)}">{shown}</a></li>')
    if not items:
        return [begin, end]
    return [
        begin,
        f'<p style="margin:1em 0 .3em">{html.escape(heading)}</p>',
        '<ul style="margin:0;padding-left:1.2em">',
        *items,
        "</ul>",
        end,
    ]


def _with_block(format_: Format, text: str | None, ours: tuple[int, int] | None, lines: Sequence[str]) -> str:
    """Put the block where it stands; else at the end, in HTML before the body's end."""
    if text is None and format_ == "html":
        text = _NEW_HTML
    text = text or ""
    ends = re.search(r"\r?\n", text)
    eol = ends[0] if ends else "\n"
    block = eol.join(lines)
    if ours is not None:
        return text[: ours[0]] + block + text[ours[1] :]
    bodies = list(_BODY_END.finditer(text)) if format_ == "html" else []
    at = bodies[-1].start() if bodies else len(text)
    gap = "" if not at or text[at - 1] == "\n" else eol
    if at and format_ == "txt":
        gap += eol
    return text[:at] + gap + block + eol + text[at:]


def _ours(file: Path, format_: Format, text: str) -> tuple[int, int] | None:
    """Find where our block begins and ends; None if there is none. Refuse marks that do not pair."""
    marks = list(_ANY_MARK[format_].finditer(text))
    order = "".join("b" if mark["begin"] else "e" for mark in marks)
    if order == "be":
        return marks[0].start(), marks[1].end()
    if not order:
        return None
    begin, end = _MARKS[format_]
    paired = re.match("(?:be)*", order)
    odd = paired.end() if paired else 0
    if odd == len(order):
        odd, says = 2, "a second list begins here; delete one of the two with its marks"
    elif order[odd] == "b":
        says = f"no {end} ends what begins here; put one below the articles, or delete this mark"
    else:
        says = f"nothing begins that this {end} could end; put {begin} above the articles, or delete this mark"
    line = text.count("\n", 0, marks[odd].start()) + 1
    raise Unauthorized(f"{file}, line {line}: {says}")


# Files


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
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
        os.fsync(descriptor)  # also for an earlier try that could not
    finally:
        os.close(descriptor)


@contextmanager
def _written_aside(rewrites: Sequence[_Rewrite]) -> Iterator[list[tuple[Path, Path]]]:
    """Write every new content, durably, beside the file it is to replace; leave nothing behind."""
    ready: list[tuple[Path, Path]] = []
    try:
        for file, content in rewrites:
            target = _target(file)
            _admit(target)
            target.parent.mkdir(parents=True, exist_ok=True)
            aside = target.with_name(f".{target.name}.crosspost-new")
            ready.append((aside, target))
            _write(aside, content, like=target)
        yield ready
    finally:
        for aside, _ in ready:
            with suppress(OSError):
                aside.unlink(missing_ok=True)


def _write(aside: Path, content: bytes, *, like: Path) -> None:
    aside.unlink(missing_ok=True)  # left by a crash
    there = like.stat() if like.exists() else None
    mode = stat.S_IMODE(there.st_mode) if there else 0o666
    with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        if there:
            with suppress(PermissionError):  # only root may give a file away
                os.fchown(file.fileno(), there.st_uid, there.st_gid)
            os.fchmod(file.fileno(), mode)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Make a replacement in this folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

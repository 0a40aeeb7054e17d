"""The newest entries in an email signature: a text file, an HTML file, or both. No network.

Thunderbird and mutt read such files at each message; into other programs they are pasted. What stands between
two marks is ours; everything else in the file is the user's and stays byte for byte.

What is shown comes from a small JSON file beside the signature, which holds more entries than are shown: so
the order is exact whatever comes late, and what is retracted makes room for the next.
"""

import errno
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, ClassVar, TypeVar

from pydantic import AfterValidator, Field, StrictBool

from crosspost import files
from crosspost.apart import apart
from crosspost.contract import (
    FOR_EVER,
    Adapter,
    AdapterSettings,
    Capabilities,
    HashtagPlace,
    LinkPlace,
    LocalPath,
)
from crosspost.contract.icon import drawn
from crosspost.errors import NotSent, PublishError, Rejected, Unauthorized, Uncertain
from crosspost.http import utc_now
from crosspost.model import Account, Draft, Learnt, Receipt
from crosspost.text import canonical_link, is_web_link

from .block import Format
from .memory import Begun, Entries, Entry, Signature

T = TypeVar("T")

# What a person has to mend. Anything else (a full disk, a failing one) may pass.
_LASTING = (PermissionError, NotADirectoryError, IsADirectoryError, FileExistsError)
_LASTING_TOO = (errno.EROFS, errno.ELOOP, errno.ENAMETOOLONG)
_ENVELOPE = '<path d="M6 10h20v13H6zM6 10l10 8 10-8" fill="none" stroke="#fff" stroke-width="2"/>'


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
    name: ClassVar[str] = "Email signature"
    colour: ClassVar[str] = "#7a5c3e"

    class Settings(AdapterSettings):
        """Where the signature is, and what the block in it looks like."""

        path: Annotated[LocalPath, AfterValidator(_without_suffix)] = Field(
            description="The signature's file, without .txt or .html: both are written beside each other.",
            examples=["signature"],
        )
        keep: int = Field(3, ge=1, le=20, description="How many entries are shown, the newest first.")
        fill: StrictBool = Field(
            True,
            description="Whether it shows the newest entries from the first run on, or only what comes later.",
        )
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
        repeatable_for=FOR_EVER,
        knows_entries=True,  # an entry stands there once, however often it is written
        template="{{ opening }} {{ title or excerpt }}",
        excerpt=100,
    )
    settings: Settings

    @classmethod
    def capabilities_for(cls, settings: Settings, learnt: Learnt) -> Capabilities:
        return replace(cls.capabilities, shows=settings.keep if settings.fill else None)

    @classmethod
    def icon(cls) -> str:
        return drawn(cls.name, cls.colour, _ENVELOPE)

    @classmethod
    def owns(cls, settings: Settings) -> tuple[str, ...]:
        """Name the files themselves, so that two spellings or a link to one are found out."""
        files = _signature(settings).all_files()
        return tuple(os.path.realpath(file) for file in [*files[1:], files[0]])

    @classmethod
    def destination(cls, settings: Settings) -> tuple[str, ...]:
        return (os.path.realpath(settings.path),)

    async def verify(self) -> Account:
        name, remarks = self.settings.path.name, await apart(self.try_out, "signature")
        if remarks:
            name = f"{name} ({'; '.join(remarks)})"
        return Account(id=str(self.settings.path), name=name, url=self._url)

    def try_out(self) -> Sequence[str]:
        """Try the lock, the writing and the replacing of files where the signature is; leave nothing behind."""
        return self._on_disk(self._signature.check)

    async def publish(self, draft: Draft, *, key: str) -> Receipt:
        name = canonical_link(draft.permalink)

        def put(known: Entries) -> Entries:
            return known | {name: _entry(name, draft, known.get(name))}

        await self._change(put)
        return Receipt(remote_id=name, url=self._url)

    async def edit(self, remote_id: str, draft: Draft) -> Receipt:
        """Change an entry that is remembered; one that is not (retracted, long gone) does not come back."""

        def put(known: Entries) -> Entries:
            if remote_id not in known:
                return known
            return known | {remote_id: _entry(remote_id, draft, known[remote_id])}

        await self._change(put)
        return Receipt(remote_id=remote_id, url=self._url)

    async def retract(self, remote_id: str) -> None:
        await self._change(lambda known: {name: entry for name, entry in known.items() if name != remote_id})

    @property
    def _signature(self) -> Signature:
        return _signature(self.settings)

    @property
    def _url(self) -> str:
        return self._signature.file(self.settings.formats[0]).as_uri()

    async def _change(self, change: Callable[[Entries], Entries]) -> None:
        await apart(lambda: self._on_disk(lambda: self._signature.change(change)), "signature")

    def _on_disk(self, act: Callable[[], T]) -> T:
        """Do what reads or writes files; raise what its failure means."""
        try:
            return act()
        except files.Busy as error:
            raise NotSent(
                f"{self._says(error)}; if no crosspost is at work there, end what holds it"
            ) from error
        except Begun as error:
            raise Uncertain(f"{self._says(error.__cause__)}; part of it was") from error
        except OSError as error:
            raise self._meaning(error) from error

    def _meaning(self, error: OSError) -> PublishError:
        if isinstance(error, _LASTING) or error.errno in _LASTING_TOO:
            return Unauthorized(self._says(error))
        return NotSent(self._says(error))

    def _says(self, error: BaseException | None) -> str:
        named = getattr(error, "filename", None)
        file = named if isinstance(named, str) else self.settings.path
        return f"the signature could not be written: {file}: {getattr(error, 'strerror', None) or error}"


def _signature(settings: EmailSignature.Settings) -> Signature:
    return Signature(settings.path, formats=settings.formats, keep=settings.keep, heading=settings.heading)


def _entry(name: str, draft: Draft, before: Entry | None) -> Entry:
    if not is_web_link(draft.link):
        raise Rejected(f"a signature links only to http and https, not to {draft.link!r}")
    return Entry(
        name=name,
        text=draft.text.strip() or draft.title or draft.link,
        link=draft.link,
        published=draft.published or (before.published if before else utc_now()),
    )

"""What a look at a blog's address comes to, as frozen values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from crosspost.feeds import Document, Item
from crosspost.feeds.address import without_user
from crosspost.policy.intake import publication
from crosspost.text import counted, local_date


@dataclass(frozen=True, slots=True)
class Link:
    """A feed that a page names: where it is, and what the page calls it."""

    url: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a web page says of feeds. `links`: those it declares; `mentions`: links to what looks like one."""

    title: str = ""
    language: str = ""
    links: tuple[Link, ...] = ()
    mentions: tuple[Link, ...] = ()
    goes_to: str = ""
    """Where the page sends its readers at once; "" if they stay."""
    asks_login: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    """A feed that could be read. `url`: its address or its file, as a configuration names it."""

    url: str
    title: str
    kind: str
    """In which format it is written: "RSS", "Atom" or "JSON Feed"."""
    document: Document
    of_comments: bool = False
    dates: tuple[datetime, ...] = ()
    """Some dates as they are written, each with the offset from UTC that stands there."""

    def items(self, now: datetime) -> Sequence[Item]:
        """Return what is in it, the newest first."""
        return sorted(self.document.items, key=publication(now), reverse=True)

    @property
    def newest(self) -> datetime | None:
        """Return the latest date of an entry (aware UTC); None if there is none."""
        dated = [item.entry.published for item in self.document.items if item.entry.published]
        return max(dated).astimezone(UTC) if dated else None

    @property
    def described(self) -> str:
        """Return a line by which a person tells it from others."""
        newest = f", the newest of {local_date(self.newest)}" if self.newest else ""
        entries = counted(len(self.document.items), "entry", "entries")
        of_comments = ", comments" if self.of_comments else ""
        address = without_user(self.url)
        return f"{self.title or 'no title'}: {entries}{newest} ({self.kind}{of_comments}, {address})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is at an address. `feeds`: at least one, those of posts before those of comments."""

    page: Page | None = None
    """The page that was read on the way; None if a feed was named."""
    url: str = ""
    """Where that page is, after redirects, without user and password."""
    feeds: tuple[FoundFeed, ...]
    unread: tuple[str, ...] = ()
    """A sentence for each feed of the page that could not be read, and for a page that is not there."""

"""The contract between crosspost and the code that speaks to one kind of network.

The adapter declares data and says things; the core counts, cuts, waits, repeats and remembers. See
docs/write-an-adapter.md for the walk-through, and `crosspost.testing` for the tests every adapter inherits.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, ClassVar, Generic, Protocol, Self, TypeVar, cast, runtime_checkable

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationInfo

from crosspost.errors import NotSent
from crosspost.http import Client
from crosspost.model import Account, Draft, Engagement, Media, Money, Receipt, RemotePost
from crosspost.text import code_points


class AdapterSettings(BaseModel):
    """What the user sets for one adapter, beside what every channel has. Secrets are `SecretStr`."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def _beside_the_configuration(path: Path, info: ValidationInfo) -> Path:
    folder = (info.context or {}).get("folder", Path())
    return Path(folder / path.expanduser()).absolute()


LocalPath = Annotated[Path, AfterValidator(_beside_the_configuration)]
"""A file of the user's. A relative path starts at the configuration's folder."""


class Idempotency(Enum):
    """How a lost answer can be settled."""

    KEY = "the network honours our key: the same request may be repeated"
    CHOSEN_ID = "we choose the id: the same request may be repeated"
    LOOK_BACK = "read recent posts and compare"
    NONE = "only a person can know"


class LinkPlace(Enum):
    """Where the reader's link goes."""

    TEXT = "in the text, always"
    CARD = "in a card beside the text, always"
    CARD_UNLESS_PICTURE = "in a card; in the text when a picture takes the card's place"


class HashtagPlace(Enum):
    """Where hashtags go."""

    TEXT = "in the text, with #"
    FIELD = "in a field of their own"
    NOWHERE = "the network has none"


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRule:
    """What a network takes as a picture. The core scales and re-encodes to fit, or leaves it out."""

    max_bytes: int
    types: frozenset[str] = frozenset({"image/jpeg", "image/png"})
    max_side: int = 4096
    alt_length: int = 1000
    by_default: bool = True
    """Whether channels send pictures unless told otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a network can carry: data on which the core acts, so that adapters need not."""

    max_length: int | None
    """The longest text, in what `count` counts; None: no limit."""
    count: Callable[[str], int] = code_points
    link: LinkPlace = LinkPlace.TEXT
    hashtags: HashtagPlace = HashtagPlace.TEXT
    picture: PictureRule | None = None
    idempotency: Idempotency
    template: str = "{{ title }}\n\n{{ excerpt }}\n\n{{ hashtags }}"
    """The default template of the channel's text."""
    neutralise: re.Pattern[str] | None = None
    """Matches what the network would act on in text that came from a feed (a mention, a ticker). The core
    puts a zero-width space after the first character of each match."""
    max_title: int | None = None
    max_description: int | None = None
    """The longest card title and description, in code points."""
    settle: timedelta = timedelta(minutes=2)
    """How long after a lost answer the network may still commit; nobody looks before."""
    refuses_duplicates: bool = False
    """Whether the network refuses the same words said again: an answer too, where nobody can look."""


S = TypeVar("S", bound=AdapterSettings)


class Adapter(ABC, Generic[S]):
    """Speak to one kind of network. One instance serves one channel.

    Every method makes one try: none retries, sleeps or remembers. They raise only `PublishError`s.
    """

    kind: ClassVar[str]
    """The name in `adapter = "..."`; the same as the entry point's."""
    Settings: ClassVar[type[AdapterSettings]]
    capabilities: ClassVar[Capabilities]

    def __init__(self, settings: S, client: Client) -> None:
        self.settings = settings
        self.client = client

    @classmethod
    def open(cls, settings: S, client: Client) -> Self:
        """Make the adapter for these settings, and call nothing.

        Override it where settings decide which powers there are.
        """
        return cls(settings, client)

    @classmethod
    def owns(cls, settings: S) -> tuple[str, ...]:
        """Name what no second channel may write, such as a file. The configuration refuses two owners."""
        return ()

    @classmethod
    def version_ends(cls, settings: S) -> date | None:
        """Say on which day the network ends the version of its API that these settings name, if it does."""
        return None

    def cost(self, draft: Draft) -> Money:
        """Say what the network bills for publishing `draft`."""
        return Money()

    @abstractmethod
    async def verify(self) -> Account:
        """Find out whom the credential speaks for. Change nothing. Raise `Unauthorized` if for nobody."""

    @abstractmethod
    async def publish(self, draft: Draft, *, key: str) -> Receipt:
        """Publish `draft`: one try, one ambiguous request. `key` is the same for each try of a delivery."""


# Optional powers. Having the method is the declaration.


@runtime_checkable
class FindsRecent(Protocol):
    """Can read back what the account posted: the way out of `uncertain`."""

    async def find_recent(self, since: datetime) -> Sequence[RemotePost]:
        """List all of the account's own posts since then, newest first: see `whole_list`.

        Raise `NotSent` where the network shows no further back, or a page cannot be read: what is missing in
        a whole list is taken for absent and sent again, so an incomplete one would prove nothing.
        """


Page = tuple[Sequence[RemotePost], str]
"""The posts of one page, newest first, and the next page's cursor: "" where the list ends."""
ODD = (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError)
"""What reading an answer stumbles over that is not as its network documents it."""


async def whole_list(
    read: Callable[[str], Awaitable[Page]], since: datetime, *, network: str, most_pages: int = 5
) -> Sequence[RemotePost]:
    """Follow a network's pages back to `since`: return all the posts since then, or raise `NotSent`.

    `read` reads the page of a cursor, "" for the first. Whatever it stumbles over because a page is not as
    the network documents it makes the list unreadable. No page is read that is not needed.
    """
    since = since.replace(microsecond=0)  # many networks' moments are whole seconds
    found: dict[str, RemotePost] = {}  # a new post would push the last one onto the next page as well
    cursor = ""
    for _ in range(most_pages):
        try:
            posts, cursor = await read(cursor)
            if not all(isinstance(post.remote_id, str) and post.remote_id for post in posts):
                raise TypeError("a post has no id")
        except ODD as error:
            raise NotSent(f"{network} answered with a list that cannot be read") from error
        found |= {post.remote_id: post for post in posts}
        # The last one: what is pinned may stand first, whatever its age.
        if not cursor or any(post.created and post.created < since for post in posts[-1:]):
            return [post for post in found.values() if post.created is None or post.created >= since]
    raise NotSent(f"{network} has more than {most_pages} pages of posts since {since:%Y-%m-%d %H:%M} UTC")


def listed(part: object) -> list[Any]:
    """Return what stands where a page's list belongs. Raise `TypeError` if it is none."""
    if not isinstance(part, list):
        raise TypeError("no list of posts")
    return part


def can_repeat(adapter: type[Adapter[Any]]) -> bool:
    """Tell whether the same request may be sent twice without a second post."""
    return adapter.capabilities.idempotency in (Idempotency.KEY, Idempotency.CHOSEN_ID)


def can_look(adapter: type[Adapter[Any]], settings: AdapterSettings) -> bool:
    """Tell whether the account's posts can be read back with these settings."""
    return isinstance(adapter.open(settings, cast("Client", None)), FindsRecent)


@runtime_checkable
class Deletes(Protocol):
    """Can take a post back."""

    async def delete(self, remote_id: str) -> None:
        """Delete the post; succeed if it is already gone."""


@runtime_checkable
class Edits(Protocol):
    """Can change a post in place."""

    async def edit(self, remote_id: str, draft: Draft) -> Receipt:
        """Make the post say what `draft` says, as far as the network allows."""


@runtime_checkable
class ReadsEngagement(Protocol):
    """Can tell what readers did."""

    async def engagement(self, remote_id: str) -> Engagement:
        """Read the post's counts."""


@runtime_checkable
class Uploads(Protocol):
    """Takes pictures in requests of their own, before the post, so that only the last request is ambiguous."""

    async def upload(self, media: Media) -> Media:
        """Upload the picture; return it with `remote_id`, and `expires` where the network forgets it.

        Nothing becomes public, so every failure here is `NotSent`, `Rejected` or `Unauthorized`.
        """

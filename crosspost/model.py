"""The nouns, as frozen values, and the legal moves of a delivery.

All datetimes are aware and in UTC; all durations are `timedelta`; money is `Decimal`.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from crosspost.redact import one_line


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture an entry names. `url` is http(s), or file: for a feed read from a file."""

    url: str
    alt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a feed, as kept. Text fields are plain and decoded; `content` is sanitised HTML."""

    feed: str
    title: str
    permalink: str
    summary: str = ""
    content: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    language: str = ""
    picture: Picture | None = None
    revision: str = ""
    """A hash of what a reader would see: it changes when the entry was edited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A picture ready to send: within the network's bounds, stripped of metadata.

    `remote_id`: the network's id, once uploaded; `expires` is when the network forgets it. `note`: what of the
    original is not in it, for people; not kept with it.
    """

    data: bytes = field(repr=False)
    mime: str
    width: int
    height: int
    alt: str = ""
    remote_id: str | None = None
    expires: datetime | None = None
    note: str = ""

    @property
    def filename(self) -> str:
        """Name the file for a multipart body."""
        return "picture." + {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif"}.get(self.mime, "bin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What one channel will say about one entry: final text, ready for the adapter to wrap and send.

    `text` holds the link where the network wants it inline. `link` is what readers click (with the
    channel's UTM parameters), `permalink` the original. `hashtags` carry no `#`. The other fields are
    for networks that draw a card or list entries themselves.
    """

    text: str
    link: str
    permalink: str
    title: str = ""
    description: str = ""
    hashtags: tuple[str, ...] = ()
    language: str = ""
    author: str = ""
    published: datetime | None = None
    picture: Media | None = None
    has_link_in_text: bool = False
    html: str = ""
    """What `text` says in HTML, safe to show; "" for networks that take none (`Capabilities.html`)."""


NAMELESS = frozenset({"", "0", "none", "null", "undefined"})
"""What no network calls a post: empty, or what programs write where there is nothing."""


def _tidied(value: object, *fields: str) -> None:
    for field_name in fields:
        said = getattr(value, field_name)
        if isinstance(said, str):  # an adapter's author may have missed something
            object.__setattr__(value, field_name, one_line(said))


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a network says it made: the post's id, which is the proof that it did, and its address."""

    remote_id: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        """Tidy what a server said: people are shown it."""
        _tidied(self, "remote_id", "url")

    @property
    def proves(self) -> bool:
        """Whether the post is named: not by nothing, nor by what a program writes for nothing."""
        return isinstance(self.remote_id, str) and self.remote_id.strip().lower() not in NAMELESS


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What a server said of itself. None, or empty: it did not say."""

    max_length: int | None = None
    """The longest text."""
    link_length: int | None = None
    """What a link counts, whatever its length."""
    picture_bytes: int | None = None
    picture_side: int | None = None
    """The longest side, in pixels."""
    picture_types: tuple[str, ...] = ()
    """MIME types."""
    alt_length: int | None = None

    def __post_init__(self) -> None:
        """Raise `TypeError` for what is no limit: every draft would stumble over it."""
        numbers = (self.max_length, self.link_length, self.picture_bytes, self.picture_side, self.alt_length)
        if not all(number is None or (type(number) is int and number > 0) for number in numbers):
            raise TypeError(f"no limits of a server: {self}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who a channel's credential speaks for, and what the server said of itself when it was asked."""

    id: str
    name: str
    url: str = ""
    learnt: Learnt = Learnt()

    def __post_init__(self) -> None:
        """Tidy what a server said: people are shown it."""
        _tidied(self, "id", "name", "url")


@dataclass(frozen=True, slots=True, kw_only=True)
class RemotePost:
    """A post read back from a network. `links` are absolute and unwrapped from the network's redirects."""

    remote_id: str
    url: str
    text: str
    links: tuple[str, ...] = ()
    created: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagement:
    """What readers did with a post. None: the network does not say."""

    likes: int | None = None
    replies: int | None = None
    reposts: int | None = None
    views: int | None = None


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency (ISO 4217)."""

    amount: Decimal = Decimal(0)
    currency: str = "USD"

    def __str__(self) -> str:
        cents = self.amount.quantize(Decimal("0.01"))
        return f"{cents if cents == self.amount else self.amount.normalize():f} {self.currency}"


class Act(StrEnum):
    """What an attempt does to what the network shows."""

    PUBLISH = "publish"
    EDIT = "edit"
    RETRACT = "retract"


class State(StrEnum):
    """The states of a delivery: who moves it in, and who out."""

    HELD = "held"
    """In: ingest, when policy wants a person's yes. Out: a person; after a gap, it is found on the network."""
    PENDING = "pending"
    """In: ingest, a person, or an attempt that certainly did not arrive. Out: deliver, or policy's never;
    after a gap, it is found on the network, or held because nobody can look."""
    SENDING = "sending"
    """In: deliver, in the transaction that records the attempt, of whichever act. Out: its outcome; or, past
    its lease, -> uncertain. Never back to pending because of age."""
    UNCERTAIN = "uncertain"
    """In: a lost answer, a refusal as a duplicate, or a lease that ran out. Out: reconcile, or a person."""
    HANDED = "handed"
    """A person has the text and must do it. In: deliver, on a channel served by hand. Out: that person, who did
    it, skips it or wants it later; or policy's never, when its time is over."""
    DELIVERED = "delivered"
    """In: a receipt, a post found on the network, or a person who did it by hand. Out: a deletion, or an
    attempt to edit or retract it."""
    FAILED = "failed"
    """In: a refusal, or attempts used up. Out: a person's retry or skip; a receipt that came very late; or
    another entry's refusal, which shows that it was the channel's trouble."""
    SKIPPED = "skipped"
    """In: policy's never, or a person. Out: a person's retry."""
    RETRACTED = "retracted"
    """In: a deletion on the network, ours or somebody else's. Final."""


DRY_RUN = "dry run: shown, not sent"
"""Why a delivery is skipped that a dry run showed (decision 5)."""
SHOWN = "shown"
"""What people are told of such a delivery instead: nobody let it go, they were shown it."""
STANDINGS = tuple(
    standing
    for state in State
    for standing in ((SHOWN, str(state)) if state is State.SKIPPED else (str(state),))
)
"""Every word for how a delivery stands, in the order of its life."""


def standing_of(state: State, reason: str) -> str:
    """Return the word by which people are told how a delivery stands: its state, or `SHOWN`."""
    return SHOWN if state is State.SKIPPED and reason == DRY_RUN else str(state)


MOVES: frozenset[tuple[State, State]] = frozenset(
    {
        (State.HELD, State.PENDING),
        (State.HELD, State.SKIPPED),
        (State.HELD, State.DELIVERED),
        (State.PENDING, State.SENDING),
        (State.PENDING, State.HANDED),
        (State.PENDING, State.HELD),
        (State.PENDING, State.UNCERTAIN),
        (State.PENDING, State.DELIVERED),
        (State.PENDING, State.SKIPPED),
        (State.PENDING, State.FAILED),
        (State.SENDING, State.DELIVERED),
        (State.SENDING, State.PENDING),
        (State.SENDING, State.FAILED),
        (State.SENDING, State.UNCERTAIN),
        (State.SENDING, State.RETRACTED),
        (State.UNCERTAIN, State.DELIVERED),
        (State.UNCERTAIN, State.PENDING),
        (State.UNCERTAIN, State.FAILED),
        (State.DELIVERED, State.SENDING),
        (State.DELIVERED, State.RETRACTED),
        (State.HANDED, State.DELIVERED),
        (State.HANDED, State.SKIPPED),
        (State.HANDED, State.PENDING),
        (State.FAILED, State.PENDING),
        (State.FAILED, State.SKIPPED),
        (State.FAILED, State.DELIVERED),
        (State.SKIPPED, State.PENDING),
        (State.SKIPPED, State.HELD),
    }
)
"""Every legal move. The store refuses all others."""

NEEDS_A_PERSON = frozenset({State.HELD, State.FAILED, State.HANDED})
"""The states in which a delivery waits for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The durable intent to announce one entry on one channel; unique per pair."""

    id: int
    entry_id: int
    channel: str
    state: State
    reason: str
    attempts: int
    """How many attempts there were; the newest one's number."""
    counted: int
    """How many attempts used up one of the channel's tries."""
    key: str
    """Sent with every attempt; the same for the life of the delivery."""
    not_before: datetime
    expires: datetime | None
    remote_id: str = ""
    url: str = ""
    note: str = ""
    """What a person should know though it went out, such as a picture left behind."""
    draft: Draft | None = None
    """Frozen by the first attempt, without the picture's bytes: every later one sends the same."""
    created: datetime
    updated: datetime
    repeat_until: datetime | None = None
    """Until when its key makes it safe to send, though an earlier attempt may have arrived; None: none may."""
    looks: int = 0
    """How many looks at the network did not find it since it became uncertain."""
    duplicate: bool = False
    """Whether it is uncertain because the network says that it has this already."""
    look_first: bool = False
    """Whether the network must be asked first: it may have this from before a gap in what we know."""
    priority: int = 0
    """The feed's and the categories' together: the higher gets the room first."""
    promotional: bool = False
    account: str = ""
    """Whom its channel spoke for, see `config.account`; "" if that was not noted."""
    revision: str = ""
    """Of the entry that its words carry, since its last attempt; "" if that is not known."""
    fills: bool = False
    """Whether it fills a channel that shows the newest entries: it announces nothing, so no limit holds it."""

"""The configuration as frozen models. docs/configuration.md describes every key; a test compares the two."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SerializeAsAny,
    StrictBool,
    StrictInt,
    StringConstraints,
    field_validator,
)

from crosspost.config.address import DatabaseAddress
from crosspost.config.calendar import WEEKDAYS, weekday
from crosspost.config.hours import PostingHours
from crosspost.config.limits import Limits, PromotionRation, Ration
from crosspost.config.notify import Notify
from crosspost.config.quiet import QuietDays
from crosspost.config.units import Duration, is_address, local_path
from crosspost.config.words import Words
from crosspost.config.zones import Zone
from crosspost.contract import AdapterSettings, AnyAdapter, Capabilities, FindsRecent, TriesOut
from crosspost.contract.registry import adapter_class
from crosspost.model import Learnt

NAME = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"
Name = Annotated[str, StringConstraints(pattern=NAME)]


def _outlasts_a_request(value: timedelta) -> timedelta:
    """Nobody looks while a request may still be under way: its own deadline is shorter than the least."""
    if not timedelta(minutes=1) <= value <= timedelta(days=1):
        raise ValueError('must be from "1m" to "1d"')
    return value


SettleTime = Annotated[Duration, AfterValidator(_outlasts_a_request)]


Attention = Annotated[Duration, Field(ge=timedelta(0), le=timedelta(days=1))]
Priority = Annotated[StrictInt, Field(ge=-100, le=100)]
Overflow = Literal["defer", "newest", "skip"]


def _weekday(value: object) -> object:
    """Return a weekday's English name; what is none stays, and is refused."""
    day = weekday(value) if isinstance(value, str) else None
    return value if day is None else WEEKDAYS[day]


Weekday = Annotated[
    Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    BeforeValidator(_weekday),
]


class Strict(BaseModel):
    """Refuse unknown keys; keep values out of error texts, since some are secret."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, arbitrary_types_allowed=True
    )


class Feed(Strict):
    """A watched source."""

    url: str = Field(description="Its address, or the path of a file, relative to the configuration's folder.")
    every: Duration = Field(
        timedelta(minutes=15), ge=timedelta(minutes=1), description="How often `run` polls it."
    )
    backfill: StrictInt = Field(
        0, ge=0, le=100, description="How many entries of the first sight are announced."
    )
    horizon: Duration = Field(
        timedelta(days=30), gt=timedelta(0), description="The oldest entry still worth announcing."
    )
    future: Literal["wait", "now"] = Field(
        "wait", description="Whether an entry dated ahead waits for its date, or goes out when it is seen."
    )
    allow_private: StrictBool = Field(
        False, description="Whether pictures this feed names may lie in a private network."
    )
    priority: Priority = Field(0, description="Whose entries get the room first: higher before lower.")

    @field_validator("url")
    @classmethod
    def _can_be_read(cls, value: str) -> str:
        if not value or ("://" in value and not is_address(value)):
            raise ValueError("must be an http or https address, or the path of a file")
        return value if is_address(value) else str(local_path(value))

    @property
    def is_file(self) -> bool:
        return not is_address(self.url)

    @property
    def host(self) -> str:
        """Name the feed's place without what in an address may be secret."""
        return Path(self.url).name if self.is_file else (urlsplit(self.url).hostname or "")


class Utm(Strict):
    """Parameters added to the link, so that the blog's statistics can tell channels apart."""

    source: str = Field("", description="utm_source")
    medium: str = Field("", description="utm_medium")
    campaign: str = Field("", description="utm_campaign")
    term: str = Field("", description="utm_term")
    content: str = Field("", description="utm_content")

    @property
    def parameters(self) -> Mapping[str, str]:
        return {name: value for name, value in self if value}


class ChannelKeys(Strict):
    """What every channel has; the adapter's own settings stand beside these keys."""

    adapter: str = Field(description="Which adapter speaks for it; `crosspost adapters` lists them.")
    feeds: tuple[str, ...] | None = Field(None, description="The feeds it announces. Default: all.")
    template: str | None = Field(None, description="A Jinja2 template of the text. Default: the adapter's.")
    words: Words = Field({}, description="Opening lines of one's own, by category; {{ opening }} shows one.")
    excerpt: Annotated[StrictInt, Field(ge=0, le=10_000)] | None = Field(
        None, description="The longest {{ excerpt }}, in characters. Default: as suits the network, mostly 300."
    )
    hashtags: StrictInt = Field(3, ge=0, le=30, description="How many categories become hashtags.")
    utm: Utm = Field(Utm(), description="UTM parameters: source, medium, campaign, term, content.")
    include: tuple[str, ...] = Field((), description="Announce only entries in one of these categories.")
    exclude: tuple[str, ...] = Field((), description="Never announce entries in one of these categories.")
    picture: StrictBool | None = Field(
        None, description="Whether pictures are sent. Default: as suits the network."
    )
    delay: Duration = Field(timedelta(0), description="How long to wait after a new entry: time to fix a typo.")
    approve: StrictBool = Field(False, description="Whether every delivery waits for `crosspost approve`.")
    attempts: StrictInt = Field(5, ge=1, le=20, description="How many tries a delivery has.")
    settle: SettleTime | None = Field(
        None,
        description="How long after a lost answer nobody looks. Default: as suits the network, mostly 2m.",
    )
    on_uncertain: Literal["reconcile", "ask", "resend"] | None = Field(
        None,
        description="What follows a lost answer. Default: reconcile; ask where the network cannot be read.",
    )
    dry_run: StrictBool = Field(
        False, description="Show what would be sent instead of sending. Needs no secrets."
    )
    limits: Limits = Field((), description="At most so much per period, in posts, minutes or money.")
    attention: Attention = Field(timedelta(0), description="What one post usually costs you afterwards.")
    owner: str | None = Field(None, description="Whose attention that is: one of [people].")
    hours: PostingHours | None = Field(
        None, description="The local times in which it posts. Default: any; from 7 to 22 under a limit."
    )
    quiet: QuietDays = Field((), description="Days on which it does not post.")
    timezone: Zone | None = Field(None, description="Zone of its hours and quiet days. Default: the file's.")
    spread: StrictBool = Field(False, description="Spread a day's posts over its hours.")
    overflow: Overflow | None = Field(
        None, description="What becomes of what does not fit its limits. Default: the time box's."
    )
    priority: Priority = Field(0, description="Which channel gets the room first: higher before lower.")


class Channel(ChannelKeys):
    """One configured destination."""

    name: str
    settings: SerializeAsAny[AdapterSettings]
    connected: bool = False
    """Whether its credential is in the vault, by `crosspost connect`, and its settings hold placeholders."""

    unfinished: tuple[str, ...] = ()
    """The keys that `crosspost connect` is still to find; its settings hold an example of each.

    Its deliveries wait, and it is never opened for its network.
    """

    examples: tuple[str, ...] = ()
    """Those of `unfinished` for which the file has an example's value, or none."""

    secrets_from: Mapping[str, str] = {}
    """Where each secret of its table is, in words: "the environment variable X"."""

    learnt: Learnt = Learnt()
    """What its server said of itself, by what is on record."""

    @property
    def adapter_class(self) -> type[AnyAdapter]:
        return adapter_class(self.adapter)

    @property
    def capabilities(self) -> Capabilities:
        """What its network can carry, by its settings and by what the server said of itself."""
        return self.adapter_class.capabilities_for(self.settings, self.learnt)

    @property
    def longest_excerpt(self) -> int:
        """The longest excerpt, in characters: what the user chose, else what suits the network."""
        return self.capabilities.excerpt if self.excerpt is None else self.excerpt

    @property
    def can_look(self) -> bool:
        """Whether the account's posts can be read back."""
        return self.adapter_class.has(FindsRecent, self.settings)

    @property
    def when_uncertain(self) -> str:
        """What follows a lost answer: what the user chose, else what the network allows."""
        settles = self.capabilities.repeatable_for is not None or self.can_look
        return self.on_uncertain or ("reconcile" if settles else "ask")

    @property
    def leaves_to_person(self) -> bool:
        """Whether only a person can tell what became of a lost answer."""
        return self.when_uncertain == "ask"

    @property
    def looks(self) -> bool:
        """Whether crosspost reads the account's posts to find out."""
        return not self.leaves_to_person and self.can_look

    @property
    def notices_repeats(self) -> bool:
        """Whether something said before, of which we know nothing, would not be said again."""
        rules = self.capabilities
        return self.looks or rules.knows_entries or rules.refuses_duplicates

    @property
    def has_network(self) -> bool:
        """Whether what it says reaches somebody at once; a signature is read with the next mail."""
        return not self.adapter_class.has(TriesOut, self.settings)

    @property
    def settle_time(self) -> timedelta:
        return self.settle or self.capabilities.settle

    @property
    def wants_pictures(self) -> bool:
        rule = self.capabilities.picture
        return rule is not None and (rule.by_default if self.picture is None else self.picture)

    def announces(self, feed: str) -> bool:
        return self.feeds is None or feed in self.feeds


class TimeBox(Strict):
    """What social media may cost altogether."""

    budget: Limits = Field((), description="The limit over all channels, or several.")
    overflow: Overflow = Field("defer", description="What becomes of what does not fit a limit.")


class Person(Strict):
    """Somebody who shares the load."""

    budget: Limits = Field((), description="The limit over the channels this person owns, or several.")


class Promotion(Strict):
    """Selling is rationed."""

    categories: tuple[str, ...] = Field((), description="The categories of entries that sell something.")
    at_most: PromotionRation = Field(
        Ration(1, 5), description="How many in a row of how many posts on one channel."
    )


class _Shared(Strict):
    """What the file and the checked configuration say in the same words."""

    timezone: Zone = Field(
        ZoneInfo("UTC"), description="The time zone of dates in texts and tables, and of limits per day."
    )
    week_starts: Weekday = Field("Monday", description="The first day of a week, for limits per week.")
    time_box: TimeBox = Field(TimeBox(), description="What social media may cost altogether.")
    people: Mapping[Name, Person] = Field({}, description="Who shares the load, by name.")
    promotion: Promotion = Field(Promotion(), description="Which entries sell, and how rare they are.")
    category_priority: Mapping[str, Priority] = Field(
        {}, description="Whose entries get the room first, by category."
    )
    never_hashtags: tuple[str, ...] = Field(
        (), description="Categories that become no hashtag, beside those that say nothing."
    )
    notify: Notify = Field(Notify(), description="Whom to tell when something needs a person.")


class Lacking(NamedTuple):
    """A secret that whoever acts needs and could not have from here. `problem` goes on after its key."""

    key: str
    problem: str
    by_environment: bool
    """Whether it is a variable that is not set here, and may be set where crosspost runs."""


class Config(_Shared):
    """The whole configuration, checked."""

    path: Path
    digest: str
    """A hash of the file's text and its time zone: what was decided under another one is decided anew."""
    secret_files: tuple[Path, ...] = ()
    """The files that secrets are taken from."""
    lacking: tuple[Lacking, ...] = ()
    """What is missing for a run, where that was not needed to read the configuration."""
    database: DatabaseAddress
    feeds: Mapping[str, Feed]
    channels: Mapping[str, Channel]


class TopLevel(_Shared):
    """The file's own keys, before channels are given to their adapters."""

    database: str = Field(
        "sqlite:///crosspost.db", description="Where state is kept: sqlite:///PATH or postgresql://…"
    )
    feeds: dict[Name, Feed] = Field(min_length=1, description="The watched feeds, by name.")
    channels: dict[Name, dict[str, Any]] = Field(min_length=1, description="The destinations, by name.")

"""What a message says: one value, which each service writes in its own form. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from crosspost.model import State
from crosspost.policy.notices import Link, Need
from crosspost.redact import one_line
from crosspost.text import cut, is_web_link, local_clock, local_time

_LONGEST_TITLE = 60
"""Of an entry's title, what a subject has room for on a phone."""
_LONGEST_SUBJECT = 80
_OPEN_ENTRY = "Open the entry"
_ABOUT = {
    State.HELD: ("waits for your yes", "wait for your yes"),
    State.FAILED: ("failed", "failed"),
    State.HANDED: ("is to be posted by hand", "are to be posted by hand"),
    State.UNCERTAIN: ("is uncertain", "are uncertain"),
}
"""What a subject says of deliveries in a state: of one, and of several."""


class Kind(StrEnum):
    """What a message is for."""

    NEEDS = "needs"
    WELL = "well"
    DELIVERED = "delivered"
    DIGEST = "digest"
    TEST = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that a message tells: a sentence, and what there is to hold on to."""

    text: str
    title: str = ""
    words: str = ""
    links: tuple[Link, ...] = ()
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Some things that belong together. `heading`: "" where none is needed."""

    heading: str = ""
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A post that went out, and how long people are meant to answer what is said under it."""

    delivery_id: int
    channel: str
    title: str
    link: str
    """The entry's."""
    url: str
    """The post's; "" if the network did not say."""
    at: datetime
    attention: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message, for all services. `text` says all of it; `sections` say it again in its parts."""

    title: str
    text: str
    kind: Kind = Kind.NEEDS
    sections: tuple[Section, ...] = ()
    needs: tuple[Need, ...] = ()
    total: int = 0
    """How much needs a person altogether, for a message of needs."""
    posts: tuple[Posted, ...] = ()

    def __post_init__(self) -> None:
        """Keep the title one line: strangers' words are in it, and it becomes a header."""
        object.__setattr__(self, "title", one_line(self.title))

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for section in self.sections for item in section.items)


ALL_WELL = Message(title="crosspost: all is well again", text="Nothing needs you any more.", kind=Kind.WELL)


def message_of(new: Sequence[Need], total: int) -> Message:
    """Collect what is new into one message. `total`: how much needs a person altogether."""
    items = [item_of(need) for need in new]
    if total > len(new):
        items.append(Item(text=f"({total - len(new)} that you know of: crosspost status)"))
    sections = (Section(items=tuple(items)),)
    return Message(
        title=_subject(new), text=plain_text(sections), sections=sections, needs=tuple(new), total=total
    )


def item_of(need: Need) -> Item:
    """Return what a message tells of a need."""
    return Item(
        text=need.text,
        title=need.title,
        words=need.words,
        links=web_links(Link(_OPEN_ENTRY, need.link), *need.links),
        commands=need.remedies,
    )


def posts_message(posts: Sequence[Posted], now: datetime, zone: ZoneInfo) -> Message:
    """Collect the posts that went out into one message."""
    sections = (Section(items=tuple(_item_of_post(post, now, zone) for post in posts)),)
    first = posts[0]
    title = (
        f"crosspost: out on {first.channel}: {_short(first.title)}"
        if len(posts) == 1
        else f"crosspost: {len(posts)} posts are out"
    )
    return Message(
        title=title, text=plain_text(sections), kind=Kind.DELIVERED, sections=sections, posts=tuple(posts)
    )


def links_of(message: Message, most: int) -> list[Link]:
    """Return the first things to open, for services that have buttons for the whole message only.

    Where the message tells of several things, each has one, and it is named by its entry.
    """
    items = [item for item in message.items if item.links]
    if len(items) == 1:
        return list(items[0].links[:most])
    return [
        Link(cut(one_line(item.title), lambda text: len(text) <= 30) or item.links[0].label, item.links[0].url)
        for item in items[:most]
    ]


def plain_text(sections: Iterable[Section]) -> str:
    """Write sections as plain text: a block for each thing, what belongs to it indented."""
    blocks = []
    for section in sections:
        if section.heading:
            blocks.append(section.heading.upper())
        blocks += [_block(item) for item in section.items]
    return "\n\n".join(blocks)


def web_links(*links: Link) -> tuple[Link, ...]:
    """Return those of these links that lead to a page of the web: a feed may hold any address, or none."""
    return tuple(link for link in links if is_web_link(link.url))


def _block(item: Item) -> str:
    lines = [*item.words.splitlines()]
    lines += [f"{link.label}: {link.url}" if len(item.links) > 1 else link.url for link in item.links]
    lines += [command for command in item.commands if command not in item.text]
    return "\n".join([item.text, *(f"    {line}" for line in lines)])


def _item_of_post(post: Posted, now: datetime, zone: ZoneInfo) -> Item:
    sentence = f"{post.channel}: “{one_line(post.title)}” is out"
    if post.attention:
        until = post.at + post.attention
        minutes = -(-post.attention // timedelta(minutes=1))
        count = f"{minutes} {'minute is' if minutes == 1 else 'minutes are'}"
        sentence += (
            f"; answer comments until {local_clock(until, zone)} ({count} meant for it)"
            if until > now
            else f"; {count} meant for its comments, from {local_time(post.at, zone)} on"
        )
    return Item(
        text=sentence,
        title=post.title,
        links=web_links(Link(f"Open it on {post.channel}", post.url), Link(_OPEN_ENTRY, post.link)),
    )


def _subject(needs: Sequence[Need]) -> str:
    """Say what a message is about, so that people see from the list of their mails whether it can wait."""
    counted = {state: sum(need.count for need in needs if _state_of(need) is state) for state in _ABOUT}
    said = [f"{count} {_ABOUT[state][count > 1]}" for state, count in counted.items() if count]
    others = [need for need in needs if _state_of(need) is None]
    if len(needs) == 1:
        (need,) = needs
        if others:
            return f"crosspost: {_short(need.text, _LONGEST_SUBJECT)}"
        about = f": {_short(need.title)}" if need.title else ""
        return f"crosspost: {said[0]}{about}" + (f" ({need.channel})" if need.channel else "")
    if others:
        other = "other " if said else ""
        said.append(
            f"1 {other}thing needs you" if len(others) == 1 else f"{len(others)} {other}things need you"
        )
    return f"crosspost: {', '.join(said)}"


def _state_of(need: Need) -> State | None:
    """Return the state of the deliveries that a need is about; None if it is about something else."""
    first = need.topic.partition(" ")[0]
    return next((state for state in _ABOUT if state == first), None)


def _short(text: str, most: int = _LONGEST_TITLE) -> str:
    return cut(one_line(text), lambda part: len(part) <= most)

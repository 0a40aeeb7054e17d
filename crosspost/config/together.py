"""What only shows when the tables of a configuration are seen side by side."""

import difflib
from collections.abc import Iterable, Iterator, Mapping

from crosspost.config.limits import ATTENTION, Limits, show_amount
from crosspost.config.model import Channel, Feed, TopLevel
from crosspost.config.where import Path

Problem = tuple[Path, str]
"""The key that is wrong, and what goes on after its name."""


def contradictions(
    top: TopLevel, feeds: Mapping[str, Feed], channels: Mapping[str, Channel]
) -> Iterator[Problem]:
    """Yield what cannot be true together."""
    yield from _told_to_nobody(top)
    writers: dict[str, str] = {}
    for name, channel in channels.items():
        here = ("channels", name)
        for feed in channel.feeds or ():
            if feed not in feeds:
                yield (*here, "feeds"), f"names a feed {feed!r} that does not exist{nearest(feed, feeds)}"
        owned = channel.adapter_class.owns(channel.settings)
        if clash := next((thing for thing in owned if thing in writers), None):
            yield here, f"writes {clash}, and so does channels.{writers[clash]}; give each a path of its own"
        writers.update((thing, name) for thing in owned if thing not in writers)
        if channel.owner is not None and channel.owner not in top.people:
            hint = nearest(channel.owner, top.people) if top.people else "; add [people.NAME]"
            yield (*here, "owner"), f"names a person {channel.owner!r} who does not exist{hint}"
        rests = channel.has_network and any(limits for _, limits in _limits(top, name, channel))
        if channel.spread and channel.hours is None and not rests:
            yield (*here, "spread"), 'needs hours to spread over; add hours = "09:00-18:00"'
        yield from _never_met(top, name, channel)


def _told_to_nobody(top: TopLevel) -> Iterator[Problem]:
    """Yield what is to be told, where nobody is there to hear it."""
    if top.notify.tell and not top.notify.services:
        yield ("notify", "tell"), "tells nobody; add [notify.email], or another service"
    if top.notify.digest is not None and top.notify.email is None:
        yield ("notify", "digest"), "goes by mail; add [notify.email]"


def _never_met(top: TopLevel, name: str, channel: Channel) -> Iterator[Problem]:
    """Yield the limits that not even one post of the channel fits: its deliveries would wait for ever."""
    attention = int(channel.attention.total_seconds())
    for path, limits in _limits(top, name, channel):
        for limit in limits:
            if limit.unit == ATTENTION and attention > limit.amount:
                costs = show_amount(attention, ATTENTION)
                says = f'one post of channels.{name} costs {costs} (attention), and "{limit}" is less'
                yield path, f"can never be met: {says}; raise the limit or lower the attention"


def _limits(top: TopLevel, name: str, channel: Channel) -> Iterator[tuple[Path, Limits]]:
    """Yield what limits a channel, each with its key."""
    yield ("channels", name, "limits"), channel.limits
    yield ("time_box", "budget"), top.time_box.budget
    if channel.owner is not None and channel.owner in top.people:
        yield ("people", channel.owner, "budget"), top.people[channel.owner].budget


_MEANT = {
    "hours": "hour time times when schedule posting_hours heures horaire horaires plage plages",
    "limits": "limit max maximum max_per_day per_day rate rate_limit quota limite limites budget",
    "budget": "limit limits",
    "hashtags": "hashtag tag tags mots_cles",
    "picture": "image images photo photos pictures media thumbnail",
    "template": "text texte message format body",
    "utm": "link links lien tracking",
    "url": "link address adresse href feed_url",
    "feeds": "feed source sources flux",
    "include": "category categories only filter",
    "exclude": "except ignore skip",
    "timezone": "tz zone time_zone fuseau",
    "dry_run": "test preview enabled disabled active dryrun",
    "every": "interval frequency poll",
    "quiet": "holidays vacation silence",
    "access_token": "token bearer api_token",
    "page": "page_id",
    "blog": "blog_name blog_url",
    "author": "person organization urn member company",
}
"""Keys, and what else people call them."""


def nearest(name: str, names: Iterable[str]) -> str:
    """Return a hint: the name that was probably meant, or all there are."""
    names = list(names)
    word = name.casefold().replace("-", "_")
    close = [key for key, others in _MEANT.items() if key in names and word in others.split()]
    close = close or difflib.get_close_matches(word, names, n=1, cutoff=0.5)
    return f"; did you mean {close[0]}?" if close else f"; there are: {', '.join(sorted(names))}"

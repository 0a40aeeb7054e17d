"""Ask a feed whether it changed: politely, and without touching the store."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from crosspost.config import Config, Feed
from crosspost.errors import FeedError
from crosspost.feeds import Changed, Document, Unchanged, Validators, fetch, parse, read_file
from crosspost.feeds.state import FeedState
from crosspost.http import Client, utc_now

MOVED_FOR_GOOD = 3
"""How often in a row a permanent redirect must lead to a readable feed before it is followed at once."""


LONGEST_PEACE = timedelta(days=8)
"""No server is given more; a later moment on record comes from a clock that was wrong."""


@dataclass(frozen=True, slots=True)
class Waits:
    """The feed is left alone for now, and why."""

    reason: str
    until: datetime | None = None


Polled = Unchanged | Changed | FeedError | Waits


async def poll(client: Client, feed: Feed, state: FeedState, now: datetime) -> Polled:
    """Fetch the feed if it may be fetched. Failures are values: one feed's never stops another."""
    state = known_state(feed, state)
    if state.gone:
        return Waits("its server said that it is gone for good (410); change its url or remove the feed")
    clock_was_ahead = state.polled_at is not None and state.polled_at > now
    if state.not_before is not None and now < state.not_before <= now + LONGEST_PEACE and not clock_was_ahead:
        until = f"{state.not_before:%Y-%m-%d %H:%M} UTC"
        return Waits(f"its server asked not to be called before {until}", state.not_before)
    validators = Validators(etag=state.etag, last_modified=state.last_modified, body_hash=state.body_hash)
    try:
        if feed.is_file:
            return await read_file(Path(feed.url), validators)
        url = state.moved_to if state.moved_times >= MOVED_FOR_GOOD else feed.url
        return await fetch(client, url, validators, now=now)
    except FeedError as error:
        return error


async def poll_all(
    client: Client,
    config: Config,
    states: Mapping[str, FeedState],
    now: datetime,
    only: Iterable[str] | None = None,
) -> dict[str, Polled]:
    """Poll every feed, or only some, side by side."""
    names = list(config.feeds if only is None else only)
    polled = await asyncio.gather(
        *(poll(client, config.feeds[name], states.get(name, FeedState(name=name)), now) for name in names)
    )
    return dict(zip(names, polled, strict=True))


async def read_now(client: Client, name: str, feed: Feed) -> Document:
    """Read the feed as it is, whatever is known of it. Raise `FeedError`."""
    nothing = Validators()
    if feed.is_file:
        found = await read_file(Path(feed.url), nothing)
    else:
        found = await fetch(client, feed.url, nothing, now=utc_now())
    if isinstance(found, Unchanged):
        raise FeedError("its server says that it has not changed, though we never saw it")
    return await parse(found, feed=name)


def known_state(feed: Feed, state: FeedState) -> FeedState:
    """Forget what belongs to another address, if the user changed it; the entries stay known."""
    address = address_hash(feed)
    if state.address == address:
        return state
    return replace(
        FeedState(name=state.name, address=address),
        baseline_at=state.baseline_at,
        largest=state.largest,
        shown=state.shown,
        title=state.title,
        after_gap=state.after_gap,
    )


def address_hashes(feed: Feed) -> frozenset[str]:
    """Return the hashes of all spellings of a feed's address that lead to the same place."""
    spellings = {feed.url}
    if not feed.is_file:
        rest = feed.url.partition("://")[2]
        rests = {rest, rest.rstrip("/"), rest.rstrip("/") + "/"}
        spellings |= {f"{scheme}://{rest}" for scheme in ("http", "https") for rest in rests}
    return frozenset(sha256(spelling.encode()).hexdigest() for spelling in spellings)


def address_hash(feed: Feed) -> str:
    return sha256(feed.url.encode()).hexdigest()

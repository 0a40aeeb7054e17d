"""Ask a feed whether it changed: politely, and without touching the store."""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from hashlib import sha256
from pathlib import Path

from crosspost.config import Config, Feed
from crosspost.errors import FeedError
from crosspost.feeds.address import same_server, with_user_of
from crosspost.feeds.document import Changed, Document, Unchanged, Validators
from crosspost.feeds.fetch import fetch, read_file
from crosspost.feeds.parse import parse
from crosspost.feeds.state import FeedState
from crosspost.http import Client, utc_now
from crosspost.text import local_time

_log = logging.getLogger(__name__)

MOVED_FOR_GOOD = 3
"""How often in a row a permanent redirect must lead to a readable feed before it is followed at once."""
LONGEST_PEACE = timedelta(days=8)
"""No server is given more; a later moment on record comes from a clock that was wrong."""
_A_FEW = 3
_FRESH_AT_MOST = 0.75
"""Of `every`: the daemon's next poll, which may come a little early, is never one that waits."""


@dataclass(frozen=True, slots=True)
class Waits:
    """The feed is left alone for now, and why. `gone`: so long since its server said that there is none."""

    reason: str
    until: datetime
    gone: bool = False


Polled = Unchanged | Changed | FeedError | Waits


async def poll(client: Client, feed: Feed, state: FeedState, now: datetime, zone: tzinfo = UTC) -> Polled:
    """Fetch the feed if it may be fetched. Failures are values: one feed's never stops another.

    `zone`: by whose clocks people are told until when it is left alone.
    """
    state = known_state(feed, state)
    if wait := waits(feed, state, now, zone):
        return wait
    validators = Validators(etag=state.etag, last_modified=state.last_modified, body_hash=state.body_hash)
    try:
        if feed.is_file:
            return await read_file(Path(feed.url), validators)
        adopted = adopted_address(state)
        return await (
            _fetch_adopted(client, feed, adopted, validators, now, zone)
            if adopted
            else fetch(client, feed.url, validators, now=now, zone=zone)
        )
    except FeedError as error:
        return error


def waits(feed: Feed, state: FeedState, now: datetime, zone: tzinfo = UTC) -> Waits | None:
    """Tell whether the feed is to be left alone, by what is known of it. Pure.

    What a server says of how long its answer stays fresh counts for less than `every`: the person's word.
    """
    until = state.not_before
    if until is not None and not state.failures and state.succeeded_at is not None:
        until = min(until, state.succeeded_at + feed.every * _FRESH_AT_MOST)
    clock_was_ahead = state.polled_at is not None and state.polled_at > now
    if until is None or clock_was_ahead or not now < until <= now + LONGEST_PEACE:
        return None
    then = local_time(until, zone)
    if state.gone:
        return Waits(
            f"its server said that it is gone for good (410), and it is looked at again at {then}, or by "
            f"crosspost retry feed {state.name}; change its url, or remove the feed",
            until,
            gone=True,
        )
    if state.failures > _A_FEW:
        return Waits(f"it fails again and again, and is asked again at {then}", until)
    return Waits(f"its server asked not to be called before {then}", until)


def adopted_address(state: FeedState) -> str:
    """Return where the feed is read since its address moved for good; "" if that is where it is configured."""
    return state.moved_to if state.moved_times >= MOVED_FOR_GOOD else ""


async def _fetch_adopted(
    client: Client, feed: Feed, adopted: str, validators: Validators, now: datetime, zone: tzinfo
) -> Unchanged | Changed:
    """Fetch the feed where it moved to; if that fails, where it is configured. Raise `FeedError`.

    The adopted address is a stranger's word: on another server than the person's own, it must be public.
    """
    own = same_server(adopted, feed.url)
    url = with_user_of(feed.url, adopted) if own else adopted
    try:
        found = await fetch(client, url, validators, now=now, allow_private=own, zone=zone)
    except FeedError as error:
        if error.retry_at is not None:
            raise
        # What the other server called its version means nothing here; the same bytes do.
        found = await fetch(client, feed.url, Validators(body_hash=validators.body_hash), now=now, zone=zone)
        return replace(found, moved_back=True)
    return found


async def poll_all(
    client: Client,
    config: Config,
    states: Mapping[str, FeedState],
    now: datetime,
    only: Iterable[str] | None = None,
    *,
    patience: timedelta | None = None,
) -> dict[str, Polled]:
    """Poll every feed, or only some, side by side. `patience`: how long any of them may take."""
    names = list(config.feeds if only is None else only)

    async def poll_one(name: str) -> Polled:
        try:
            async with asyncio.timeout(patience.total_seconds() if patience else None):
                state = states.get(name, FeedState(name=name))
                return await poll(client, config.feeds[name], state, now, config.timezone)
        except TimeoutError:
            return FeedError(
                "it did not answer in half of the time that the run has, so that the others are read"
            )
        except Exception as error:  # one feed's oddity, whatever it is, is not the others'
            _log.exception("the feed %s could not be asked", name)
            return FeedError(f"it could not be asked: {type(error).__name__}: {error}")

    return dict(zip(names, await asyncio.gather(*map(poll_one, names)), strict=True))


async def read_now(client: Client, name: str, feed: Feed, zone: tzinfo = UTC) -> Document:
    """Read the feed as it is, whatever is known of it. Raise `FeedError`."""
    nothing = Validators()
    if feed.is_file:
        found = await read_file(Path(feed.url), nothing)
    else:
        found = await fetch(client, feed.url, nothing, now=utc_now(), zone=zone)
    if isinstance(found, Unchanged):
        raise FeedError("its server says that it has not changed, though we never saw it")
    return await parse(found, feed=name)


def known_state(feed: Feed, state: FeedState) -> FeedState:
    """Forget what belongs to another address, if the user changed it; the entries stay known.

    Forget, too, what lets a server say "unchanged" of a document that another reader of ours has read: the same
    bytes are read anew, before there is anything new in them.
    """
    if state.is_read_otherwise:
        state = replace(state, etag="", last_modified="", body_hash="")
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
        reader=state.reader,
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

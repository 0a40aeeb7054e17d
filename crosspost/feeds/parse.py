"""Read a feed in a child process: what strangers wrote can take long, and only a process can be stopped.

A thread could not, and would hold up the event loop besides.
"""

import asyncio
import json
import logging
import math
from datetime import timedelta

from crosspost.child.ask import Places, ask
from crosspost.errors import FeedError
from crosspost.feeds.address import named
from crosspost.feeds.document import Changed, Document
from crosspost.feeds.packing import unpack
from crosspost.redact import hide

_MOST_ANSWER = 32_000_000
_PATIENCE = timedelta(minutes=5)
"""After so long a child is stopped that got too little of the processor: it is frozen, or the machine is."""
_READERS = Places(2)  # a hostile document may take a gigabyte

_log = logging.getLogger(__name__)


async def parse(
    changed: Changed,
    *,
    feed: str,
    deadline: timedelta = timedelta(seconds=15),
    patience: timedelta = _PATIENCE,
    most: int = _MOST_ANSWER,
) -> Document:
    """Read a document that `fetch` or `read_file` brought. Raise `FeedError`.

    `feed`: the feed's name, for its entries. `deadline`: the processor time that the child may use, counted
    in whole seconds; `patience`: how long it may take by the clock. `most`: bytes that it may answer. It is
    stopped, and gone, when this returns or is cancelled, whatever happened.
    """
    name = named(changed.url)
    if not changed.body.strip():
        raise FeedError(f"{name} is empty; the next poll tries again")
    seconds = max(1, math.ceil(deadline.total_seconds()))
    header = {"feed": feed, "url": changed.url, "content_type": changed.content_type, "seconds": seconds}
    try:
        question = json.dumps(header).encode() + b"\n" + changed.body
        async with _READERS.one:
            ended = await ask("crosspost.feeds.child", question, patience=patience, most=most)
    except OSError as error:
        raise FeedError(
            f"{name} could not be read: no process could be started for it ({error.strerror}); "
            "the next poll tries again"
        ) from error
    if ended.complaint:
        _log.debug("reading the feed %s: %s", feed, hide(ended.complaint.decode("utf-8", "replace")))
    if ended.starved:
        raise FeedError(
            f"{name} could not be read: its reader was stopped since it had {ended.starved}; "
            "the machine is too busy; the next poll tries again"
        )
    if ended.out_of_time:
        raise FeedError(
            f"{name} took longer than {seconds} s to read and was stopped: that is processor time, so it is "
            "far too intricate, or made to be slow"
        )
    if len(ended.answer) > most:
        raise FeedError(f"{name} is too large once read; let it list fewer entries")
    if ended.code != 0:
        raise FeedError(f"{name} could not be read: its reader stopped ({ended.how})")
    # In a thread: thousands of entries take longer than anybody on the event loop should wait.
    return await asyncio.to_thread(_understood, ended.answer, name)


def _understood(answer: bytes, name: str) -> Document:
    try:
        reply = json.loads(answer)
        if "error" not in reply:
            return unpack(reply["document"])
        sentence = str(reply["error"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise FeedError(f"{name} could not be read: its reader was unclear") from error
    raise FeedError(sentence)

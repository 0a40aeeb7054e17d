"""Read a feed in a child process: what strangers wrote can take long, and only a process can be stopped.

A thread could not, and would hold up the event loop besides.
"""

import asyncio
import json
import logging
from datetime import timedelta

from crosspost.child.ask import Places, ask
from crosspost.errors import FeedError
from crosspost.feeds.address import named
from crosspost.feeds.document import Changed, Document
from crosspost.feeds.packing import unpack
from crosspost.redact import hide

_MOST_ANSWER = 32_000_000
_READERS = Places(2)  # a hostile document may take a gigabyte

_log = logging.getLogger(__name__)


async def parse(
    changed: Changed,
    *,
    feed: str,
    deadline: timedelta = timedelta(seconds=15),
    most: int = _MOST_ANSWER,
) -> Document:
    """Read a document that `fetch` or `read_file` brought. Raise `FeedError`.

    `feed`: the feed's name, for its entries. `most`: bytes that the child may answer. It is stopped, and gone,
    when this returns or is cancelled, whatever happened.
    """
    name = named(changed.url)
    if not changed.body.strip():
        raise FeedError(f"{name} is empty; the next poll tries again")
    seconds = deadline.total_seconds()
    header = {"feed": feed, "url": changed.url, "content_type": changed.content_type, "seconds": seconds}
    too_slow = FeedError(
        f"{name} took longer than {seconds:g} s to read and was stopped: "
        "it is far too intricate, or made to be slow"
    )
    try:
        question = json.dumps(header).encode() + b"\n" + changed.body
        async with _READERS.one:
            ended = await ask("crosspost.feeds.child", question, deadline=deadline, most=most)
    except TimeoutError as error:
        raise too_slow from error
    except OSError as error:
        raise FeedError(
            f"{name} could not be read: no process could be started for it ({error.strerror}); "
            "the next poll tries again"
        ) from error
    if ended.complaint:
        _log.debug("reading the feed %s: %s", feed, hide(ended.complaint.decode("utf-8", "replace")))
    if ended.out_of_time:
        raise too_slow
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

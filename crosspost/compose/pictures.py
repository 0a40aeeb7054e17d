"""Fetch an entry's picture and make it fit for a network, or say why it stays behind."""

import asyncio
import json
import logging
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from crosspost.child.ask import Places, ask
from crosspost.config import Channel, Feed
from crosspost.contract import PictureRule
from crosspost.errors import FetchRefused, NoPicture, UnfitPicture
from crosspost.http import Client
from crosspost.model import Entry, Media, Picture

_LARGEST_FILE = 20_000_000
_LONGEST_LINE = 10_000
_LONGEST_WORK = timedelta(seconds=8)
"""Processor time for one picture. 50 million pixels of noise need at most 2.1 (measured November 2026)."""
_PATIENCE = timedelta(minutes=2, seconds=30)
"""After so long a decoder is stopped that got too little of the processor. Half a minute each to fetch and to
upload the picture, and that is within its delivery's reservation of five minutes."""
_TOO_SLOW = (
    "its picture was left out: it took too long to decode and was stopped; "
    "it is far too intricate, or made to be slow"
)
_DECODERS = Places(1)  # one may take a gigabyte; four channels' side by side would be the machine

_log = logging.getLogger(__name__)


async def picture_for(client: Client, channel: Channel, entry: Entry, feed: Feed | None) -> Media | None:
    """Return the picture a channel sends with an entry, if any. Raise `NoPicture` if it cannot be had."""
    rule = channel.capabilities.picture
    if rule is None or entry.picture is None or not channel.wants_pictures:
        return None
    folder = Path(feed.url).parent if feed is not None and feed.is_file else None
    allow_private = feed is not None and feed.allow_private
    return await fetch_picture(client, entry.picture, rule, folder=folder, allow_private=allow_private)


async def fetch_picture(
    client: Client, picture: Picture, rule: PictureRule, *, folder: Path | None, allow_private: bool
) -> Media:
    """Return the picture within `rule`, without its metadata. Raise `NoPicture`.

    `folder`: for a feed read from a file, where its pictures may lie.
    """
    data = await _read(client, picture.url, folder, allow_private)
    async with _DECODERS.one:
        return await _fitted(data, picture.alt[: rule.alt_length], rule)


async def _fitted(data: bytes, alt: str, rule: PictureRule) -> Media:
    """Let a child make the picture fit. Raise `UnfitPicture`, also for a child that dies of it."""
    header = {
        "types": sorted(rule.types),
        "max_side": rule.max_side,
        "max_bytes": rule.max_bytes,
        "seconds": _LONGEST_WORK.total_seconds(),
    }
    question = json.dumps(header).encode() + b"\n" + data
    most = rule.max_bytes + _LONGEST_LINE
    try:
        ended = await ask("crosspost.child.picture", question, patience=_PATIENCE, most=most)
    except OSError as error:
        why = f"its picture was left out: no process could be started for it ({error.strerror})"
        raise NoPicture(why) from error
    if ended.starved:
        # It may be a good picture: not put on record, so that another try finds out.
        raise NoPicture(
            f"its picture was left out: its decoder was stopped since it had {ended.starved}; "
            "the machine is too busy"
        )
    if ended.out_of_time:
        raise UnfitPicture(_TOO_SLOW)
    if ended.code != 0 or len(ended.answer) > most:
        _log.debug("decoding a picture: %s", ended.complaint.decode("utf-8", "replace"))
        raise UnfitPicture(f"its picture was left out: its decoder stopped ({ended.how})")
    return _understood(ended.answer, alt)


def _understood(answer: bytes, alt: str) -> Media:
    line, _, packed = answer.partition(b"\n")
    try:
        said = json.loads(line)
        if "left" not in said:
            return Media(
                data=packed, alt=alt, **{name: said[name] for name in ("mime", "width", "height", "note")}
            )
        why = str(said["left"])
    except (ValueError, KeyError, TypeError) as error:
        raise UnfitPicture("its picture was left out: its decoder was unclear") from error
    raise UnfitPicture(f"its picture was left out: {why}")


async def _read(client: Client, url: str, folder: Path | None, allow_private: bool) -> bytes:
    if urlsplit(url).scheme == "file":
        return await asyncio.to_thread(_read_file, url, folder)
    try:
        answer = await client.fetch(
            url, max_raw=_LARGEST_FILE, max_body=_LARGEST_FILE, allow_private=allow_private
        )
    except FetchRefused as error:
        raise NoPicture(f"its picture was left out: {error}") from error
    if not answer.ok:
        raise NoPicture(f"its picture was left out: {urlsplit(url).hostname} answered {answer.status}")
    return answer.body


def _read_file(url: str, folder: Path | None) -> bytes:
    path = Path(unquote(urlsplit(url).path)).resolve()
    if folder is None or not path.is_relative_to(folder.resolve()):
        raise NoPicture("its picture was left out: a feed may only name files in its own folder")
    if not path.is_file():  # a pipe would wait for ever for whoever writes into it
        raise NoPicture(f"its picture was left out: {path.name} is no file")
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST_FILE)
    except OSError as error:
        raise NoPicture(f"its picture was left out: {path.name}: {error.strerror}") from error

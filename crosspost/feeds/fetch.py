"""Get a feed's bytes: politely, within bounds, and only if they changed."""

import hashlib
import re
import stat
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from http import HTTPStatus
from pathlib import Path

from crosspost.errors import FeedError, FetchRefused, Garbled
from crosspost.feeds.address import host, without_user
from crosspost.feeds.document import Changed, Unchanged, Validators
from crosspost.http import Answer, Client, age, retry_after
from crosspost.http.unpack import unpacked
from crosspost.text import local_time

MAX_BODY = MAX_RAW = 5_000_000
"""Bytes, packed or not: one bound. Of 200 real feeds the largest had 2.2 MB unpacked (measured 2026-11)."""
_LONGEST_FRESH = timedelta(days=1)
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_NOT_FRESH = re.compile(r"(?:^|[\s,])no-(?:cache|store)\b", re.IGNORECASE)


async def fetch(
    client: Client,
    url: str,
    validators: Validators,
    *,
    now: datetime,
    allow_private: bool = True,
    zone: tzinfo = UTC,
) -> Unchanged | Changed:
    """Get the feed at `url`, unless it is what `validators` describes. Raise `FeedError`.

    `zone`: by whose clocks people are told until when the site asks to be left alone. Keep the returned
    validators only once the body could be read: they make the next answer "unchanged".
    """
    where = host(url)
    headers = {"accept": _ACCEPT}
    if validators.etag:
        headers["if-none-match"] = validators.etag
    if validators.last_modified:
        headers["if-modified-since"] = validators.last_modified
    try:
        answer = await client.fetch(
            url, headers=headers, max_raw=MAX_RAW, max_body=MAX_BODY, allow_private=allow_private
        )
    except Garbled as error:
        raise FeedError(f"the feed of {where} could not be read: {error}; the next poll tries again") from error
    except FetchRefused as error:
        raise FeedError(f"the feed of {where} could not be fetched: {error}") from error
    except ValueError as error:
        # urllib's and httpx's words for an address that is none; they would quote it, and its password.
        raise FeedError(
            f"the feed of {where} could not be fetched: the address, or one it redirects to, is not valid"
        ) from error
    fresh_until = _fresh_until(answer.headers, now)
    if answer.status == HTTPStatus.NOT_MODIFIED and validators != Validators():
        return Unchanged(validators=_updated(validators, answer.headers), fresh_until=fresh_until)
    if not answer.ok:
        raise _refusal(where, answer, now, zone)
    return _compared(
        Changed(
            validators=_updated(Validators(body_hash=_hash(answer.body)), answer.headers),
            fresh_until=fresh_until,
            body=answer.body,
            content_type=answer.headers.get("content-type", ""),
            url=without_user(answer.url),
            moved_to=without_user(answer.moved_to),
        ),
        validators,
    )


async def read_file(path: Path, validators: Validators) -> Unchanged | Changed:
    """Read a feed from a file, as `fetch` does from the web. Raise `FeedError`."""
    try:
        # Looked at before it is opened: opening a pipe would wait for whoever writes into it.
        if not stat.S_ISREG(path.stat().st_mode):
            raise FeedError(f"{path} is not a file; put the path of the feed's file into the configuration")
        with path.open("rb") as file:
            body = file.read(MAX_BODY + 1)
    except FileNotFoundError as error:
        raise FeedError(f"the feed file {path} does not exist; check the path, or build the site") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the path is not valid"
        raise FeedError(f"the feed file {path} cannot be read: {reason}") from error
    return _compared(written(body, path), validators)


def written(body: bytes, path: Path) -> Changed:
    """Take what a file held, or one byte more than is read, for a feed's bytes; gzip is unpacked.

    Raise `FeedError`.
    """
    if len(body) > MAX_BODY:
        raise FeedError(f"the feed file {path} is larger than {MAX_BODY:,} bytes; let it list fewer entries")
    try:
        body = unpacked(body, "", MAX_BODY)
    except FetchRefused as error:
        raise FeedError(f"the feed file {path} cannot be read: {error}; let it be written unpacked") from error
    return Changed(validators=Validators(body_hash=_hash(body)), body=body, url=path.absolute().as_uri())


def _compared(changed: Changed, validators: Validators) -> Unchanged | Changed:
    if changed.validators.body_hash != validators.body_hash:
        return changed
    return Unchanged(validators=changed.validators, fresh_until=changed.fresh_until)


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _updated(validators: Validators, headers: Mapping[str, str]) -> Validators:
    """Take over what the server says about this version; a 304 may leave it out."""
    return Validators(
        etag=_sendable(headers.get("etag", "")) or validators.etag,
        last_modified=_sendable(headers.get("last-modified", "")) or validators.last_modified,
        body_hash=validators.body_hash,
    )


def _sendable(value: str) -> str:
    """Return a header's value if it can be sent back as it is, else ""."""
    return value if value.isascii() and value.isprintable() and len(value) <= 1_000 else ""


def _fresh_until(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Return before when the server need not be called: the later of its two ways to say so."""
    asked = [moment for moment in (retry_after(headers, now),) if moment is not None]
    control = headers.get("cache-control", "")
    fresh = _MAX_AGE.search(control)
    if fresh and not _NOT_FRESH.search(control):
        left = timedelta(seconds=int(fresh[1])) - age(headers)
        if left > timedelta(0):
            asked.append(now + min(left, _LONGEST_FRESH))
    return max(asked, default=None)


def _refusal(where: str, answer: Answer, now: datetime, zone: tzinfo) -> FeedError:
    """Say what a status means for a feed, and what to do."""
    status = answer.status
    phrase = next((f" {known.phrase}" for known in HTTPStatus if known == status), "")
    answered = f"{where} answered {status}{phrase}"
    retry_at = retry_after(answer.headers, now)
    if status == HTTPStatus.GONE:
        return FeedError(
            f"{answered}: the feed is gone for good, and only looked at every day for a week, then every week; "
            "put its new address into the configuration, or remove the feed",
            gone=True,
        )
    if status == HTTPStatus.NOT_FOUND:
        says = "there is no feed at this address; check the address in the configuration"
    elif status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        says = (
            "it does not let us read the feed; check its address, user and password, "
            "or ask the site to let feed readers in"
        )
    elif status == HTTPStatus.TOO_MANY_REQUESTS:
        says = "it is asked too often; set a longer `every` for this feed if this goes on"
    elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        says = "the site has trouble of its own; the next poll tries again"
    else:
        says = "that is not a feed; check the address in the configuration"
    if retry_at is not None:
        says += f"; it asks to be left alone until {local_time(retry_at, zone)}"
    return FeedError(f"{answered}: {says}", retry_at=retry_at)

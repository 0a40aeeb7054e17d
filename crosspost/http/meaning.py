"""What statuses and headers mean when the network has no words of its own for it. Pure."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from crosspost.errors import (
    BadPicture,
    Intercepted,
    NotSent,
    PublishError,
    RateLimited,
    Rejected,
    Unauthorized,
    Uncertain,
)
from crosspost.http.message import Answer

_LONGEST_WAIT = timedelta(days=7)
_TOO_LARGE = (413, 415)
_SECONDS = re.compile(r"\s*(\d{1,9})")
_PICTURE_WORDS = re.compile(
    r"\b(media|images?|photos?|pictures?|thumbnails?|asset)\b|media_?(ids?|fbid)|attached_media|object_attachment",
    re.IGNORECASE,
)


def may_have_arrived(status: int) -> bool:
    """Tell whether a refusal of a publishing request leaves open whether the post exists.

    Time-outs and conflicts inside the network, everything a gateway answers for it, and what is neither a yes
    nor a no, such as a redirect.
    """
    return status in (408, 409, 425) or status // 100 not in (2, 4)


def at_its_word(answer: Answer, status: object) -> Answer:
    """Return the answer with the status that its body names, where that takes a success back."""
    if answer.ok and isinstance(status, int) and 300 <= status < 600:
        return replace(answer, status=status)
    return answer


def retry_after(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Read `Retry-After`, in seconds or as a date (RFC 9110, 10.2.3); clamped to a week from `now`."""
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return now + min(timedelta(seconds=int(value[:9])), _LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment, now), now + _LONGEST_WAIT)


def said_moment(headers: Mapping[str, str]) -> datetime | None:
    """Return what time it is by the server: `Date`, and for how long a cache has kept it."""
    try:
        moment = parsedate_to_datetime(headers.get("date", ""))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC) + age(headers)
    except (TypeError, ValueError, OverflowError):
        return None


def age(headers: Mapping[str, str]) -> timedelta:
    """Return how long an answer lay in caches before it came to us (RFC 9111, 5.1)."""
    said = _SECONDS.match(headers.get("age", ""))
    return timedelta(seconds=int(said[1])) if said else timedelta(0)


def named_moment(epoch: str, now: datetime) -> datetime | None:
    """Read a moment given in epoch seconds, whole or not; clamped to between `now` and a week from it."""
    try:
        ahead = float(epoch) - now.timestamp()
    except ValueError:
        return None
    wait = wait_of(str(max(ahead, 0)))
    return now + wait if wait is not None else None


def wait_of(seconds: str) -> timedelta | None:
    """Read a wait given in seconds, whole or not; None if it is none. Clamped to a week."""
    try:
        wait = float(seconds)
    except ValueError:
        return None
    return timedelta(seconds=min(wait, _LONGEST_WAIT.total_seconds())) if wait >= 0 else None


def next_utc_midnight(now: datetime) -> datetime:
    """Return the start of the next UTC day."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def refusal(answer: Answer, says: str) -> PublishError:
    """Make the error that a status alone means; adapters look at their network's own codes first.

    `says`: a sentence that names the network and what it answered.
    """
    if answer.status == 401:
        return Unauthorized(says, stale=True)
    if answer.ok:
        says += ", and nothing that proves it did what it was asked for"
    if answer.ok or may_have_arrived(answer.status):
        # A success that could not be read is no refusal: what it was asked for is probably done.
        return Uncertain(says) if answer.request.once else NotSent(says)
    after = retry_after(answer.headers, answer.at)
    if answer.status == 429 or after is not None:
        return RateLimited(says, until=after)
    return Rejected(says, unexplained=True)


def interception(answer: Answer, network: str) -> PublishError:
    """Make the error for a refusal that is not in the network's own form: a page, an empty body, other JSON.

    It says nothing of the entry. But what is too large, or of the wrong kind, for whatever stands before the
    network will be so again, and of all that is sent only pictures are large.
    """
    says = (
        f"{network} answered {answer.status}, but not in its own form: a proxy or a firewall may have answered "
        "in its place"
    )
    if answer.status in _TOO_LARGE and (answer.request.parts is not None or not answer.request.once):
        return BadPicture(says)
    return Intercepted(says)


def blames_picture(says: str) -> bool:
    """Tell whether a refusal's sentence is about media: asked where a network's codes do not tell."""
    return _PICTURE_WORDS.search(says) is not None

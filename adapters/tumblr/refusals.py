"""What Tumblr's refusals mean.

Source: github.com/tumblr/docs, api.md, "Errors and Error Subcodes" of creating a post, and Rate Limits (last
changed 2024-10, read 2026-11). What is unverified says so.
"""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from crosspost.errors import (
    BadPicture,
    Barred,
    NotSent,
    PublishError,
    RateLimited,
    Rejected,
    Unauthorized,
    Uncertain,
)
from crosspost.http import Answer, blames_picture, refusal, retry_after, wait_of

_UNAUTHORIZED = {1016}  # "Unable to authorize": third-party reports (unverified)
# 8001 says what is wrong with the blocks, in words, and may mean the picture's.
_REJECTED = {8001, 8002, 8008, 8016}
_PICTURE = {8005}
# Upload errors come with status 500 from the very request that makes the post: as uncertain as any other 500.
_UPLOAD_FAILED = {8006, 8009}
_FULL_TODAY = {8004, 8011, 8022, 8023}
_TRANSCODING = 8010
# 503 is documented for "posting is disabled", in Tumblr's own envelope; other 503s are an outage.
_DISABLED = re.compile(r"disabled", re.IGNORECASE)
# Daily limits are "per calendar day" of Tumblr's clock (api.md, Rate Limits). Which zone that is, is only to be
# seen: `reset_at` in the example of /v2/user/limits, 1670043600, is midnight in New York.
_CLOCK = ZoneInfo("America/New_York")


def is_own(answer: Answer) -> bool:
    """Tell whether an answer has Tumblr's envelope, which repeats the status."""
    meta = answer.object().get("meta")
    return isinstance(meta, dict) and meta.get("status") == answer.status


def meaning_of(answer: Answer) -> PublishError:
    """Classify by the subcode, then by the status."""
    codes, words = _named(answer)
    numbers = ".".join(map(str, (answer.status, *sorted(codes))))
    says = f"Tumblr answered {numbers}" + (f": {words}" if words else "")
    if answer.status == 401 or codes & _UNAUTHORIZED:
        return Unauthorized(says, stale=True)
    if answer.status == 503 and is_own(answer) and _DISABLED.search(words):
        return Barred(says)
    if codes & _PICTURE or (codes & _REJECTED and blames_picture(words)):
        return BadPicture(says)
    if codes & _REJECTED:
        return Rejected(says)
    if codes & _FULL_TODAY:
        return RateLimited(says, until=retry_after(answer.headers, answer.at) or tomorrow(answer.at))
    if _TRANSCODING in codes:
        return NotSent(says)
    if answer.status == 403:
        # Without a subcode we know, it is the user or the application that may not.
        return Unauthorized(says)
    if answer.status == 404 and answer.request.once:
        return Unauthorized(f"{says}; Tumblr knows no such blog (or base_url is not https)")
    if answer.status == 429:
        return RateLimited(says, until=_reset(answer))
    if codes & _UPLOAD_FAILED and answer.request.once:
        return Uncertain(says, over_picture=True)
    refused = refusal(answer, says)
    return BadPicture(says) if isinstance(refused, Rejected) and blames_picture(words) else refused


def tomorrow(now: datetime) -> datetime:
    """Return when Tumblr's next calendar day begins."""
    day = now.astimezone(_CLOCK).date() + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=_CLOCK).astimezone(UTC)


def _named(answer: Answer) -> tuple[set[int], str]:
    """Return the subcodes that an answer names, and what it says."""
    named = answer.object().get("errors")
    errors = [error for error in named if isinstance(error, dict)] if isinstance(named, list) else []
    codes = {error["code"] for error in errors if type(error.get("code")) is int and error["code"]}
    return codes, "; ".join(str(error.get("detail") or error.get("title") or "") for error in errors)


def _reset(answer: Answer) -> datetime | None:
    """Read when all exhausted quotas are full again: in seconds, as a float (unverified; may be absent)."""
    waits = [retry_after(answer.headers, answer.at)]
    for quota in ("perhour", "perday"):
        left, wait = (answer.headers.get(f"x-ratelimit-{quota}-{what}", "") for what in ("remaining", "reset"))
        seconds = wait_of(wait) if left == "0" else None
        if seconds is not None:
            waits.append(answer.at + min(seconds, timedelta(days=1)))
    return max(filter(None, waits), default=None)

"""What LinkedIn's refusals mean.

Sources: learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api, …/shared/api-guide/
concepts/error-handling and …/rate-limits (read 2026-11). What is unverified says so.
"""

import re
from datetime import timedelta
from typing import Any

from crosspost.errors import (
    BadPicture,
    Barred,
    Duplicate,
    PublishError,
    RateLimited,
    Rejected,
    Unauthorized,
)
from crosspost.http import Answer, at_its_word, blames_picture, next_utc_midnight, refusal, retry_after

_SUNSET = 426
_NO_VERSION = "VERSION_MISSING"
# 400, 409 or 422, by the code or by the sentence alone (Arisamiga/Linkedin-RSS#5 and others, read 2026-11).
_DUPLICATE_CODE = "DUPLICATE_POST"
_DUPLICATE_WORDS = re.compile(
    r"content is a duplicate of (?P<urn>urn:li:(?:share|ugcPost|activity):\d+)", re.IGNORECASE
)
# serviceErrorCode: 65600 invalid, 65601 revoked, 65602 expired (unverified); 100, not enough permissions.
_BAD_TOKENS = range(65600, 65700)
_NO_PERMISSION = 100
# What is wrong with these words.
_OWN = {"FIELD_LENGTH_TOO_LONG"}
_NOT_READY = "MEDIA_ASSET_WAITING_UPLOAD"
_PICTURE = {"MEDIA_ASSET_PROCESSING_FAILED", _NOT_READY}
# A 429 names no moment. Days end at 00:00 UTC; for all else this pause is a guess (rate-limits, read 2026-11).
_SHORT_PAUSE = timedelta(minutes=5)


def is_own(answer: Answer) -> bool:
    """Tell whether an answer is in LinkedIn's shape: it repeats the status, or has a code of a service."""
    body = answer.object()
    return body.get("status") == answer.status or type(body.get("serviceErrorCode")) is int


def meaning_of(answer: Answer) -> PublishError:
    """Classify by LinkedIn's codes first, then by status."""
    body = answer.object()
    answer = at_its_word(answer, body.get("status"))
    message, service_code = str(body.get("message", "")), body.get("serviceErrorCode")
    codes = _codes(body)
    says = " ".join(["LinkedIn answered", str(answer.status), *sorted(codes)])
    says += message and f": {message}"
    if answer.status == _SUNSET:
        # Nothing will be accepted until a person raises it, so the channel waits instead of failing each.
        return Barred(
            f"LinkedIn has ended version {answer.request.headers.get('linkedin-version')} of its API: "
            "raise api_version in this channel's settings to a month of the last year"
        )
    if _NO_VERSION in codes:
        return Barred(f"{says}; crosspost sends one: something on the way takes it out")
    if named := _DUPLICATE_WORDS.search(message):
        return Duplicate(says, remote_id=named["urn"], url=post_url(named["urn"]))
    if _DUPLICATE_CODE in codes:
        return Duplicate(says)
    if answer.status == 401 or service_code in _BAD_TOKENS:
        return Unauthorized(says, stale=True)
    if answer.status == 429:
        guessed = next_utc_midnight(answer.at) if " DAY " in message else answer.at + _SHORT_PAUSE
        return RateLimited(says, until=retry_after(answer.headers, answer.at) or guessed)
    if answer.status == 403 or "ACCESS_DENIED" in codes or service_code == _NO_PERMISSION:
        # Of a post that is there: it is not ours to change, whatever else we may.
        return Rejected(says) if _changes_a_post(answer) else Unauthorized(says)
    if codes & _PICTURE:
        return BadPicture(says, passing=_NOT_READY in codes)
    refused = refusal(answer, says)
    if not isinstance(refused, Rejected):
        return refused
    if codes & _OWN:
        return Rejected(says)
    return BadPicture(says) if blames_picture(message) else refused


def post_url(urn: str) -> str:
    """Return where people see a post; "" without a URN."""
    return f"https://www.linkedin.com/feed/update/{urn}/" if urn else ""


def _changes_a_post(answer: Answer) -> bool:
    return answer.request.headers.get("x-restli-method") in ("PARTIAL_UPDATE", "DELETE")


def _codes(body: dict[str, Any]) -> set[str]:
    details = body.get("errorDetails")
    inputs = details.get("inputErrors") if isinstance(details, dict) else None
    errors = [body, *inputs] if isinstance(inputs, list) else [body]
    return {str(error.get("code", "")) for error in errors if isinstance(error, dict)} - {""}

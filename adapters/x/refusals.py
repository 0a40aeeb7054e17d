"""What X's refusals mean.

Sources: docs.x.com, x-api/fundamentals/response-codes-and-errors and fundamentals/rate-limits, as in
xdevplatform/docs @ 28713281 (2026-08-22), and the OpenAPI file. What is unverified says so.
"""

import re
from datetime import datetime
from typing import Any

from crosspost.errors import BadPicture, Barred, Duplicate, PublishError, RateLimited, Rejected, Unauthorized
from crosspost.http import (
    Answer,
    at_its_word,
    blames_picture,
    named_moment,
    next_utc_midnight,
    refusal,
    retry_after,
)

# Problem types, by their last path segment: the host before it is api.x.com or api.twitter.com (OpenAPI files).
# `user-suspended` is what others match (unverified, read 2026-11).
_UNAUTHORIZED = {"client-forbidden", "oauth1-permissions", "unsupported-authentication"}
_BARRED = {"user-suspended", "credits"}
_USAGE_CAP = "usage-capped"
GONE = "resource-not-found"
# Codes of the older envelope, by the v1.1 documentation's list of them and what others met (unverified but for
# 88, fundamentals/rate-limits; read 2026-11): credentials; accounts locked, suspended, or taken for a robot;
# daily limits; media.
_STALE_CODES = {"32", "89", "215"}
_UNAUTHORIZED_CODES = {"99", "220", "231", "261", "416", "453", *_STALE_CODES}
_BARRED_CODES = {"63", "64", "226", "326"}
_TOO_FAST_CODE = "88"
_FULL_TODAY_CODES = {"185", "344"}
_PICTURE_CODES = {"323", "324", "325", "386"}
_DUPLICATE_CODE = "187"
# Type about:blank: the sentence is all there is (akrherz/iembot#163, 2026-02; others' code, read 2026-11).
_DUPLICATE_WORDS = "duplicate content"
_BARRED_WORDS = "not permitted to perform this action"
# What is wrong with this text, whoever says it; 186: too long.
_OWN_CODE = "186"
_OWN_WORDS = re.compile(
    r"too long|invalid url|cashtag|reply to this conversation|not enough characters", re.IGNORECASE
)
_WINDOWS = ("x-rate-limit", "x-app-limit-24hour", "x-user-limit-24hour")


def is_own(answer: Answer) -> bool:
    """Tell whether an answer holds a problem, or the older envelope."""
    body, *listed = _problems(answer)
    return bool(body.keys() & {"title", "detail"}) or any(
        each.keys() & {"code", "type", "message"} for each in listed
    )


def meaning_of(answer: Answer) -> PublishError:
    """Classify by the problems' types, codes and words; by status where they say nothing."""
    said_inside = (problem["status"] for problem in _problems(answer) if isinstance(problem.get("status"), int))
    answer = at_its_word(answer, next(said_inside, None))
    types, codes, said = types_in(answer), _codes(answer), said_in(answer)
    says = f"X answered {answer.status}" + (said and f": {said}")
    if _DUPLICATE_CODE in codes or _DUPLICATE_WORDS in said.lower():
        return Duplicate(says)  # X never names the original
    if answer.status == 401 or types & _UNAUTHORIZED or codes & _UNAUTHORIZED_CODES:
        stale = answer.status == 401 or "unsupported-authentication" in types or codes & _STALE_CODES
        return Unauthorized(says, stale=bool(stale))
    if answer.status == 402 or types & _BARRED or codes & _BARRED_CODES or _BARRED_WORDS in said.lower():
        return Barred(says)
    if _USAGE_CAP in types or codes & _FULL_TODAY_CODES:
        # Caps are per day or per month; the day on which a month ends is not told: look once a day.
        until = retry_after(answer.headers, answer.at) or next_utc_midnight(answer.at)
        return RateLimited(says, until=until)
    if answer.status == 429 or _TOO_FAST_CODE in codes:
        return RateLimited(says, until=_reset(answer))
    if GONE in types and not answer.request.once:
        return Rejected(says)
    refused = refusal(answer, says)
    if not isinstance(refused, Rejected):
        return refused
    if codes & _PICTURE_CODES or blames_picture(f"{said} {_parameters(answer)}"):
        return BadPicture(says)
    if _OWN_CODE in codes or _OWN_WORDS.search(said):
        return Rejected(says)
    return refused


def said_in(answer: Answer) -> str:
    """Return the sentences of the problems."""
    words = [
        str(problem.get("detail") or problem.get("message") or problem.get("title") or "")
        for problem in _problems(answer)
    ]
    return "; ".join(dict.fromkeys(filter(None, words)))


def types_in(answer: Answer) -> set[str]:
    """Return the last path segments of the problems' types."""
    return {str(problem.get("type", "")).rpartition("/")[2] for problem in _problems(answer)}


def _problems(answer: Answer) -> list[dict[str, Any]]:
    """Return the problems of an answer: the body itself, and what stands in its `errors`."""
    body = answer.object()
    errors = body.get("errors")
    listed = errors if isinstance(errors, list) else []
    return [body, *(problem for problem in listed if isinstance(problem, dict))]


def _codes(answer: Answer) -> set[str]:
    return {str(problem.get("code", "")) for problem in _problems(answer)}


def _parameters(answer: Answer) -> str:
    """Name the parts of the request that the problems are about."""
    named = [problem.get("parameters") for problem in _problems(answer)]
    return " ".join(name for parameters in named if isinstance(parameters, dict) for name in parameters)


def _reset(answer: Answer) -> datetime | None:
    """Read when the last of the exhausted windows opens again; no earlier than another header asks for."""
    windows = [name for name in _WINDOWS if answer.headers.get(f"{name}-remaining") == "0"]
    resets = [
        named_moment(answer.headers.get(f"{name}-reset", ""), answer.at) for name in windows or ["x-rate-limit"]
    ]
    return max(filter(None, [*resets, retry_after(answer.headers, answer.at)]), default=None)

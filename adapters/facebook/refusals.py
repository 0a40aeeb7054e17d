"""What the Graph API's refusals mean.

Codes: developers.facebook.com/docs/graph-api/guides/error-handling, …/overview/rate-limiting and the tables of
…/reference/page/feed and …/page/photos (read 2026-09-11); subcodes of 1xxxxxx size are third-party reports
(unverified, read 2026-08).
"""

import json
import re
from datetime import datetime
from typing import Any

from crosspost.errors import (
    BadPicture,
    Barred,
    Duplicate,
    NotSent,
    PublishError,
    RateLimited,
    Rejected,
    Unauthorized,
    Uncertain,
)
from crosspost.http import Answer, blames_picture, refusal, wait_of

_LOGGED_OUT = {458, 459, 460, 463, 464, 467, 492}  # subcodes of 190: see the person, the password, the role
_UNAUTHORIZED = {190, 102, 3, 10, *range(200, 300), 1705, 2069032, *_LOGGED_OUT}
_NO_PROOF = 104
# The page or the account is blocked, for now or until somebody does something there; 9, 12 and 110 are told
# apart from a bad credential by their words alone (third-party reports, read 2026-11).
_BARRED = {368, 1346003, 1404006, 1404078, 1404112, 4854002}
_BY_WORDS = {9, 12, 110}
_CREDENTIAL_WORDS = re.compile(r"permission|token|authori[sz]|session|log ?in", re.IGNORECASE)
_DUPLICATE = {506, 1366051}
_DUPLICATE_WORDS = re.compile(r"already (been )?posted|duplicate post", re.IGNORECASE)
_TOO_FAST = {4, 17, 32, 341, 613, 80001, 1390008}
_TRANSIENT = {1, 2, 1363047, 1609010}
_PICTURE = {121, 324, 1366046, 2069019}
# What is wrong with this entry: its link, or its words (1404102, community standards).
_OWN = {1349125, 1404102, 1609005, 1609008, 2061006}
_OWN_WORDS = re.compile(r"too long", re.IGNORECASE)
_GONE = 33  # subcode of code 100: "does not exist, cannot be loaded due to missing permissions"


def is_own(answer: Answer) -> bool:
    """Tell whether an answer holds the envelope of an error, with its code."""
    return type(_error(answer).get("code")) is int


def is_gone(answer: Answer) -> bool:
    """Tell whether a refusal says that what it was asked of does not exist."""
    return _error(answer).get("error_subcode") == _GONE


def meaning_of(answer: Answer) -> PublishError:
    """Classify by the envelope's code: the status is no reliable class (docs, error handling)."""
    error = _error(answer)
    if not error:
        return refusal(answer, f"Facebook answered {answer.status}")
    said = " ".join(str(error.get(name) or "") for name in ("message", "error_user_title", "error_user_msg"))
    says = f"Facebook answered {error.get('code')}: {said.strip()}"
    codes = {code for code in (error.get("code"), error.get("error_subcode")) if isinstance(code, int)}
    if codes & _DUPLICATE or _DUPLICATE_WORDS.search(said):
        return Duplicate(says)
    if of_channel := _of_the_channel(answer, codes, said, says):
        return of_channel
    if codes & _TRANSIENT or error.get("is_transient"):
        # A 500 or code 2 may have published (arsduo/koala#699).
        return Uncertain(says) if answer.request.once else NotSent(says)
    if answer.status >= 500:
        return refusal(answer, says)
    if codes & _PICTURE or blames_picture(said):
        return BadPicture(says)
    return Rejected(says, unexplained=not (codes & _OWN or _OWN_WORDS.search(said)))


def _of_the_channel(answer: Answer, codes: set[Any], said: str, says: str) -> PublishError | None:
    """Return what refuses whatever is sent; None if the codes name no such thing."""
    if _NO_PROOF in codes:
        return Unauthorized(f"{says}; set app_secret to this app's secret, or let the app not require it")
    if codes & _UNAUTHORIZED or (codes & _BY_WORDS and _CREDENTIAL_WORDS.search(said)):
        return Unauthorized(says)
    if codes & _TOO_FAST:
        return RateLimited(says, until=_regain(answer))
    if codes & (_BARRED | _BY_WORDS):
        return Barred(says)
    if codes >= {100, _GONE} and answer.request.once:
        return Barred(
            f"{says}; look whether page is the page's id, and whether this account may still post there"
        )
    return None


def _error(answer: Answer) -> dict[str, Any]:
    """Return the envelope of a refusal; empty if there is none."""
    error = answer.object().get("error")
    return error if isinstance(error, dict) else {}


def _regain(answer: Answer) -> datetime | None:
    """Read when calls will succeed again: minutes, in the usage header's JSON."""
    try:
        usage = json.loads(answer.headers.get("x-business-use-case-usage", "{}"))
        minutes = max(
            (float(use.get("estimated_time_to_regain_access", 0)) for uses in usage.values() for use in uses),
            default=0,
        )
    except (ValueError, TypeError, AttributeError):
        return None
    wait = wait_of(str(minutes * 60))
    return answer.at + wait if wait else None

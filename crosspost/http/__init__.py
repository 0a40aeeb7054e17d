"""Speak HTTP, and know what a failure means.

`Client` is what adapters and feeds are given; `crosspost.http.wire` holds the real one and is the only
module that imports httpx, which costs more than the rest of a run that finds nothing new.
"""

from crosspost.http.meaning import (
    age,
    at_its_word,
    blames_picture,
    interception,
    may_have_arrived,
    named_moment,
    next_utc_midnight,
    refusal,
    retry_after,
    wait_of,
)
from crosspost.http.message import Answer, Client, Offline, Part, Request, utc_now
from crosspost.http.oauth1 import OAuth1

__all__ = [
    "Answer",
    "Client",
    "OAuth1",
    "Offline",
    "Part",
    "Request",
    "age",
    "at_its_word",
    "blames_picture",
    "interception",
    "may_have_arrived",
    "named_moment",
    "next_utc_midnight",
    "refusal",
    "retry_after",
    "utc_now",
    "wait_of",
]

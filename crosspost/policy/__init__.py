"""Decide, and nothing else: no I/O, no clock, no sleep. What is decided here, others carry out."""

from crosspost.policy.absence import absent, again, asks, found, unreadable
from crosspost.policy.flood import Flood, judge
from crosspost.policy.gap import UNKNOWABLE, Gap, gap
from crosspost.policy.outcome import Outcome, after, backoff, feed_needs_person, lease_ran_out, success, taken
from crosspost.policy.recognise import recognise
from crosspost.policy.timing import Go, Never, Wait, may_go
from crosspost.policy.wanted import unwanted

__all__ = [
    "UNKNOWABLE",
    "Flood",
    "Gap",
    "Go",
    "Never",
    "Outcome",
    "Wait",
    "absent",
    "after",
    "again",
    "asks",
    "backoff",
    "feed_needs_person",
    "found",
    "gap",
    "judge",
    "lease_ran_out",
    "may_go",
    "recognise",
    "success",
    "taken",
    "unreadable",
    "unwanted",
]

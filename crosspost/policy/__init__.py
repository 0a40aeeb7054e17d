"""Decide, and nothing else: no I/O, no clock, no sleep. What is decided here, others carry out."""

from crosspost.policy.flood import Flood, judge
from crosspost.policy.outcome import Outcome, after, backoff, feed_needs_person, lease_ran_out, success
from crosspost.policy.recognise import recognise
from crosspost.policy.timing import Go, Never, Wait, may_go
from crosspost.policy.wanted import unwanted

__all__ = [
    "Flood",
    "Go",
    "Never",
    "Outcome",
    "Wait",
    "after",
    "backoff",
    "feed_needs_person",
    "judge",
    "lease_ran_out",
    "may_go",
    "recognise",
    "success",
    "unwanted",
]

"""Decide, and nothing else: no I/O, no clock, no sleep. What is decided here, others carry out."""

from crosspost.policy.absence import absent, again, asks, found, unreadable
from crosspost.policy.admission import Admission, admit
from crosspost.policy.ends import End, ends_of, version_ends
from crosspost.policy.flood import Flood, judge
from crosspost.policy.gap import UNKNOWABLE, Gap, gap
from crosspost.policy.intake import Known, Memory, NewDelivery, NewEntry, Sorting, new_entries, sort_items
from crosspost.policy.ledger import EVERYTHING, Booking, Cost, Ledger, Scope
from crosspost.policy.limits import Cover
from crosspost.policy.notices import (
    ALL_WELL,
    Message,
    Need,
    Notice,
    has_room,
    is_all_well,
    message_of,
    topic_of,
    untold,
)
from crosspost.policy.opening import opens
from crosspost.policy.outcome import Outcome, after, backoff, feed_needs_person, lease_ran_out, success, taken
from crosspost.policy.recognise import recognise
from crosspost.policy.renewal import Life
from crosspost.policy.rules import Rules, all_covers, never_fits, owner_of, rules_for
from crosspost.policy.timing import Go, Never, Verdict, Wait, Waiting, may_go
from crosspost.policy.turns import Line, Planned, schedule, turn
from crosspost.policy.wanted import priority, promotional, unwanted

__all__ = [
    "ALL_WELL",
    "EVERYTHING",
    "UNKNOWABLE",
    "Admission",
    "Booking",
    "Cost",
    "Cover",
    "End",
    "Flood",
    "Gap",
    "Go",
    "Known",
    "Ledger",
    "Life",
    "Line",
    "Memory",
    "Message",
    "Need",
    "Never",
    "NewDelivery",
    "NewEntry",
    "Notice",
    "Outcome",
    "Planned",
    "Rules",
    "Scope",
    "Sorting",
    "Verdict",
    "Wait",
    "Waiting",
    "absent",
    "admit",
    "after",
    "again",
    "all_covers",
    "asks",
    "backoff",
    "ends_of",
    "feed_needs_person",
    "found",
    "gap",
    "has_room",
    "is_all_well",
    "judge",
    "lease_ran_out",
    "may_go",
    "message_of",
    "never_fits",
    "new_entries",
    "opens",
    "owner_of",
    "priority",
    "promotional",
    "recognise",
    "rules_for",
    "schedule",
    "sort_items",
    "success",
    "taken",
    "topic_of",
    "turn",
    "unreadable",
    "untold",
    "unwanted",
    "version_ends",
]

"""Decide, and nothing else: no I/O, no clock, no sleep. What is decided here, others carry out."""

from crosspost.policy.absence import (
    adopt_found,
    after_absence,
    key_is_over,
    leave_to_person,
    repeatable_until,
    send_again,
    stay_uncertain,
)
from crosspost.policy.admission import Admission, admit
from crosspost.policy.cover import Cover
from crosspost.policy.ends import End, ends_of, version_ends
from crosspost.policy.flood import Flood, judge_flood
from crosspost.policy.gap import UNKNOWABLE, Gap, judge_gap
from crosspost.policy.intake import Known, Memory, NewDelivery, NewEntry, Sorting, new_entries, sort_items
from crosspost.policy.ledger import EVERYTHING, Booking, Cost, Ledger, Scope
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
from crosspost.policy.opening import next_opening
from crosspost.policy.outcome import (
    Outcome,
    after_failure,
    after_receipt,
    backoff,
    feed_needs_person,
    lease_ran_out,
    refuse_taken,
)
from crosspost.policy.recognise import recognise
from crosspost.policy.renewal import Life
from crosspost.policy.rules import Rules, all_covers, never_fits, owner_of, rules_for
from crosspost.policy.timing import Go, Never, Verdict, Wait, Waiting, may_go
from crosspost.policy.turns import Line, Planned, judge_channel, schedule
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
    "admit",
    "adopt_found",
    "after_absence",
    "after_failure",
    "after_receipt",
    "all_covers",
    "backoff",
    "ends_of",
    "feed_needs_person",
    "has_room",
    "is_all_well",
    "judge_channel",
    "judge_flood",
    "judge_gap",
    "key_is_over",
    "lease_ran_out",
    "leave_to_person",
    "may_go",
    "message_of",
    "never_fits",
    "new_entries",
    "next_opening",
    "owner_of",
    "priority",
    "promotional",
    "recognise",
    "refuse_taken",
    "repeatable_until",
    "rules_for",
    "schedule",
    "send_again",
    "sort_items",
    "stay_uncertain",
    "topic_of",
    "untold",
    "unwanted",
    "version_ends",
]

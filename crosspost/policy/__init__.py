"""Decide, and nothing else: no I/O, no clock, no sleep. What is decided here, others carry out."""

from crosspost.policy.absence import (
    EVER,
    Unsettled,
    adopt_found,
    after_absence,
    distrust,
    hold_unseen,
    key_is_over,
    leave_to_person,
    no_list,
    repeat,
    repeatable_until,
    stay_uncertain,
    wait_anew,
)
from crosspost.policy.admission import Admission, admit
from crosspost.policy.announce import NewDelivery, NewEntry, new_entries
from crosspost.policy.clocks import Clocks
from crosspost.policy.closure import in_a_row, lengthened
from crosspost.policy.cover import Cover
from crosspost.policy.ends import End, ends_of, version_ends
from crosspost.policy.flood import Flood, judge_flood
from crosspost.policy.gap import UNKNOWABLE, Gap, judge_gap
from crosspost.policy.intake import Meaning, Memory, Sorting, sort_items
from crosspost.policy.known import Known
from crosspost.policy.ledger import EVERYTHING, Booking, Cost, Ledger, Scope
from crosspost.policy.lifetime import Life
from crosspost.policy.messages import ALL_WELL, Message, message_of
from crosspost.policy.notices import Link, Need, Notice, has_room, is_all_well, topic_of, untold
from crosspost.policy.opening import next_opening
from crosspost.policy.outcome import (
    PICTURE_TRIES,
    Bare,
    Closed,
    Delivered,
    Failed,
    InDoubt,
    Outcome,
    Pending,
    Repeatable,
    SetAside,
    after_failure,
    after_receipt,
    backoff,
    closed_by,
    feed_needs_person,
    give_up,
    lease_ran_out,
    refuse_taken,
)
from crosspost.policy.patience import next_look
from crosspost.policy.recognise import recognise
from crosspost.policy.rules import Rules, all_covers, never_fits, owner_of, rules_for
from crosspost.policy.timing import Go, Never, Verdict, Wait, Waiting, may_go
from crosspost.policy.turns import Line, Planned, judge_channel, schedule
from crosspost.policy.wanted import priority, promotional, unwanted

__all__ = [
    "ALL_WELL",
    "EVER",
    "EVERYTHING",
    "PICTURE_TRIES",
    "UNKNOWABLE",
    "Admission",
    "Bare",
    "Booking",
    "Clocks",
    "Closed",
    "Cost",
    "Cover",
    "Delivered",
    "End",
    "Failed",
    "Flood",
    "Gap",
    "Go",
    "InDoubt",
    "Known",
    "Ledger",
    "Life",
    "Line",
    "Link",
    "Meaning",
    "Memory",
    "Message",
    "Need",
    "Never",
    "NewDelivery",
    "NewEntry",
    "Notice",
    "Outcome",
    "Pending",
    "Planned",
    "Repeatable",
    "Rules",
    "Scope",
    "SetAside",
    "Sorting",
    "Unsettled",
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
    "closed_by",
    "distrust",
    "ends_of",
    "feed_needs_person",
    "give_up",
    "has_room",
    "hold_unseen",
    "in_a_row",
    "is_all_well",
    "judge_channel",
    "judge_flood",
    "judge_gap",
    "key_is_over",
    "lease_ran_out",
    "leave_to_person",
    "lengthened",
    "may_go",
    "message_of",
    "never_fits",
    "new_entries",
    "next_look",
    "next_opening",
    "no_list",
    "owner_of",
    "priority",
    "promotional",
    "recognise",
    "refuse_taken",
    "repeat",
    "repeatable_until",
    "rules_for",
    "schedule",
    "sort_items",
    "stay_uncertain",
    "topic_of",
    "untold",
    "unwanted",
    "version_ends",
    "wait_anew",
]

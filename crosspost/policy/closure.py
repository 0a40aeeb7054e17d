"""What refusals in a row mean for a channel, whatever its entries say. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from crosspost.policy.outcome import BARRED_WAIT, Closed, Failed

LONGEST_GROWN = timedelta(days=1)
CLOSURES_TO_TELL = 5
"""A channel that was closed so many times in a row, and took nothing, needs a person."""
_MOST_DOUBLINGS = 10


def lengthened(closed: Closed, times: int, now: datetime) -> Closed:
    """Let a channel be left alone longer each time, where nobody named the moment at which it opens.

    `times`: how many such closures there were since it took something.
    """
    if not closed.grows:
        return closed
    wait = (closed.not_before - now) * (1 << min(times, _MOST_DOUBLINGS))
    needs_person = closed.needs_person or times + 1 >= CLOSURES_TO_TELL
    return replace(closed, not_before=now + min(wait, LONGEST_GROWN), needs_person=needs_person)


def in_a_row(failed: Failed, delivery_id: int, suspect: int | None, now: datetime) -> Failed | Closed:
    """Blame the entry for the first unexplained refusal; the account, if another entry met one before.

    `suspect`: the delivery that was refused so, if the channel has taken nothing since.
    """
    if not failed.unexplained or suspect in (None, delivery_id):
        return failed
    both = f"delivery {suspect} was refused before it, so that both wait: see to the account there"
    says = f"{failed.reason}; {both}"
    return Closed(reason=says, not_before=now + BARRED_WAIT, needs_person=True, grows=True)

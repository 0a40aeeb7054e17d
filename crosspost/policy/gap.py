"""Notice that the database does not know what happened last: it was lost, or is an older copy put back."""

from datetime import datetime, timedelta
from enum import IntEnum

LONGEST_PAUSE = timedelta(hours=1)
"""After so long without a poll, another database may have been in use."""


UNKNOWABLE = (
    "the database is a copy that was put back, and nobody can look whether this went out before: "
    "see for yourself, then approve or skip it"
)


class Gap(IntEnum):
    """How sure it is that something may have been announced that the database does not know of."""

    NONE = 0
    PAUSE = 1
    """Nobody polled for long, or ever: a night between two runs of cron, or a database lost or put back."""
    COPY = 2
    """The database is a copy that `crosspost backup` made, put back."""


def judge_gap(last_poll: datetime | None, now: datetime) -> Gap:
    """Judge by when a known feed was last polled; None: never since the copy was made."""
    if last_poll is None:
        return Gap.COPY
    return Gap.PAUSE if now - last_poll > LONGEST_PAUSE else Gap.NONE

"""When a feed that fails is asked again. Pure."""

from datetime import datetime, timedelta

DAILY, WEEKLY = timedelta(days=1), timedelta(days=7)
LOOKS_A_DAY_APART = 7
"""So many daily looks at a feed that is gone; some come back from a mistake, and after that few do."""
FAILS_FOR_LONG = timedelta(days=14)
"""A feed that was not read for so long is asked once a day."""


def next_look(
    now: datetime, *, looks: int, gone: bool, read_at: datetime | None, asked: datetime | None
) -> datetime | None:
    """Return before when a feed that failed is left alone; None if its next poll may come as always.

    `looks`: how often it failed in a row; if it is `gone`, since its server said so. `read_at`: when it was
    last read. `asked`: until when its server wants peace.
    """
    wait = timedelta(0)
    if gone:
        wait = DAILY if looks <= LOOKS_A_DAY_APART else WEEKLY
    elif read_at is not None and now - read_at > FAILS_FOR_LONG:
        wait = DAILY
    # A little early: who comes by once a day, as cron does, is not to find a day and a second.
    ours = now + wait * 0.95 if wait else None
    return max((moment for moment in (ours, asked) if moment is not None), default=None)

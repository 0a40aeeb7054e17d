"""Bring what is on record of needs up to date, for all ways in which people hear of them."""

from collections.abc import Sequence
from datetime import datetime

from crosspost.policy import Need
from crosspost.store import notices
from crosspost.store.database import Tx


def note_needs(tx: Tx, needs: Sequence[Need], *, now: datetime, told: bool) -> None:
    """Put on record what needs a person, what became less, and what is over.

    `told`: whether services tell people; where none does, nobody has to hear the end of anything from one.
    """
    known = notices.load(tx, "told_at")
    for need in needs:
        notice = known.get(need.topic)
        if notice is not None and notice.mark and not need.is_news(notice):
            notices.keep(tx, need)
        else:
            notices.note(tx, need, now=now)
    open_topics = {need.topic for need in needs}
    notices.end(tx, [topic for topic, notice in known.items() if notice.mark and topic not in open_topics])
    if not told:
        notices.heard_ends(tx, "told_at")
    notices.clean(tx)

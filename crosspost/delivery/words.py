"""The line of the user's own with which a channel's draft of an entry opens."""

from crosspost.config import Channel
from crosspost.model import Entry
from crosspost.policy.wanted import unwanted
from crosspost.policy.words import opening
from crosspost.store import entries
from crosspost.store.database import Tx


def opening_of(tx: Tx, channel: Channel, entry: Entry, entry_id: int | None) -> str:
    """Return the opening of an entry's draft, "" if it has none; asked until an attempt freezes the draft.

    `entry_id`: None for an entry that is not on record yet: it is taken for the next one.
    """
    if not channel.words:
        return ""
    before = entries.announced_before(tx, channel.name, entry_id)
    said = {
        categories: count
        for categories, count in before.items()
        if not unwanted(categories, channel.include, channel.exclude)
    }
    return opening(channel.words, entry.categories, said)

"""On start, before anything else: go on under the new name with what has another name in the configuration now.

Without it a renamed feed would be a first sight, and what a renamed channel had waiting would wait for ever
(docs/decisions/0018).
"""

from crosspost.feeds.poll import address_hashes
from crosspost.house import House
from crosspost.policy.renamed import renamed_channels, renamed_feeds
from crosspost.report import Event, What
from crosspost.store import accounts, bookings, deliveries, feeds, waits
from crosspost.store.database import Tx


async def take_over_renamed(house: House) -> None:
    """Note whom the channels speak for, and rename on record the feeds and channels that were renamed."""
    if await house.database.read(_is_settled, house):
        return  # as nearly always: nobody waits to write
    for subject, text in await house.database.write_long(take_over, house):
        house.tell(Event(what=What.RENAMED, subject=subject, text=text))


def take_over(tx: Tx, house: House) -> list[tuple[str, str]]:
    """Rename what was renamed; return each new name, and a sentence about it."""
    if _is_settled(tx, house):
        return []
    bookings.lock(tx)  # comes before any feed's or delivery's row, and lets only one process rename
    config, told = house.config, []
    accounts.note(tx, config.channels.values())
    renamed = _renamed_feeds(tx, house)
    feeds.rename(tx, renamed)
    for old, new in renamed.items():
        told.append((new, f"goes on with what is known of {old}, which had the same address"))
    for old, account, new in _renamed_channels(tx, house):
        if count := deliveries.hand_over(tx, old, account, new):
            waits.forget(tx, new)
            told.append((new, f"goes on with what {old} left of the same account: {count}"))
    return told


def _renamed_feeds(tx: Tx, house: House) -> dict[str, str]:
    spellings = {name: address_hashes(feed) for name, feed in house.config.feeds.items()}
    return dict(renamed_feeds(feeds.places(tx), spellings))


def _renamed_channels(tx: Tx, house: House) -> list[tuple[str, str, str]]:
    left = deliveries.left_behind(tx, house.config.channels)
    return list(renamed_channels(left, accounts.of(tx, house.config.channels.values()))) if left else []


def _is_settled(tx: Tx, house: House) -> bool:
    unnoted = accounts.unnoted(tx, house.config.channels.values())
    return not (unnoted or _renamed_feeds(tx, house) or _renamed_channels(tx, house))

"""All that people are told, one after the other."""

from crosspost.house import House
from crosspost.notify.act import notify
from crosspost.notify.delivered import tell_posts, untold_posts
from crosspost.notify.digest import due_since, send_digest
from crosspost.store.database import Tx


async def tell_people(house: House) -> None:
    """Tell what needs people, what went out, and how the week was, as far as each is new."""
    await notify(house)
    await tell_posts(house)
    await send_digest(house)


def is_to_be_told(tx: Tx, house: House) -> bool:
    """Tell whether people are still to be told of posts, or of a week: then no run may be quiet."""
    return bool(untold_posts(tx, house)) or due_since(tx, house) is not None

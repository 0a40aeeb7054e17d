"""Tell people of what went out, with the link, when the minutes begin that they have for it.

A post is told before it is on record as told: a crash may tell it twice, and never swallows it.
"""

from collections.abc import Sequence
from datetime import timedelta

from crosspost.config.limits import LONGEST_SPAN
from crosspost.house import House
from crosspost.notify.act import tell
from crosspost.notify.duty import AFTER_FAILURE, on_duty
from crosspost.policy import has_room
from crosspost.policy.messages import Posted, posts_message
from crosspost.policy.rules import week_start
from crosspost.store import notices, reports
from crosspost.store.database import Tx

WORTH_TELLING = timedelta(days=7)
"""How old a post may be; nobody answers the comments of an older one because of a message."""


async def tell_posts(house: House) -> None:
    """Tell in one message what went out and was not told yet, if the configuration asks for it."""
    if not house.config.notify.tells_posts or not await house.database.read(untold_posts, house):
        return
    async with on_duty(house) as duty:
        if duty is None:
            return
        posts = await house.database.write(_to_tell, house)
        if not posts:
            return
        duty.pause = AFTER_FAILURE
        message = posts_message(posts, house.now(), house.config.timezone)
        if any(await tell(house.config, house.client, message)):
            await house.database.write(_told, house, posts)
            duty.pause = timedelta()


def untold_posts(tx: Tx, house: House) -> Sequence[Posted]:
    """Return the posts that people are still to be told of."""
    if not house.config.notify.tells_posts:
        return ()
    since = reports.begun(tx, reports.POSTS)
    return reports.untold_posts(tx, max(since, house.now() - WORTH_TELLING)) if since is not None else ()


def _to_tell(tx: Tx, house: House) -> Sequence[Posted]:
    """Return the posts to tell now: none while the limit has no room for a message."""
    now, config = house.now(), house.config
    sent = notices.sent_since(tx, now - LONGEST_SPAN)
    room = has_room(config.notify.limits, sent, now, config.timezone, week_start(config))
    return untold_posts(tx, house) if room else ()


def _told(tx: Tx, house: House, posts: Sequence[Posted]) -> None:
    reports.told(tx, posts, now=house.now())
    notices.sent(tx, 0, now=house.now())  # it counts in the limit as any other message

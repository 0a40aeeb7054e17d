"""Send the mail that says, once a week, how it was.

It is sent before it is on record as sent: a crash may send it twice, and never swallows it. A machine that
slept through its moment sends it when it wakes, and one for several weeks.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from crosspost.config import Config
from crosspost.house import House
from crosspost.notify.act import tell
from crosspost.notify.duty import AFTER_FAILURE, on_duty
from crosspost.policy import Link, Message
from crosspost.policy.messages import Item, Kind, Section, item_of, plain_text, web_links
from crosspost.policy.weekly import last_due, next_due
from crosspost.store import reports
from crosspost.store.database import Tx
from crosspost.text import counted, local_date, local_time
from crosspost.views.digest import Announced, Digest, read_digest
from crosspost.views.plan import PlannedView

WEEK = timedelta(days=7)
BY_MAIL = ("email",)
_log = logging.getLogger(__name__)


async def send_digest(house: House) -> None:
    """Send the digest, if one is due. Its failure is logged, and stops nothing."""
    if house.config.notify.digest is None or await house.database.read(due_since, house) is None:
        return
    async with on_duty(house) as duty:
        since = await house.database.read(due_since, house) if duty is not None else None
        if duty is None or since is None:
            return
        duty.pause = AFTER_FAILURE
        until = house.now()
        try:
            message = digest_message(await read_digest(house, since, until))
        except Exception:
            # An adapter's own fault, when it is asked for a price, must not cost the run its end.
            _log.exception("the digest could not be written")
            return
        if all(await tell(house.config, house.client, message, only=BY_MAIL)):
            await house.database.write(reports.begin, reports.DIGEST, until)
            duty.pause = timedelta()


async def latest_digest(house: House) -> Message:
    """Return the digest of the last seven days, as it would be sent now."""
    until = house.now()
    return digest_message(await read_digest(house, until - WEEK, until))


def due_since(tx: Tx, house: House) -> datetime | None:
    """Return where the digest begins that is due; None if none is."""
    weekly, since = house.config.notify.digest, reports.begun(tx, reports.DIGEST)
    if weekly is None or since is None:
        return None
    return since if since < last_due(weekly, house.now(), house.config.timezone) else None


def next_digest(config: Config, now: datetime) -> datetime | None:
    """Return when the next digest will be due; None if nobody wants any."""
    weekly = config.notify.digest
    return next_due(weekly, now, config.timezone) if weekly is not None else None


def digest_message(digest: Digest) -> Message:
    """Write a digest as a message."""
    sections = tuple(section for section in _sections(digest) if section.items)
    count = sum(len(entry.posts) for entry in digest.announced)
    out = counted(count, "post") if count else "nothing went out"
    needs = f", {len(digest.needs)} to do" if digest.needs else ""
    title = f"crosspost: your week to {local_date(digest.until, digest.until.tzinfo)}: {out}{needs}"
    return Message(title=title, text=plain_text(sections), kind=Kind.DIGEST, sections=sections)


def _sections(digest: Digest) -> Iterator[Section]:
    span = f"{local_time(digest.since, digest.since.tzinfo)} to {local_time(digest.until, digest.until.tzinfo)}"
    went_out = tuple(_item_of_entry(entry) for entry in digest.announced)
    nothing = (Item(text="Nothing went out in this time."),)
    yield Section(heading=f"What went out, {span}", items=went_out or nothing)
    yield Section(heading="What needs you", items=tuple(item_of(need) for need in digest.needs))
    yield Section(heading="What it took", items=tuple(Item(text=line) for line in _costs(digest)))
    yield Section(heading="What goes out next", items=tuple(_item_ahead(view) for view in digest.ahead))
    yield Section(heading="What waits", items=tuple(_item_ahead(view) for view in digest.waiting))
    if digest.more:
        yield Section(items=(Item(text=f"and {digest.more} more: crosspost plan"),))
    ends = (Item(text=f"{end.channel}: {end.says(digest.until)}") for end in digest.ends)
    yield Section(heading="What ends soon", items=tuple(ends))


def _item_of_entry(entry: Announced) -> Item:
    where = ", ".join(post.channel for post in entry.posts)
    links = (Link(f"Open it on {post.channel}", post.url) for post in entry.posts)
    return Item(
        text=f"{entry.title}: {where}",
        title=entry.title,
        links=web_links(*links, Link("Open the entry", entry.link)),
    )


def _costs(digest: Digest) -> Iterator[str]:
    if digest.minutes:
        yield "minutes: " + ", ".join(f"{name} {amount}" for name, amount in digest.minutes.items())
    if digest.people:
        yield "by person: " + ", ".join(f"{name} {amount}" for name, amount in digest.people.items())
    if digest.money:
        yield "money: " + ", ".join(digest.money)
    for budget in digest.budgets:
        yield f"{budget.whose} ({budget.limit}): {budget.used} of {budget.amount} {budget.span}"


def _item_ahead(view: PlannedView) -> Item:
    when = f"{local_time(view.at, view.at.tzinfo)}, " if view.at is not None else ""
    why = f" ({view.reason})" if view.reason else ""
    return Item(text=f"{when}{view.channel}: {view.title}{why}", title=view.title)

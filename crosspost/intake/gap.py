"""On start, before anything is sent: may something have gone out that the database does not know of?"""

from collections.abc import Collection, Mapping
from datetime import datetime

from crosspost.config import Config
from crosspost.errors import StoreReplaced
from crosspost.house import House
from crosspost.model import State
from crosspost.policy import UNKNOWABLE, Gap, SetAside, judge_gap
from crosspost.store import bookings, deliveries, feeds, looks
from crosspost.store.database import Tx


async def notice_gap(house: House) -> None:
    """Mark what must be looked for before it is sent. Costs nothing when the last poll is recent."""
    polls = await house.database.read(feeds.last_polls)
    now = house.now()
    house.pause = now - max((moment for moment in polls.values() if moment is not None), default=now)
    gaps = gaps_of(house.config, polls, now)
    if gaps:
        await house.database.write(_mark, house.config, gaps, any(name in polls for name in gaps), now)


async def refuse_copy(house: House, taken_in: Collection[str]) -> None:
    """Raise `StoreReplaced` if the database says that feeds which this process took in were never polled.

    Then a copy was put back under it, as by a dump of PostgreSQL; whoever starts again looks first.
    """
    polls = await house.database.read(feeds.last_polls)
    if any(name in polls and judge_gap(polls[name], house.now()) is Gap.COPY for name in taken_in):
        raise StoreReplaced(
            f"the database {house.config.database} was replaced by a copy while crosspost was running; nothing "
            "more is sent; start crosspost again: it looks first for what went out since"
        )


def gaps_of(config: Config, polls: Mapping[str, datetime | None], now: datetime) -> Mapping[str, Gap]:
    """Return the feeds behind a gap. One never seen counts too: the database may have been lost."""
    gaps = {name: judge_gap(polls[name], now) if name in polls else Gap.PAUSE for name in config.feeds}
    return {name: gap for name, gap in gaps.items() if gap}


def _mark(tx: Tx, config: Config, gaps: Mapping[str, Gap], seen_before: bool, now: datetime) -> None:
    bookings.lock(tx)  # moves take it, and it comes before any delivery's row
    for name, gap in gaps.items():
        feeds.save(tx, name, after_gap=gap)
    if not seen_before:
        return
    looks.look_first(tx)
    if Gap.COPY in gaps.values():
        _hold(tx, [c.name for c in config.channels.values() if not c.notices_repeats], now)


def _hold(tx: Tx, channels: Collection[str], now: datetime) -> None:
    held = SetAside(state=State.HELD, reason=UNKNOWABLE)
    for channel in channels:
        for delivery in looks.to_look_first(tx, channel):
            if delivery.state is State.PENDING:
                deliveries.move(tx, delivery, held, now=now)

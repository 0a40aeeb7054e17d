"""Fill the channels that show the newest entries, once their feeds were seen: see `policy.fill`.

What is missing follows from what is on record: if a process dies after a first sight, the next run fills.
"""

from crosspost.config import Channel
from crosspost.house import House
from crosspost.model import State
from crosspost.policy import Outcome, Pending, SetAside
from crosspost.policy.fill import Again, Filling, Remembered, fill, newest_first, source_of
from crosspost.policy.oddities import is_protected
from crosspost.report import Event, What
from crosspost.store import accounts, bookings, channels, decisions, deliveries, entries, feeds, twins, waits
from crosspost.store.database import Tx

_MOST = 500
"""Of each feed so many entries are looked at: enough for a category that is rare."""
_SPARE = 20
"""So many more than a channel shows are read whole, since some may be protected, or not there yet."""


async def fill_channels(house: House) -> None:
    """Fill what is to be filled, and tell it. A dry run is not: it is filled when it writes."""
    if not await house.database.read(_unfilled, house):
        return  # as nearly always: nobody waits to write
    for channel, count in await house.database.write_long(fill_all, house):
        newest = "the newest entry" if count == 1 else f"the newest {count} entries"
        if channel.approve:
            text, what = f"to be filled with {newest}, once you say crosspost approve", What.HELD
        else:
            text, what = f"filled with {newest}", What.FILLED
        house.tell(
            Event(
                what=what,
                subject=channel.name,
                text=text,
                data={"entries": count},
                needs_person=channel.approve,
            )
        )


def fill_all(tx: Tx, house: House) -> list[tuple[Channel, int]]:
    """Create what fills the channels; return how many entries each is filled with, if any."""
    bookings.lock(tx)  # comes before any delivery's row, and lets only one process fill
    told = []
    for channel, source in _unfilled(tx, house):
        filling = _filling(tx, house, channel)
        deliveries.add(tx, filling.new, now=house.now())
        for again in filling.again:
            _let_in(tx, house, again)
        channels.note_filled(tx, channel.name, source)
        if count := len(filling.new) + len(filling.again):
            waits.forget(tx, channel.name)
            told.append((channel, count))
    return told


def _unfilled(tx: Tx, house: House) -> list[tuple[Channel, str]]:
    """Return the channels that were last filled from something else than there is now, and from what."""
    config = house.config
    showing = [
        channel
        for channel in config.channels.values()
        if not channel.dry_run and channel.capabilities.shows is not None
    ]
    if not showing:
        return []
    seen = [name for name, state in feeds.load(tx, config.feeds).items() if state.baseline_at is not None]
    filled = channels.load(tx, [channel.name for channel in showing])
    sources = [(channel, source_of(config.digest, filter(channel.announces, seen))) for channel in showing]
    return [(channel, source) for channel, source in sources if filled[channel.name].filled != source]


def _filling(tx: Tx, house: House, channel: Channel) -> Filling:
    config, rules = house.config, channel.capabilities
    shows = rules.shows or 0
    known = entries.newest_of(tx, [name for name in config.feeds if channel.announces(name)], _MOST)
    newest = newest_first(known, include=channel.include, exclude=channel.exclude)[: 2 * shows + _SPARE]
    public = [entry for entry in newest if not _is_protected(tx, entry)]
    return fill(
        public,
        twins.of_entries(tx, [entry.entry_id for entry in public]),
        channel=channel.name,
        account=accounts.of(tx, [channel])[channel.name],
        shows=shows,
        approve=channel.approve,
        knows_entries=rules.knows_entries,
        skipped_by_people=decisions.skipped(tx, channel.name),
        waits={name for name, feed in config.feeds.items() if feed.future == "wait"},
        now=house.now() + house.clocks().behind,
        zone=config.timezone,
    )


def _is_protected(tx: Tx, remembered: Remembered) -> bool:
    entry, _ = entries.get(tx, remembered.entry_id)
    return is_protected(entry)


def _let_in(tx: Tx, house: House, again: Again) -> None:
    delivery, now, reason = deliveries.get(tx, again.delivery_id), house.now(), again.admission.reason
    assert delivery is not None, "it was read in this transaction"
    outcome: Outcome = Pending(reason=reason, not_before=again.not_before)
    if again.admission.state is State.HELD:
        outcome = SetAside(state=State.HELD, reason=reason)
    if deliveries.move(tx, delivery, outcome, now=now, by_person=True):
        deliveries.let_fill(tx, delivery.id)

"""What is put on record of new entries: those taken as known, and those to announce, channel by channel."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from crosspost.config import Channel, Config, Feed
from crosspost.feeds import Item
from crosspost.model import State
from crosspost.policy.admission import WANTS_APPROVAL, Admission, admit
from crosspost.policy.anew import DOUBTED
from crosspost.policy.clocks import Clocks
from crosspost.policy.gap import UNKNOWABLE
from crosspost.policy.intake import Memory, Sorting, publication
from crosspost.policy.oddities import PROTECTED, odd, scheduled, waits_for_date
from crosspost.policy.twins import SAME_ACCOUNT, already_told, is_repetition, may_be_repetition, perhaps_told
from crosspost.policy.wanted import priority, promotional, unwanted


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """A delivery to be created."""

    channel: str
    admission: Admission
    not_before: datetime
    expires: datetime | None
    priority: int = 0
    promotional: bool = False
    account: str = ""
    """Whom the channel speaks for, see `config.account`."""
    fills: bool = False
    """See `Delivery.fills`."""

    @property
    def goes(self) -> bool:
        return self.admission.state is not State.SKIPPED


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """An entry to be put on record with its deliveries; its item's keys mean it from now on."""

    item: Item
    baseline: bool = False
    deliveries: Sequence[NewDelivery] = ()
    scheduled: datetime | None = None
    """For when it is scheduled by its own date (UTC); None: it is there."""

    @property
    def needs_person(self) -> str:
        """Why it waits for a person's look, apart from channels on which everything does; "" if it does not."""
        states = (each.admission for each in self.deliveries if each.admission.state is State.HELD)
        return next((each.reason for each in states if each.reason not in (WANTS_APPROVAL, UNKNOWABLE)), "")

    @property
    def let_go(self) -> str:
        """Why it is announced on no channel; "" if it is, or waits, on one."""
        if any(each.goes for each in self.deliveries):
            return ""
        return self.deliveries[0].admission.reason if self.deliveries else ""


def new_entries(
    config: Config, feed: str, sorting: Sorting, memory: Memory, clocks: Clocks
) -> Sequence[NewEntry]:
    """Return what is put on record of a feed's new entries: those taken as known, then those to announce.

    Nothing is too old because of our clock, nor scheduled because of it.
    """
    remembered = [NewEntry(item=item, baseline=True) for item in sorting.baseline]
    if not sorting.announced:
        return remembered
    # Each channel is asked once: to answer, it opens its adapter.
    channels = [
        (channel, channel.notices_repeats) for channel in config.channels.values() if channel.announces(feed)
    ]
    announced = []
    for item in sorting.announced:
        says = _Wish.of(config.feeds[feed], item, sorting, memory, clocks)
        deliveries: list[NewDelivery] = []
        for channel, notices_repeats in channels:
            deliveries.append(_delivery(config, channel, item, says, memory, deliveries, notices_repeats))
        announced.append(NewEntry(item=item, deliveries=deliveries, scheduled=says.scheduled))
    return remembered + announced


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What holds for a new entry on every channel."""

    now: datetime
    expires: datetime
    scheduled: datetime | None
    held: str
    priority: int

    @classmethod
    def of(cls, feed: Feed, item: Item, sorting: Sorting, memory: Memory, clocks: Clocks) -> "_Wish":
        now, waits, dated = clocks.now, feed.future == "wait", item.entry.published
        planned = scheduled(dated, now + clocks.behind, waits=waits)
        # Somebody asked for a first sight's entries, however old they are: their time begins now.
        born = planned or (now if memory.first_sight else publication(now)(item))
        oldest = datetime.min.replace(tzinfo=UTC) if memory.first_sight else now - clocks.ahead - feed.horizon
        if memory.first_sight:
            item = replace(item, odd_date="", unread_date="")
        strange = odd(item, dated=dated, oldest=oldest, now=now + clocks.behind, waits=waits, zone=clocks.zone)
        doubt = DOUBTED if item.keys in sorting.doubted else ""
        held = sorting.held or doubt or strange
        if sorting.held and strange == PROTECTED:  # in a flood, too, a person should hear of it
            held = f"{sorting.held}; {PROTECTED}"
        return cls(
            now=now,
            expires=born + feed.horizon,
            scheduled=planned,
            held=held,
            priority=feed.priority,
        )


def _delivery(
    config: Config,
    channel: Channel,
    item: Item,
    wish: _Wish,
    memory: Memory,
    before: Sequence[NewDelivery],
    notices_repeats: bool,
) -> NewDelivery:
    """Decide on one entry on one channel. `before`: what was decided on the channels before it."""
    account, twins = memory.accounts.get(channel.name, ""), memory.twins.get(item.keys, ())
    told = already_told(twins, channel.name, account)
    perhaps = perhaps_told(twins, channel.name, account, config.channels)
    copy = next((made for made in before if account and made.account == account and made.goes), None)
    repetition = is_repetition(told, channel.name) if told else ""
    if copy is not None:
        repetition = f"{SAME_ACCOUNT} announces it: {copy.channel}"
    categories = item.entry.categories
    admission = admit(
        repetition=repetition,
        unwanted=unwanted(categories, channel.include, channel.exclude),
        held=wish.held or (may_be_repetition(perhaps) if perhaps else ""),
        gap=memory.gap,
        notices_repeats=notices_repeats,
        approve=channel.approve,
    )
    not_before = wish.now + channel.delay
    if wish.scheduled is not None and wish.scheduled > not_before:
        not_before = wish.scheduled
        if admission.state is State.PENDING:
            admission = replace(admission, reason=waits_for_date(not_before, config.timezone))
    return NewDelivery(
        channel=channel.name,
        admission=admission,
        not_before=not_before,
        expires=wish.expires,
        priority=priority(categories, wish.priority, config.category_priority),
        promotional=promotional(categories, config.promotion.categories),
        account=account,
    )

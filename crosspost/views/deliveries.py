"""The deliveries, the newest first, with what was decided about them and why they are as they are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crosspost.house import House
from crosspost.model import standing_of
from crosspost.store import decisions, listing
from crosspost.store.database import Tx
from crosspost.store.decisions import Decided
from crosspost.store.listing import Shown
from crosspost.views.reasons import Reasons, read_reasons
from crosspost.views.usage import read_ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryView:
    """One delivery. Moments are in UTC."""

    id: int
    entry_id: int
    state: str
    """One of `model.STANDINGS`: what a dry run showed stands as shown, though it is skipped on record."""
    channel: str
    feed: str
    title: str
    permalink: str
    url: str
    """Where it is on the network; "" if it is not, or nobody said where."""
    remote_id: str
    reason: str
    """Why it is as it is."""
    note: str
    """What a person should know though it went out."""
    attempts: int
    not_before: datetime
    created: datetime
    updated: datetime
    decisions: Sequence[Decided]


async def list_deliveries(
    house: House, *, states: Collection[str], channel: str | None, feed: str | None, limit: int
) -> Sequence[DeliveryView]:
    """Return at most `limit` deliveries, that stand so, of this channel and this feed, where they are named."""

    def read(tx: Tx) -> Sequence[DeliveryView]:
        now = house.now()
        newest = listing.newest(tx, states=states, channel=channel, feed=feed, limit=limit)
        decided = decisions.of(tx, [shown.delivery.id for shown in newest])
        reasons = read_reasons(tx, house, read_ledger(tx, house, now), now)
        return [_view(house, shown, reasons, decided) for shown in newest]

    return await house.read(read) or ()


def _view(
    house: House, shown: Shown, reasons: Reasons, decided: Mapping[int, Sequence[Decided]]
) -> DeliveryView:
    delivery = shown.delivery
    return DeliveryView(
        id=delivery.id,
        entry_id=delivery.entry_id,
        state=standing_of(delivery.state, delivery.reason),
        channel=delivery.channel,
        feed=shown.feed,
        title=shown.title,
        permalink=shown.permalink,
        url=delivery.url,
        remote_id=delivery.remote_id,
        reason=reasons.of(house, delivery, house.now()),
        note=delivery.note,
        attempts=delivery.attempts,
        not_before=delivery.not_before,
        created=delivery.created,
        updated=delivery.updated,
        decisions=decided.get(delivery.id, ()),
    )

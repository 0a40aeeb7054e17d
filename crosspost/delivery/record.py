"""Put on record how an attempt ended, for its delivery and for its channel, in one transaction."""

from datetime import datetime

from crosspost.config import Channel
from crosspost.delivery.closure import shut
from crosspost.house import House
from crosspost.model import Delivery
from crosspost.policy import Closed, Delivered, Failed, Outcome, in_a_row, refuse_taken
from crosspost.store import attempts, channels, deliveries
from crosspost.store.database import Tx
from crosspost.store.recorded import recorded


async def record(house: House, delivery: Delivery, number: int, outcome: Outcome) -> Outcome | None:
    """Put an outcome on record, whatever the database does meanwhile.

    Return what it came to, by what else is on record; None if somebody else settled the attempt.
    """
    channel = house.config.channels.get(delivery.channel)  # None: it was renamed since this was begun
    return await recorded(house.database.write, _record, channel, delivery, number, outcome, house.now())


def _record(
    tx: Tx, channel: Channel | None, delivery: Delivery, number: int, outcome: Outcome, now: datetime
) -> Outcome | None:
    if isinstance(outcome, Delivered) and outcome.named_by_network:
        holder = deliveries.receipts(tx, delivery.channel, [outcome.remote_id]).get(outcome.remote_id)
        if holder not in (None, delivery.id):
            outcome = refuse_taken(outcome.reason, holder)
    suspect = None
    if isinstance(outcome, Failed) and outcome.unexplained:
        suspect = channels.load(tx, [delivery.channel])[delivery.channel].suspect
        outcome = in_a_row(outcome, delivery.id, suspect, now)
    if isinstance(outcome, Closed) and channel is not None:
        outcome = shut(tx, channel, outcome, now)
    if not attempts.settle(tx, delivery.id, number, outcome, now=now):
        return None
    match outcome:
        case Delivered():
            channels.took(tx, delivery.channel)
        case Failed(unexplained=True):
            channels.blame(tx, delivery.channel, delivery.id)
        case Closed() if suspect is not None:
            attempts.take_back(tx, suspect, outcome, now=now)
    return outcome

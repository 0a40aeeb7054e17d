"""How the text begins that would go out: what a person must see to say yes to it."""

from collections.abc import Sequence
from dataclasses import replace

from crosspost.delivery.lines import draft_of
from crosspost.house import House
from crosspost.policy import Message, Need, message_of
from crosspost.store import deliveries
from crosspost.store.database import Tx
from crosspost.text import cut

MOST = 280
"""Characters of a text that are shown."""


async def worded(house: House, message: Message) -> Message:
    """Return a message whose needs show how their texts begin, as far as those can be made."""
    if not any(_wants_words(need) for need in message.needs):
        return message
    return message_of(await house.database.read(_with_words, house, message.needs), message.total)


def _wants_words(need: Need) -> bool:
    return bool(need.channel) and need.entry_id is not None and not need.words


def _with_words(tx: Tx, house: House, needs: Sequence[Need]) -> Sequence[Need]:
    return [replace(need, words=_beginning(tx, house, need)) if _wants_words(need) else need for need in needs]


def _beginning(tx: Tx, house: House, need: Need) -> str:
    """Return how the text begins that would go out, as a preview shows it; "" if none can be made."""
    channel, entry_id = house.config.channels.get(need.channel), need.entry_id
    if channel is None or entry_id is None:
        return ""
    try:
        delivery = deliveries.of_entry(tx, entry_id).get(channel.name)
        text = draft_of(tx, house, channel, delivery).text if delivery is not None else ""
    except Exception:
        # The adapter's own faults too: that people are told matters more than how the text begins.
        return ""
    return cut(text.strip(), lambda part: len(part) <= MOST)

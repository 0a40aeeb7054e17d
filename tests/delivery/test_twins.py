"""Two deliveries of one entry for one account, claimed at once: one leaves."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from crosspost.config import DatabaseAddress, load
from crosspost.delivery.turns import begin
from crosspost.feeds import Item, Trait
from crosspost.house import House
from crosspost.model import Delivery, Entry, Money, State
from crosspost.policy import Admission, Meaning, NewDelivery, NewEntry
from crosspost.store import attempts, deliveries, entries
from crosspost.store.database import Database, Tx
from crosspost.testing import a_draft
from tests.store.test_deliveries import LATER, NOW
from tests.verbs import closed_house

CONFIG = """
[feeds.a]
url = "a.xml"
[feeds.b]
url = "b.xml"
[channels.one]
adapter = "tumblr"
blog = "carnet"
access_token = { env = "TOKEN" }
[channels.two]
adapter = "tumblr"
blog = "carnet"
access_token = { env = "TOKEN" }
"""
PAIRS = [("a", "one", "b", "one"), ("a", "one", "b", "two"), ("a", "one", "a", "two")]


def wait_for_their_turn(tx: Tx, pair: tuple[str, str, str, str]) -> None:
    """Put one entry on record for two feeds, or one, with a delivery on each channel of the pair."""
    ids: dict[str, int] = {}
    for feed, channel in (pair[:2], pair[2:]):
        if feed not in ids:
            entry = Entry(feed=feed, title="t", permalink="https://blog.example/1")
            (ids[feed],) = entries.add(tx, [NewEntry(item=Item(entry=entry))], now=NOW)
            entries.let_mean(tx, feed, {"shared": Meaning(ids[feed], Trait.LINK)})
        admission = Admission(state=State.PENDING)
        new = NewDelivery(channel=channel, admission=admission, not_before=NOW, expires=None, account=ACCOUNT)
        deliveries.add(tx, [(ids[feed], new)], now=NOW)


ACCOUNT = "filled by the claim"


async def claim(house: House, delivery: Delivery) -> int | None:
    taken = await house.database.write(attempts.take, delivery.id, owner=house.owner, now=NOW, until=LATER)
    assert taken is not None
    channel = house.config.channels[delivery.channel]
    begun = await house.database.write(
        begin, house, channel, taken, a_draft(), Money(), note="", revision="", lease=LATER - NOW
    )
    return begun.number


@pytest.mark.parametrize("pair", PAIRS)
async def test_of_two_replicas_that_claim_twins_at_once_one_sends(
    pair: tuple[str, str, str, str], tmp_path: Path, address: DatabaseAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", "sandbox-token")
    for name in ("a.xml", "b.xml"):
        (tmp_path / name).touch()
    (tmp_path / "crosspost.toml").write_text(CONFIG)
    config = load(tmp_path / "crosspost.toml")
    async with AsyncExitStack() as stack:
        replicas = [Database(address, clock=lambda: NOW) for _ in range(2)]
        for replica in replicas:
            stack.push_async_callback(replica.close)
        await replicas[0].migrate()
        await replicas[0].write(wait_for_their_turn, pair)
        houses = [closed_house(config, replica) for replica in replicas]
        waiting = [await replicas[0].read(deliveries.get, number) for number in (1, 2)]
        claims = (claim(house, one) for house, one in zip(houses, waiting, strict=True) if one is not None)
        numbers = await asyncio.gather(*claims)
        assert sorted(number or 0 for number in numbers) == [0, 1]
        after = [await replicas[0].read(deliveries.get, number) for number in (1, 2)]
        assert sorted(one.state for one in after if one) == [State.SENDING, State.SKIPPED]

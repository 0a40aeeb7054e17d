"""Ninety simulated days on all four networks, with their tokens' lives: nothing is missed that need not be."""

from collections import defaultdict
from datetime import UTC, datetime

import pytest

from crosspost.report import What
from tests.accounts.person import KINDS, Person, all_connected, connected
from tests.world import Item, World, old

DAYS = 90
BEGAN = datetime(2026, 11, 23, 12, tzinfo=UTC)
EACH = 5
"""An entry is published every so many days."""
RECONNECTED = 75


def day(moment: datetime) -> int:
    return (moment - BEGAN).days


@pytest.mark.timeout(300)
async def test_ninety_days(world: World) -> None:
    world.now = BEGAN
    for network in world.networks:
        network.clock = lambda: world.now
    await all_connected(world)
    for network in world.networks:
        network.token = "known-to-nobody"
    text = (world.folder / "crosspost.toml").read_text()
    text = text.replace('adapter = "facebook"', 'adapter = "facebook"\napi_version = "v21.0"')
    (world.folder / "crosspost.toml").write_text(text)
    config = world.loaded()
    world.blog.publish(*old(1))
    warned: dict[str, list[int]] = defaultdict(list)
    asked: set[int] = set()
    for today in range(DAYS):
        if today % EACH == 0:
            world.blog.publish(Item(slug=f"day-{today}", title=f"Jour {today}"))
        if today == RECONNECTED:
            await connected(world, Person(), "linkedin", way="member")
        for event in await world.run(config):
            if event.what is What.ENDS:
                warned[event.subject].append(day(world.now))
            elif event.what is What.CHANNEL_CLOSED:
                assert event.subject == "linkedin", event.text
                asked.add(day(world.now))
        posts = {kind: len(world.network(kind).posts) for kind in KINDS}
        entries = len(world.blog.items) - 2  # the first sight's are known, not announced
        assert {posts[kind] for kind in ("facebook", "x", "tumblr")} == {entries}, f"missed on day {today}"
        if today < 60 or today >= RECONNECTED:
            assert posts["linkedin"] == entries
        world.later(days=1)
    for network in world.networks:
        assert network.authority is not None
        assert not any(grant.ended for grant in network.authority.grants), "a used token came back"

    # LinkedIn's token lives 60 days; Facebook ends v21.0 on 2027-01-21, day 58.
    assert warned["linkedin"] == [46, 53, 58]
    assert warned["facebook"] == [45, 52, 57]
    assert set(warned) == {"linkedin", "facebook"}
    assert asked == set(range(60, RECONNECTED))

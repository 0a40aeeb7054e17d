"""A database that the version before left behind: migrated whatever happens meanwhile, and gone on with."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
import pytest_asyncio
import sqlalchemy as sa

from crosspost.config import DatabaseAddress
from crosspost.model import State
from crosspost.store.database import Database
from tests.forks import FORKS
from tests.notify.ears import Ears
from tests.process import crosspost
from tests.store.past import CHANNELS, KEY, engine_of, news, rows_of, take_up
from tests.world import BOTH_DATABASES, Item, World

BEFORE = "0004"
CUT = 7


@pytest_asyncio.fixture
async def past(world: World, ears: Ears, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """Give a world whose database, posts and tokens are those of the version before."""
    monkeypatch.setenv("CROSSPOST_KEY", KEY)
    await take_up(world, ears, BEFORE)
    yield world


def shown(world: World, item: Item) -> dict[str, int]:
    """Return how often each network shows an entry."""
    link = f"https://blog.example/2026/{item.slug}/"
    return {kind: sum(link in str(post) for post in world.network(kind).posts) for kind in CHANNELS}


def states(world: World) -> dict[tuple[str, str], str]:
    """Return the state of each delivery, by its entry's title and its channel."""
    question = "SELECT e.title, d.channel, d.state FROM deliveries d JOIN entries e ON e.id = d.entry_id"
    with engine_of(world).connect() as tx:
        return {(row.title, row.channel): row.state for row in tx.execute(sa.text(question))}


async def runs(world: World, times: int = 4) -> list[str]:
    """Run a few times, past every settle time; return what a person was told to do."""
    asked = []
    for _ in range(times):
        asked += [event.text for event in await world.run(world.loaded()) if event.needs_person]
        world.later(minutes=6)
    return asked


@BOTH_DATABASES
async def test_a_run_goes_on_where_the_version_before_stopped(past: World) -> None:
    before = states(past)
    assert set(before.values()) == {"pending", "held", "uncertain", "sending", "delivered", "failed", "skipped"}
    await runs(past)
    # What was uncertain: adopted from X, sent to Facebook once two looks had not found it there. What the dead
    # was sending: adopted from Facebook. What was pending: sent.
    assert shown(past, news(1)) == {"facebook": 1, "x": 1, "linkedin": 1, "tumblr": 0}
    assert shown(past, news(2)) == {"facebook": 1, "x": 1, "linkedin": 0, "tumblr": 0}
    assert shown(past, news(3)) == {"facebook": 1, "x": 1, "linkedin": 1, "tumblr": 0}
    assert past.posts == 8, "no entry of before the first sight went out"
    stays = {State.DELIVERED, State.FAILED, State.SKIPPED, State.HELD}
    for delivery, state in states(past).items():
        assert state == (before[delivery] if before[delivery] in stays else State.DELIVERED)


@BOTH_DATABASES
async def test_what_a_person_decides_goes_on_too(past: World) -> None:
    await runs(past, 1)
    said = await crosspost(past, "approve", "--channel", "tumblr")
    assert said.out.startswith("2 deliveries approved"), said
    said = await crosspost(past, "retry", "--channel", "linkedin")
    assert said.out.startswith("1 delivery to be tried again"), said
    past.later(minutes=1)
    await runs(past)
    assert shown(past, news(2)) == {"facebook": 1, "x": 1, "linkedin": 1, "tumblr": 1}
    assert shown(past, news(1))["tumblr"] == 0, "it was skipped"


@BOTH_DATABASES
async def test_the_credential_of_before_opens_and_is_renewed(past: World) -> None:
    await runs(past, 1)
    past.later(hours=3)
    past.blog.publish(news(4))
    await runs(past)
    assert shown(past, news(4))["x"] == 1
    assert past.x.authority.refreshes == 1


@BOTH_DATABASES
async def test_what_was_told_is_not_told_again(past: World, ears: Ears) -> None:
    await runs(past)
    (message,) = ears.heard
    assert message["title"] == "crosspost: 2 wait for your yes (tumblr)"
    assert message["text"].startswith("2 deliveries held"), "the second of them is new"
    assert message["text"].endswith("(1 that you know of: crosspost status)"), "LinkedIn's refusal"


@BOTH_DATABASES
async def test_what_went_out_before_is_booked_once(past: World) -> None:
    await runs(past)
    question = (
        "SELECT d.state, count(b.id) AS bookings FROM deliveries d"
        " LEFT JOIN bookings b ON b.delivery_id = d.id AND b.standing GROUP BY d.id, d.state"
    )
    with engine_of(past).connect() as tx:
        for row in tx.execute(sa.text(question)):
            assert row.bookings == (row.state == State.DELIVERED), row


@BOTH_DATABASES
async def test_the_migration_may_die_at_any_statement(past: World) -> None:
    """Nothing of it is seen until all is; whoever comes next begins anew, and loses nothing."""
    before = rows_of(past)
    address = past.loaded().database
    statement = 1
    while await asyncio.to_thread(_migrates_until, address, statement) == CUT:
        assert rows_of(past) == before, f"after an end at statement {statement}"
        statement += 1
    assert statement > 7, "it was cut off again and again before it came to its end"
    assert _as_before(rows_of(past), before) == before


def _as_before(rows: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Return what there is of the tables and columns that were there before."""
    return {
        table: [{name: row[name] for name in (old[0] if old else ())} for row in rows[table]]
        for table, old in before.items()
    }


def _migrates_until(address: DatabaseAddress, statement: int) -> int | None:
    """Migrate in a process of its own that ends at its n-th change; return its exit code."""
    child = FORKS.Process(target=_migrate, args=(address, statement))
    child.start()
    child.join()
    return child.exitcode


def _migrate(address: DatabaseAddress, ends_at: int) -> None:
    seen = 0

    @sa.event.listens_for(sa.Engine, "after_cursor_execute")
    def _count(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        nonlocal seen
        seen += statement.lstrip().upper().startswith(("CREATE", "ALTER", "INSERT", "UPDATE", "DROP", "DELETE"))
        if seen == ends_at:
            os._exit(CUT)

    asyncio.run(_migrated(address))


async def _migrated(address: DatabaseAddress) -> None:
    database = Database(address)
    assert await database.migrate()
    await database.close()

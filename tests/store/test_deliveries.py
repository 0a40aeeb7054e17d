"""The states: every legal move works, every other is refused, every lost race is told."""

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import sqlalchemy as sa

from crosspost.model import MOVES, Delivery, Entry, State
from crosspost.policy import Outcome
from crosspost.store import deliveries, entries
from crosspost.store.database import Database, Tx
from crosspost.store.glance import due_statement
from crosspost.testing import a_draft, a_picture

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=2)


@pytest_asyncio.fixture
async def tx(tmp_path: Path) -> AsyncIterator[Tx]:
    database = Database(tmp_path / "crosspost.db")
    await database.migrate()
    async with database.write() as open_:
        yield open_
    await database.close()


async def a_delivery(tx: Tx, state: State = State.PENDING, channel: str = "c") -> Delivery:
    entry_id = await entries.add(tx, Entry(feed="f", title="t", permalink="p"), baseline=False, now=NOW)
    await deliveries.add(tx, entry_id, channel, state, reason="", not_before=NOW, expires=None, now=NOW)
    newest = (await tx.execute(sa.text("SELECT max(id) FROM deliveries"))).scalar_one()
    found = await deliveries.get(tx, newest)
    assert found is not None
    return found


async def sending(tx: Tx) -> Delivery:
    found = await a_delivery(tx)
    assert await deliveries.reserve(tx, found, owner="me", now=NOW, until=LATER)
    assert await deliveries.begin_attempt(tx, found, a_draft(), owner="me", note="", now=NOW, until=LATER) == 1
    begun = await deliveries.get(tx, found.id)
    assert begun is not None
    return begun


@pytest.mark.parametrize(("old", "new"), list(itertools.product(State, State)))
async def test_only_legal_moves_are_made(tx: Tx, old: State, new: State) -> None:
    found = await a_delivery(tx, old)
    if (old, new) not in MOVES:
        with pytest.raises(ValueError, match="no delivery moves"):
            await deliveries.move(tx, found, Outcome(state=new), now=NOW)
        new = old
    else:
        assert await deliveries.move(tx, found, Outcome(state=new), now=NOW)
    after = await deliveries.get(tx, found.id)
    assert after is not None
    assert after.state is new


async def test_one_entry_has_one_delivery_per_channel(tx: Tx) -> None:
    found = await a_delivery(tx)
    with pytest.raises(sa.exc.IntegrityError):
        await deliveries.add(
            tx, found.entry_id, "c", State.PENDING, reason="", not_before=NOW, expires=None, now=NOW
        )


async def test_only_one_of_two_gets_the_reservation(tx: Tx) -> None:
    found = await a_delivery(tx)
    assert await deliveries.reserve(tx, found, owner="me", now=NOW, until=LATER)
    assert not await deliveries.reserve(tx, found, owner="you", now=NOW, until=LATER)
    assert await deliveries.next_due(tx, "c", NOW) is None
    assert (
        await deliveries.begin_attempt(tx, found, a_draft(), owner="you", note="", now=NOW, until=LATER) is None
    )
    assert await deliveries.reserve(tx, found, owner="you", now=LATER, until=LATER + timedelta(minutes=2))


async def test_who_lost_the_reservation_cannot_begin(tx: Tx) -> None:
    found = await a_delivery(tx)
    assert await deliveries.reserve(tx, found, owner="frozen", now=NOW, until=LATER)
    assert await deliveries.reserve(tx, found, owner="next", now=LATER, until=LATER + timedelta(minutes=2))
    late = deliveries.begin_attempt(tx, found, a_draft(), owner="frozen", note="", now=LATER, until=LATER)
    assert await late is None


async def test_who_was_frozen_past_the_lease_cannot_write(tx: Tx) -> None:
    found = await sending(tx)
    assert await deliveries.settle(tx, found.id, 1, Outcome(state=State.UNCERTAIN), now=LATER)
    late = Outcome(state=State.FAILED, reason="from the grave")
    assert not await deliveries.settle(tx, found.id, 1, late, now=LATER)
    after = await deliveries.get(tx, found.id)
    assert after is not None
    assert after.state is State.UNCERTAIN


async def test_an_older_attempts_word_does_not_count(tx: Tx) -> None:
    found = await sending(tx)
    assert not await deliveries.settle(tx, found.id, 0, Outcome(state=State.DELIVERED), now=NOW)


async def test_the_draft_is_frozen_and_given_back_the_same(tx: Tx) -> None:
    found = await sending(tx)
    assert found.draft == a_draft()


async def test_a_refused_draft_is_forgotten_when_retried_but_an_absent_one_is_not(tx: Tx) -> None:
    for state, kept in ((State.FAILED, False), (State.UNCERTAIN, True)):
        found = await sending(tx)
        await deliveries.settle(tx, found.id, 1, Outcome(state=state), now=NOW)
        settled = await deliveries.get(tx, found.id)
        assert settled is not None
        assert await deliveries.move(tx, settled, Outcome(state=State.PENDING), now=NOW)
        again = await deliveries.get(tx, found.id)
        assert again is not None
        assert (again.draft is not None) is kept


async def test_a_kept_picture_comes_back_and_goes_with_the_delivery(tx: Tx) -> None:
    found = await sending(tx)
    picture = a_picture(remote_id="42")
    await deliveries.keep_picture(tx, found.id, picture)
    assert await deliveries.picture_of(tx, found.id) == picture
    await deliveries.settle(tx, found.id, 1, Outcome(state=State.DELIVERED), now=NOW)
    assert await deliveries.picture_of(tx, found.id) is None


async def test_an_attempt_that_does_not_count_gives_its_try_back(tx: Tx) -> None:
    found = await sending(tx)
    await deliveries.settle(tx, found.id, 1, Outcome(state=State.PENDING, used=False), now=NOW)
    after = await deliveries.get(tx, found.id)
    assert after is not None
    assert (after.attempts, after.counted) == (1, 0)


Look = Callable[[Tx], Awaitable[object]]


@pytest.mark.parametrize(
    "look",
    [
        lambda tx: deliveries.due_channels(tx, NOW),
        lambda tx: deliveries.next_due(tx, "c", NOW),
        lambda tx: deliveries.leases_run_out(tx, NOW),
        lambda tx: deliveries.due_uncertain(tx, NOW),
        lambda tx: deliveries.next_moment(tx, NOW),
        lambda tx: tx.exec_driver_sql(due_statement("cd"), ("c", "d", "2026", "2026")),
    ],
    ids=["due channels", "next due", "leases run out", "due uncertain", "next moment", "the glance"],
)
async def test_a_ticks_look_ups_use_the_index(tx: Tx, look: Look) -> None:
    """So that the cost of a tick does not grow with history."""
    said: list[tuple[str, Any]] = []
    raw = tx.sync_connection
    assert raw is not None

    @sa.event.listens_for(raw, "before_cursor_execute")
    def _listen(_c: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        said.append((statement, values))

    await look(tx)
    statement, values = said[0]
    steps = [row[-1] for row in (await tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)).all()]
    searched = [step for step in steps if "deliveries" in step]
    assert searched
    assert all(step.startswith("SEARCH") and "INDEX deliveries_due" in step for step in searched), steps

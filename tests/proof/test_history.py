"""A tick's look-ups find what they want by an index, however long the history. PostgreSQL is asked with one."""

import asyncio
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from crosspost.config import DatabaseAddress
from crosspost.delivery.deliver import LEASE
from crosspost.feeds import Item
from crosspost.model import Entry
from crosspost.store import attempts, deliveries, entries, looks, twins
from crosspost.store.database import Database, Tx
from tests.postgres import Server

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ENTRIES = """
    INSERT INTO entries (id, feed, title, permalink, summary, content, authors, categories, language,
        picture_url, picture_alt, revision, baseline, first_seen)
    SELECT n, 'blog', 't', 'p' || n, '', '', '[]', '[]', 'fr', '', '', 'r', false, '2026-01-01'
    FROM generate_series(0, 10000) AS n
"""
KEYS = "INSERT INTO entry_keys SELECT 'blog', 'key-' || n, n FROM generate_series(0, 10000) AS n"
DELIVERIES = """
    INSERT INTO deliveries (entry_id, channel, state, reason, key, attempts, counted, not_before, note,
        remote_id, url, created, updated)
    SELECT n / 5, 'channel-' || mod(n, 5), CASE WHEN n < 49990 THEN 'delivered' ELSE 'pending' END, '',
        'k' || n, 1, 1, timestamptz '2026-01-01' + n * interval '1 minute', '',
        CASE WHEN n < 49990 THEN 'post-' || n ELSE '' END, '', '2026-01-01', '2026-01-01'
    FROM generate_series(0, 49999) AS n
"""


@pytest.fixture(scope="module")
def history(postgres: Server) -> Iterator[sa.Engine]:
    """Fill a database with 50,000 deliveries, of which ten are due."""
    url = postgres.database()

    async def migrate() -> None:
        database = Database(DatabaseAddress(url=url))
        await database.migrate()
        await database.close()

    asyncio.run(migrate())
    engine = sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"))
    with engine.begin() as tx:
        for statement in (ENTRIES, KEYS, DELIVERIES, "ANALYZE"):
            tx.exec_driver_sql(statement)
    yield engine
    engine.dispose()


ENTRY = Entry(feed="other", title="t", permalink="https://blog.example/1")
LOOKS: dict[str, Callable[[Tx], object]] = {
    "due channels": lambda tx: deliveries.due_channels(tx, NOW, "digest"),
    "reserve": lambda tx: attempts.reserve(tx, "channel-1", owner="me", now=NOW, until=NOW + LEASE),
    "leases run out": lambda tx: attempts.leases_run_out(tx, NOW, LEASE),
    "due uncertain": lambda tx: looks.due_uncertain(tx, NOW),
    "next moment": lambda tx: deliveries.next_moment(tx, NOW - timedelta(days=400)),
    "look first": lambda tx: looks.to_look_first(tx, "channel-1"),
    "receipts": lambda tx: deliveries.receipts(tx, "channel-1", ["post-1", "post-2"]),
    "an entry's twins": lambda tx: twins.of_entries(tx, [4242]),
    "an item's twins": lambda tx: twins.of_items(tx, "other", [Item(entry=ENTRY, link_key="key-1")]),
    "held already": lambda tx: entries.known(tx, "blog", ["key-1", "key-2"]),
}


@pytest.mark.parametrize("name", LOOKS)
def test_postgresql_finds_it_by_an_index(history: sa.Engine, name: str) -> None:
    said: list[tuple[str, Any]] = []
    with history.connect() as tx:

        @sa.event.listens_for(tx, "before_cursor_execute")
        def _listen(_c: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
            said.append((statement, values))

        LOOKS[name](tx)
        asked = list(said)
        plans: list[dict[str, Any]] = []
        for statement, values in asked:
            (plan,) = tx.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values).scalars()
            plans += plan if isinstance(plan, list) else json.loads(plan)
    assert asked
    scans = [
        node
        for plan in plans
        for node in nodes(plan["Plan"])
        if node.get("Relation Name") in ("deliveries", "entry_keys", "entries")
    ]
    assert scans
    assert not [node for node in scans if node["Node Type"] == "Seq Scan"], plans


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)

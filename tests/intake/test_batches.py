"""Taking in a document: as many statements for a thousand entries as for a few, and all of it or nothing."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import sqlalchemy as sa

from crosspost.config import DatabaseAddress, load
from crosspost.errors import StoreError
from crosspost.feeds import Changed, Document, Item, Validators
from crosspost.house import House
from crosspost.intake.ingest import take_in_document
from crosspost.model import Entry
from crosspost.report import Event
from crosspost.store.database import Database, Tx
from crosspost.store.tables import deliveries, entries, entry_keys, feeds
from tests.verbs import closed_house

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
CHANGED = Changed(body=b"", url="https://blog.example/feed.xml", validators=Validators())
CONFIG = """
[feeds.blog]
url = "feed.xml"
backfill = 10
[feeds.other]
url = "other.xml"
backfill = 10
[channels.one]
adapter = "email_signature"
path = "one"
[channels.two]
adapter = "email_signature"
path = "two"
"""


@pytest_asyncio.fixture
async def house(tmp_path: Path, address: DatabaseAddress) -> AsyncIterator[House]:
    (tmp_path / "crosspost.toml").write_text(CONFIG)
    database = Database(address, clock=lambda: NOW)
    await database.migrate()
    yield closed_house(load(tmp_path / "crosspost.toml"), database)
    await database.close()


def items(numbers: Sequence[int], *, revision: str = "1") -> tuple[Item, ...]:
    """Make entries, the newest of which has the least number."""
    return tuple(
        Item(
            entry=Entry(
                feed="blog",
                title=f"Entry {number}",
                permalink=f"https://blog.example/{number}",
                published=NOW - timedelta(minutes=number),
                revision=revision,
            ),
            guid_key=f"guid {number}",
            link_key=f"link {number}",
            print_key=f"print {number} {revision}",
        )
        for number in numbers
    )


async def take_in(house: House, *taken: Item, feed: str = "blog") -> tuple[Event, list[str]]:
    """Take in a feed's document of these items; return what is told of it, and the statements it took."""
    statements: list[str] = []
    document = Document(items=tuple(replace(one, entry=replace(one.entry, feed=feed)) for one in taken))

    def counted(tx: Tx) -> Event:
        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            statements.append(statement)

        sa.event.listen(tx, "before_cursor_execute", note)
        try:
            return take_in_document(tx, house, feed, document, CHANGED)
        finally:
            sa.event.remove(tx, "before_cursor_execute", note)

    return await house.database.write_long(counted), statements


async def rows(house: House, table: sa.Table) -> int:
    counting = sa.select(sa.func.count()).select_from(table)
    return await house.database.read(lambda tx: tx.execute(counting).scalar_one())


async def of_a_life(house: House, feed: str, numbers: range) -> Sequence[tuple[str, str, int]]:
    """Return what is told of a feed from its first sight on, and how many statements each time took."""
    later = range(numbers.stop, numbers.stop + len(numbers))
    documents = {
        "first sight": items(numbers),
        "all known": items(numbers),
        "all edited": items(numbers, revision="2"),
        "a flood": items(later) + items(numbers, revision="2"),
        "all re-issued": tuple(replace(item, guid_key="", link_key="") for item in items(later)),
        "some new": items([numbers.start - 2, numbers.start - 1, *numbers], revision="2"),
    }
    told = []
    for name, document in documents.items():
        event, statements = await take_in(house, *document, feed=feed)
        told.append((name, event.what, len(statements)))
    return told


async def test_the_statements_do_not_grow_with_the_entries(house: House) -> None:
    few = await of_a_life(house, "blog", range(10_000, 10_020))
    many = await of_a_life(house, "other", range(20_000, 20_900))
    assert few == many
    assert max(count for _, _, count in few) <= 15


async def test_all_that_was_new_is_on_record_with_its_keys_and_deliveries(house: House) -> None:
    await take_in(house, *items(range(100, 2_100)))
    assert [await rows(house, table) for table in (entries, entry_keys, deliveries)] == [2_000, 6_000, 20]
    meant = sa.select(entry_keys.c.key, entries.c.title).join(entries, entries.c.id == entry_keys.c.entry_id)
    for key, title in await house.database.read(lambda tx: tx.execute(meant).all()):
        assert key.split()[1] == title.split()[1]
    announced = (
        sa.select(entries.c.title)
        .join(deliveries, deliveries.c.entry_id == entries.c.id)
        .where(deliveries.c.channel == "one")
        .order_by(deliveries.c.id)
    )
    titles = await house.database.read(lambda tx: tx.execute(announced).scalars().all())
    assert titles == [f"Entry {number}" for number in range(109, 99, -1)], "the oldest goes first"


@pytest.mark.parametrize("trouble", [{"title": "half a character: \ud800"}, {"summary": None}])
async def test_one_entrys_trouble_leaves_nothing_of_the_others(house: House, trouble: dict[str, Any]) -> None:
    await take_in(house, *items(range(100, 110)))
    before = [
        await house.database.read(everything, table) for table in (feeds, entries, entry_keys, deliveries)
    ]
    edited, new = items(range(100, 110), revision="2"), items([98, 99])
    broken = replace(new[0], entry=replace(new[0].entry, **trouble))
    with pytest.raises((StoreError, UnicodeEncodeError)):
        await take_in(house, *edited, new[1], broken)
    after = [await house.database.read(everything, table) for table in (feeds, entries, entry_keys, deliveries)]
    assert after == before
    event, _ = await take_in(house, *edited, *new)
    assert event.text == "2 entries to announce, 10 edited"


async def test_what_another_feed_brought_is_not_announced_again_on_the_same_channels(house: House) -> None:
    for feed in ("blog", "other"):
        await take_in(house, *items(range(100, 110)), feed=feed)
    await take_in(house, *items(range(98, 110)), feed="blog")
    await take_in(house, *items(range(97, 110)), feed="other")
    of_feed = (
        sa.select(entries.c.title, deliveries.c.state)
        .join(deliveries, deliveries.c.entry_id == entries.c.id)
        .where(entries.c.feed == "other", entries.c.title.in_(("Entry 97", "Entry 98", "Entry 99")))
        .distinct()
    )
    found = await house.database.read(lambda tx: tx.execute(of_feed).all())
    assert {(row.title, row.state) for row in found} == {
        ("Entry 97", "pending"),
        ("Entry 98", "skipped"),
        ("Entry 99", "skipped"),
    }


def everything(tx: Tx, table: sa.Table) -> Sequence[Any]:
    return tx.execute(sa.select(table).order_by(*table.primary_key.columns)).all()

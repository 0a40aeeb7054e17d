"""The entries, and the keys by which they are known again."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from crosspost.model import Entry, Picture
from crosspost.store.tables import entries, entry_keys

_CHUNK = 500  # keys per statement: SQLite bounds the parameters


async def match(tx: AsyncConnection, feed: str, keys: Iterable[str]) -> Mapping[str, int]:
    """Return the entry id behind each of these keys that is known."""
    wanted = sorted({key for key in keys if key})
    found: dict[str, int] = {}
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        rows = await tx.execute(
            sa.select(entry_keys.c.key, entry_keys.c.entry_id).where(
                entry_keys.c.feed == feed, entry_keys.c.key.in_(chunk)
            )
        )
        found.update((key, entry_id) for key, entry_id in rows)
    return found


async def add(tx: AsyncConnection, entry: Entry, *, baseline: bool, now: datetime) -> int:
    """Insert an entry; return its id."""
    row = {**_columns(entry), "baseline": baseline, "first_seen": now}
    return int((await tx.execute(sa.insert(entries).values(row).returning(entries.c.id))).scalar_one())


async def learn_keys(tx: AsyncConnection, feed: str, entry_id: int, keys: Iterable[str]) -> None:
    """Remember that these keys mean this entry; a key that means another already keeps its meaning."""
    rows = [{"feed": feed, "key": key, "entry_id": entry_id} for key in dict.fromkeys(keys) if key]
    if rows:
        await tx.execute(insert(entry_keys).on_conflict_do_nothing(), rows)


async def take_over_keys(tx: AsyncConnection, feed: str, entry_id: int, keys: Iterable[str]) -> None:
    """Let these keys mean this entry from now on, whatever they meant before."""
    for key in dict.fromkeys(keys):
        if key:
            statement = insert(entry_keys).values(feed=feed, key=key, entry_id=entry_id)
            await tx.execute(
                statement.on_conflict_do_update(index_elements=["feed", "key"], set_={"entry_id": entry_id})
            )


async def elsewhere(tx: AsyncConnection, feeds: Iterable[str], key: str) -> list[int]:
    """Return the entries of these feeds that a key means."""
    statement = sa.select(entry_keys.c.entry_id).where(entry_keys.c.feed.in_(feeds), entry_keys.c.key == key)
    return list((await tx.execute(statement)).scalars())


async def refresh(tx: AsyncConnection, entry_id: int, entry: Entry, *, now: datetime) -> bool:
    """Take over an edited entry; tell whether anything a reader sees had changed."""
    changed = await tx.execute(
        sa.update(entries)
        .where(entries.c.id == entry_id, entries.c.revision != entry.revision)
        .values(**_columns(entry), changed=now)
    )
    return bool(changed.rowcount)


async def get(tx: AsyncConnection, entry_id: int) -> tuple[Entry, datetime]:
    """Return an entry, and when it came out: as the feed says, but never after it was first seen."""
    row = (await tx.execute(sa.select(entries).where(entries.c.id == entry_id))).mappings().one()
    return from_row(row), min(row["published"] or row["first_seen"], row["first_seen"])


async def exists(tx: AsyncConnection, entry_id: int) -> bool:
    """Tell whether there is an entry of this id."""
    return (await tx.execute(sa.select(entries.c.id).where(entries.c.id == entry_id))).first() is not None


def from_row(row: Mapping[Any, Any]) -> Entry:
    """Make the value from its row."""
    picture = Picture(row["picture_url"], row["picture_alt"]) if row["picture_url"] else None
    return Entry(
        feed=row["feed"],
        title=row["title"],
        permalink=row["permalink"],
        summary=row["summary"],
        content=row["content"],
        authors=tuple(row["authors"]),
        categories=tuple(row["categories"]),
        published=row["published"],
        updated=row["updated"],
        language=row["language"],
        picture=picture,
        revision=row["revision"],
    )


def _columns(entry: Entry) -> dict[str, Any]:
    picture = entry.picture or Picture("")
    return {
        "feed": entry.feed,
        "title": entry.title,
        "permalink": entry.permalink,
        "summary": entry.summary,
        "content": entry.content,
        "authors": list(entry.authors),
        "categories": list(entry.categories),
        "published": entry.published,
        "updated": entry.updated,
        "language": entry.language,
        "picture_url": picture.url,
        "picture_alt": picture.alt,
        "revision": entry.revision,
    }

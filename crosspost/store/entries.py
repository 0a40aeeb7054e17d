"""The entries, and the keys by which they are known again."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crosspost.model import Entry, Picture
from crosspost.store.database import Tx
from crosspost.store.tables import entries, entry_keys
from crosspost.store.upsert import insert, upsert

_CHUNK = 500  # keys per statement: SQLite bounds the parameters


def match(tx: Tx, feed: str, keys: Iterable[str]) -> Mapping[str, int]:
    """Return the entry id behind each of these keys that is known."""
    wanted = sorted({key for key in keys if key})
    found: dict[str, int] = {}
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        rows = tx.execute(
            sa.select(entry_keys.c.key, entry_keys.c.entry_id).where(
                entry_keys.c.feed == feed, entry_keys.c.key.in_(chunk)
            )
        )
        found.update((key, entry_id) for key, entry_id in rows)
    return found


def add(tx: Tx, entry: Entry, *, baseline: bool, now: datetime) -> int:
    """Insert an entry; return its id."""
    row = {**_columns(entry), "baseline": baseline, "first_seen": now}
    return int(tx.execute(sa.insert(entries).values(row).returning(entries.c.id)).scalar_one())


def learn_keys(tx: Tx, feed: str, entry_id: int, keys: Iterable[str]) -> None:
    """Remember that these keys mean this entry; a key that means another already keeps its meaning."""
    rows = [{"feed": feed, "key": key, "entry_id": entry_id} for key in dict.fromkeys(keys) if key]
    if rows:
        tx.execute(insert(tx, entry_keys).on_conflict_do_nothing(), rows)


def take_over_keys(tx: Tx, feed: str, entry_id: int, keys: Iterable[str]) -> None:
    """Let these keys mean this entry from now on, whatever they meant before."""
    for key in dict.fromkeys(keys):
        if key:
            upsert(tx, entry_keys, {"feed": feed, "key": key}, {"entry_id": entry_id})


def elsewhere(tx: Tx, feeds: Iterable[str], key: str) -> list[int]:
    """Return the entries of these feeds that a key means."""
    statement = sa.select(entry_keys.c.entry_id).where(entry_keys.c.feed.in_(feeds), entry_keys.c.key == key)
    return list(tx.execute(statement).scalars())


def refresh(tx: Tx, entry_id: int, entry: Entry, *, now: datetime) -> bool:
    """Take over an edited entry; tell whether anything a reader sees had changed."""
    changed = tx.execute(
        sa.update(entries)
        .where(entries.c.id == entry_id, entries.c.revision != entry.revision)
        .values(**_columns(entry), changed=now)
    )
    return bool(changed.rowcount)


def get(tx: Tx, entry_id: int) -> tuple[Entry, datetime]:
    """Return an entry, and when it came out: as the feed says, but never after it was first seen."""
    found = find(tx, entry_id)
    if found is None:
        raise LookupError(f"there is no entry {entry_id}")
    return found


def find(tx: Tx, entry_id: int) -> tuple[Entry, datetime] | None:
    """Return an entry and when it counts as published, or None if there is no entry of this id."""
    row = tx.execute(_FIND, {"this": entry_id}).mappings().one_or_none()
    return (from_row(row), min(row["published"] or row["first_seen"], row["first_seen"])) if row else None


def latest(tx: Tx, count: int) -> list[Entry]:
    """Return the entries first seen last, the newest first."""
    rows = tx.execute(sa.select(entries).order_by(entries.c.id.desc()).limit(count))
    return [from_row(row) for row in rows.mappings()]


_FIND = sa.select(entries).where(entries.c.id == sa.bindparam("this"))


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

"""The entries, and the keys by which they are known again."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crosspost.model import Entry, Picture, State
from crosspost.policy import Known, Meaning, NewEntry
from crosspost.policy.fill import Remembered
from crosspost.store.among import among
from crosspost.store.database import Tx
from crosspost.store.tables import deliveries, entries, entry_keys
from crosspost.store.upsert import insert


def known(tx: Tx, feed: str, keys: Iterable[str]) -> Mapping[str, Known]:
    """Return the entry behind each of these keys that means one."""
    meant = sa.select(entry_keys.c.key, entry_keys.c.entry_id)
    meanings = tx.execute(meant.where(entry_keys.c.feed == feed, among(tx, entry_keys.c.key, keys))).all()
    # Not one statement: a join reads an entry once per key, and all its content on the way to its revision.
    waiting = sa.select(deliveries.c.id).where(
        deliveries.c.entry_id == entries.c.id, deliveries.c.state == State.HELD
    )
    compared = sa.select(entries.c.id, entries.c.revision, entries.c.published, waiting.exists().label("held"))
    rows = tx.execute(compared.where(among(tx, entries.c.id, {row.entry_id for row in meanings}))).all()
    by_id = {
        row.id: Known(entry_id=row.id, revision=row.revision, held=bool(row.held), published=row.published)
        for row in rows
    }
    return {row.key: by_id[row.entry_id] for row in meanings}


def remembered(tx: Tx, feed: str) -> Sequence[Known]:
    """Return all entries of a feed, with their titles. Asked once after an upgrade, see `policy.anew`."""
    column = entries.c
    rows = tx.execute(
        sa.select(column.id, column.revision, column.published, column.title).where(column.feed == feed)
    )
    return [
        Known(entry_id=row.id, revision=row.revision, published=row.published, title=row.title) for row in rows
    ]


def add(tx: Tx, new: Sequence[NewEntry], *, now: datetime) -> Sequence[int]:
    """Insert entries; return their ids, in this order."""
    if not new:
        return []
    ids = _free_ids(tx, len(new))
    rows = [
        {"id": number, **_columns(entry.item.entry), "baseline": entry.baseline, "first_seen": now}
        for number, entry in zip(ids, new, strict=True)
    ]
    tx.execute(sa.insert(entries), rows)
    return ids


def _free_ids(tx: Tx, count: int) -> Sequence[int]:
    """Return so many ids that no entry has or will be given, in rising order.

    They are chosen before: SQLite does not promise in which order RETURNING tells those of many rows.
    """
    if tx.dialect.name == "postgresql":
        sequence = sa.func.pg_get_serial_sequence(entries.name, entries.c.id.name)
        drawn = sa.select(sa.func.nextval(sequence)).select_from(sa.func.generate_series(1, count))
        return sorted(tx.execute(drawn).scalars())
    last = tx.execute(sa.select(sa.func.coalesce(sa.func.max(entries.c.id), 0))).scalar_one()  # we write alone
    return range(last + 1, last + 1 + count)


def let_mean(tx: Tx, feed: str, meanings: Mapping[str, Meaning]) -> None:
    """Let each of these keys mean its entry from now on, whatever it meant before."""
    if meanings:
        new = insert(tx, entry_keys)
        kept = new.on_conflict_do_update(
            index_elements=[entry_keys.c.feed, entry_keys.c.key],
            set_={"entry_id": new.excluded.entry_id, "trait": new.excluded.trait},
        )
        rows = [
            {"feed": feed, "key": key, "entry_id": meaning.entry_id, "trait": meaning.trait}
            for key, meaning in meanings.items()
        ]
        tx.execute(kept, rows)


def edit(tx: Tx, edited: Mapping[int, Entry], *, now: datetime) -> None:
    """Replace the entries of these ids with what their feed says of them now."""
    if edited:
        this = sa.update(entries).where(entries.c.id == sa.bindparam("this"))
        tx.execute(this, [{"this": key, **_columns(entry), "changed": now} for key, entry in edited.items()])


def redate(tx: Tx, dates: Mapping[int, datetime | None]) -> None:
    """Give the entries of these ids other dates of publication."""
    if dates:
        this = sa.update(entries).where(entries.c.id == sa.bindparam("this"))
        tx.execute(this, [{"this": key, "published": date} for key, date in dates.items()])


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


def newest_of(tx: Tx, feeds: Iterable[str], most: int) -> Sequence[Remembered]:
    """Return the entries of these feeds, of each the last `most` that were put on record."""
    column = entries.c
    wanted = [column.feed, column.permalink, column.categories, column.published, column.first_seen]
    place = sa.func.row_number().over(partition_by=column.feed, order_by=column.id.desc()).label("place")
    numbered = (
        sa.select(column.id, column.baseline, *wanted, place).where(among(tx, column.feed, feeds)).subquery()
    )
    rows = tx.execute(sa.select(numbered).where(numbered.c.place <= most))
    return [
        Remembered(
            entry_id=row.id,
            feed=row.feed,
            permalink=row.permalink,
            categories=tuple(row.categories),
            published=row.published,
            first_seen=row.first_seen,
            baseline=row.baseline,
        )
        for row in rows
    ]


def announced_before(tx: Tx, channel: str, entry_id: int | None) -> Mapping[tuple[str, ...], int]:
    """Count the entries that came before this one and have a delivery on a channel, by their categories.

    `entry_id`: None for one that is not on record yet: all of them came before it.
    """
    categories = sa.cast(entries.c.categories, sa.Text)  # PostgreSQL compares no JSON
    counted = sa.select(categories.label("categories"), sa.func.count()).join_from(deliveries, entries)
    counted = counted.where(deliveries.c.channel == channel).group_by(categories)
    if entry_id is not None:
        counted = counted.where(deliveries.c.entry_id < entry_id)
    return {tuple(json.loads(row.categories)): row[1] for row in tx.execute(counted)}


def with_keys(tx: Tx, keys: Collection[str]) -> Sequence[tuple[int, str]]:
    """Return the entries that one of these keys means, each with its feed, the newest first."""
    column = entry_keys.c
    meant = sa.select(column.entry_id, column.feed).where(among(tx, column.key, keys)).distinct()
    return [(row.entry_id, row.feed) for row in tx.execute(meant.order_by(column.entry_id.desc()))]


def id_of(tx: Tx, entry: Entry) -> int | None:
    """Return the id under which an entry of a feed is on record, by its address; None if it is not."""
    same = (entries.c.feed == entry.feed, entries.c.permalink == entry.permalink)
    found: int | None = tx.execute(sa.select(sa.func.max(entries.c.id)).where(*same)).scalar_one()
    return found


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

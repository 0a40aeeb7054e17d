"""Entries that are on record twice: found by the keys that feeds share. `policy.twins` judges them.

How many rows are read depends on how often an entry is on record, never on how long the history is.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from crosspost.feeds import Item, Trait
from crosspost.model import State
from crosspost.policy.twins import Face, Likeness, Told, Twin, likeness
from crosspost.store.among import among
from crosspost.store.database import Tx
from crosspost.store.tables import deliveries, entries, entry_keys

_mine, _theirs = entry_keys.alias("mine"), entry_keys.alias("theirs")


def of_items(tx: Tx, feed: str, items: Iterable[Item]) -> Mapping[tuple[str, ...], Sequence[Twin]]:
    """Return what other feeds brought of these items of a feed, by the items' keys."""
    wanted = {item.keys: item for item in items}
    keys = {key for own in wanted for key in own}
    if not keys:
        return {}
    column = entry_keys.c
    meant = sa.select(column.key, column.entry_id).where(column.feed != feed, among(tx, column.key, keys))
    by_key: dict[str, list[int]] = {}
    for key, entry_id in tx.execute(meant):
        by_key.setdefault(key, []).append(entry_id)
    if not by_key:
        return {}
    known = _read(tx, {entry_id for ids in by_key.values() for entry_id in ids})
    found = {}
    for own, item in wanted.items():
        shared: dict[int, dict[str, Trait]] = {}
        for key, trait in item.traits.items():
            for entry_id in by_key.get(key, ()):
                shared.setdefault(entry_id, {})[key] = trait
        entry = item.entry
        face = Face(feed=feed, title=entry.title, permalink=entry.permalink, published=entry.published)
        found[own] = known.twins(face, shared)
    return found


def of_entries(tx: Tx, ids: Collection[int]) -> Mapping[int, Sequence[Twin]]:
    """Return each of these entries itself, and what other feeds brought of it, by its id."""
    pairs = sa.select(_mine.c.entry_id, _theirs.c.entry_id, _mine.c.key, _mine.c.trait, _theirs.c.trait).join(
        _theirs, sa.and_(_theirs.c.key == _mine.c.key, _theirs.c.entry_id != _mine.c.entry_id)
    )
    shared: dict[int, dict[int, dict[str, Trait]]] = {entry_id: {} for entry_id in ids}
    for mine, theirs, key, trait, other in tx.execute(pairs.where(among(tx, _mine.c.entry_id, ids))):
        shared[mine].setdefault(theirs, {})[key] = Trait(trait or other)
    known = _read(tx, {*ids, *(theirs for others in shared.values() for theirs in others)})
    return {
        entry_id: [known.twin(entry_id, Likeness.SAME), *known.twins(known.faces[entry_id], others)]
        for entry_id, others in shared.items()
    }


@dataclass(slots=True)
class _Known:
    """Entries and their deliveries, by the entries' ids."""

    faces: dict[int, Face] = field(default_factory=dict)
    told: dict[int, list[Told]] = field(default_factory=dict)

    def twin(self, entry_id: int, like: Likeness) -> Twin:
        return Twin(likeness=like, feed=self.faces[entry_id].feed, deliveries=self.told.get(entry_id, ()))

    def twins(self, face: Face, shared: Mapping[int, Mapping[str, Trait]]) -> Sequence[Twin]:
        judged = ((entry_id, likeness(face, self.faces[entry_id], keys)) for entry_id, keys in shared.items())
        return [self.twin(entry_id, like) for entry_id, like in judged if like is not None]


def _read(tx: Tx, ids: Collection[int]) -> _Known:
    known = _Known()
    column = entries.c
    seen = sa.select(column.id, column.feed, column.title, column.permalink, column.published)
    for row in tx.execute(seen.where(among(tx, column.id, ids))):
        known.faces[row.id] = Face(
            feed=row.feed, title=row.title, permalink=row.permalink, published=row.published
        )
    made = deliveries.c
    those = sa.select(made.id, made.entry_id, made.channel, made.account, made.state, made.repeat_until)
    for delivery in tx.execute(those.where(among(tx, made.entry_id, ids)).order_by(made.id)):
        face = known.faces[delivery.entry_id]
        told = Told(
            id=delivery.id,
            channel=delivery.channel,
            account=delivery.account,
            state=State(delivery.state),
            in_doubt=delivery.repeat_until is not None,
            feed=face.feed,
            title=face.title or face.permalink,
        )
        known.told.setdefault(delivery.entry_id, []).append(told)
    return known

"""What a person has heard of, from services and from what runs print; how often services told; who tells."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa

from crosspost.policy import Need, Notice
from crosspost.store.database import Tx
from crosspost.store.tables import duties, messages, notices
from crosspost.store.upsert import insert, upsert

Heard = Literal["told_at", "printed_at"]
"""How a person hears of something, by the column that says when: from a service, or from what a run prints."""
_column = notices.c


def take_duty(
    tx: Tx,
    name: str,
    *,
    owner: str,
    now: datetime,
    until: datetime,
    longest: timedelta = timedelta(days=1),
) -> bool:
    """Take a duty that only one process has at a time; False if another has it.

    `longest`: nobody has it for longer, but by a wrong clock's word.
    """
    tx.execute(insert(tx, duties).values(name=name, owner="", until=now).on_conflict_do_nothing())
    free = sa.or_(duties.c.until <= now, duties.c.until > now + longest)
    mine = sa.update(duties).where(duties.c.name == name, free).values(owner=owner, until=until)
    return bool(tx.execute(mine).rowcount)


def leave_duty(tx: Tx, name: str, *, owner: str, until: datetime) -> None:
    """Let another process have it from then on."""
    tx.execute(sa.update(duties).where(duties.c.name == name, duties.c.owner == owner).values(until=until))


def load(tx: Tx, heard: Heard) -> Mapping[str, Notice]:
    """Return what is on record, by topic, with whether a person has heard of it in this way."""
    rows = tx.execute(sa.select(notices)).mappings()
    return {
        row["topic"]: Notice(
            topic=row["topic"], mark=row["mark"], text=row["text"], told=row[heard] is not None
        )
        for row in rows
    }


def is_empty(tx: Tx) -> bool:
    """Tell whether nothing is on record: nobody has to hear of anything, nor of its end."""
    return tx.execute(sa.select(_column.topic).limit(1)).first() is None


def note(tx: Tx, need: Need, *, now: datetime) -> None:
    """Put a need on record that a person has not heard of in any way."""
    values = {"mark": need.mark, "text": need.text, "since": now, "told_at": None, "printed_at": None}
    upsert(tx, notices, {"topic": need.topic}, values)


def keep(tx: Tx, need: Need) -> None:
    """Put on record how a need stands that a person may have heard of, where that is no news."""
    stands = (_column.topic == need.topic, sa.or_(_column.mark != need.mark, _column.text != need.text))
    tx.execute(sa.update(notices).where(*stands).values(mark=need.mark, text=need.text))


def end(tx: Tx, topics: Iterable[str]) -> None:
    """Note that these need nobody any more; whoever heard of them is still to hear of that."""
    tx.execute(sa.update(notices).where(_column.topic.in_(list(topics))).values(mark=""))


def heard(tx: Tx, how: Heard, needs: Iterable[Need], *, now: datetime) -> None:
    """Note that a person has heard of these needs, as they are marked."""
    for need in needs:
        same = sa.and_(_column.topic == need.topic, _column.mark == need.mark)
        tx.execute(sa.update(notices).where(same).values({how: now}))


def heard_ends(tx: Tx, how: Heard) -> None:
    """Note that a person has heard of all that is over."""
    tx.execute(sa.update(notices).where(_column.mark == "").values({how: None}))


def clean(tx: Tx) -> None:
    """Forget what is over, and nobody has to hear of that."""
    nobody = sa.and_(_column.told_at.is_(None), _column.printed_at.is_(None))
    tx.execute(sa.delete(notices).where(_column.mark == "", nobody))


def sent(tx: Tx, count: int, *, now: datetime) -> None:
    """Note that a message went out, about so many needs."""
    tx.execute(sa.insert(messages).values(at=now, notices=count))


def sent_since(tx: Tx, since: datetime) -> Sequence[datetime]:
    """Return when messages went out; forget those that were before."""
    tx.execute(sa.delete(messages).where(messages.c.at < since))
    return list(tx.execute(sa.select(messages.c.at)).scalars())

"""What a person was told, and how often; and who tells."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from crosspost.policy import Need, Notice
from crosspost.store.database import Tx
from crosspost.store.tables import duties, messages, notices
from crosspost.store.upsert import insert, upsert

_column = notices.c


def take_duty(tx: Tx, name: str, *, owner: str, now: datetime, until: datetime) -> bool:
    """Take a duty that only one process has at a time; False if another has it."""
    tx.execute(insert(tx, duties).values(name=name, owner="", until=now).on_conflict_do_nothing())
    free = sa.or_(
        duties.c.until <= now, duties.c.until > now + timedelta(days=1)
    )  # not by a wrong clock's word
    mine = sa.update(duties).where(duties.c.name == name, free).values(owner=owner, until=until)
    return bool(tx.execute(mine).rowcount)


def leave_duty(tx: Tx, name: str, *, owner: str, until: datetime) -> None:
    """Let another process have it from then on."""
    tx.execute(sa.update(duties).where(duties.c.name == name, duties.c.owner == owner).values(until=until))


def load(tx: Tx) -> Mapping[str, Notice]:
    """Return what is on record, by topic."""
    rows = tx.execute(sa.select(notices))
    return {row.topic: Notice(topic=row.topic, mark=row.mark, told=row.told_at is not None) for row in rows}


def note(tx: Tx, needs: Iterable[Need], *, now: datetime) -> None:
    """Put needs on record that a person has not heard of."""
    for need in needs:
        values = {"mark": need.mark, "text": need.text, "since": now, "told_at": None}
        upsert(tx, notices, {"topic": need.topic}, values)


def told(tx: Tx, needs: Sequence[Need], *, now: datetime) -> None:
    """Note that a message went out about these needs."""
    for need in needs:
        same = sa.and_(_column.topic == need.topic, _column.mark == need.mark)
        tx.execute(sa.update(notices).where(same).values(told_at=now))
    tx.execute(sa.insert(messages).values(at=now, notices=len(needs)))


def forget(tx: Tx, topics: Collection[str]) -> None:
    """Forget what needs nobody any more."""
    if topics:
        tx.execute(sa.delete(notices).where(_column.topic.in_(list(topics))))


def sent_since(tx: Tx, since: datetime) -> list[datetime]:
    """Return when messages went out; forget those that were before."""
    tx.execute(sa.delete(messages).where(messages.c.at < since))
    return list(tx.execute(sa.select(messages.c.at)).scalars())

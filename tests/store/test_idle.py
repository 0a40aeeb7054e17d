"""Until when nothing is due: found by the store's own questions, ended by every change that may bring work."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from crosspost.feeds import Item, Trait
from crosspost.model import Entry, State
from crosspost.policy import Booking, Gap, Meaning, Need, NewEntry
from crosspost.store import (
    attempts,
    bookings,
    channels,
    credentials,
    decisions,
    deliveries,
    entries,
    feeds,
    idle,
    looks,
    media,
    notices,
    tables,
    troubles,
    waits,
)
from crosspost.store.credentials import Credential
from crosspost.store.database import Tx
from crosspost.testing import a_draft, a_picture
from tests.store.test_bookings import post, sent
from tests.store.test_deliveries import ABSENT, LATER, NOW, a_delivery, leading_to, sending

CHANNELS = ("c", "sending")
SOON = NOW + timedelta(minutes=1)
ON_SQLITE = pytest.mark.parametrize("tx", ["sqlite"], indirect=True)
SPENT = Booking(at=NOW, cost={"attention": 60})
NEED = Need(topic="t", mark="m", text="do something")
CREDENTIAL = Credential(
    channel="c",
    envelope="sealed",
    revision=1,
    way="oauth2",
    account_id="1",
    account_name="me",
    scopes="",
    renewable=True,
    connected=NOW,
    obtained=NOW,
    expires=None,
    renewable_until=None,
    look_at=LATER,
)


def kept(tx: Tx) -> list[tuple[datetime | None, str]]:
    return [(row.until, row.digest) for row in tx.execute(sa.select(tables.idle))]


def is_idle(tx: Tx) -> bool:
    return bool(kept(tx))


# What is due, and when.


def connected(tx: Tx, look_at: datetime | None, channel: str = "c") -> None:
    credentials.keep(tx, replace(CREDENTIAL, channel=channel, look_at=look_at), lambda: "sealed")


def pending(tx: Tx, not_before: datetime, channel: str = "c") -> None:
    found = a_delivery(tx, channel=channel)
    attempts.postpone(tx, found, reason="", until=not_before, now=NOW)


def uncertain(tx: Tx, not_before: datetime) -> None:
    outcome = leading_to(State.UNCERTAIN, not_before)
    attempts.settle(tx, sending(tx).id, 1, outcome, now=NOW)


def waiting(tx: Tx, digest: str = "d", made: datetime = NOW) -> None:
    pending(tx, NOW)
    waits.note(tx, "c", LATER, "full", digest=digest, now=made)


def soon_pending(tx: Tx) -> None:
    pending(tx, SOON)


def soon_uncertain(tx: Tx) -> None:
    uncertain(tx, SOON)


@pytest.mark.parametrize(
    ("live", "until"),
    [
        (lambda _: None, None),
        (soon_pending, SOON),
        (lambda tx: pending(tx, SOON, channel="not configured"), SOON),
        (soon_uncertain, SOON),
        (sending, LATER),
        (lambda tx: connected(tx, SOON), SOON),
        (lambda tx: connected(tx, None), None),
        (lambda tx: connected(tx, NOW, channel="not configured"), None),
        (lambda tx: a_delivery(tx, channel="not configured"), None),
        (waiting, LATER),
        (lambda tx: [live(tx) for live in (waiting, soon_pending)], SOON),
        (lambda tx: [live(tx) for live in (soon_uncertain, sending)], SOON),
    ],
    ids=[
        "nothing",
        "what waits for its time",
        "another channel's time",
        "a look to come",
        "a lease under way",
        "a look at a credential to come",
        "a credential that needs none",
        "another channel's credential",
        "what is due on another channel",
        "a channel that waits for room",
        "the next on a channel that waits",
        "the first of several",
    ],
)
def test_nothing_is_due_until_the_first_moment_in_sight(
    tx: Tx, live: Callable[[Tx], object], until: datetime | None
) -> None:
    live(tx)
    idle.keep(tx, CHANNELS, digest="d", now=NOW)
    assert kept(tx) == [(until, "d")]


@pytest.mark.parametrize(
    ("live", "now"),
    [
        (lambda tx: a_delivery(tx), NOW),
        (lambda tx: uncertain(tx, NOW), NOW),
        (sending, LATER),
        (lambda tx: connected(tx, NOW), NOW),
        (waiting, LATER),
        (lambda tx: waiting(tx, digest="another"), NOW),
        (lambda tx: waiting(tx, made=SOON), NOW),
    ],
    ids=[
        "a delivery",
        "a look",
        "a lease that ran out",
        "a credential",
        "a wait that is over",
        "a wait under another configuration",
        "a wait by a clock that was ahead",
    ],
)
def test_while_something_is_due_nothing_is_on_record(
    tx: Tx, live: Callable[[Tx], object], now: datetime
) -> None:
    idle.keep(tx, CHANNELS, digest="d", now=NOW - timedelta(days=1))
    live(tx)
    idle.keep(tx, CHANNELS, digest="d", now=now)
    assert not is_idle(tx)


# What ends it.


def moved(old: State, new: State) -> tuple[Callable[[Tx], Any], Callable[[Tx, Any], object]]:
    """Make a person's, or a look's, move of a delivery."""
    outcome = leading_to(new, LATER)
    return (
        lambda tx: a_delivery(tx, old),
        lambda tx, found: deliveries.move(tx, found, outcome, now=NOW, by_person=True),
    )


def settled(state: State) -> tuple[Callable[[Tx], Any], Callable[[Tx, Any], object]]:
    outcome = leading_to(state, LATER)
    return sending, lambda tx, found: attempts.settle(tx, found.id, 1, outcome, now=NOW)


def reserved(tx: Tx) -> Any:
    a_delivery(tx)
    return attempts.reserve(tx, "c", owner="me", now=NOW, until=LATER)


def in_doubt(tx: Tx) -> Any:
    uncertain(tx, NOW)
    return looks.uncertain(tx)[0]


def claimed(tx: Tx) -> Any:
    connected(tx, LATER)
    return credentials.claim(tx, "c", 1, owner="me", now=NOW, lease=LATER - NOW)


def a_feed(tx: Tx) -> str:
    feeds.save(tx, "f", address="a", baseline_at=NOW, failures=1)
    return "f"


def nothing(_tx: Tx) -> None:
    """Begin with an empty database."""


ITEM = Item(entry=Entry(feed="f", title="", permalink=""))
WAYS: Mapping[str, tuple[Callable[[Tx], Any], Callable[[Tx, Any], object]]] = {
    "a new entry": (nothing, lambda tx, _: a_delivery(tx)),
    "an entry that is known only": (
        nothing,
        lambda tx, _: entries.add(tx, [NewEntry(item=ITEM, baseline=True)], now=NOW),
    ),
    "approve": moved(State.HELD, State.PENDING),
    "retry what failed": moved(State.FAILED, State.PENDING),
    "retry what was skipped": moved(State.SKIPPED, State.PENDING),
    "skip": moved(State.HELD, State.SKIPPED),
    "resolve, it is not there": moved(State.UNCERTAIN, State.PENDING),
    "resolve, it is there": moved(State.UNCERTAIN, State.DELIVERED),
    "handed to a person": moved(State.PENDING, State.HANDED),
    "the person wants it later": moved(State.HANDED, State.PENDING),
    "the person did it": moved(State.HANDED, State.DELIVERED),
    "held since a copy was put back": moved(State.PENDING, State.HELD),
    "reserve": (a_delivery, lambda tx, _: attempts.reserve(tx, "c", owner="me", now=NOW, until=LATER)),
    "take": (a_delivery, lambda tx, found: attempts.take(tx, found.id, owner="me", now=NOW, until=LATER)),
    "an attempt's lease": (
        reserved,
        lambda tx, found: attempts.begin_attempt(
            tx, found, a_draft(), owner="me", note="", revision="", now=NOW, until=LATER
        ),
    ),
    "an attempt that failed for now": settled(State.PENDING),
    "an attempt that failed": settled(State.FAILED),
    "an answer that was lost": settled(State.UNCERTAIN),
    "a receipt": settled(State.DELIVERED),
    "postpone": (reserved, lambda tx, found: attempts.postpone(tx, found, reason="", until=LATER, now=NOW)),
    "look again": (
        in_doubt,
        lambda tx, found: looks.look_again(tx, found, replace(ABSENT, not_before=LATER), now=NOW),
    ),
    "look first": (a_delivery, lambda tx, _: looks.look_first(tx)),
    "looked first": (a_delivery, lambda tx, found: looks.looked_first(tx, [found.id])),
    "wait": (nothing, lambda tx, _: waits.note(tx, "c", LATER, "full", digest="d", now=NOW)),
    "wait no more": (waiting, lambda tx, _: waits.forget(tx, "c")),
    "book": (a_delivery, lambda tx, found: bookings.book(tx, found.id, post(), promotional=False)),
    "spent": (nothing, lambda tx, _: bookings.spend(tx, SPENT, note="", made_by="me")),
    "spent instead": (sent, lambda tx, found: bookings.instead(tx, found.id, 0, note="", made_by="me")),
    "give back": (sent, lambda tx, found: bookings.give_back(tx, found.id)),
    "count again": (
        lambda tx: (found := sent(tx), bookings.give_back(tx, found.id))[0],
        lambda tx, found: bookings.restore(tx, found.id),
    ),
    "assign": (nothing, lambda tx, _: channels.assign(tx, "c", "marie")),
    "assign to nobody": (
        lambda tx: channels.assign(tx, "c", "marie"),
        lambda tx, _: channels.assign(tx, "c", None),
    ),
    "close a channel": (
        nothing,
        lambda tx, _: channels.close(tx, "c", until=LATER, because="", needs_person=False),
    ),
    "reopen it": (
        lambda tx: channels.close(tx, "c", until=LATER, because="", needs_person=False),
        lambda tx, _: channels.reopen(tx, "c"),
    ),
    "connect": (nothing, lambda tx, _: connected(tx, LATER)),
    "connect again": (lambda tx: connected(tx, LATER), lambda tx, _: connected(tx, SOON)),
    "look at a credential": (
        lambda tx: connected(tx, LATER),
        lambda tx, _: credentials.look_at(tx, "c", 1, SOON),
    ),
    "begin to renew": (
        lambda tx: connected(tx, LATER),
        lambda tx, _: credentials.claim(tx, "c", 1, owner="me", now=NOW, lease=LATER - NOW),
    ),
    "renew": (claimed, lambda tx, found: credentials.renew(tx, found, CREDENTIAL, lambda: "sealed")),
    "renew in vain": (
        claimed,
        lambda tx, found: credentials.give_up(tx, found, problem="no", after=LATER),
    ),
    "disconnect": (lambda tx: connected(tx, LATER), lambda tx, _: credentials.remove(tx, "c")),
    "change the keys": (
        lambda tx: connected(tx, LATER),
        lambda tx, _: credentials.reseal(tx, lambda envelope, _row: envelope),
    ),
    "a need": (nothing, lambda tx, _: notices.note(tx, NEED, now=NOW)),
    "a need that was told": (
        lambda tx: notices.note(tx, NEED, now=NOW),
        lambda tx, _: notices.heard(tx, "told_at", [NEED], now=NOW),
    ),
    "a need that is over": (
        lambda tx: notices.note(tx, NEED, now=NOW),
        lambda tx, _: notices.end(tx, ["t"]),
    ),
    "a trouble": (nothing, lambda tx, _: troubles.note(tx, "heartbeat", "not heard", now=NOW)),
    "whoever tells": (nothing, lambda tx, _: notices.take_duty(tx, "n", owner="me", now=NOW, until=LATER)),
    "a feed never seen": (nothing, lambda tx, _: feeds.lock(tx, ["f"])),
    "a first sight": (
        lambda tx: feeds.lock(tx, ["f"]),
        lambda tx, name: feeds.save(tx, "f", baseline_at=NOW),
    ),
    "a feed at another address": (a_feed, lambda tx, name: feeds.save(tx, name, address="b")),
    "a feed that fails again": (a_feed, lambda tx, name: feeds.save(tx, name, failures=2)),
    "a feed that is gone": (a_feed, lambda tx, name: feeds.save(tx, name, gone=True)),
    "a gap": (a_feed, lambda tx, name: feeds.save(tx, name, after_gap=Gap.PAUSE)),
    "a part": (
        a_delivery,
        lambda tx, found: tx.execute(
            sa.insert(tables.parts).values(delivery_id=found.id, number=1, key="k", state="", updated=NOW)
        ),
    ),
}


def on_record(tx: Tx) -> None:
    tx.execute(sa.insert(tables.idle).values(digest="d", until=None, made=NOW))


@ON_SQLITE
@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_make_work_ends_it(tx: Tx, way: str) -> None:
    begin, act = WAYS[way]
    found = begin(tx)
    idle.forget(tx)
    on_record(tx)
    act(tx, found)
    assert not is_idle(tx)


@ON_SQLITE
@pytest.mark.parametrize(
    "act",
    [
        lambda tx, _: channels.beat(tx, host="h", now=NOW, every=60),
        lambda tx, _: feeds.lead(tx, "f", now=LATER, unless_since=LATER),
        lambda tx, _: feeds.save(tx, "f", etag="2", polled_at=LATER, failures=0, problem=""),
        lambda tx, found: media.keep(tx, found.id, a_picture()),
        lambda tx, found: entries.let_mean(tx, "f", {"k": Meaning(found.entry_id, Trait.LINK)}),
        lambda tx, _: credentials.keep_app(tx, "c", "", lambda: "sealed"),
        lambda tx, _: credentials.note_warning(tx, "s", LATER, 14),
        lambda tx, _: decisions.record(tx, "spent", made_by="me", channel="c", now=NOW),
    ],
    ids=["heartbeat", "lead", "unchanged", "picture", "keys", "application", "warning", "decision"],
)
def test_what_makes_no_work_leaves_it(tx: Tx, act: Callable[[Tx, Any], object]) -> None:
    a_feed(tx)
    found = a_delivery(tx, State.DELIVERED)
    on_record(tx)
    act(tx, found)
    assert is_idle(tx)


@ON_SQLITE
def test_every_table_has_its_triggers_or_a_reason(tx: Tx) -> None:
    """Whoever adds a table, or builds one anew, decides here whether its changes may bring work."""
    made = set(tx.execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars())
    watched = tables.metadata.tables.keys() - idle.UNWATCHED.keys()
    events = ("insert", "update", "delete")
    assert made == {f"{table}_{event}_ends_idle" for table in watched for event in events}
    assert all(idle.UNWATCHED.values())
    assert idle.UNWATCHED.keys() <= tables.metadata.tables.keys()


@ON_SQLITE
@pytest.mark.parametrize("column", [column.name for column in tables.feeds.c])
def test_every_column_of_a_feed_ends_it_or_is_a_polls_note(tx: Tx, column: str) -> None:
    a_feed(tx)
    on_record(tx)
    new = {tables.Moment: LATER, sa.Integer: 9, sa.Boolean: True}.get(type(tables.feeds.c[column].type), "new")
    tx.execute(sa.update(tables.feeds).values({column: new}))
    assert is_idle(tx) == (column in idle.POLLED)


@pytest.mark.parametrize("tx", ["postgresql"], indirect=True)
def test_postgresql_has_no_triggers_for_nobody_reads_it_there(tx: Tx) -> None:
    assert not tx.execute(sa.text("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal")).scalar()


@ON_SQLITE
def test_a_change_that_is_undone_leaves_it(tx: Tx) -> None:
    on_record(tx)
    with tx.begin_nested() as part:
        found = a_delivery(tx)
        assert not is_idle(tx)
        part.rollback()
    assert is_idle(tx)
    assert deliveries.get(tx, found.id) is None

"""The states: every legal move works, every other is refused, every lost race is told. On both databases."""

import itertools
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from crosspost.feeds import Item
from crosspost.model import MOVES, Act, Delivery, Entry, State
from crosspost.policy import (
    Admission,
    Delivered,
    Failed,
    InDoubt,
    NewDelivery,
    NewEntry,
    Outcome,
    Pending,
    SetAside,
    Unsettled,
)
from crosspost.store import attempts, deliveries, entries, looks, media
from crosspost.store.database import Tx
from crosspost.testing import a_draft, a_picture

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=2)


def a_delivery(tx: Tx, state: State = State.PENDING, channel: str = "c") -> Delivery:
    add(tx, an_entry(tx), state, channel)
    return get(tx, tx.execute(sa.text("SELECT max(id) FROM deliveries")).scalar_one())


def an_entry(tx: Tx, title: str = "t") -> int:
    item = Item(entry=Entry(feed="f", title=title, permalink="p"))
    (entry_id,) = entries.add(tx, [NewEntry(item=item)], now=NOW)
    return entry_id


def add(tx: Tx, entry_id: int, state: State, channel: str) -> None:
    delivery = NewDelivery(channel=channel, admission=Admission(state=state), not_before=NOW, expires=None)
    deliveries.add(tx, [(entry_id, delivery)], now=NOW)


def get(tx: Tx, delivery_id: int) -> Delivery:
    found = deliveries.get(tx, delivery_id)
    assert found is not None
    return found


def sending(tx: Tx) -> Delivery:
    found = a_delivery(tx, channel="sending")
    reserved = attempts.reserve(tx, "sending", owner="me", now=NOW, until=LATER)
    assert reserved is not None
    assert reserved.id == found.id
    assert (
        attempts.begin_attempt(tx, found, a_draft(), owner="me", note="", revision="", now=NOW, until=LATER)
        == 1
    )
    return get(tx, found.id)


PENDING = Pending(reason="not there", not_before=NOW)
IN_DOUBT = InDoubt(reason="lost", not_before=NOW)
ABSENT = Unsettled(reason="not there", not_before=NOW, looked=True)


def leading_to(state: State, not_before: datetime = NOW) -> Outcome:
    """Return the plainest outcome that leads to a state."""
    match state:
        case State.DELIVERED:
            return Delivered()
        case State.PENDING:
            return replace(PENDING, not_before=not_before)
        case State.UNCERTAIN:
            return replace(IN_DOUBT, not_before=not_before)
        case State.FAILED:
            return Failed(reason="refused")
        case State.SENDING:
            raise ValueError("only an attempt leads there")
        case _:
            return SetAside(state=state, reason="set aside")


@pytest.mark.parametrize(("old", "new"), list(itertools.product(State, State)))
def test_only_legal_moves_are_made(tx: Tx, old: State, new: State) -> None:
    found = a_delivery(tx, old)
    if (old, new) not in MOVES:
        with pytest.raises(ValueError, match="no delivery moves"):
            deliveries.compare_and_move(tx, found.id, old, new, NOW)
        new = old
    elif new is State.SENDING:
        assert deliveries.compare_and_move(tx, found.id, old, new, NOW)
    else:
        assert deliveries.move(tx, found, leading_to(new), now=NOW)
    assert get(tx, found.id).state is new


def test_one_entry_has_one_delivery_per_channel(tx: Tx) -> None:
    found = a_delivery(tx)
    with pytest.raises(sa.exc.IntegrityError):
        add(tx, found.entry_id, State.PENDING, "c")


def test_only_one_of_two_gets_the_reservation(tx: Tx) -> None:
    found = a_delivery(tx)
    assert attempts.reserve(tx, "c", owner="me", now=NOW, until=LATER) is not None
    assert attempts.reserve(tx, "c", owner="you", now=NOW, until=LATER) is None
    assert (
        attempts.begin_attempt(tx, found, a_draft(), owner="you", note="", revision="", now=NOW, until=LATER)
        is None
    )
    assert attempts.reserve(tx, "c", owner="you", now=LATER, until=LATER + timedelta(minutes=2)) is not None


def test_the_oldest_due_delivery_goes_first(tx: Tx) -> None:
    first, second = a_delivery(tx), a_delivery(tx)
    for expected in (first, second):
        reserved = attempts.reserve(tx, "c", owner="me", now=NOW, until=LATER)
        assert reserved is not None
        assert reserved.id == expected.id


def test_what_must_be_looked_for_is_not_given_out(tx: Tx) -> None:
    found = a_delivery(tx)
    looks.look_first(tx)
    assert attempts.reserve(tx, "c", owner="me", now=NOW, until=LATER) is None
    assert [one.id for one in looks.to_look_first(tx, "c")] == [found.id]
    looks.looked_first(tx, [found.id])
    assert attempts.reserve(tx, "c", owner="me", now=NOW, until=LATER) is not None


def test_who_lost_the_reservation_cannot_begin(tx: Tx) -> None:
    found = a_delivery(tx)
    assert attempts.reserve(tx, "c", owner="frozen", now=NOW, until=LATER) is not None
    assert attempts.reserve(tx, "c", owner="next", now=LATER, until=LATER + timedelta(minutes=2)) is not None
    late = attempts.begin_attempt(
        tx, found, a_draft(), owner="frozen", note="", revision="", now=LATER, until=LATER
    )
    assert late is None


def test_who_was_frozen_past_the_lease_cannot_write(tx: Tx) -> None:
    found = sending(tx)
    assert attempts.settle(tx, found.id, 1, IN_DOUBT, now=LATER)
    late = Failed(reason="from the grave")
    assert not attempts.settle(tx, found.id, 1, late, now=LATER)
    assert get(tx, found.id).state is State.UNCERTAIN


def test_a_lease_is_run_out_when_it_ends_or_when_the_clock_was_set_back(tx: Tx) -> None:
    found = sending(tx)
    lease = LATER - NOW
    assert not attempts.leases_run_out(tx, NOW, lease)
    for now in (LATER, NOW - timedelta(hours=1)):
        assert [one.id for one in attempts.leases_run_out(tx, now, lease)] == [found.id]


def test_an_older_attempts_word_does_not_count(tx: Tx) -> None:
    found = sending(tx)
    assert not attempts.settle(tx, found.id, 0, Delivered(), now=NOW)


def test_the_draft_is_frozen_and_given_back_the_same(tx: Tx) -> None:
    assert sending(tx).draft == a_draft()


def test_an_attempt_says_what_it_does_and_the_delivery_what_its_words_carry(tx: Tx) -> None:
    found = a_delivery(tx)
    assert attempts.take(tx, found.id, owner="me", now=NOW, until=LATER)
    begun = attempts.begin_attempt(
        tx, found, a_draft(), owner="me", note="", revision="second", now=NOW, until=LATER
    )
    assert begun == 1
    assert tx.execute(sa.text("SELECT act FROM attempts")).scalar_one() == Act.PUBLISH
    assert (found.revision, get(tx, found.id).revision) == ("", "second")


def test_a_refused_draft_is_forgotten_when_retried_but_an_absent_one_is_not(tx: Tx) -> None:
    for state, kept in ((State.FAILED, False), (State.UNCERTAIN, True)):
        found = sending(tx)
        attempts.settle(tx, found.id, 1, leading_to(state), now=NOW)
        assert deliveries.move(tx, get(tx, found.id), PENDING, now=NOW)
        assert (get(tx, found.id).draft is not None) is kept
        assert deliveries.move(tx, get(tx, found.id), leading_to(State.SKIPPED), now=NOW)


def test_two_who_look_at_once_look_once(tx: Tx) -> None:
    found = sending(tx)
    attempts.settle(tx, found.id, 1, IN_DOUBT, now=NOW)
    seen = get(tx, found.id)
    for _ in range(2):
        looks.look_again(tx, seen, ABSENT, now=NOW)
    assert get(tx, found.id).looks == 1
    assert not deliveries.move(tx, seen, PENDING, now=NOW), "it has been looked for since"


def test_a_new_doubt_begins_without_looks(tx: Tx) -> None:
    found = sending(tx)
    attempts.settle(tx, found.id, 1, replace(IN_DOUBT, duplicate=True), now=NOW)
    looks.look_again(tx, get(tx, found.id), ABSENT, now=NOW)
    assert deliveries.move(tx, get(tx, found.id), PENDING, now=NOW)
    again = attempts.reserve(tx, "sending", owner="me", now=NOW, until=LATER)
    assert again is not None
    assert (
        attempts.begin_attempt(tx, again, a_draft(), owner="me", note="", revision="", now=NOW, until=LATER)
        == 2
    )
    attempts.settle(tx, found.id, 2, IN_DOUBT, now=NOW)
    doubted = get(tx, found.id)
    assert (doubted.looks, doubted.duplicate) == (0, False)


def test_a_persons_yes_gives_all_tries_again_but_a_look_does_not(tx: Tx) -> None:
    for by_person, counted in ((True, 0), (False, 1)):
        found = sending(tx)
        attempts.settle(tx, found.id, 1, IN_DOUBT, now=NOW)
        later = replace(PENDING, not_before=LATER)
        assert deliveries.move(tx, get(tx, found.id), later, now=NOW, by_person=by_person)
        assert get(tx, found.id).counted == counted


def test_a_kept_picture_comes_back_and_goes_with_the_delivery(tx: Tx) -> None:
    found = sending(tx)
    picture = a_picture(remote_id="42")
    media.keep(tx, found.id, picture)
    assert media.of(tx, found.id) == picture
    attempts.settle(tx, found.id, 1, Delivered(), now=NOW)
    assert media.of(tx, found.id) is None


def test_an_attempt_that_does_not_count_gives_its_try_back(tx: Tx) -> None:
    found = sending(tx)
    attempts.settle(tx, found.id, 1, replace(PENDING, counts=False), now=NOW)
    after = get(tx, found.id)
    assert (after.attempts, after.counted) == (1, 0)


def test_a_post_is_known_by_whose_it_is(tx: Tx) -> None:
    found = sending(tx)
    attempts.settle(tx, found.id, 1, Delivered(remote_id="p1"), now=NOW)
    assert deliveries.receipts(tx, "sending", ["p1", "p2", ""]) == {"p1": found.id}
    assert not deliveries.receipts(tx, "c", ["p1"]), "ids are a channel's own"


def test_text_that_postgresql_refuses_is_kept_all_the_same(tx: Tx) -> None:
    entry_id = an_entry(tx, title="a\0b")
    assert entries.get(tx, entry_id)[0].title.startswith("a")
    found = sending(tx)
    outcome = Failed(reason="it said \0")
    assert attempts.settle(tx, found.id, 1, outcome, now=NOW)


Look = Callable[[Tx], object]


@pytest.mark.parametrize(
    ("look", "index"),
    [
        (lambda tx: deliveries.due_channels(tx, NOW, "digest"), "deliveries_due"),
        (lambda tx: attempts.reserve(tx, "c", owner="me", now=NOW, until=LATER), "deliveries_due"),
        (lambda tx: attempts.leases_run_out(tx, NOW, LATER - NOW), "deliveries_due"),
        (lambda tx: looks.due_uncertain(tx, NOW), "deliveries_due"),
        (lambda tx: deliveries.next_moment(tx, NOW), "deliveries_due"),
        (lambda tx: looks.to_look_first(tx, "c"), "deliveries_due"),
        (lambda tx: deliveries.receipts(tx, "c", ["a", "b"]), "deliveries_posts"),
        (lambda tx: deliveries.left_behind(tx, ["c"]), "deliveries_due"),
    ],
    ids=[
        "due channels",
        "reserve",
        "leases run out",
        "due uncertain",
        "next moment",
        "look first",
        "receipts",
        "left behind",
    ],
)
@pytest.mark.parametrize("tx", ["sqlite"], indirect=True)
def test_a_ticks_look_ups_use_an_index(tx: Tx, look: Look, index: str) -> None:
    """So that a tick costs the same with a long history; tests/proof/test_history.py asks PostgreSQL."""
    said: list[tuple[str, Any]] = []

    @sa.event.listens_for(tx, "before_cursor_execute")
    def _listen(_c: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if "deliveries" in statement:
            said.append((statement, values))

    look(tx)
    assert said
    for statement, values in list(said):
        steps = [row[-1] for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()]
        searched = [step for step in steps if re.search(r"\bdeliveries\b", step)]
        assert searched
        by_key = f"SEARCH deliveries USING (COVERING )?INDEX {index}|SEARCH .* USING INTEGER PRIMARY KEY"
        assert all(re.match(by_key, step) for step in searched), steps


@pytest.mark.parametrize("state", [State.UNCERTAIN, State.PENDING, State.FAILED])
def test_a_receipt_that_comes_late_ends_the_doubt_about_its_own_attempt(tx: Tx, state: State) -> None:
    found = sending(tx)
    attempts.settle(tx, found.id, 1, IN_DOUBT, now=NOW)
    if state is not State.UNCERTAIN:
        assert deliveries.move(tx, get(tx, found.id), leading_to(state), now=NOW)
    late = Delivered(remote_id="p1")
    assert attempts.settle(tx, found.id, 1, late, now=LATER)
    assert get(tx, found.id).remote_id == "p1"


def test_a_receipt_that_comes_after_the_next_attempt_changes_nothing(tx: Tx) -> None:
    found = sending(tx)
    attempts.settle(tx, found.id, 1, PENDING, now=NOW)
    again = attempts.reserve(tx, "sending", owner="you", now=NOW, until=LATER)
    assert again is not None
    assert (
        attempts.begin_attempt(tx, again, a_draft(), owner="you", note="", revision="", now=NOW, until=LATER)
        == 2
    )
    assert not attempts.settle(tx, found.id, 1, Delivered(remote_id="p1"), now=LATER)

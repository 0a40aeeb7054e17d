"""What was spent: booked once per delivery, given back when it is certainly not there, learnt by everybody."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from crosspost.config.limits import ATTENTION, POSTS
from crosspost.model import Delivery, State
from crosspost.policy import EVERYTHING, Booking, Delivered, Failed, Ledger, Repeatable, Scope
from crosspost.store import attempts, bookings, deliveries, waits
from crosspost.store.database import Tx
from crosspost.testing import a_draft
from tests.store.test_deliveries import IN_DOUBT, LATER, NOW, PENDING, a_delivery, get, leading_to

LONG_AGO = NOW - timedelta(days=400)
COST = {POSTS: 1, ATTENTION: 360, "USD": 200_000}


def post(at: datetime = NOW, channel: str = "c") -> Booking:
    return Booking(at=at, cost=COST, channel=channel, person="marie")


def sent(tx: Tx, at: datetime = NOW) -> Delivery:
    """Begin an attempt as `timebox.begin` does."""
    found = a_delivery(tx)
    return again(tx, found, at)


def again(tx: Tx, found: Delivery, at: datetime) -> Delivery:
    reserved = attempts.take(tx, found.id, owner="me", now=at, until=at + timedelta(minutes=2))
    assert reserved is not None
    assert attempts.begin_attempt(
        tx, reserved, a_draft(), owner="me", note="", revision="", now=at, until=LATER
    )
    bookings.book(tx, found.id, post(at), promotional=False)
    return get(tx, found.id)


def spent(tx: Tx, ledger: Ledger | None = None, unit: str = POSTS) -> list[datetime]:
    """Return when something of a unit was spent, as a process learns it."""
    ledger = ledger or Ledger()
    bookings.catch_up(tx, ledger, LONG_AGO)
    return [at for at, _ in ledger.account(EVERYTHING, unit).entries]


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        (State.DELIVERED, True),
        (State.UNCERTAIN, True),
        (State.PENDING, False),
        (State.FAILED, False),
    ],
)
def test_only_what_is_certainly_not_there_is_given_back(tx: Tx, state: State, counts: bool) -> None:
    ledger = Ledger()
    found = sent(tx)
    assert spent(tx, ledger) == [NOW]
    attempts.settle(tx, found.id, 1, leading_to(state), now=NOW)
    assert spent(tx, ledger) == spent(tx) == ([NOW] if counts else [])


def test_a_second_attempt_moves_the_booking(tx: Tx) -> None:
    found = sent(tx)
    ledger = Ledger()
    spent(tx, ledger)
    attempts.settle(tx, found.id, 1, IN_DOUBT, now=NOW)
    may_be_there = Repeatable(reason="by its key", not_before=NOW)
    assert deliveries.move(tx, get(tx, found.id), may_be_there, now=NOW)
    assert spent(tx, ledger) == [NOW]
    again(tx, get(tx, found.id), LATER)
    assert spent(tx, ledger) == spent(tx) == [LATER]


def test_what_is_proved_absent_is_given_back(tx: Tx) -> None:
    found = sent(tx)
    attempts.settle(tx, found.id, 1, IN_DOUBT, now=NOW)
    waits.note(tx, "other", LATER, "full", digest="d", now=NOW)
    assert deliveries.move(tx, get(tx, found.id), PENDING, now=NOW)
    assert spent(tx) == []
    assert deliveries.due_channels(tx, NOW, "d") == {"c": 1}, "and who waited may ask again"


@pytest.mark.parametrize(
    ("state", "counts"), [(State.DELIVERED, True), (State.SKIPPED, False), (State.PENDING, False)]
)
def test_what_is_in_a_persons_hands_costs_as_a_post_does(tx: Tx, state: State, counts: bool) -> None:
    ledger = Ledger()
    found = a_delivery(tx)
    assert deliveries.move(tx, found, leading_to(State.HANDED), now=NOW)
    bookings.book(tx, found.id, post(), promotional=False)
    assert spent(tx, ledger) == [NOW]
    assert deliveries.move(tx, get(tx, found.id), leading_to(state, LATER), now=LATER, by_person=True)
    assert spent(tx, ledger) == spent(tx) == ([NOW] if counts else [])


def test_a_receipt_that_comes_late_is_counted(tx: Tx) -> None:
    found = sent(tx)
    ledger = Ledger()
    attempts.settle(tx, found.id, 1, Failed(reason="refused"), now=NOW)
    assert spent(tx, ledger) == []
    assert attempts.settle(tx, found.id, 1, Delivered(remote_id="p"), now=LATER)
    assert spent(tx, ledger) == spent(tx) == [NOW]


def test_real_minutes_replace_the_estimate_where_it_was_booked(tx: Tx) -> None:
    found = sent(tx)
    ledger = Ledger()
    spent(tx, ledger)
    assert bookings.instead(tx, found.id, 900, note="a long talk", made_by="jean")
    bookings.spend(tx, Booking(at=LATER, cost={ATTENTION: 60}), note="", made_by="jean")
    bookings.catch_up(tx, ledger, LONG_AGO)
    assert ledger.account(EVERYTHING, ATTENTION).entries == [(NOW, 900), (LATER, 60)]
    assert ledger.account(Scope.person("marie"), ATTENTION).entries == [(NOW, 900)]
    assert not bookings.instead(tx, a_delivery(tx, channel="other").id, 60, note="", made_by="jean")


def test_a_new_process_learns_only_what_can_still_matter(tx: Tx) -> None:
    sent(tx, at=NOW - timedelta(days=2))
    sent(tx, at=NOW)
    ledger = Ledger()
    bookings.catch_up(tx, ledger, NOW - timedelta(days=1))
    assert [at for at, _ in ledger.account(EVERYTHING, POSTS).entries] == [NOW]


def test_the_last_posts_say_which_were_promotional(tx: Tx) -> None:
    for minutes, promotional in ((1, False), (3, True), (2, False)):
        bookings.book(tx, a_delivery(tx).id, post(NOW + timedelta(minutes=minutes)), promotional=promotional)
    own = a_delivery(tx).id
    bookings.book(tx, own, post(NOW + timedelta(minutes=9)), promotional=True)
    bookings.give_back(tx, own)
    assert bookings.last_posts(tx, "c", 2) == [True, False]
    assert bookings.last_posts(tx, "c", 9) == [True, False, False]


@pytest.mark.parametrize(
    ("until", "made", "digest", "waits_on"),
    [
        (LATER, NOW, "d", True),
        (NOW, NOW, "d", False),  # it has waited long enough
        (LATER, NOW, "another", False),  # the configuration was changed
        (LATER, NOW + timedelta(days=1), "d", False),  # by a clock that was ahead
    ],
)
def test_a_channel_that_waits_is_left_alone(
    tx: Tx, until: datetime, made: datetime, digest: str, waits_on: bool
) -> None:
    a_delivery(tx)
    assert waits.note(tx, "c", until, "3/day is used up", digest=digest, now=made)
    assert not waits.note(tx, "c", until, "3/day is used up", digest=digest, now=made), "nothing new"
    assert deliveries.due_channels(tx, NOW, "d") == ({} if waits_on else {"c": 1})
    if until > NOW:
        assert deliveries.next_moment(tx, NOW) == until
    waits.forget(tx)
    assert deliveries.due_channels(tx, NOW, "d") == {"c": 1}


@pytest.mark.parametrize("tx", ["sqlite"], indirect=True)
def test_a_claims_look_ups_use_an_index(tx: Tx) -> None:
    said: list[tuple[str, object]] = []

    @sa.event.listens_for(tx, "before_cursor_execute")
    def _listen(_c: object, _cursor: object, statement: str, values: object, *_: object) -> None:
        said.append((statement, values))

    ledger = Ledger()
    bookings.catch_up(tx, ledger, datetime(2026, 1, 1, tzinfo=UTC))
    bookings.catch_up(tx, ledger, NOW)
    bookings.last_posts(tx, "c", 4)
    bookings.number_of(tx, 1)
    for statement, values in list(said):
        steps = [row[-1] for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()]  # type: ignore[arg-type]
        assert all(step.startswith("SEARCH") for step in steps if " bookings" in step), (statement, steps)

"""What was spent is known at once, in whatever order it is learnt."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crosspost.config.limits import POSTS
from crosspost.policy import EVERYTHING, Booking, Ledger, Scope
from crosspost.policy.ledger import Account

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(minute: int) -> datetime:
    return NOW + timedelta(minutes=minute)


STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "add", "remove", "ask"]), st.integers(0, 60), st.integers(1, 9)),
    max_size=40,
)


@given(STEPS)
def test_an_account_counts_as_one_would_by_hand(steps: list[tuple[str, int, int]]) -> None:
    account, kept = Account(), list[tuple[datetime, int]]()
    for what, minute, amount in steps:
        if what == "add":
            account.add(at(minute), amount)
            kept.append((at(minute), amount))
        elif what == "remove" and kept:
            account.remove(*kept.pop(minute % len(kept)))
        start = at(minute)
        assert account.used(start, including_start=True) == sum(n for t, n in kept if start <= t)
        assert account.used(start, including_start=False) == sum(n for t, n in kept if start < t)
        later = sorted(one for one in kept if one[0] > start)
        sums = (t for index, (t, _) in enumerate(later) if sum(n for _, n in later[: index + 1]) >= amount)
        assert account.reached(start, amount) == next(sums, None)
        assert account.last_before(start) == max((t for t, _ in kept if t < start), default=None)


def test_what_is_learnt_again_replaces_what_was_known() -> None:
    ledger = Ledger()
    one = Booking(at=NOW, cost={POSTS: 1}, channel="one", person="marie")
    ledger.take_over(7, one)
    ledger.take_over(7, Booking(at=NOW + HOUR, cost={POSTS: 1}, channel="one", person="jean"))
    assert not ledger.account(Scope.person("marie"), POSTS).entries
    assert [when for when, _ in ledger.account(EVERYTHING, POSTS).entries] == [NOW + HOUR]
    ledger.take_over(7, None)
    assert not ledger.account(EVERYTHING, POSTS).entries


def test_what_was_supposed_is_forgotten_even_after_a_failure() -> None:
    ledger = Ledger()
    try:
        with ledger.supposing():
            ledger.suppose(Booking(at=NOW, cost={POSTS: 1}))
            raise KeyError
    except KeyError:
        assert not ledger.account(EVERYTHING, POSTS).entries

"""The pure decisions, as tables."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.errors import (
    Duplicate,
    NotSent,
    PublishError,
    RateLimited,
    Rejected,
    Unauthorized,
    Uncertain,
)
from crosspost.model import MOVES, Delivery, RemotePost, State
from crosspost.policy import (
    Flood,
    Go,
    Never,
    Outcome,
    Wait,
    after,
    backoff,
    judge,
    may_go,
    recognise,
    unwanted,
)
from crosspost.testing import a_draft

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SETTLE = timedelta(minutes=2)


def decided(error: PublishError, attempt: int = 1) -> Outcome:
    return after(error, key="k", attempt=attempt, attempts=3, now=NOW, settle=SETTLE)


@pytest.mark.parametrize(
    ("error", "attempt", "state", "used", "closes", "person"),
    [
        (NotSent("no route"), 1, State.PENDING, True, False, False),
        (NotSent("no route"), 3, State.FAILED, True, False, True),
        (RateLimited("slow", until=NOW + timedelta(hours=1)), 3, State.PENDING, False, True, False),
        (RateLimited("slow"), 1, State.PENDING, False, True, False),
        (Rejected("too long"), 1, State.FAILED, True, False, True),
        (Unauthorized("expired"), 3, State.PENDING, False, True, True),
        (Duplicate("again", remote_id="7", url="u"), 1, State.DELIVERED, True, False, False),
        (Duplicate("again"), 1, State.UNCERTAIN, True, False, False),
        (Uncertain("lost"), 3, State.UNCERTAIN, True, False, False),
        (PublishError("an adapter's novelty"), 1, State.UNCERTAIN, True, False, False),
    ],
)
def test_what_follows_each_failure(
    error: PublishError, attempt: int, state: State, used: bool, closes: bool, person: bool
) -> None:
    outcome = decided(error, attempt)
    assert (outcome.state, outcome.used, outcome.closes_channel, outcome.needs_person) == (
        state,
        used,
        closes,
        person,
    )
    assert (State.SENDING, outcome.state) in MOVES
    assert str(error) in outcome.reason


def test_a_lost_answer_that_nobody_can_look_up_needs_a_person() -> None:
    outcome = after(
        Uncertain("lost"), key="k", attempt=1, attempts=3, now=NOW, settle=SETTLE, settles_itself=False
    )
    assert outcome.needs_person


def test_waits() -> None:
    assert decided(Uncertain("lost")).not_before == NOW + SETTLE
    assert decided(RateLimited("slow", until=NOW + timedelta(hours=1))).not_before == NOW + timedelta(hours=1)
    past = decided(RateLimited("slow", until=NOW - timedelta(hours=1))).not_before
    assert past is not None
    assert past >= NOW


@given(attempt=st.integers(1, 10_000), key=st.text())
def test_backoff_grows_within_bounds_and_is_the_same_everywhere(attempt: int, key: str) -> None:
    wait = backoff(key, attempt)
    assert timedelta(minutes=1) <= wait <= timedelta(hours=9)
    assert wait == backoff(key, attempt)
    assert backoff(key, attempt + 2) > wait or wait >= timedelta(hours=6)


@pytest.mark.parametrize(
    ("total", "new", "recognised", "largest", "held"),
    [
        (10, 0, 0, 0, False),
        (10, 1, 0, 0, False),
        (10, 3, 0, 0, False),
        (13, 4, 0, 0, True),  # never more than one at once, now four
        (13, 4, 0, 2, False),  # it brought two at once before
        (20, 7, 0, 2, True),
        (7, 4, 0, 5, True),  # most of the feed
        (2, 2, 0, 5, True),  # nothing known is left
        (1, 1, 0, 0, False),  # a feed that shows only its newest entry
        (9, 0, 9, 0, True),  # a site moved: only the words are known
        (9, 0, 2, 0, False),  # two entries got new addresses
        (9, 1, 8, 0, True),
        (0, 0, 0, 0, False),  # an empty feed
    ],
)
def test_floods(total: int, new: int, recognised: int, largest: int, held: bool) -> None:
    assert bool(judge(Flood(total=total, new=new, recognised=recognised, largest=largest))) is held


def a_delivery(**changes: Any) -> Delivery:
    values: dict[str, Any] = {
        "id": 1,
        "entry_id": 1,
        "channel": "c",
        "state": State.PENDING,
        "reason": "because",
        "attempts": 0,
        "counted": 0,
        "key": "k",
        "not_before": NOW,
        "expires": None,
        "created": NOW,
        "updated": NOW,
    }
    return Delivery(**(values | changes))


def test_when_a_delivery_may_go() -> None:
    second = timedelta(seconds=1)
    assert may_go(a_delivery(), now=NOW) == Go()
    assert may_go(a_delivery(), now=NOW - second) == Wait(NOW, "because")
    assert isinstance(may_go(a_delivery(expires=NOW), now=NOW), Never)
    assert may_go(a_delivery(expires=NOW + second), now=NOW) == Go()


@pytest.mark.parametrize(
    ("categories", "include", "exclude", "wanted"),
    [
        ((), (), (), True),
        (("A",), (), (), True),
        (("a",), ("A",), (), True),
        (("b",), ("A",), (), False),
        ((), ("A",), (), False),
        (("a", "b"), (), ("B",), False),
        (("a", "b"), ("a",), ("b",), False),
        (("ÉTÉ",), ("été",), (), True),
    ],
)
def test_wanted_categories(
    categories: tuple[str, ...], include: tuple[str, ...], exclude: tuple[str, ...], wanted: bool
) -> None:
    assert (unwanted(categories, include, exclude) == "") is wanted


def remote(text: str = "", *links: str) -> RemotePost:
    return RemotePost(remote_id="1", url="u", text=text, links=links)


@pytest.mark.parametrize(
    ("post", "known"),
    [
        (remote("", "https://blog.example/2026/l-ete-indien"), True),
        (remote("", "http://www.blog.example/2026/l-ete-indien/?utm_source=x"), True),
        (
            remote("", "https://l.facebook.com/l.php?u=https%3A%2F%2Fblog.example%2F2026%2Fl-ete-indien&h=AT"),
            True,
        ),
        (remote("", "https://href.li/?https://blog.example/2026/l-ete-indien"), True),
        (remote(a_draft().text), True),
        (remote(a_draft().text.replace("\n\n", " ")), True),
        (remote("", "https://blog.example/2026/other"), False),
        (remote(a_draft().text, "https://blog.example/2026/other"), False),
        (remote("L’été"), False),
        (remote(""), False),
    ],
)
def test_our_post_is_recognised_by_link_or_words(post: RemotePost, known: bool) -> None:
    other = remote("Something else", "https://blog.example/")
    assert (recognise(a_draft(), [other, post]) is post) is known


def test_another_deliverys_receipt_is_not_this_ones() -> None:
    post = remote(a_draft().text, a_draft().link)
    assert recognise(a_draft(), [post], taken={"1"}) is None

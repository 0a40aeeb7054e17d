"""The pure decisions, as tables."""

import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

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
    Closed,
    Delivered,
    Failed,
    Flood,
    Gap,
    InDoubt,
    Outcome,
    Pending,
    Repeatable,
    Unsettled,
    after_absence,
    after_failure,
    backoff,
    closed_by,
    judge_flood,
    judge_gap,
    recognise,
    repeat,
    stay_uncertain,
    unwanted,
)
from crosspost.testing import a_draft
from crosspost.text import with_utm

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SETTLE = timedelta(minutes=2)
HOUR = timedelta(hours=1)


def decided(error: PublishError, attempt: int = 1) -> Outcome:
    return after_failure(error, key="k", attempt=attempt, attempts=3, now=NOW, settle=SETTLE)


@pytest.mark.parametrize(
    ("error", "attempt", "outcome"),
    [
        (NotSent("no route"), 1, Pending(reason="no route", not_before=NOW + backoff("k", 1))),
        (NotSent("no route"), 3, Failed(reason="given up after 3 tries; the last time: no route")),
        (RateLimited("slow", until=NOW + HOUR), 3, Closed(reason="slow", not_before=NOW + HOUR)),
        (RateLimited("slow", until=NOW - HOUR), 1, Closed(reason="slow", not_before=NOW)),
        (RateLimited("slow"), 1, Closed(reason="slow", not_before=NOW + timedelta(minutes=5), grows=True)),
        (Rejected("too long"), 1, Failed(reason="too long", refused=True)),
        (Unauthorized("expired"), 3, Closed(reason="expired", not_before=NOW + HOUR, needs_person=True)),
        (
            Duplicate("again", remote_id="7", url="u"),
            1,
            Delivered(reason="again", remote_id="7", url="u", named_by_network=True),
        ),
        (Duplicate("again"), 1, InDoubt(reason="again", not_before=NOW, duplicate=True, needs_person=True)),
        (Uncertain("lost"), 3, InDoubt(reason="lost", not_before=NOW + SETTLE)),
        (
            PublishError("an adapter's novelty"),
            1,
            InDoubt(reason="an adapter's novelty", not_before=NOW + SETTLE),
        ),
    ],
)
def test_what_follows_each_failure(error: PublishError, attempt: int, outcome: Outcome) -> None:
    assert decided(error, attempt) == outcome
    assert (State.SENDING, outcome.state) in MOVES


@pytest.mark.parametrize(
    ("error", "wait", "person"),
    [
        (RateLimited("slow", until=NOW + HOUR), HOUR, False),
        (NotSent("no route"), backoff("k", 1), False),
        (Uncertain("lost"), SETTLE, False),
        (Rejected("no"), SETTLE, True),
        (Unauthorized("expired"), HOUR, True),
    ],
)
def test_for_how_long_a_channel_that_shows_nothing_is_left_alone(
    error: PublishError, wait: timedelta, person: bool
) -> None:
    closed = closed_by(error, key="k", now=NOW, settle=SETTLE)
    assert closed == Closed(reason=str(error), not_before=NOW + wait, needs_person=person)


def test_a_lost_answer_that_nobody_can_look_up_needs_a_person() -> None:
    outcome = after_failure(
        Uncertain("lost"), key="k", attempt=1, attempts=3, now=NOW, settle=SETTLE, leaves_to_person=True
    )
    assert outcome == InDoubt(reason="lost", not_before=NOW + SETTLE, needs_person=True)


@pytest.mark.parametrize("named", [None, "7"])
def test_a_duplicate_is_looked_for_at_once_where_one_can_look(named: str | None) -> None:
    outcome = after_failure(
        Duplicate("again", remote_id=named), key="k", attempt=1, attempts=3, now=NOW, settle=SETTLE, looks=True
    )
    assert outcome == InDoubt(reason="again", not_before=NOW, duplicate=True)


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


@pytest.mark.parametrize(
    ("looks", "counted", "duplicate", "kind"),
    [
        (0, 1, False, Unsettled),  # lists are late: one look proves nothing
        (1, 1, False, Pending),
        (1, 3, False, Failed),
        (0, 3, False, Unsettled),
        (0, 1, True, Unsettled),
        (1, 1, True, Failed),  # the network has it, and we cannot see it: deleted
    ],
)
def test_what_follows_a_look_that_does_not_find_it(
    looks: int, counted: int, duplicate: bool, kind: type[Unsettled | Pending | Failed]
) -> None:
    delivery = a_delivery(state=State.UNCERTAIN, looks=looks, counted=counted, duplicate=duplicate)
    outcome = after_absence(delivery, attempts=3, settle=SETTLE, now=NOW)
    assert isinstance(outcome, kind)
    if isinstance(outcome, Unsettled):
        assert (outcome.not_before, outcome.looked) == (NOW + SETTLE, True)
    else:
        assert (State.UNCERTAIN, outcome.state) in MOVES


def test_what_may_be_there_is_repeated_while_it_has_a_try_left() -> None:
    doubted = a_delivery(state=State.UNCERTAIN, counted=1)
    again = repeat(doubted, attempts=3, reason="same key", until=NOW + HOUR, now=NOW)
    assert again == Repeatable(reason="same key", not_before=NOW, until=NOW + HOUR)
    given_up = repeat(doubted, attempts=1, reason="same key", until=NOW + HOUR, now=NOW)
    assert given_up == Failed(reason="given up after 1 tries; the last time: because", may_be_there=True)


def test_what_could_not_be_read_is_no_look() -> None:
    unsettled = stay_uncertain("no route", NOW)
    assert not unsettled.looked
    assert "no route" in unsettled.reason


@pytest.mark.parametrize(
    ("last_poll", "expected"),
    [
        (NOW, Gap.NONE),
        (NOW + timedelta(hours=1), Gap.NONE),  # the clock was set back
        (NOW - timedelta(hours=1), Gap.NONE),
        (NOW - timedelta(hours=1, seconds=1), Gap.PAUSE),
        (None, Gap.COPY),
    ],
)
def test_a_gap_is_noticed_by_the_last_poll(last_poll: datetime | None, expected: Gap) -> None:
    assert judge_gap(last_poll, NOW) is expected


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
    assert bool(judge_flood(Flood(total=total, new=new, recognised=recognised, largest=largest))) is held


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


PERMALINK = a_draft().permalink
ENCODED = quote(PERMALINK, safe="")


@pytest.mark.parametrize(
    "link",
    [
        PERMALINK,
        a_draft().link,
        "http://www.blog.example:80/2026/l-ete-indien/?utm_source=x&fbclid=y",
        "HTTPS://Blog.Example/2026/l%2Dete%2Dindien#:~:text=automne",
        f"https://l.facebook.com/l.php?u={ENCODED}&h=AT",
        f"https://l.facebook.com/l.php?h=AT&u={quote(a_draft().link, safe='')}%26fbclid%3Dx",
        f"https://lm.facebook.com/l.php?u={ENCODED}&h=AT",
        f"https://href.li/?{PERMALINK}",
        f"https://href.li/?{ENCODED}",
        f"https://t.umblr.com/redirect?z={ENCODED}&t=abc&p=1",
    ],
)
def test_our_post_is_recognised_by_its_link_in_every_form(link: str) -> None:
    other = remote("Something else", "https://blog.example/")
    for post in (
        remote("", link),
        remote("Edited by hand", "https://photos.example/1.jpg", link),
        remote(link),
        remote(f"Edited by hand\n{link}\n#Automne"),
        remote(f"Look ({link}), it is there."),
        remote(f"« {link}»! And more: https://blog.example/about"),
        remote(f'<a href="{link}">'.replace("&", "&amp;")),
        remote(f"With a photo: {link}.", "https://www.facebook.com/photo.php?fbid=1"),
    ):
        assert recognise(a_draft(), [other, post]) is post, post


@pytest.mark.parametrize(
    "permalink",
    [
        "https://blog.example/?p=7&lang=fr",
        "https://blog.example/?copy=1&copy=2&amp=3",
        "https://blog.example/été",
        "https://blog.example/l_(bar)",
        "https://blog.example/a#part",
        "https://blog.example/?q=a%26b",
    ],
)
def test_an_unusual_permalink_is_recognised_too(permalink: str) -> None:
    draft = a_draft(permalink=permalink, link=with_utm(permalink, {"source": "x"}))
    for link in (permalink, draft.link):
        wrapped = f"https://l.facebook.com/l.php?u={quote(link, safe='')}&h=AT"
        for form in (link, wrapped, f"https://href.li/?{link}"):
            assert recognise(draft, [remote("", form)]), form
            assert recognise(draft, [remote(f"In words ({form}).")]), form
            assert recognise(draft, [remote(f"In words: {form}".replace("&", "&amp;"))]), form


@pytest.mark.parametrize(
    "link",
    [
        "https://blog.example/",
        "https://blog.example/2026/l-ete-indien-2",
        "https://blog.example/2026/l-ete-indien?page=2",
        "https://blog.example/2026/l-ete-indien#comment-1",
        "https://blog.example:8443/2026/l-ete-indien",
        "https://blog.example/2026/L-Ete-Indien",
        "https://other.example/2026/l-ete-indien",
        "https://other.example/?u=" + ENCODED,
        "https://blog.example/2026/l-ete-indien…",
        "https://blog.example/2026/l-ete-indien...",
    ],
)
def test_another_link_is_another_entry(link: str) -> None:
    """Also under our own words."""
    assert recognise(a_draft(), [remote(a_draft().text, link)]) is None
    assert recognise(a_draft(), [remote(f"{a_draft().text}\n\n{link}")]) is None


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("L’été indien\n\nIl revient.", "L’été indien\n\nIl revient."),
        ("L’été indien\n\nIl revient.", "L’été  indien Il revient.\n"),
        ("L’été\u00a0: oui", "L’été : oui"),
        ("L’été", unicodedata.normalize("NFD", "L’été")),
        (unicodedata.normalize("NFD", "L’été"), "L’été"),
        ("Thé & <café>", "Thé &amp; &lt;café&gt;"),
        ("Thé &amp; café", "Thé &amp;amp; café"),
        ("Thé &amp; café", "Thé & café"),
        ("« L'été »", "« L&#39;été »"),
        (f"L’été\n\n{a_draft().link}", "L’été"),
    ],
)
def test_words_speak_for_a_post_without_links(said: str, shown: str) -> None:
    assert recognise(a_draft(said), [remote("Something else"), remote(shown)]) == remote(shown)


@pytest.mark.parametrize("shown", ["", "L’été", "L’été indien Il revient chaque automne !", "l’été indien"])
def test_other_words_are_another_post(shown: str) -> None:
    assert recognise(a_draft(), [remote(shown)]) is None


def test_a_draft_of_nothing_but_its_link_has_no_words() -> None:
    assert recognise(a_draft(a_draft().link), [remote("")]) is None


def test_a_posts_own_link_speaks_before_one_in_a_text() -> None:
    """An entry may mention another; its card is its own."""
    mentions = remote(f"As I wrote in {PERMALINK}", "https://blog.example/2026/other")
    ours = remote("Edited by hand", PERMALINK)
    assert recognise(a_draft(), [mentions, ours]) is ours


@pytest.mark.parametrize(
    "post", [remote(a_draft().text, a_draft().link), remote(PERMALINK), remote(a_draft().text)]
)
def test_another_deliverys_receipt_is_not_this_ones(post: RemotePost) -> None:
    assert recognise(a_draft(), [post]) is post
    assert recognise(a_draft(), [post], taken={"1"}) is None

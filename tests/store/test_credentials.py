"""Credentials and notices as both databases keep them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from crosspost.policy import Need
from crosspost.store import credentials, notices
from crosspost.store.credentials import Credential
from crosspost.store.database import Tx

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LEASE = timedelta(minutes=2)
ROW = Credential(
    channel="x",
    envelope="",
    revision=0,
    way="oauth2",
    account_id="1",
    account_name="@été",
    scopes="tweet.write offline.access",
    renewable=True,
    connected=NOW,
    obtained=NOW,
    expires=NOW + timedelta(hours=2),
    renewable_until=None,
)


def kept(tx: Tx) -> Credential:
    credentials.keep(tx, ROW, lambda: "v1:k:first")
    found = credentials.load(tx, "x")
    assert found is not None
    return found


def claimed(tx: Tx, owner: str, at: datetime = NOW, revision: int = 1) -> Credential | None:
    return credentials.claim(tx, "x", revision, owner=owner, now=at, lease=LEASE)


def test_what_is_kept_comes_back(tx: Tx) -> None:
    assert kept(tx) == replace(ROW, envelope="v1:k:first", revision=1)
    assert list(credentials.load_all(tx)) == ["x"]
    assert credentials.remove(tx, "x")
    assert not credentials.remove(tx, "x")
    assert credentials.is_empty(tx)


def test_one_claims_a_revision_and_the_others_do_not(tx: Tx) -> None:
    kept(tx)
    assert claimed(tx, "one") is not None
    assert claimed(tx, "two") is None
    assert claimed(tx, "two", NOW + LEASE - timedelta(seconds=1)) is None
    assert claimed(tx, "two", revision=2) is None


def test_a_claim_left_behind_is_a_lost_answer(tx: Tx) -> None:
    kept(tx)
    first = claimed(tx, "one")
    second = claimed(tx, "two", NOW + LEASE)
    assert first is not None
    assert second is not None
    assert (first.lost, second.lost) == (0, 1)
    assert credentials.renew(tx, first, ROW, lambda: "late") is None, "it is fenced"
    assert not credentials.give_up(tx, first, problem="late", after=NOW)
    renewed = credentials.renew(tx, second, ROW, lambda: "v1:k:second")
    assert renewed is not None
    assert (renewed.revision, renewed.envelope, renewed.lost, renewed.refresh_owner) == (
        2,
        "v1:k:second",
        0,
        "",
    )


def test_a_lease_from_a_clock_that_was_wrong_holds_nobody_up(tx: Tx) -> None:
    kept(tx)
    claimed(tx, "one", NOW + timedelta(days=400))
    assert claimed(tx, "two") is not None


def test_a_refresh_given_up_says_why_and_until_when(tx: Tx) -> None:
    kept(tx)
    first = claimed(tx, "one")
    assert first is not None
    assert credentials.give_up(tx, first, problem="busy", after=NOW + LEASE, lost=True)
    found = credentials.load(tx, "x")
    assert found is not None
    assert (found.problem, found.refresh_after, found.lost, found.failures) == ("busy", NOW + LEASE, 1, 1)
    assert not found.needs_person
    assert claimed(tx, "two") is not None


def test_connecting_again_begins_anew_and_fences_what_was_under_way(tx: Tx) -> None:
    kept(tx)
    first = claimed(tx, "one")
    credentials.note_warning(tx, "credential x", NOW, 14)
    credentials.keep(tx, ROW, lambda: "v1:k:again")
    assert first is not None
    assert credentials.renew(tx, first, ROW, lambda: "late") is None
    found = credentials.load(tx, "x")
    assert found is not None
    assert (found.envelope, found.revision) == ("v1:k:again", 2)
    assert credentials.warned(tx, "credential x") is None


def test_all_envelopes_are_exchanged(tx: Tx) -> None:
    kept(tx)
    credentials.keep_app(tx, "x", "http://127.0.0.1:1/", lambda: "v1:k:app")
    rows = []

    def anew(envelope: str, row: str) -> str:
        rows.append(row)
        return envelope.replace(":k:", ":new:")

    assert credentials.reseal(tx, anew) == 2
    assert rows == ["credential of x", "application of x"]
    assert credentials.load_app(tx, "x") == ("v1:new:app", "http://127.0.0.1:1/")


def test_a_duty_is_one_process_s_at_a_time(tx: Tx) -> None:
    def take(owner: str, at: datetime) -> bool:
        return notices.take_duty(tx, "notify", owner=owner, now=at, until=at + LEASE)

    assert take("one", NOW)
    assert not take("two", NOW + timedelta(minutes=1))
    assert take("two", NOW + LEASE), "one died"
    notices.leave_duty(tx, "notify", owner="one", until=NOW)
    assert not take("one", NOW + LEASE), "it is no longer one's to leave"
    notices.leave_duty(tx, "notify", owner="two", until=NOW + LEASE)
    assert take("one", NOW + LEASE)


def test_notices_are_told_as_they_were_marked(tx: Tx) -> None:
    need, newer = Need(topic="feed blog", mark="1", text="«x»"), Need(topic="feed blog", mark="2", text="y")
    notices.note(tx, need, now=NOW)
    notices.note(tx, newer, now=NOW)
    notices.heard(tx, "told_at", [need], now=NOW)  # somebody was told of the older one meanwhile
    assert not notices.load(tx, "told_at")["feed blog"].told
    notices.heard(tx, "told_at", [newer], now=NOW)
    assert notices.load(tx, "told_at")["feed blog"].told
    assert not notices.load(tx, "printed_at")["feed blog"].told, "to be sent is not to be printed"


def test_what_is_over_stays_on_record_until_everybody_has_heard_of_that(tx: Tx) -> None:
    need = Need(topic="feed blog", mark="1", text="«x»")
    notices.note(tx, need, now=NOW)
    notices.heard(tx, "told_at", [need], now=NOW)
    notices.heard(tx, "printed_at", [need], now=NOW)
    notices.end(tx, ["feed blog"])
    for how in ("told_at", "printed_at"):
        notices.clean(tx)
        over = notices.load(tx, how)["feed blog"]
        assert (over.mark, over.text, over.told) == ("", "«x»", True)
        notices.heard_ends(tx, how)
    notices.clean(tx)
    assert notices.is_empty(tx)


def test_when_messages_went_out_is_on_record_for_as_long_as_a_limit_reaches(tx: Tx) -> None:
    notices.sent(tx, 1, now=NOW)
    notices.sent(tx, 2, now=NOW)
    assert notices.sent_since(tx, NOW - LEASE) == [NOW, NOW]
    assert notices.sent_since(tx, NOW + LEASE) == []

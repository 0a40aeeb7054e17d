"""Which feed on record has which name now: it is known by where it was."""

from datetime import UTC, datetime, timedelta

import pytest

from crosspost.policy.renamed import Place, renamed_feeds

THEN = datetime(2026, 11, 1, tzinfo=UTC)


def places(**addresses: str) -> dict[str, Place]:
    """Place feeds on record; each was asked a minute after the one before it."""
    return {
        name: Place(address=address, asked=THEN + timedelta(minutes=minute))
        for minute, (name, address) in enumerate(addresses.items())
    }


@pytest.mark.parametrize(
    ("known", "configured", "renamed"),
    [
        ({"a": "A"}, {"a": "A"}, {}),
        ({"a": "A"}, {"b": "A"}, {"a": "b"}),
        ({"a": "A"}, {"a": "B"}, {}),  # moved
        ({"a": "A"}, {"a": "A", "b": "A"}, {}),  # copied
        ({"a": "A"}, {"b": "A", "c": "A"}, {"a": "b"}),  # made two
        ({"a": "A", "b": "A"}, {"c": "A"}, {"b": "c"}),  # made one
        ({"b": "A", "a": "A"}, {"c": "A"}, {"a": "c"}),
        ({"a": "A", "b": "B"}, {"a": "B", "b": "A"}, {"a": "b", "b": "a"}),
        ({"a": "A", "b": "B"}, {"b": "A", "c": "B"}, {"a": "b", "b": "c"}),
        ({"a": "A", "b": "B", "c": "C"}, {"a": "B", "b": "C", "c": "A"}, {"a": "c", "b": "a", "c": "b"}),
        ({"a": "A", "b": "B"}, {"b": "A"}, {"a": "b", "b": "b (before, 1)"}),
        (
            {"a": "A", "b": "B", "b (before, 1)": "Z"},
            {"b": "A"},
            {"a": "b", "b": "b (before, 2)"},
        ),
        ({"a": "A", "b": "B", "c": "C"}, {"b": "A", "c": "B"}, {"a": "b", "b": "c", "c": "c (before, 1)"}),
    ],
)
def test_a_record_goes_where_its_address_is(
    known: dict[str, str], configured: dict[str, str], renamed: dict[str, str]
) -> None:
    now = {name: {address} for name, address in configured.items()}
    assert renamed_feeds(places(**known), now) == renamed


def test_what_was_never_taken_in_is_no_record() -> None:
    known = {"a": Place(address="A"), "b": Place(address="", seen=False)}
    assert renamed_feeds(known, {"b": {"A"}}) == {"a": "b"}
    assert renamed_feeds({"a": Place(address="A", seen=False)}, {"b": {"A"}}) == {}

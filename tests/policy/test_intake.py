"""What becomes of a document's items, by what is on record of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crosspost.feeds import Item
from crosspost.model import Entry
from crosspost.policy import Known, Memory, Sorting, sort_items

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def item(name: str, *, days_ago: float | None = 0, revision: str = "1") -> Item:
    published = None if days_ago is None else NOW - timedelta(days=days_ago)
    entry = Entry(feed="blog", title=name, permalink=name, published=published, revision=revision)
    return Item(entry=entry, guid_key=f"guid {name}", link_key=f"link {name}", print_key=f"print {name}")


def known(*names: str, by: str = "guid link print", held: bool = False) -> dict[str, Known]:
    """Return what is on record of entries named 0, 1, …, that were never edited."""
    return {
        f"{kind} {name}": Known(entry_id=int(name), revision="1", held=held)
        for name in names
        for kind in by.split()
    }


def sort(*items: Item, backfill: int = 0, **memory: Any) -> Sorting:
    return sort_items(items, replace(Memory(largest=5), **memory), backfill=backfill, now=NOW)


def meant(sorting: Sorting) -> dict[str, int]:
    return {key: meaning.entry_id for key, meaning in sorting.keys.items()}


def names(items: object) -> list[str]:
    assert isinstance(items, list | tuple)
    return [one.entry.title for one in items]


@pytest.mark.parametrize(
    ("backfill", "baseline", "announced"),
    [(0, ["3", "2", "1"], []), (2, ["3"], ["2", "1"]), (9, [], ["3", "2", "1"])],
)
def test_a_first_sight_announces_the_newest_that_were_asked_for(
    backfill: int, baseline: list[str], announced: list[str]
) -> None:
    sorting = sort(*(item(str(n), days_ago=n) for n in (1, 3, 2)), backfill=backfill, first_sight=True)
    assert (names(sorting.baseline), names(sorting.announced)) == (baseline, announced)
    assert (sorting.held, sorting.largest) == ("", 5), "a first sight is no flood, and no measure of one"


def test_undated_entries_are_announced_in_the_reverse_of_the_feeds_order() -> None:
    items = [item("8", days_ago=None), item("7", days_ago=None), item("6", days_ago=1)]
    old = [item("1", days_ago=9), item("2", days_ago=9), item("3", days_ago=9)]
    sorting = sort(*items, *old, known=known("1", "2", "3"))
    assert names(sorting.announced) == ["6", "7", "8"]


def test_a_date_in_the_future_counts_as_now() -> None:
    items = (item("9", days_ago=-30), item("8", days_ago=None), item("1"), item("2"))
    assert names(sort(*items, known=known("1", "2")).announced) == ["8", "9"]


@pytest.mark.parametrize("by", ["guid", "link", "guid link"])
def test_a_known_entry_teaches_the_keys_that_are_not_known(by: str) -> None:
    sorting = sort(item("1"), known=known("1", by=by))
    assert meant(sorting) == {f"{kind} 1": 1 for kind in ("guid", "link", "print") if kind not in by.split()}
    assert (sorting.edited, sorting.announced) == ({}, [])


def test_a_key_that_means_another_entry_keeps_its_meaning() -> None:
    both = known("1", by="guid") | {"link 1": Known(entry_id=7, revision="1")}
    assert meant(sort(item("1"), known=both)) == {"print 1": 1}


def test_an_edited_entry_is_replaced_and_told() -> None:
    edited = item("1", revision="2")
    sorting = sort(edited, item("2"), known=known("1", "2"))
    assert (sorting.edited, sorting.edits) == ({1: edited.entry}, 1)


def test_of_two_items_that_are_one_entry_the_newer_counts() -> None:
    older, newer = item("1", days_ago=2, revision="2"), item("2", days_ago=1, revision="3")
    both = known("1") | {key: Known(entry_id=1, revision="1") for key in known("2")}
    assert sort(newer, older, known=both).edited == {1: newer.entry}


def test_an_entry_known_by_its_words_is_taken_over_and_not_told() -> None:
    moved = item("2", revision="2")
    sorting = sort(item("1"), moved, known=known("1") | known("2", by="print"))
    assert meant(sorting) == {"guid 2": 2, "link 2": 2}
    assert (sorting.edited, sorting.edits, sorting.announced) == ({2: moved.entry}, 0, [])


def test_at_first_sight_words_alone_say_nothing() -> None:
    sorting = sort(item("1"), known=known("1", by="print"), first_sight=True)
    assert (sorting.keys, sorting.edited, sorting.baseline, sorting.announced) == ({}, {}, [], [])


def test_a_feed_that_looks_re_issued_is_held_but_for_what_waits_already() -> None:
    sorting = sort(
        item("1", days_ago=1, revision="2"),
        item("2", days_ago=2),
        item("3", days_ago=3),
        known=known("1", "3", by="print") | known("2", by="print", held=True),
    )
    assert "a site moves" in sorting.held
    assert names(sorting.announced) == ["3", "1"]
    assert meant(sorting) == {"guid 2": 2, "link 2": 2}
    assert (sorting.edited, sorting.largest) == ({}, 5)


def test_a_flood_is_held_and_does_not_make_room_for_a_larger_one() -> None:
    items = [item(str(n)) for n in range(60)]
    sorting = sort(*items, known=known(*map(str, range(40))))
    assert "20 entries are new at once" in sorting.held
    assert (len(sorting.announced), sorting.largest) == (20, 5)


def test_the_most_that_were_new_at_once_are_remembered() -> None:
    items = [item(str(n)) for n in range(60)]
    sorting = sort(*items, known=known(*map(str, range(51))))
    assert (sorting.held, len(sorting.announced), sorting.largest) == ("", 9, 9)

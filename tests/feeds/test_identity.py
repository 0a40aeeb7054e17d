"""By what an entry is recognised: whatever order, repetition or renaming a feed comes up with."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.feeds import Item
from crosspost.feeds.identity import Candidate, guid_key, link_key, print_key, recognise, revision
from crosspost.model import Entry

HOME = "https://blog.example/"
DAY = datetime(2026, 11, 2, tzinfo=UTC)
LONG = "Il était une fois un texte assez long pour qu’on le reconnaisse sans autre indice que ses mots."


def candidate(
    guid: str = "1",
    link: str = "https://blog.example/1",
    *,
    title: str = "A",
    text: str = "",
    published: datetime | None = None,
    updated: datetime | None = None,
) -> Candidate:
    entry = Entry(feed="blog", title=title, permalink=link, published=published, updated=updated)
    return Candidate(entry=replace(entry, revision=revision(entry, text)), guid=guid, text=text)


def recognised(*candidates: Candidate) -> list[Item]:
    items, nameless = recognise(candidates, [HOME])
    assert nameless == []
    return items


@pytest.mark.parametrize(
    "other",
    [
        "http://blog.example/a/b",
        "https://www.blog.example/a/b",
        "https://blog.example/a/b/",
        "https://blog.example:443/a/b",
        "https://BLOG.example/a/b",
        "https://blog.example/a/b?utm_source=rss",
    ],
)
def test_a_link_stays_the_same_through_what_tells_no_pages_apart(other: str) -> None:
    assert link_key(other) == link_key("https://blog.example/a/b")
    assert guid_key(other) == guid_key("https://blog.example/a/b")


@pytest.mark.parametrize("other", ["?p=1", "?p=2", "#c", "/c", "B"])
def test_a_link_differs_through_what_tells_pages_apart(other: str) -> None:
    assert link_key(f"https://blog.example/a/b{other}") != link_key("https://blog.example/a/b")


def test_an_id_is_compared_as_it_is_but_for_space_around_it() -> None:
    assert guid_key(" tag:1\n") == guid_key("tag:1")
    assert guid_key("tag:1/") != guid_key("tag:1")
    assert guid_key("TAG:1") != guid_key("tag:1")
    assert guid_key("  ") == ""


def test_an_id_and_a_link_are_never_taken_for_each_other() -> None:
    assert guid_key("https://blog.example/1") != link_key("https://blog.example/1")


def test_words_identify_with_a_date_or_at_length() -> None:
    assert print_key(candidate(text="Hello")) == ""
    assert print_key(candidate(text="Hello", published=DAY))
    assert print_key(candidate(text=LONG))
    assert print_key(candidate(text=LONG)) == print_key(candidate("2", text=f"  {LONG.replace(' ', chr(10))}"))
    assert print_key(candidate(text=LONG, published=DAY)) != print_key(candidate(text=LONG))


def test_a_feed_whose_ids_and_links_all_change_is_recognised_by_its_words() -> None:
    before = recognised(*(candidate(f"{n}", f"{HOME}{n}", text=LONG + str(n)) for n in range(9)))
    after = recognised(*(candidate(f"new-{n}", f"{HOME}new/{n}", text=LONG + str(n)) for n in range(9)))
    assert [item.print_key for item in before] == [item.print_key for item in after]
    assert all(one.guid_key != two.guid_key for one, two in zip(before, after, strict=True))


def test_the_step_to_https_renames_nothing() -> None:
    before, after = (
        recognised(*(candidate(f"{s}://blog.example/{n}", f"{s}://blog.example/{n}") for n in range(9)))
        for s in ("http", "https")
    )
    assert [(i.guid_key, i.link_key) for i in before] == [(i.guid_key, i.link_key) for i in after]


def test_a_link_that_all_share_identifies_none() -> None:
    shared = f"{HOME}podcast"
    items = recognised(candidate("1", shared), candidate("2", shared.replace("https", "http"), title="B"))
    assert [item.link_key for item in items] == ["", ""]
    assert len({item.guid_key for item in items}) == 2


@pytest.mark.parametrize("home", [HOME, "http://www.blog.example"])
def test_a_link_to_the_home_page_identifies_nothing_even_alone(home: str) -> None:
    (item,) = recognised(candidate("1", home))
    assert (item.link_key, bool(item.guid_key)) == ("", True)


def test_an_id_that_all_share_identifies_none() -> None:
    items = recognised(candidate("x", f"{HOME}1"), candidate("x", f"{HOME}2"))
    assert [item.guid_key for item in items] == ["", ""]
    assert all(item.link_key for item in items)


def test_a_home_page_as_id_and_link_of_all_leaves_only_the_words() -> None:
    items = recognised(candidate(HOME, HOME, published=DAY), candidate(HOME, HOME, title="B", published=DAY))
    assert [(item.guid_key, item.link_key, bool(item.print_key)) for item in items] == [("", "", True)] * 2


def test_what_nothing_identifies_is_given_back() -> None:
    items, nameless = recognise([candidate("", HOME, title="Episode")], [HOME])
    assert items == []
    assert [entry.title for entry in nameless] == ["Episode"]


def test_of_repetitions_the_one_edited_last_counts() -> None:
    old = candidate(title="Tpyo", updated=DAY)
    new = candidate(title="Typo", updated=DAY + timedelta(hours=1))
    for order in ((old, new), (new, old), (new, old, new, old)):
        (item,) = recognised(*order)
        assert item.entry.title == "Typo"
        assert item.guid_key


def test_the_same_words_under_the_same_link_count_once_whatever_the_id() -> None:
    (item,) = recognised(candidate("1", text=LONG), candidate("2", text=LONG))
    assert item.guid_key
    assert item.link_key
    assert item.print_key


def test_the_order_of_the_document_is_kept() -> None:
    items = recognised(*(candidate(f"{n}", f"{HOME}{n}") for n in (3, 1, 2)))
    assert [item.entry.permalink for item in items] == [f"{HOME}{n}" for n in (3, 1, 2)]


# Few values each, so that ids, links and words collide in every way.
_DATES = st.sampled_from([None, DAY, DAY + timedelta(days=1)])
_CANDIDATES = st.builds(
    candidate,
    st.sampled_from(["", "1", "2", "tag:x", HOME, f"{HOME}1", "http://blog.example/1/"]),
    st.sampled_from([HOME, f"{HOME}1", "http://www.blog.example/1/", f"{HOME}2", f"{HOME}?p=1"]),
    title=st.sampled_from(["", "A", "B"]),
    text=st.sampled_from(["", "Hi", LONG, LONG + "!"]),
    published=_DATES,
    updated=_DATES,
)


def everything(candidates: Iterable[Candidate]) -> tuple[set[Item], set[Entry]]:
    items, nameless = recognise(candidates, [HOME])
    assert len(set(items)) == len(items)
    return set(items), set(nameless)


@given(st.data())
def test_order_and_repetition_change_nothing(data: st.DataObject) -> None:
    given_ = data.draw(st.lists(_CANDIDATES, max_size=8))
    again = data.draw(st.lists(st.sampled_from(given_), max_size=8)) if given_ else []
    assert everything(data.draw(st.permutations(given_ + again))) == everything(given_)


@given(st.lists(_CANDIDATES, max_size=8))
def test_no_key_is_given_to_two_items(candidates: list[Candidate]) -> None:
    items, _ = recognise(candidates, [HOME])
    keys = [key for item in items for key in (item.guid_key, item.link_key, item.print_key) if key]
    assert len(set(keys)) == len(keys)
    assert all(item.guid_key or item.link_key or item.print_key for item in items)


@given(st.lists(_CANDIDATES, max_size=8))
def test_no_entry_is_forgotten(candidates: list[Candidate]) -> None:
    """Every pair of link and words is still there, or a later edit of the same id and link is."""
    items, nameless = everything(candidates)
    kept = {entry.permalink for entry in [item.entry for item in items] + list(nameless)}
    assert {link_key(one) for one in kept} == {link_key(one.entry.permalink) for one in candidates}

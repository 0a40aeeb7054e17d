"""What an item is where no key tells any more, since an older reader of ours made those on record."""

from datetime import UTC, datetime, timedelta

import pytest

from crosspost.feeds import Item
from crosspost.model import Entry
from crosspost.policy.anew import recognise_anew
from crosspost.policy.known import Known

DAY = datetime(2026, 11, 24, 10, tzinfo=UTC)


def item(title: str, *, dated: datetime | None = DAY, own: bool = False) -> Item:
    entry = Entry(feed="blog", title=title, permalink="https://blog.example/", published=dated)
    return Item(entry=entry, guid_key="guid" if own else "", print_key="print")


def judged(one: Item, title: str, *, dated: datetime | None = DAY, there: bool = False) -> str:
    """Tell what becomes of an item beside an entry on record."""
    known = Known(entry_id=1, revision="", published=dated, title=title)
    again, new, doubted = recognise_anew([one], [known], {1} if there else set())
    assert (again == []) == (new == [one])
    return "known" if again else "doubted" if doubted else "new"


@pytest.mark.parametrize(
    "before",
    [
        "L’été à Québec",
        "L&#8217;été à Québec",
        "L&amp;rsquo;été à Québec",
        "<b>L'été</b> à  Québec",
        "Lâ€™Ã©tÃ© Ã\xa0 QuÃ©bec",
    ],
)
def test_a_title_is_the_same_however_it_was_read(before: str) -> None:
    assert judged(item("L’été à Québec"), before) == "known"
    assert judged(item("L’été à Québec", own=True), before) == "known"


@pytest.mark.parametrize("title", ["保護中の家族", "Ça", "24"])
def test_a_title_of_few_latin_letters_is_compared_whole(title: str) -> None:
    assert judged(item(title), title) == "known"
    assert judged(item(title), title + "次") == "doubted"


@pytest.mark.parametrize(
    ("own", "dated", "on_record", "there", "becomes"),
    [
        (False, DAY, DAY + timedelta(hours=3), False, "known"),
        (False, DAY, DAY - timedelta(days=7), False, "doubted"),
        (False, DAY, None, False, "doubted"),
        (False, DAY, DAY, True, "doubted"),
        (True, DAY, DAY - timedelta(days=7), False, "new"),
        (True, DAY, None, False, "doubted"),
        (True, None, DAY, False, "doubted"),
        (True, DAY, DAY, True, "new"),
    ],
)
def test_what_a_namesake_says(
    own: bool, dated: datetime | None, on_record: datetime | None, there: bool, becomes: str
) -> None:
    assert (
        judged(item("Photo du jour", own=own, dated=dated), "Photo du jour", dated=on_record, there=there)
        == becomes
    )


def test_an_entry_on_record_is_one_item_only() -> None:
    known = Known(entry_id=1, revision="", published=DAY, title="Photo du jour")
    again, new, _ = recognise_anew([item("Photo du jour"), item("Photo du jour")], [known], ())
    assert (len(again), len(new)) == (1, 1)

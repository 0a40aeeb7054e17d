"""JSON feeds as strangers write them: odd shapes cost themselves, and no other item."""

import json

import pytest

from tests.feeds.reading import fails, raw, read

GOOD = {"id": "good", "url": "https://blog.example/good", "title": "Good"}


@pytest.mark.parametrize(
    "odd",
    [
        None,
        "nonsense",
        [],
        {},
        {"id": {"a": 1}, "url": [], "title": 5, "tags": {"x": []}, "authors": "Zoé", "attachments": "a"},
        {"id": float("nan"), "url": "x", "title": float("inf"), "date_published": -1, "image": {"url": None}},
        {"id": "\ud83d", "title": "\ud83d half", "tags": [None, {}, [], True]},
    ],
)
async def test_an_odd_item_costs_no_other(odd: object) -> None:
    document = await read(json.dumps({"items": [odd, GOOD]}))
    assert document.items[-1].entry.title == "Good"


@pytest.mark.parametrize(
    ("said", "authors"),
    [
        ({"authors": [{"name": "Zoé"}, {"name": "Max"}]}, ("Zoé", "Max")),
        ({"authors": ["Zoé", None, {"url": "x"}]}, ("Zoé",)),
        ({"authors": {"name": "Zoé"}}, ("Zoé",)),
        ({"authors": "Zoé"}, ("Zoé",)),
        ({"author": "Zoé"}, ("Zoé",)),
        ({"author": {"name": "Zoé"}, "authors": []}, ("Zoé",)),
        ({"author": [{"name": "Zoé"}]}, ("Zoé",)),
        ({"authors": [{"name": ["x"]}]}, ("Blog",)),
        ({}, ("Blog",)),
    ],
)
def test_authors_of_every_shape(said: dict[str, object], authors: tuple[str, ...]) -> None:
    (item,) = raw(json.dumps({"author": {"name": "Blog"}, "items": [{"id": "1", **said}]})).items
    assert item.authors == authors


@pytest.mark.parametrize(
    ("item", "link"),
    [
        ({"id": "https://blog.example/1"}, "https://blog.example/1"),
        ({"id": "1", "url": "/1"}, "/1"),
        ({"id": "1", "url": "blog.example/1"}, "https://blog.example/1"),
        ({"id": "1"}, ""),
    ],
)
def test_the_link_of_an_item(item: dict[str, str], link: str) -> None:
    (found,) = raw(json.dumps({"items": [item]})).items
    assert found.link == link


def test_numbers_stay_as_they_are_written() -> None:
    written = ["12345678901234567890123", "1.50", "1e400", "9" * 5_000]
    items = ", ".join(f'{{"id": {number}}}' for number in [*written, "NaN"])
    feed = raw(f'{{"items": [{items}]}}')
    assert [item.guid for item in feed.items] == [*written, ""]


def test_a_list_that_php_made_an_object_is_one() -> None:
    assert [item.guid for item in raw('{"items": {"0": {"id": "a"}, "2": {"id": "b"}}}').items] == ["a", "b"]


def test_pictures_say_where_they_come_from() -> None:
    attachments = [
        {"url": "a.jpg", "mime_type": "image/jpeg", "title": "A"},
        {"url": "b.mp3", "mime_type": "audio/mpeg"},
    ]
    item = {"id": "1", "image": "/i.jpg", "banner_image": {"url": "/b.jpg"}, "attachments": attachments}
    (found,) = raw(json.dumps({"items": [item]})).items
    assert [(one.url, one.alt, one.mime, one.marks) for one in found.pictures] == [
        ("/i.jpg", "", "", "image"),
        ("/b.jpg", "", "", "banner_image"),
        ("a.jpg", "A", "image/jpeg", "enclosure"),
    ]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ('{"items": [\n{"id": 1},\n]}', "broken JSON: a comma with nothing behind it, line 3"),
        ('{"items": [],}', "broken JSON: a comma with nothing behind it, line 1"),
        ('{"items": [', "broken JSON: "),
        ('{"items": 5}', "it has no list of items"),
    ],
)
async def test_what_cannot_be_read_says_why(body: str, says: str) -> None:
    assert says in await fails(body)

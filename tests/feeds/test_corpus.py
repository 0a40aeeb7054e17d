"""Every kind of feed in corpus/ is read as its author meant it: a file a kind, beside it the right values.

`NAME.toml` says of `NAME.xml` (or `.json`): `url` and `content_type`, if they matter; `skipped`; and for each
of its entries those values that matter. Dates are ISO 8601, a picture is its address.
"""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from crosspost.model import Entry
from tests.feeds.reading import URL, read

CORPUS = Path(__file__).parent / "corpus"
FEEDS = sorted(path for path in CORPUS.iterdir() if path.suffix in (".xml", ".json"))


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.name)
async def test_says_the_right_words(path: Path) -> None:
    right = tomllib.loads(path.with_suffix(".toml").read_text("utf-8"))
    document = await read(
        path.read_bytes(), url=right.get("url", URL), content_type=right.get("content_type", "")
    )
    entries = [item.entry for item in document.items]
    assert len(entries) == len(right["entries"])
    said = [
        {name: _value(entry, name) for name in of} for entry, of in zip(entries, right["entries"], strict=True)
    ]
    assert said == right["entries"]
    assert list(document.skipped) == right.get("skipped", list(document.skipped))


def test_every_feed_has_its_values_and_every_value_its_feed() -> None:
    assert {path.stem for path in FEEDS} == {path.stem for path in CORPUS.glob("*.toml")}


def _value(entry: Entry, name: str) -> Any:
    value = getattr(entry, name)
    if name in ("published", "updated"):
        return value.isoformat() if value else ""
    if name == "picture":
        return value.url if value else ""
    return list(value) if isinstance(value, tuple) else value

"""Every kind of feed in corpus/ is read as its author meant it: a file a kind, beside it the right values.

`NAME.toml` says of `NAME.xml` (or `.json`): `url` and `content_type`, if they matter; `skipped`; and for each
of its entries those values that matter. Dates are ISO 8601, a picture is its address.
"""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from crosspost.model import Entry
from tests.feeds.reading import URL, read
from tests.world import World

CORPUS = Path(__file__).parent / "corpus"
BLEMISH = re.compile(
    r"&(?:#\w+|[a-z]{2,8});|</?(?:p|div|a|br|b|i|em|strong|img|span|h\d|ul|li|td)\b|[^\S\n]{2}|\n{3}|\[…\]|\[\.\.\.\]"
    r"|appeared first|Read more|Lire la suite|Ã.|â€|\ufffd|↩|\S+@\S+\.\w"
)
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


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.name)
async def test_networks_are_sent_them_without_a_blemish(path: Path, world: World) -> None:
    """The same feed through the whole program, to what the networks took."""
    world.blog.written = path.read_bytes()
    lines = 'backfill = 50\nhorizon = "36500d"\nfuture = "now"'
    await world.run(world.config(only=("x", "tumblr", "facebook", "linkedin"), feed=lines))
    entries = tomllib.loads(path.with_suffix(".toml").read_text("utf-8"))["entries"]
    right = "\n".join(_spaced(entry.get(name, "")) for entry in entries for name in ("title", "summary"))
    posts = [_spaced(post.text) for network in world.networks for post in network.posts]
    for text in posts:
        # What looks like a blemish may be what the author wrote about.
        assert {found[0] for found in BLEMISH.finditer(text)} <= {found[0] for found in BLEMISH.finditer(right)}
        assert text == text.strip()
    for entry in entries:
        words = _spaced(entry.get("title") or entry.get("summary", ""))
        assert not posts or any(words in text for text in posts)


def test_every_feed_has_its_values_and_every_value_its_feed() -> None:
    assert {path.stem for path in FEEDS} == {path.stem for path in CORPUS.glob("*.toml")}


def _value(entry: Entry, name: str) -> Any:
    value = getattr(entry, name)
    if name in ("published", "updated"):
        return value.isoformat() if value else ""
    if name == "picture":
        return value.url if value else ""
    return list(value) if isinstance(value, tuple) else value


def _spaced(text: str) -> str:
    """Return a text without the no-break spaces that French text gets on its way."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")

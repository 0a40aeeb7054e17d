"""What our reader finds in the feeds of seven engines is what feedparser finds, which somebody else wrote."""

import calendar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest

from crosspost.feeds import formats
from crosspost.feeds.dates import Dates

RECORDED = sorted((Path(__file__).parent / "engines").glob("*/*.xml"))


def moment(parsed: Any) -> datetime | None:
    return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: f"{path.parent.name} {path.name}")
def test_it_agrees_with_feedparser(path: Path) -> None:
    body = path.read_bytes()
    ours = formats.read(body, content_type="", name="the feed", url="http://blog.example/feed.xml")
    theirs = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
    assert len(ours.items) == len(theirs.entries) > 2
    dates = Dates.of((item.published, item.updated) for item in ours.items)
    for item, entry in zip(ours.items, theirs.entries, strict=True):
        assert item.guid == entry.get("id", "")
        assert item.link == entry.link
        assert item.title.value == entry.title
        assert list(item.categories) == [tag["label"] or tag["term"] for tag in entry.get("tags", ())]
        # An entry without an author has the feed's (RFC 4287, 4.2.1).
        assert item.authors == tuple(filter(None, [entry.get("author") or theirs.feed.get("author")]))
        contents = [part["value"] for part in entry.get("content", ())]
        assert item.content.value == (contents[0].strip() if contents else "")
        published = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
        dated = dates.dated(item.published, item.updated)
        assert (dated.published or dated.updated) == moment(published)

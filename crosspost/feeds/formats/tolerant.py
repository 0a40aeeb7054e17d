"""feedparser, the most forgiving reader of XML feeds, with two of its habits broken. In the child process only.

It has no seam for namespaces, so its two classes are extended where it looks them up.
"""

import io
from typing import Any

import feedparser


class _Apart:
    """Keep a picture's description and the podcast's summary apart from the entry's own.

    feedparser takes `media:description` and `itunes:summary` for the entry's content as soon as there is a
    description before them.
    """

    def _start_media_description(self, attributes: Any) -> None:
        self.push("media_words", 0)  # type: ignore[attr-defined]

    _start_media_title = _start_media_description

    def _end_media_description(self) -> None:
        self._describe("description")

    def _end_media_title(self) -> None:
        self._describe("title")

    def _describe(self, kind: str) -> None:
        words = self.pop("media_words")  # type: ignore[attr-defined]
        context = self._get_context()  # type: ignore[attr-defined]
        media = context.get("media_content") or context.get("media_thumbnail")
        if media and words:
            media[-1].setdefault(f"crosspost_{kind}", words)

    def _start_itunes_summary(self, attributes: Any) -> None:
        self.push("itunes_summary", 1)  # type: ignore[attr-defined]

    def _end_itunes_summary(self) -> None:
        self.pop("itunes_summary")  # type: ignore[attr-defined]


for _name in ("StrictFeedParser", "LooseFeedParser"):
    setattr(feedparser.api, _name, type(_name, (_Apart, getattr(feedparser.api, _name)), {}))


def parsed(body: bytes, content_type: str) -> Any:
    """Return what feedparser finds, its markup as it was written. Nothing is fetched."""
    return feedparser.parse(
        io.BytesIO(body),  # bare bytes it would take for a file's name or an address first
        response_headers={"content-type": content_type} if content_type else {},
        sanitize_html=False,
        resolve_relative_uris=False,
    )

"""Drafts and pictures to test with."""

import io
from datetime import UTC, datetime
from typing import Any

from crosspost.http import Answer, Request
from crosspost.model import Draft, Media

PERMALINK = "https://blog.example/2026/l-ete-indien"
TRACKED = PERMALINK + "?utm_source=test"

HOSTILE = (
    "Accents : l’été « indien\u00a0», ça va\u202f?",
    "Right to left: שלום עולם and مرحبا",
    "Emoji: 👩‍👩‍👧‍👦 🇨🇦 👍🏽 ☺️",
    "Mentions: @marie @[123456] $TSLA #vie",
    r"Reserved: \ | { } @ [ ] ( ) < > # * _ ~",
    'Markup: <b>"bold"</b> &amp; {{ 7 * 7 }} %s',
    "Lines\n\nand more\nlines",
    "Combining: e\u0301 — ﬁn",
)
"""Texts that break careless code: each must arrive as written."""


def a_draft(text: str = "", **changes: Any) -> Draft:
    """Make a draft with everything a network may want."""
    values: dict[str, Any] = {
        "text": text or "L’été indien\n\nIl revient chaque automne.",
        "link": TRACKED,
        "permalink": PERMALINK,
        "title": "L’été indien",
        "description": "Il revient chaque automne.",
        "hashtags": ("Automne", "Québec"),
        "language": "fr",
        "author": "Marie",
        "published": datetime(2026, 11, 20, 12, tzinfo=UTC),
    }
    return Draft(**(values | changes))


def a_picture(*, remote_id: str | None = None) -> Media:
    """Make a small, real JPEG."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), "#c8102e").save(buffer, "JPEG")
    return Media(
        data=buffer.getvalue(),
        mime="image/jpeg",
        width=64,
        height=48,
        alt="Un érable rouge",
        remote_id=remote_id,
    )


def an_answer(status: int, body: bytes = b"") -> Answer:
    """Make an answer to a request that publishes."""
    request = Request(method="POST", url="http://network.test", once=True)
    return Answer(request=request, at=datetime.now(UTC), status=status, body=body)

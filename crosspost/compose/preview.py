"""A draft as the network would count it, its price, and the very request that would carry it. Pure."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from crosspost.config import Channel
from crosspost.contract import HttpAdapter, Uploads
from crosspost.http import Offline, Part, Request
from crosspost.model import Draft, Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What publishing a draft would send and cost."""

    draft: Draft
    length: int
    limit: int | None
    cost: str
    request: Request | None = None
    """Without its credential; None where nothing goes over a network."""
    note: str = ""


def preview(channel: Channel, draft: Draft, *, note: str = "") -> Preview:
    """Return what publishing `draft` would send and cost. `note`: what a person should know of it."""
    adapter = channel.adapter_class.open(channel.settings, Offline())
    rules = channel.capabilities
    request = None
    if isinstance(adapter, HttpAdapter):
        if draft.picture is not None and isinstance(adapter, Uploads):
            draft = replace(draft, picture=replace(draft.picture, remote_id="<the uploaded picture>"))
        request = adapter.post(draft, "preview")
    cost = price_of(channel, draft)
    return Preview(
        draft=draft,
        length=rules.count(draft.text),
        limit=rules.max_length,
        cost=str(cost) if cost.amount else "",
        request=request,
        note=note,
    )


def price_of(channel: Channel, draft: Draft) -> Money:
    """Return what the network bills for publishing `draft`."""
    return channel.adapter_class.open(channel.settings, Offline()).cost(draft)


def as_data(shown: Preview) -> dict[str, Any]:
    """Return the preview for machines."""
    draft, request = shown.draft, shown.request
    return {
        "text": draft.text,
        "link": draft.link,
        "title": draft.title,
        "description": draft.description,
        "hashtags": list(draft.hashtags),
        "picture": picture_line(draft),
        "length": shown.length,
        "limit": shown.limit,
        "cost": shown.cost,
        "note": shown.note,
        "request": {"method": request.method, "url": request.url, "body": readable_body(request)}
        if request
        else None,
    }


def picture_line(draft: Draft) -> str:
    """Describe the draft's picture in a few words."""
    picture = draft.picture
    if picture is None:
        return ""
    return (
        f"{picture.mime}, {picture.width} × {picture.height}, {len(picture.data):,} bytes, alt: {picture.alt}"
    )


def readable_body(request: Request) -> Any:
    """Return a request's body fit to look at, with pictures as their size."""
    if request.json is not None:
        return request.json
    if request.form:
        return dict(request.form)
    if request.parts is not None:
        return _readable_parts(request.parts)
    return f"<{len(request.content)} bytes>" if request.content else None


def _readable_parts(parts: Sequence[Part]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for part in parts:
        if part.filename:
            shown[part.name] = f"<{part.mime}, {len(part.content):,} bytes>"
        elif part.mime == "application/json":
            shown[part.name] = json.loads(part.content)
        else:
            shown[part.name] = part.content.decode()
    return shown

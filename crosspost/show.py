"""Show the very request an adapter would send, without sending it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from crosspost.adapter import Adapter, AdapterSettings, Uploads
from crosspost.config import Channel
from crosspost.errors import FetchRefused
from crosspost.http import Answer, Part
from crosspost.model import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as it would leave: without its credential, and with pictures as their size."""

    method: str
    url: str
    body: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A draft as the network would count it, what it would cost, and the request that would carry it."""

    draft: Draft
    length: int
    limit: int | None
    cost: str
    request: Request | None = None
    note: str = ""


class _Captured(Exception):
    def __init__(self, request: Request) -> None:
        super().__init__(request.url)
        self.request = request


@dataclass(slots=True)
class Offline:
    """Be a `Client` without a network: raise the first publishing request, answer others with nothing."""

    seen: list[str] = field(default_factory=list)

    async def send(
        self,
        method: str,
        url: str,
        *,
        publishes: bool = False,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        json: object | None = None,
        form: Mapping[str, str] | None = None,
        parts: Sequence[Part] | None = None,
        content: bytes | None = None,
        deadline: timedelta = timedelta(0),
    ) -> Answer:
        self.seen.append(url)
        if not publishes:
            return Answer(status=200, body=b"{}")
        body = json if json is not None else dict(form or {}) if form else _readable(parts, content)
        raise _Captured(Request(method=method, url=url, body=body))

    async def fetch(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        max_raw: int,
        max_body: int,
        allow_private: bool,
        deadline: timedelta = timedelta(0),
    ) -> Answer:
        raise FetchRefused("nothing is fetched for a preview")

    def begin_nothing(self) -> None:
        """Do nothing: nothing ever begins."""

    async def aclose(self) -> None:
        return None


def _readable(parts: Sequence[Part] | None, content: bytes | None) -> Any:
    """Make a multipart or raw body fit to look at."""
    if parts is None:
        return f"<{len(content)} bytes>" if content else None
    shown: dict[str, Any] = {}
    for part in parts:
        if part.filename:
            shown[part.name] = f"<{part.mime}, {len(part.content):,} bytes>"
        elif part.mime == "application/json":
            shown[part.name] = json.loads(part.content)
        else:
            shown[part.name] = part.content.decode()
    return shown


async def preview(channel: Channel, draft: Draft, *, note: str = "") -> Preview:
    """Return what publishing `draft` on the channel would send and cost. Sends and writes nothing."""
    recorder = Offline()
    adapter: Adapter[Any] = channel.adapter_class.open(channel.settings, recorder)
    rules = adapter.capabilities
    request = None
    if speaks_http(channel.settings):
        if draft.picture is not None and isinstance(adapter, Uploads):
            draft = replace(draft, picture=replace(draft.picture, remote_id="<the uploaded picture>"))
        try:
            await adapter.publish(draft, key="preview")
        except _Captured as captured:
            request = captured.request
    cost = adapter.cost(draft)
    return Preview(
        draft=draft,
        length=rules.count(draft.text),
        limit=rules.max_length,
        cost=str(cost) if cost.amount else "",
        request=request,
        note=note,
    )


def speaks_http(settings: AdapterSettings) -> bool:
    """Tell whether an adapter sends to a network; the others act on the spot and cannot be shown so."""
    return "base_url" in type(settings).model_fields


def as_data(shown: Preview) -> dict[str, Any]:
    """Return the preview for machines."""
    draft = shown.draft
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
        "request": {"method": shown.request.method, "url": shown.request.url, "body": shown.request.body}
        if shown.request
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

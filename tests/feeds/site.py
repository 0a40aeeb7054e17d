"""A web site that can be scripted."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from starlette.requests import Request
from starlette.responses import Response

from crosspost.errors import FeedError
from crosspost.feeds import Validators
from crosspost.feeds.fetch import fetch
from crosspost.http.wire import HttpxClient

NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)
BODY = b"<rss version='2.0'/>"


class Site:
    """A server that answers as told, and remembers what it was asked."""

    def __init__(self) -> None:
        self.url = ""
        self.answers: dict[str, Response] = {}
        self.asked: list[Mapping[str, str]] = []
        self.hold: asyncio.Event | None = None

    def answer(self, body: bytes = BODY, status: int = 200, path: str = "/feed", **headers: str) -> str:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = Response(body, status, named)
        return self.url + path

    async def __call__(self, scope: object, receive: object, send: object) -> None:
        request = Request(scope, receive, send)  # type: ignore[arg-type]
        self.asked.append(dict(request.headers))
        if self.hold is not None:
            await self.hold.wait()
        await self.answers[request.url.path](scope, receive, send)  # type: ignore[arg-type]


async def refused(client: HttpxClient, url: str) -> FeedError:
    with pytest.raises(FeedError) as caught:
        await fetch(client, url, Validators(), now=NOW)
    return caught.value

"""Whoever is told, on a socket."""

from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


class Ears:
    """Whoever is told, and the watchdog beside."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.beats: list[str] = []
        self.status = 200
        self.beat_status = 200
        self.url = ""

    async def hook(self, request: Request) -> Response:
        if self.status == 200:
            self.heard.append(await request.json())
        return Response(status_code=self.status)

    async def beat(self, request: Request) -> Response:
        self.beats.append(request.url.path + (f"?{request.url.query}" if request.url.query else ""))
        return Response(b"OK", status_code=self.beat_status)

    @property
    def titles(self) -> list[str]:
        return [message["title"] for message in self.heard]

    @property
    def app(self) -> Starlette:
        return Starlette(
            routes=[Route("/hook", self.hook, methods=["POST"]), Route("/beat{rest:path}", self.beat)]
        )

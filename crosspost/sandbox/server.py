"""Serve a stand-in, or any ASGI application, on a loopback socket."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import uvicorn

from crosspost.sandbox.behaviour import Dropped


class _Quiet(uvicorn.Server):
    """Leave the signals to whoever owns the loop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield

    def drop(self, client: tuple[str, int]) -> None:
        """Cut the connection of this client without a word."""
        for connection in list(self.server_state.connections):
            if getattr(connection, "client", None) == client:
                connection.transport.abort()


@contextlib.asynccontextmanager
async def serve(
    app: Any, *, port: int = 0, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> AsyncIterator[str]:
    """Serve `app` while the context lasts; yield its base URL, without a trailing slash.

    `clock` (aware UTC) tells what its answers say in `Date`.
    """

    def dated(message: Any) -> Any:
        if message["type"] != "http.response.start":
            return message
        date = format_datetime(clock(), usegmt=True).encode()
        return {**message, "headers": [*message.get("headers", ()), (b"date", date)]}

    async def dropping(scope: Any, receive: Any, send: Any) -> None:
        kept: list[Any] = []

        async def answer(message: Any) -> None:
            # Starlette answers 500 before it lets an exception pass; a dropped connection says not even that.
            if kept or message.get("status") == 500:
                kept.append(message)
            else:
                await send(dated(message))

        try:
            await app(scope, receive, answer)
        except Dropped:
            server.drop(tuple(scope["client"]))
            return
        for message in kept:
            await send(dated(message))

    server = _Quiet(
        uvicorn.Config(
            dropping,
            host="127.0.0.1",
            port=port,
            log_level="critical",
            lifespan="off",
            ws="none",
            date_header=False,
        )
    )
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup()
    ticking = asyncio.create_task(server.main_loop())
    try:
        host, bound = server.servers[0].sockets[0].getsockname()[:2]
        yield f"http://{host}:{bound}"
    finally:
        # Not by its `shutdown`, which sleeps for a fifth of a second: a test may serve five.
        ticking.cancel()
        for listening in server.servers:
            listening.close()
        for connection in list(server.server_state.connections):
            connection.transport.abort()
        await asyncio.wait([ticking])
        for listening in server.servers:
            await listening.wait_closed()

"""The loopback address on which a browser brings the network's answer (RFC 8252, 7.3)."""

import asyncio
import html
import re
import secrets
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

from crosspost.errors import LoginError

HOST = "127.0.0.1"  # where we listen; literal, since a name could be resolved to somebody else
OURS = (HOST, "localhost")
"""What networks may call it."""
_LONGEST_REQUEST = 16_384
_PAGE = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>crosspost</title>"
    "<body style='font-family: sans-serif; margin: 3em'><p>{}</p></body></html>"
)
_THANKS = "crosspost has the answer. You can close this window and go back to the terminal."
_WRONG = "This is not where crosspost waits. Use the newest address that it printed."


def new_address(port: int | None, name: str = HOST) -> str:
    """Make an address nobody can guess, on this port or a free one. `name`: one of `OURS`."""
    if port is None:
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            port = probe.getsockname()[1]
    return f"http://{name}:{port}/{secrets.token_urlsafe(12)}"


class Callback:
    """What came back: the parameters of the first request for our path, once."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.answer: asyncio.Future[Mapping[str, str]] = asyncio.get_running_loop().create_future()
        self._visits: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def wait(self, patience: timedelta) -> Mapping[str, str]:
        """Return what came back. Raise `LoginError` if nothing does."""
        try:
            return await asyncio.wait_for(self.answer, patience.total_seconds())
        except TimeoutError as error:
            minutes = int(patience.total_seconds() // 60)
            raise LoginError(
                f"no answer came back within {minutes} minutes; nothing was changed; run crosspost connect "
                "again; if the browser is on another machine, with --paste"
            ) from error

    async def visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._visits[task] = writer
        try:
            await self.serve(reader, writer)
        finally:
            del self._visits[task]
            writer.close()

    async def show_out(self) -> None:
        """End what is still open: what is left, the event loop would cancel at its end, with a traceback."""
        for writer in self._visits.values():
            writer.transport.abort()
        await asyncio.gather(*self._visits, return_exceptions=True)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(10):
                head = await reader.readuntil(b"\r\n\r\n")
            method, target, _ = head.split(b"\r\n", 1)[0].decode("ascii").split(" ")
            address = urlsplit(target)
            good = method == "GET" and address.path == self.path and not self.answer.done()
            status, text = ("200 OK", _THANKS) if good else ("404 Not Found", _WRONG)
            body = _PAGE.format(html.escape(text)).encode()
            writer.write(
                f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n"
                "Content-Type: text/html; charset=utf-8\r\n"
                "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n".encode()
                + body
            )
            await writer.drain()
            if good:
                self.answer.set_result(dict(parse_qsl(address.query, keep_blank_values=True)))
        except (ValueError, OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # whoever knocks without speaking HTTP is no browser with our answer


def see_free(address: str) -> None:
    """Raise `LoginError` if this address is taken on this machine: it is registered at the network as it is."""
    port = urlsplit(address).port
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port or 80))
    except OSError as error:
        raise _busy(address, error) from error


def _busy(address: str, error: OSError) -> LoginError:
    port = urlsplit(address).port
    return LoginError(
        f"crosspost cannot listen on port {port} of {HOST}: {error.strerror}; nothing was changed; the network "
        f"knows the address {address}, so end what uses it, or run again with --paste; or with --port and "
        "another number, and register the new address at the network"
    )


@asynccontextmanager
async def listening(address: str) -> AsyncIterator[Callback]:
    """Wait for the answer at this address while the context lasts. Raise `LoginError` if that cannot be."""
    parts = urlsplit(address)
    callback = Callback(parts.path)
    try:
        server = await asyncio.start_server(callback.visit, HOST, parts.port, limit=_LONGEST_REQUEST)
    except OSError as error:
        raise _busy(address, error) from error
    try:
        yield callback
    finally:
        server.close()
        await callback.show_out()


def pasted(text: str) -> Mapping[str, str] | str:
    """Read what a person copied from the browser: an address, or only its query; or else the bare code.

    Raise `LoginError` with what it is instead.
    """
    text = _AROUND.sub("", text)
    _, mark, query = text.partition("?")
    if not mark:
        _, mark, query = text.partition("#")
    answer = dict(parse_qsl((query or text).replace("#", "&"), keep_blank_values=True))
    if _ANSWERS & answer.keys():
        return answer
    if text and not mark and not _ADDRESS.match(text):
        return text
    what = "it is the address from before you agreed" if _BEFORE & answer.keys() else "it holds no answer"
    raise LoginError(
        f"that is not the address the browser ended on: {what}; nothing was changed; copy it "
        "whole, from http to its end, and run crosspost connect again"
    )


_ANSWERS = frozenset({"code", "error", "oauth_verifier", "denied"})
_BEFORE = frozenset({"client_id", "redirect_uri", "response_type", "oauth_token"})
"""What stands in the address that a person is sent to."""
_ADDRESS = re.compile(r"https?:|www\.|localhost\b|[\w-]+(\.[\w-]+)+[:/]", re.IGNORECASE)
_AROUND = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\"'`<>“”‘’«»]+")
"""What a terminal breaks an address with, or a mail puts around it; none of it stands in one unescaped."""

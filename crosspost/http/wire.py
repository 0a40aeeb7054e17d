"""The only importer of httpx: one client for everything, with bounds on all of it."""

import asyncio
import json as jsonlib
import logging
import re
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

# httpx imports its own command line (rich, pygments, click: 40 ms) wherever those are installed.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]

import httpx  # noqa: E402

from crosspost import __version__  # noqa: E402
from crosspost.errors import FetchRefused, NotSent, Uncertain  # noqa: E402
from crosspost.http.body import inflated, multipart  # noqa: E402
from crosspost.http.guard import first_private  # noqa: E402
from crosspost.http.meaning import said_moment  # noqa: E402
from crosspost.http.message import Answer, Request, utc_now  # noqa: E402
from crosspost.http.onewrite import in_one_write, leaves_until  # noqa: E402

# httpx logs whole URLs at INFO, and some networks put the token there.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)

USER_AGENT = f"crosspost/{__version__} (+https://pypi.org/project/crosspost/)"
_TIMEOUT = httpx.Timeout(connect=10, read=25, write=25, pool=10)
_MAX_API_ANSWER = 4_000_000
_MAX_REDIRECTS = 5
_NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
    httpx.ProxyError,
    httpx.InvalidURL,
)

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


async def _resolve(host: str, port: int) -> Sequence[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class _PublicOnly(httpx.AsyncBaseTransport):
    """Connect to the very address that was checked, so that a name cannot change its mind in between.

    Acts on requests that carry the extension `public_only`; the others pass.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, resolve: Resolve) -> None:
        self.inner = inner
        self.resolve = resolve

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if not request.extensions.get("public_only"):
            return await self.inner.handle_async_request(request)
        host = request.url.host
        try:
            addresses = await self.resolve(host, request.url.port or 0)
        except OSError as error:
            raise httpx.ConnectError(f"{host} cannot be found", request=request) from error
        if not addresses or (private := first_private(addresses)):
            where = f" ({private})" if addresses else ""
            raise FetchRefused(
                f"{host} lies in a private network{where}; a feed may not send us there "
                "(allow_private = true in the feed's settings permits pictures there)"
            )
        request.extensions = {**request.extensions, "sni_hostname": host}
        for address in addresses[:-1]:
            request.url = request.url.copy_with(host=address)
            try:
                return await self.inner.handle_async_request(request)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue  # the next address: some hosts answer on one family only
        request.url = request.url.copy_with(host=addresses[-1])
        return await self.inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self.inner.aclose()


def _transport() -> httpx.AsyncHTTPTransport:
    transport = httpx.AsyncHTTPTransport(
        trust_env=False, limits=httpx.Limits(max_connections=20, max_keepalive_connections=0)
    )
    in_one_write(transport._pool)
    return transport


class HttpxClient:
    """The real `crosspost.http.Client`. `transport` and `resolve` are the seams for tests.

    `longest` caps every request's deadline; `clock` (aware UTC) tells when answers are here.
    """

    def __init__(
        self,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        resolve: Resolve = _resolve,
        longest: timedelta = timedelta(minutes=1),
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._resolve = resolve
        self._longest = longest
        self._clock = clock
        self._transport = transport
        self._http: httpx.AsyncClient | None = None
        self._ends = False
        self._heard: dict[str, tuple[datetime, float]] = {}
        """What each server's clock said last, and when by our stopwatch."""

    def server_clocks(self) -> Mapping[str, datetime]:
        now = _stopwatch()
        return {host: said + timedelta(seconds=now - at) for host, (said, at) in self._heard.items()}

    def begin_nothing(self) -> None:
        self._ends = True

    def _open(self) -> httpx.AsyncClient:
        if self._http is None:
            # No keep-alive: a stale connection would turn a clean failure into an uncertain one.
            # trust_env off: a proxy would resolve names itself, behind the guard's back.
            inner = self._transport or _transport()
            self._http = httpx.AsyncClient(
                transport=_PublicOnly(inner, self._resolve),
                trust_env=False,
                timeout=_TIMEOUT,
                # Only gzip: what httpx would inflate for us, it inflates without a bound.
                headers={"user-agent": USER_AGENT, "accept-encoding": "gzip", "accept": "*/*"},
            )
        return self._http

    async def aclose(self) -> None:
        if self._http is not None:
            await self._http.aclose()
            self._http = None

    async def send(self, request: Request, *, deadline: timedelta = timedelta(seconds=30)) -> Answer:
        host = urlsplit(request.url).hostname or request.url
        if self._ends:
            raise NotSent(f"crosspost is stopping, so nothing was sent to {host}")
        lost = Uncertain if request.once else NotSent
        seconds = min(deadline, self._longest).total_seconds()
        leaves_until.set(asyncio.get_running_loop().time() + seconds)
        try:
            async with asyncio.timeout(seconds):
                response = await self._open().send(self._built(request), stream=True)
                try:
                    body = await inflated(
                        response.aiter_raw(), response.headers, _MAX_API_ANSWER, _MAX_API_ANSWER
                    )
                finally:
                    await response.aclose()
        except _NEVER_LEFT as error:
            raise NotSent(f"{host} could not be reached: {_cause(error)}") from error
        except FetchRefused as error:
            raise lost(f"{host} answered with something unreadable: {error}") from error
        except (httpx.HTTPError, TimeoutError) as error:
            raise lost(f"the answer of {host} was lost: {_cause(error)}") from error
        return self._answer(request, response, body)

    def _built(self, request: Request) -> httpx.Request:
        """Make httpx's request of ours: the same values give the same bytes."""
        headers, content = dict(request.headers), request.content
        if request.json is not None:
            content = jsonlib.dumps(request.json, ensure_ascii=False, separators=(",", ":")).encode()
            headers["content-type"] = "application/json"
        elif request.parts is not None:
            content, headers["content-type"] = multipart(request.parts)
        form = dict(request.form) if request.form else None
        return self._open().build_request(
            request.method, request.address, headers=headers, content=content, data=form
        )

    async def fetch(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        max_raw: int,
        max_body: int,
        allow_private: bool,
        deadline: timedelta = timedelta(seconds=30),
    ) -> Answer:
        moved_to, still_permanent, here = "", True, url
        leaves_until.set(None)
        try:
            async with asyncio.timeout(min(deadline, self._longest).total_seconds()):
                for _ in range(_MAX_REDIRECTS + 1):
                    # A redirect is not the user's word: only the first host may be private.
                    trusted = allow_private and _origin(here) == _origin(url)
                    response, body = await self._get(here, headers, max_raw, max_body, public_only=not trusted)
                    if response.status_code not in (301, 302, 303, 307, 308):
                        asked = Request(method="GET", url=url)
                        return self._answer(asked, response, body, url=here, moved_to=moved_to)
                    target = _next_hop(here, response.headers.get("location", ""))
                    still_permanent = still_permanent and response.status_code in (301, 308)
                    if still_permanent:
                        moved_to = target
                    here = target
        except ValueError as error:
            # What urllib, idna and the resolver say of a host or port that cannot be.
            raise FetchRefused("the address is not valid") from error
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise FetchRefused(f"{urlsplit(here).hostname} did not answer: {_cause(error)}") from error
        raise FetchRefused(f"{urlsplit(url).hostname} redirects more than {_MAX_REDIRECTS} times")

    async def _get(
        self, url: str, headers: Mapping[str, str] | None, max_raw: int, max_body: int, *, public_only: bool
    ) -> tuple[httpx.Response, bytes]:
        if urlsplit(url).scheme not in ("http", "https"):
            raise FetchRefused(f"only http and https are fetched, not {urlsplit(url).scheme or 'this'}:")
        if self._ends:
            raise FetchRefused("crosspost is stopping, so nothing is fetched")
        http = self._open()
        request = http.build_request("GET", url, headers=dict(headers or {}))
        request.extensions = {**request.extensions, "public_only": public_only}
        response = await http.send(request, stream=True)
        try:
            return response, await inflated(response.aiter_raw(), response.headers, max_raw, max_body)
        finally:
            await response.aclose()

    def _answer(
        self, request: Request, response: httpx.Response, body: bytes, *, url: str = "", moved_to: str = ""
    ) -> Answer:
        if (said := said_moment(response.headers)) is not None:
            self._heard[response.request.url.host] = said, _stopwatch()
        return Answer(
            request=request,
            at=self._clock(),
            status=response.status_code,
            headers={name.lower(): value for name, value in response.headers.items()},
            body=body,
            url=url or str(response.request.url),
            moved_to=moved_to,
        )


def _stopwatch() -> float:
    """Return seconds that no setting of the clock changes, and that a computer asleep counts where it can."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def _next_hop(here: str, location: str) -> str:
    """Return where a redirect leads, or refuse it."""
    if not location:
        raise FetchRefused(f"{urlsplit(here).hostname} redirects without saying where")
    target = urljoin(here, location)
    parts = urlsplit(target)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise FetchRefused(f"{urlsplit(here).hostname} redirects to something that is no web address")
    if urlsplit(here).scheme == "https" and parts.scheme == "http":
        raise FetchRefused(f"{urlsplit(here).hostname} redirects from https to http, which anybody could read")
    return target


def _origin(url: str) -> tuple[str | None, int | None]:
    parts = urlsplit(url)
    return parts.hostname, parts.port


def _cause(error: BaseException) -> str:
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return "it took too long"
    return re.sub(r"^\[Errno -?\d+\] ", "", str(error)) or type(error).__name__


class InProcess(httpx.AsyncBaseTransport):
    """Call an ASGI application without a socket. A `ConnectionError` it raises is a dropped connection."""

    def __init__(self, app: Any) -> None:
        self.inner = httpx.ASGITransport(app=app)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return await self.inner.handle_async_request(request)
        except ConnectionError as error:
            raise httpx.ReadError("the connection was dropped", request=request) from error

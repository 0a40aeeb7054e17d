"""The only importer of httpx: one client for everything, with bounds on all of it."""

import asyncio
import json as jsonlib
import logging
import os
import re
import sys
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin, urlsplit

# httpx imports its own command line (rich, pygments, click: 40 ms) wherever those are installed.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]

import httpx  # noqa: E402

from crosspost import __version__  # noqa: E402
from crosspost.errors import FetchRefused, Garbled, NotSent, Uncertain  # noqa: E402
from crosspost.http.body import multipart, read_within  # noqa: E402
from crosspost.http.meaning import said_moment  # noqa: E402
from crosspost.http.message import Answer, Request, stopwatch, utc_now  # noqa: E402
from crosspost.http.names import Resolve, resolve  # noqa: E402
from crosspost.http.onewrite import leaves_until  # noqa: E402
from crosspost.http.wire.ways import Ways  # noqa: E402

# httpx logs whole URLs at INFO, and some networks put the token there.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)

USER_AGENT = f"crosspost/{__version__} (+https://pypi.org/project/crosspost/)"
_TIMEOUT = httpx.Timeout(connect=10, read=25, write=25, pool=None)
_MAX_API_ANSWER = 4_000_000
_MAX_REDIRECTS = 5
READ_AT_ONCE = 100
"""So many documents are fetched at once; who waits for a place loses nothing of its time."""
_PROXY_ASKS = "the proxy asks who we are; write http://user:password@host:port into HTTP_PROXY and HTTPS_PROXY"
_NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
    httpx.ProxyError,
    httpx.InvalidURL,
)


class HttpxClient:
    """The real `crosspost.http.Client`. `transport`, `resolve` and `environment` are the seams for tests.

    `longest` caps every request's deadline; `clock` (aware UTC) tells when answers are here.
    """

    def __init__(
        self,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        resolve: Resolve = resolve,
        longest: timedelta = timedelta(minutes=1),
        clock: Callable[[], datetime] = utc_now,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self._resolve = resolve
        self._environment = environment
        self._longest = longest
        self._clock = clock
        self._transport = transport
        self._http: httpx.AsyncClient | None = None
        self._places = asyncio.Semaphore(READ_AT_ONCE)
        self._ends = False
        self._heard: dict[str, tuple[datetime, float]] = {}
        """What each server's clock said last, and when by our stopwatch."""

    def server_clocks(self) -> Mapping[str, datetime]:
        now = stopwatch()
        return {host: said + timedelta(seconds=now - at) for host, (said, at) in self._heard.items()}

    def begin_nothing(self) -> None:
        self._ends = True

    def _open(self) -> httpx.AsyncClient:
        if self._http is None:
            self._http = httpx.AsyncClient(
                transport=Ways(self._environment, self._resolve, self._transport),
                trust_env=False,
                timeout=_TIMEOUT,
                # Only gzip: what httpx would inflate for us, it inflates without a bound.
                headers={
                    "user-agent": USER_AGENT,
                    "accept-encoding": "gzip",
                    "accept": "*/*",
                    "connection": "close",  # so that a body without a length has an end
                },
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
        leaves_until.set(stopwatch() + seconds)
        try:
            async with asyncio.timeout(seconds):
                response = await self._open().send(self._built(request), stream=True)
                try:
                    body = await read_within(
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
        if response.status_code == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
            raise NotSent(f"{host} could not be reached: {_PROXY_ASKS}")  # no network answers so
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
            # The places stand outside the deadline: those who have one may take all of their time.
            async with self._places, asyncio.timeout(min(deadline, self._longest).total_seconds()):
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
            if response.status_code == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
                raise FetchRefused(f"{urlsplit(url).hostname} could not be reached: {_PROXY_ASKS}")
            return response, await read_within(response.aiter_raw(), response.headers, max_raw, max_body)
        except Garbled:
            if response.is_success:
                raise
            return response, b""  # a refusal or a redirect says by its head what it is
        finally:
            await response.aclose()

    def _answer(
        self, request: Request, response: httpx.Response, body: bytes, *, url: str = "", moved_to: str = ""
    ) -> Answer:
        if (said := said_moment(response.headers)) is not None:
            self._heard[response.request.url.host] = said, stopwatch()
        return Answer(
            request=request,
            at=self._clock(),
            status=response.status_code,
            headers={name.lower(): value for name, value in response.headers.items()},
            body=body,
            url=url or str(response.request.url),
            moved_to=moved_to,
        )


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
    user, at, _ = urlsplit(here).netloc.rpartition("@")
    if at and "@" not in parts.netloc and _origin(target) == _origin(here):
        target = parts._replace(netloc=f"{user}@{parts.netloc}").geturl()  # the same door has the same key
    return target


def _origin(url: str) -> tuple[str | None, int | None]:
    parts = urlsplit(url)
    return parts.hostname, parts.port


def _cause(error: BaseException) -> str:
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return "it took too long"
    if "All connection attempts failed" in str(error):  # how a library says that each address refused us
        return "it takes no connection"
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

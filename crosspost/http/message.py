"""The values that cross the wire, and the client's shape."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from crosspost.errors import FetchRefused, NotSent


def utc_now() -> datetime:
    """Read the clock; the one place outside `engine` and `cli` that may, for deadlines and headers."""
    return datetime.now(UTC)


def stopwatch() -> float:
    """Return seconds that no setting of the clock changes, and that a computer asleep counts where it can."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a multipart/form-data body."""

    name: str
    content: bytes = field(repr=False)
    mime: str = ""
    filename: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request, complete but for what signs it. At most one kind of body is given."""

    method: str
    url: str
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Put behind the address, percent-encoded."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """By names in lower case."""
    json: object | None = field(default=None, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    parts: Sequence[Part] | None = field(default=None, repr=False)
    content: bytes | None = field(default=None, repr=False)
    once: bool = False
    """Whether sending it again could do harm, such as a second post: a lost answer then leaves doubt."""

    @property
    def address(self) -> str:
        """Return the address with its parameters, as it is sent and signed."""
        if not self.params:
            return self.url
        return f"{self.url}{'&' if '?' in self.url else '?'}{urlencode(self.params, quote_via=quote)}"

    def with_headers(self, headers: Mapping[str, str]) -> "Request":
        """Return the request with these headers, too."""
        return replace(self, headers={**self.headers, **headers})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole answer, its body bounded and unpacked. Header names are in lower case."""

    request: Request
    """What it answers."""
    at: datetime
    """When it was here (aware UTC): what it says of "in five minutes" counts from then."""
    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    url: str = ""
    """Where it came from, after redirects."""
    moved_to: str = ""
    """Where a permanent redirect pointed, if the first answers were such."""

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    def json(self) -> Any:
        """Return the body as JSON; None if it is not JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def object(self) -> dict[str, Any]:
        """Return the body as a JSON object; empty if it is none. Saves adapters the checks."""
        value = self.json()
        return value if isinstance(value, dict) else {}


class Client(Protocol):
    """What adapters and feeds may ask of HTTP. `crosspost.http.wire.HttpxClient` is the real one."""

    def server_clocks(self) -> Mapping[str, datetime]:
        """Return what the clocks of the servers that answered say by now (aware UTC), by host."""
        ...

    async def send(self, request: Request, *, deadline: timedelta = timedelta(seconds=30)) -> Answer:
        """Make one request on a connection of its own, without redirects or repeats.

        If the answer is lost once the request may have left, raise `Uncertain` for a request that is to be sent
        `once`; for any other, and whenever the request certainly did not leave, raise `NotSent`. Any answer
        with a status, a refusal too, is returned.
        """
        ...

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
        """GET a document somebody else named, following at most five checked redirects.

        Sizes in bytes: `max_raw` before, `max_body` after unpacking. `allow_private` lets the first
        address (not a redirect's) lie in a private network. Raise `FetchRefused`.
        """
        ...

    def begin_nothing(self) -> None:
        """Refuse every request from now on, as one that was not sent; those under way go on."""
        ...

    async def aclose(self) -> None:
        """Close what is open."""
        ...


class Offline:
    """Be a `Client` without a network, for those who only look: nothing is sent, nothing is fetched."""

    def server_clocks(self) -> Mapping[str, datetime]:
        return {}

    async def send(self, request: Request, *, deadline: timedelta = timedelta(0)) -> Answer:
        raise NotSent("nothing is sent by those who only look")

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
        raise FetchRefused("nothing is fetched by those who only look")

    def begin_nothing(self) -> None:
        """Do nothing: nothing ever begins."""

    async def aclose(self) -> None:
        """Do nothing: nothing was opened."""

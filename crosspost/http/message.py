"""The values that cross the wire, and the client's shape."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol


def utc_now() -> datetime:
    """Read the clock; the one place outside `engine` and `cli` that may, for deadlines and headers."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole answer, its body bounded and inflated. Header names are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a multipart/form-data body."""

    name: str
    content: bytes = field(repr=False)
    mime: str = ""
    filename: str = ""


class Client(Protocol):
    """What adapters and feeds may ask of HTTP. `crosspost.http.wire.HttpxClient` is the real one."""

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
        deadline: timedelta = timedelta(seconds=30),
    ) -> Answer:
        """Make one request on a connection of its own, without redirects or repeats.

        `publishes`: this request makes something public, so an answer that is lost once the request may
        have left raises `Uncertain`. Without it, and whenever the request certainly did not leave, the
        failure is `NotSent`. Any answer with a status, a refusal too, is returned.
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

        Sizes in bytes: `max_raw` before, `max_body` after inflating. `allow_private` lets the first
        address (not a redirect's) lie in a private network. Raise `FetchRefused`.
        """
        ...

    def begin_nothing(self) -> None:
        """Refuse every request from now on, as one that was not sent; those under way go on."""
        ...

    async def aclose(self) -> None:
        """Close what is open."""
        ...

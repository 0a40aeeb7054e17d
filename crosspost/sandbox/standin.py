"""What all stand-ins share: a record of what they were sent, the posts they show, and how they misbehave."""

import itertools
import json
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from crosspost.sandbox.authority import Authority
from crosspost.sandbox.behaviour import Behaviour, Dropped, refuse, respond


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One request, as it came in."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True, kw_only=True)
class Post:
    """What the public would see on the network."""

    id: str
    text: str
    links: tuple[str, ...] = ()
    alt: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    raw: dict[str, Any] = field(default_factory=dict)


class StandIn(ABC):
    """Be one network, with one account and its posts.

    Subclasses define `routes`, check `self.authorized(request)`, pass whatever publishes through
    `self.publishing` and lists of posts through `self.listing`. `clock` can be replaced in tests.
    """

    page_size: int = 100
    """The most posts that one page of a list shows; by default the network's."""
    refuses_duplicates: bool = False
    """Whether the same words are refused while the account shows them; by default as the network does."""

    authority: Authority | None = None
    """What gives tokens by OAuth 2, where the network does."""

    def __init__(self, *, token: str = "sandbox-token") -> None:
        self.token = token
        self.expired = False
        self.requests: list[Seen] = []
        self.posts: list[Post] = []
        self.deleted: list[Post] = []
        self.behaviours: deque[Behaviour] = deque()
        self.distort: Callable[[Any], object] | None = None
        """What to make of the body of a list: bytes are sent as they are, anything else as JSON."""
        self.arrange: Callable[[list[Post]], list[Post]] = list
        """What its lists make of the posts, which come newest first; see `sandbox.lists`."""
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.numbers = itertools.count(1001)
        self.app = Starlette(routes=self.routes())

    @abstractmethod
    def routes(self) -> list[BaseRoute]:
        """Return the network's endpoints."""

    @abstractmethod
    def unauthorized(self) -> Behaviour:
        """Say how this network refuses a bad token."""

    @abstractmethod
    def rate_limited(self) -> Behaviour:
        """Say how this network asks for a pause."""

    def behave(self, *behaviours: Behaviour) -> None:
        """Let the next publishing requests go like this, one each; then all is as usual again."""
        self.behaviours.extend(behaviours)

    def expire_token(self) -> None:
        """Refuse the token from now on."""
        self.expired = True

    def post(self, post_id: str) -> Post | None:
        return next((post for post in self.posts if post.id == post_id), None)

    def forget(self, post_id: str) -> bool:
        """Delete a post; tell whether it was there."""
        gone = [post for post in self.posts if post.id == post_id]
        self.posts = [post for post in self.posts if post.id != post_id]
        self.deleted += gone
        return bool(gone)

    def newest(self) -> list[Post]:
        """Return the posts as lists show them: newest first, unless told otherwise."""
        return self.arrange(sorted(self.posts, key=lambda post: post.created)[::-1])

    async def note(self, request: Request) -> Seen:
        """Record a request. Every endpoint begins with this."""
        seen = Seen(
            method=request.method,
            path=request.scope.get("raw_path", b"").decode() or request.url.path,
            query=dict(request.query_params),
            headers=dict(request.headers),
            body=await request.body(),
        )
        self.requests.append(seen)
        return seen

    def bearer_is_good(self, request: Request) -> bool:
        known = request.headers.get("authorization") == f"Bearer {self.token}"
        given = self.authority is not None and self.authority.bearer(request) is not None
        return not self.expired and (known or given)

    async def publishing(self, accept: Callable[[], Awaitable[Response]]) -> Response:
        """Let a publishing request happen, as told. `accept` keeps the post and makes the usual answer."""
        behaviour = self.behaviours.popleft() if self.behaviours else Behaviour(accept=True)
        answer = await accept() if behaviour.accept else None
        if behaviour.hold is not None:
            await behaviour.hold.wait()
        if behaviour.drop:
            raise Dropped
        if behaviour.status is None and answer is not None:
            return answer
        return respond(behaviour)

    def listing(self, answer: JSONResponse) -> Response:
        """Let a list of posts be answered, as told."""
        if self.distort is None:
            return answer
        return respond(refuse(200, self.distort(json.loads(bytes(answer.body)))))

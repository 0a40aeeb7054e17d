"""The pond's own server: sessions that end, limits that change, keys that it remembers for an hour."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from crosspost.sandbox.authority import CLIENT_ID, CLIENT_SECRET, Authority, Rules
from crosspost.sandbox.behaviour import Behaviour, refuse, respond
from crosspost.sandbox.standin import Post, StandIn

HOUR = timedelta(hours=1)


class PondStandIn(StandIn):
    """Be the pond. Its password is the token of other stand-ins."""

    authority: Authority
    page_size = 10
    remembers: timedelta = HOUR
    """How long it refuses a second post under a key."""

    def __init__(self, *, token: str = "sandbox-token") -> None:
        self.sessions: set[str] = set()
        self.most: Any = 500
        self.moody = False
        """Whether it says something else each time it is asked."""
        self.not_ready = 0
        """How often a picture is not ready yet."""
        self.pictures: dict[str, bytes] = {}
        self.keys: dict[str, tuple[datetime, Post]] = {}
        self.swimmer = "marie"
        rules = Rules(name="pond", scopes=frozenset({"post"}), lasts=timedelta(days=60), pkce=True)
        self.authority = Authority(rules, lambda: self.clock())
        self.registered: list[str] = []
        super().__init__(token=token)

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/session", self.session, methods=["POST"]),
            Route("/pond", self.inside(self.about)),
            Route("/media", self.inside(self.upload), methods=["POST"]),
            Route("/media/{id}", self.inside(self.picture)),
            Route("/posts", self.inside(self.create), methods=["POST"]),
            Route("/posts", self.inside(self.recent)),
            Route("/apps", self.apps, methods=["POST"]),
            Route("/authorize", self.authority.authorize),
            Route("/token", self.authority.token, methods=["POST"]),
        ]

    def begin_anew(self) -> None:
        """Forget all that was ever sent here."""
        for memory in (self.sessions, self.pictures, self.keys, self.posts, self.requests, self.behaviours):
            memory.clear()

    def unauthorized(self) -> Behaviour:
        return refuse(401, {"error": "no such session"})

    def rate_limited(self) -> Behaviour:
        return refuse(429, {"error": "slowly"}, {"retry-after": "60"})

    def paths(self) -> list[str]:
        """Return what was asked for, in order."""
        return [f"{seen.method} {seen.path.split('/')[1]}" for seen in self.requests]

    async def session(self, request: Request) -> Response:
        await self.note(request)
        given = (await request.json())["password"]
        if self.expired or (given != self.token and self.authority.find(given) is None):
            return respond(refuse(401, {"error": "wrong password"}))
        session = f"session-{next(self.numbers)}"
        self.sessions.add(session)
        return JSONResponse({"session": session})

    def inside(self, act: Callable[[Request], Any]) -> Callable[[Request], Any]:
        """Let only those in who have a session."""

        async def checked(request: Request) -> Response:
            await self.note(request)
            session = request.headers.get("authorization", "").removeprefix("Bearer ")
            if session not in self.sessions or self.expired:
                return respond(self.unauthorized())
            answer: Response = await act(request)
            return answer

        return checked

    async def about(self, _request: Request) -> Response:
        if self.moody and self.most:
            self.most -= 1
        return JSONResponse({"who": self.swimmer, "max": self.most})

    async def upload(self, request: Request) -> Response:
        name = f"picture-{next(self.numbers)}"
        self.pictures[name] = await request.body()
        return JSONResponse({"id": name})

    async def picture(self, _request: Request) -> Response:
        self.not_ready -= 1
        return JSONResponse({"ready": self.not_ready < 0})

    async def create(self, request: Request) -> Response:
        said, key = await request.json(), request.headers["idempotency-key"]

        async def accept() -> Response:
            if len(said["text"]) > (self.most if isinstance(self.most, int) else 500):
                return respond(refuse(422, {"error": f"longer than {self.most}"}))
            if said["picture"] and self.not_ready > 0:
                return respond(refuse(422, {"error": "the picture is not ready"}))
            before = self.keys.get(key)
            if before is None or before[0] + self.remembers <= self.clock():
                post = Post(id=str(next(self.numbers)), text=said["text"], created=self.clock())
                post.alt = (said["alt"],) if said["picture"] else ()
                self.posts.append(post)
                self.keys[key] = before = self.clock(), post
            return JSONResponse({"id": before[1].id})

        return await self.publishing(accept)

    async def recent(self, request: Request) -> Response:
        start = int(request.query_params.get("from", "0"))
        newest, end = self.newest(), start + self.page_size
        posts = [
            {"id": post.id, "text": post.text, "at": post.created.astimezone(UTC).isoformat()}
            for post in newest[start:end]
        ]
        return self.listing(JSONResponse({"posts": posts, "next": str(end) if end < len(newest) else ""}))

    async def apps(self, request: Request) -> Response:
        self.registered.append((await request.json())["redirect"])
        return JSONResponse({"id": CLIENT_ID, "secret": CLIENT_SECRET})

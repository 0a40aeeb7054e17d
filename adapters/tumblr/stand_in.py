"""A stand-in for Tumblr's API v2, in the shapes of tumblr/docs as read in November 2026.

Kept like the real one: the meta/response envelope, ids as strings, the content limits of NPF, multipart with
a part of JSON, links read back through href.li, lists of 20 posts at the most, and OAuth 1.0a signatures that
are really verified.
"""

import itertools
import json
from datetime import datetime, timedelta
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from crosspost.sandbox.authority import Authority, Rules
from crosspost.sandbox.authority1 import Authority1
from crosspost.sandbox.behaviour import Behaviour, refuse, respond
from crosspost.sandbox.standin import Post, StandIn

BLOG = "sandbox"
CONSUMER_KEY, CONSUMER_SECRET, TOKEN_SECRET = "sandbox-consumer", "sandbox-consumer-secret", "sandbox-secret"
_REASONS = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 429: "Limit Exceeded"}
_MOST = {"link": 10, "image": 30}


def error(status: int, code: int = 0, title: str = "", headers: dict[str, str] | None = None) -> Behaviour:
    """Refuse in Tumblr's envelope."""
    reason = _REASONS.get(status, "Internal Server Error")
    return refuse(
        status,
        {
            "meta": {"status": status, "msg": reason},
            "response": [],
            "errors": [{"title": title or reason, "code": code}],
        },
        headers,
    )


class TumblrStandIn(StandIn):
    """Be a blog on Tumblr."""

    authority: Authority

    page_size = 20

    def __init__(self, *, token: str = "sandbox-token", blog: str = BLOG) -> None:
        self.blog = blog
        self.blogs = [blog]
        """All of the account's, the first being its primary one."""
        self.authority1 = Authority1("tumblr", CONSUMER_KEY, CONSUMER_SECRET, {token: TOKEN_SECRET})
        self.pictures: dict[str, bytes] = {}
        rules = Rules(
            name="tumblr",
            scopes=frozenset({"basic", "write", "offline_access"}),
            lasts=timedelta(seconds=2520),
            refreshable_by="offline_access",
            refresh_lasts=timedelta(days=42),  # by a staff comment (tumblr/docs#134; unverified)
            gone=refuse(401, {"error": "invalid_grant", "error_description": "Refresh token is invalid"}),
        )
        self.authority = Authority(rules, lambda: self.clock())
        super().__init__(token=token)

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/oauth2/authorize", self.authority.authorize),
            Route("/v2/oauth2/token", self.authority.token, methods=["POST"]),
            Route("/oauth/request_token", self.authority1.request_token, methods=["POST"]),
            Route("/oauth/authorize", self.authority1.authorize),
            Route("/oauth/access_token", self.authority1.access_token, methods=["POST"]),
            Route("/v2/user/info", self.info),
            Route("/v2/blog/{blog}/posts", self.create, methods=["POST"]),
            Route("/v2/blog/{blog}/posts", self.recent),
            Route("/v2/blog/{blog}/posts/{id}", self.one, methods=["GET", "PUT"]),
            Route("/v2/blog/{blog}/post/delete", self.delete, methods=["POST"]),
            Route("/v2/blog/{blog}/notes", self.notes),
        ]

    def unauthorized(self) -> Behaviour:
        return error(401, 1016, "Unable to authorize")

    def rate_limited(self) -> Behaviour:
        headers = {
            "x-ratelimit-perhour-limit": "1000",
            "x-ratelimit-perhour-remaining": "0",
            "x-ratelimit-perhour-reset": "720",
            "x-ratelimit-perday-limit": "5000",
            "x-ratelimit-perday-remaining": "3800",
            "x-ratelimit-perday-reset": "36000",
        }
        return error(429, headers=headers)

    async def authorized(self, request: Request) -> bool:
        header = request.headers.get("authorization", "")
        return not self.expired and (
            bool(await self.authority1.signed(request))
            if header.startswith("OAuth ")
            else self.bearer_is_good(request)
        )

    async def refused(self, request: Request) -> Response | None:
        """Record the request; refuse a bad credential and a blog that is not ours."""
        await self.note(request)
        if not await self.authorized(request):
            return respond(self.unauthorized())
        blog = request.path_params.get("blog", self.blog).removesuffix(".tumblr.com")
        return None if blog in (self.blog, self.uuid) else respond(error(404))

    async def info(self, request: Request) -> Response:
        if refused := await self.refused(request):
            return refused
        blogs = [
            {
                "name": name,
                "title": "Sandbox",
                "url": f"https://{name}.tumblr.com/",
                "uuid": self.uuid if name == self.blog else f"t:{name}",
                "primary": name == self.blog,
                "type": "public",
            }
            for name in self.blogs
        ]
        return self.answer({"user": {"name": self.blog, "likes": 0, "following": 0, "blogs": blogs}})

    async def create(self, request: Request) -> Response:
        if refused := await self.refused(request):
            return refused
        body, wrong = await self.content(request)
        if wrong:
            return respond(wrong)

        async def accept() -> Response:
            post = Post(id=str(next(self.numbers)), text="", created=self.clock())
            self.posts.append(self.filled(post, body))
            return self.answer({"id": post.id}, 201)

        return await self.publishing(accept)

    async def recent(self, request: Request) -> Response:
        if refused := await self.refused(request):
            return refused
        newest, start = self.newest(), int(request.query_params.get("offset", "0"))
        end = start + min(self.page_size, int(request.query_params.get("limit", "20")))
        body: dict[str, Any] = {
            "posts": [self.shown(post) for post in newest[start:end]],
            "total_posts": len(newest),
        }
        if end < len(newest):
            href = f"/v2/blog/{self.blog}/posts?offset={end}"
            body["_links"] = {"next": {"href": href, "method": "GET", "query_params": {"offset": str(end)}}}
        return self.listing(self.answer(body))

    async def one(self, request: Request) -> Response:
        if refused := await self.refused(request):
            return refused
        post = self.post(request.path_params["id"])
        if post is None:
            return respond(error(404))
        if request.method == "GET":
            return self.answer({"object_type": "post", "type": "blocks", **self.shown(post)})
        body, wrong = await self.content(request)
        if wrong:
            return respond(wrong)
        self.filled(post, body)
        return self.answer({"id": post.id})

    async def delete(self, request: Request) -> Response:
        if refused := await self.refused(request):
            return refused
        is_json = request.headers.get("content-type", "").startswith("application/json")
        body = await request.json() if is_json else await request.form()
        return self.answer({"id": body["id"]}) if self.forget(str(body["id"])) else respond(error(404))

    async def notes(self, request: Request) -> Response:
        if refused := await self.refused(request):
            return refused
        if self.post(request.query_params["id"]) is None:
            return respond(error(404))
        reply = {"type": "reply", "timestamp": 1, "blog_name": "reader", "reply_text": "Merci !"}
        return self.answer(
            {"notes": [reply], "rollup_notes": [], "total_notes": 8, "total_likes": 5, "total_reblogs": 2}
        )

    async def content(self, request: Request) -> tuple[dict[str, Any], Behaviour | None]:
        """Read a post's body, JSON or multipart, and say what in it Tumblr would refuse."""
        parts: dict[str, bytes] = {}
        try:
            if request.headers.get("content-type", "").startswith("multipart/"):
                async with request.form() as form:
                    for name, value in form.multi_items():
                        parts[name] = await value.read() if isinstance(value, UploadFile) else value.encode()
                # The documentation wants it first; Tumblr's own client (tumblr.js 5) sends pictures before it.
                if "json" not in parts:
                    return {}, error(400, 8001, "there must be a part 'json'")
                body = json.loads(parts.pop("json"))
            else:
                body = await request.json()
        except ValueError:
            return {}, error(400, 8001, "the body must be JSON")
        problem = _problem(body, parts)
        if problem:
            return {}, problem
        for block in body["content"]:
            for media in _media(block):
                if "identifier" in media:
                    media["url"] = f"https://64.media.tumblr.com/{next(self.numbers)}/{media['identifier']}"
                    self.pictures[media["url"]] = parts[media.pop("identifier")]
        return body, None

    def filled(self, post: Post, body: dict[str, Any]) -> Post:
        """Let the post say what the body says, all of it: Tumblr replaces the whole."""
        blocks = body["content"]
        post.text = "\n\n".join(block["text"] for block in blocks if block["type"] == "text")
        post.links = tuple(block["url"] for block in blocks if block["type"] == "link")
        post.alt = tuple(block.get("alt_text", "") for block in blocks if block["type"] == "image")
        post.tags = tuple(tag for tag in body.get("tags", "").split(",") if tag)
        post.raw = body
        return post

    def shown(self, post: Post) -> dict[str, Any]:
        content = [
            {**block, "url": f"https://href.li/?{block['url']}"} if block["type"] == "link" else block
            for block in post.raw["content"]
        ]
        return {
            "id": int(post.id),
            "id_string": post.id,
            "blog_name": self.blog,
            "post_url": f"https://{self.blog}.tumblr.com/post/{post.id}",
            "timestamp": int(post.created.timestamp()),
            "date": datetime.strftime(post.created, "%Y-%m-%d %H:%M:%S GMT"),
            "state": post.raw.get("state", "published"),
            "tags": list(post.tags),
            "note_count": 8,
            "content": content,
        }

    @property
    def uuid(self) -> str:
        return f"t:{self.blog}-uuid"

    def answer(self, response: object, status: int = 200) -> JSONResponse:
        return JSONResponse(
            {"meta": {"status": status, "msg": "Created" if status == 201 else "OK"}, "response": response},
            status,
        )


def _media(block: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the media of a block: an array by npf-spec.md, one object by Tumblr's own client (tumblr.js 5)."""
    media = block.get("media", [])
    return [media] if isinstance(media, dict) else media


def _problem(body: Any, parts: dict[str, bytes]) -> Behaviour | None:
    """Apply npf-spec.md's Post Content Limits."""
    blocks = body.get("content") if isinstance(body, dict) else None
    if not isinstance(blocks, list) or not blocks:
        return error(400, 8001, "'content' must be an array")
    if len(blocks) > 1000 or len(json.dumps(body, ensure_ascii=False).encode()) > 1_000_000:
        return error(400, 8001, "the post is too large")
    for kind, most in _MOST.items():
        if sum(block.get("type") == kind for block in blocks) > most:
            return error(400, 8001, f"too many {kind} blocks")
    for block in blocks:
        longest = max(map(len, (block.get("text", ""), block.get("alt_text", ""), block.get("caption", ""))))
        if longest > 4096:
            return error(400, 8001, "a text is longer than 4096 characters")
        if block.get("type") == "link" and not block.get("url"):
            return error(400, 8001, "a link block needs a 'url'")
    media = list(itertools.chain.from_iterable(map(_media, blocks)))
    if any("url" not in picture and not parts.get(picture.get("identifier", "")) for picture in media):
        return error(400, 8005, "a picture's bytes are missing")
    tags = body.get("tags", "")
    if not isinstance(tags, str) or tags.count(",") >= 30 or any(len(tag) > 140 for tag in tags.split(",")):
        return error(400, 8001, "'tags' is invalid")
    return None

"""A stand-in for LinkedIn's Posts, Images and organization endpoints, in the shapes of facts of November 2026.

Kept like the real one: versions that end, posts named only in a header, percent-encoded URNs in paths, the
"little" format (an unescaped reserved character drops the rest of the text), the duplicate check that names the
original, deleting what is gone, pages by `start` and `count`, and nothing to read for members.
"""

import json
import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from crosspost.sandbox.authority import Authority, Rules
from crosspost.sandbox.behaviour import Behaviour, refuse, respond
from crosspost.sandbox.standin import Post, StandIn

MEMBER = "urn:li:person:aBc-123_Xyz"
ORGANIZATION = "urn:li:organization:5550123"
_OLDEST_VERSION, _NEWEST_VERSION = "202601", "202610"
_LONGEST = 3000
_REQUIRED = {"author", "commentary", "visibility", "distribution", "lifecycleState"}
_KNOWN = _REQUIRED | {"content", "isReshareDisabledByAuthor", "reshareContext", "container"}
# The elements of the format, in the order in which they are tried.
_LITTLE = re.compile(
    r"\\(?P<escaped>[\\|{}@\[\]()<>#*_~])"
    r"|\{hashtag\|\\?#\|(?P<template>\w+)\}"
    r"|#(?P<hashtag>[A-Za-z0-9]+)(?!\w)"  # beyond ASCII by the template alone (unverified, read 2026-11)
    r"|@\[(?P<mention>[^\]]*)\]\(urn:li:[^)]+\)"
    r"|(?P<plain>[^\\|{}@\[\]()<>#*_~]+)"
)


def error(status: int, code: str, message: str, **more: object) -> Behaviour:
    """Refuse in LinkedIn's shape."""
    return refuse(status, {"status": status, "code": code, "message": message, **more})


def duplicate(original: str) -> Behaviour:
    """Refuse what is there already, and name it."""
    return refuse(
        422,
        {
            "errorDetailType": "com.linkedin.common.error.BadRequest",
            "message": f"Validation failed. Content is a duplicate of {original}",
            "errorDetails": {
                "inputErrors": [
                    {"description": "Duplicate post is detected", "input": {}, "code": "DUPLICATE_POST"}
                ]
            },
            "status": 422,
        },
    )


def read_little(commentary: str) -> tuple[str, tuple[str, ...]]:
    """Return what a reader sees of a commentary, and its live hashtags."""
    text, tags, position = "", [], 0
    while match := _LITTLE.match(commentary, position):
        tag = match["template"] or match["hashtag"]
        if tag:
            tags.append(tag)
            text += f"#{tag}"
        else:
            text += match["escaped"] or match["mention"] or match["plain"]
        position = match.end()
    return text, tuple(tags)


class LinkedInStandIn(StandIn):
    """Be LinkedIn, with one author: a member, or an organization."""

    authority: Authority
    refuses_duplicates = True
    remembers_deleted: bool = False
    """Whether the duplicate check names deleted posts too, as is reported of the first days after."""

    def __init__(self, *, token: str = "sandbox-token", author: str = MEMBER) -> None:
        self.author = author
        rules = Rules(
            name="linkedin",
            scopes=frozenset(
                "openid profile email w_member_social w_organization_social r_organization_social"
                " rw_organization_admin".split()
            ),
            lasts=timedelta(seconds=5_184_000),
            code_lasts=timedelta(minutes=30),  # unverified
            refresh_lasts=timedelta(seconds=31_536_000),
            extends=False,
            rotates=False,
            tells_refresh_life=True,
            separator=",",
            denial="user_cancelled_authorize",
        )
        self.authority = Authority(rules, lambda: self.clock())
        self.images: dict[str, bytes] = {}
        self.spoils_images = False
        """Whether the processing of uploads fails, which only the post is told (posts-api, errors)."""
        super().__init__(token=token)

    def be_a_partner(self) -> None:
        """Give refresh tokens, as LinkedIn does to approved partners."""
        self.authority.rules.refreshable_by = ""

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/oauth/v2/authorization", self.authority.authorize),
            Route("/oauth/v2/accessToken", self.authority.token, methods=["POST"]),
            Route("/v2/userinfo", self.userinfo),
            Route("/rest/organizationAcls", self.roles),
            Route("/rest/organizationalEntityShareStatistics", self.statistics),
            Route("/rest/images", self.image, methods=["POST"]),
            Route("/dms-uploads/{number}", self.image_bytes, methods=["PUT"]),
            Route("/rest/posts", self.create, methods=["POST"]),
            Route("/rest/posts", self.by_author, methods=["GET"]),
            Route("/rest/posts/{urn}", self.one, methods=["POST", "DELETE"]),
        ]

    def unauthorized(self) -> Behaviour:
        return error(401, "INVALID_ACCESS_TOKEN", "Invalid access token", serviceErrorCode=65600)

    def rate_limited(self) -> Behaviour:
        return error(
            429,
            "TOO_MANY_REQUESTS",
            "Resource level throttle APPLICATION DAY limit for calls to this resource is reached.",
        )

    async def refusal(self, request: Request) -> Response | None:
        """Record the request; refuse a bad token, an ended version, another protocol, a bare URN."""
        seen = await self.note(request)
        if not self.bearer_is_good(request):
            return respond(self.unauthorized())
        if not seen.path.startswith("/rest/"):
            return None
        version = request.headers.get("linkedin-version", "")
        if not version:
            return respond(error(400, "VERSION_MISSING", "A version must be present."))
        if not _OLDEST_VERSION <= version <= _NEWEST_VERSION:
            return respond(error(426, "NONEXISTENT_VERSION", f"Requested version {version} is not active"))
        if request.headers.get("x-restli-protocol-version") != "2.0.0":
            return respond(error(400, "ILLEGAL_ARGUMENT", "Invalid protocol version"))
        if ":" in seen.path:
            return respond(error(400, "ILLEGAL_ARGUMENT", "Syntax exception in path variables"))
        return None

    @property
    def is_organization(self) -> bool:
        return self.author.startswith("urn:li:organization:")

    def denied(self, what: str) -> Response:
        return respond(
            error(403, "ACCESS_DENIED", f"Not enough permissions to access: {what}", serviceErrorCode=100)
        )

    async def userinfo(self, request: Request) -> Response:
        if refused := await self.refusal(request):
            return refused
        return JSONResponse({"sub": MEMBER.rpartition(":")[2], "name": "Sandbox Member", "locale": "fr-CA"})

    async def roles(self, request: Request) -> Response:
        if refused := await self.refusal(request):
            return refused
        if not self.is_organization or request.query_params.get("q") != "roleAssignee":
            return self.denied("organizationAcls.FINDER-roleAssignee")
        role = {"role": "ADMINISTRATOR", "organization": self.author, "roleAssignee": MEMBER}
        return JSONResponse({"elements": [role | {"state": "APPROVED"}], "paging": {"start": 0, "count": 100}})

    async def image(self, request: Request) -> Response:
        if refused := await self.refusal(request):
            return refused
        wanted = json.loads(await request.body()).get("initializeUploadRequest", {})
        if request.query_params.get("action") != "initializeUpload" or wanted.get("owner") != self.author:
            return self.denied("images.ACTION-initializeUpload")
        number = f"C4E{next(self.numbers)}"
        self.images[f"urn:li:image:{number}"] = b""
        return JSONResponse(
            {
                "value": {
                    "uploadUrlExpiresAt": int(self.clock().timestamp() * 1000) + 86_400_000,
                    "uploadUrl": f"{request.base_url}dms-uploads/{number}?ca=vector_feedshare&sync=0",
                    "image": f"urn:li:image:{number}",
                }
            }
        )

    async def image_bytes(self, request: Request) -> Response:
        if refused := await self.refusal(request):
            return refused
        self.images[f"urn:li:image:{request.path_params['number']}"] = await request.body()
        return Response(status_code=201)

    async def create(self, request: Request) -> Response:
        if refused := await self.refusal(request):
            return refused
        body = json.loads(await request.body())
        if invalid := self.invalid(body):
            return respond(invalid)
        known = [*self.posts, *(self.deleted if self.remembers_deleted else ())]
        same = [post for post in known if self.says_the_same(post.raw, body)]
        if same and self.refuses_duplicates:
            return respond(duplicate(same[0].id))

        async def accept() -> Response:
            text, tags = read_little(body["commentary"])
            post = Post(
                id=f"urn:li:share:{next(self.numbers)}",
                text=text,
                links=(body["content"]["article"]["source"],) if body.get("content") else (),
                tags=tags,
                created=self.clock(),
                raw=body,
            )
            self.posts.append(post)
            location = f"/posts/{quote(post.id, safe='')}"
            return Response(status_code=201, headers={"x-restli-id": post.id, "location": location})

        return await self.publishing(accept)

    def invalid(self, body: dict[str, Any]) -> Behaviour | None:
        """Say what LinkedIn would refuse in this post."""
        article = body.get("content", {}).get("article", {})
        if missing := _REQUIRED - body.keys():
            return error(400, "MISSING_FIELD", f"{sorted(missing)} :: field is required but not found")
        if unknown := body.keys() - _KNOWN:
            return error(422, "UNPROCESSABLE_ENTITY", f"{sorted(unknown)} :: unrecognized field")
        if body["author"] != self.author:
            return error(403, "ACCESS_DENIED", f"Not enough permissions to post as {body['author']}")
        if len(body["commentary"].encode("utf-16-le")) // 2 > _LONGEST:
            return error(400, "FIELD_LENGTH_TOO_LONG", "Field /commentary is too long")
        if "content" in body and not (article.get("source") and article.get("title")):
            return error(400, "MISSING_FIELD", "/content/article needs source and title")
        if article.keys() - {"source", "title", "description", "thumbnail"}:
            return error(422, "UNPROCESSABLE_ENTITY", "/content/article :: unrecognized field")
        if "thumbnail" in article and article["thumbnail"] not in self.images:
            return error(
                400, "INVALID_VALUE_FOR_FIELD", "/content/article/thumbnail :: no image of this author"
            )
        if "thumbnail" in article and self.spoils_images:
            return error(400, "MEDIA_ASSET_PROCESSING_FAILED", "The thumbnail could not be processed")
        if "thumbnail" in article and not self.images[article["thumbnail"]]:
            return error(400, "MEDIA_ASSET_WAITING_UPLOAD", "The thumbnail was not uploaded")
        return None

    def says_the_same(self, one: dict[str, Any], other: dict[str, Any]) -> bool:
        return all(one.get(name) == other.get(name) for name in ("commentary", "content"))

    async def by_author(self, request: Request) -> Response:
        if refused := await self.refusal(request):
            return refused
        if not self.is_organization or request.query_params.get("author") != self.author:
            return self.denied("partnerApiPosts.FINDER-author")
        # LinkedIn's own client (linkedin-api-client) writes methods in small letters.
        if request.headers.get("x-restli-method", "").upper() != "FINDER":
            return respond(error(400, "ILLEGAL_ARGUMENT", "Unexpected method"))
        newest, start = self.newest(), int(request.query_params.get("start", "0"))
        count = min(int(request.query_params.get("count", "10")), self.page_size)
        end = start + count
        shown = [
            post.raw
            | {
                "id": post.id,
                "createdAt": int(post.created.timestamp() * 1000),
                "publishedAt": int(post.created.timestamp() * 1000),
            }
            for post in newest[start:end]
        ]
        following = f"/rest/posts?author={quote(self.author, safe='')}&count={count}&q=author&start={end}"
        link = {"type": "application/json", "rel": "next", "href": following}
        paging = {"start": start, "count": count, "links": [link] if end < len(newest) else []}
        return self.listing(JSONResponse({"elements": shown, "paging": paging}))

    async def one(self, request: Request) -> Response:
        if refused := await self.refusal(request):
            return refused
        post = self.post(request.path_params["urn"])
        if request.method == "DELETE":
            if post is not None:
                self.forget(post.id)
            return Response(status_code=204)
        if post is None:
            return respond(error(404, "NOT_FOUND", "Could not find the post"))
        changes = json.loads(await request.body()).get("patch", {}).get("$set", {})
        if request.headers.get("x-restli-method") != "PARTIAL_UPDATE" or changes.keys() != {"commentary"}:
            return respond(error(400, "ILLEGAL_ARGUMENT", "Only a partial update of the commentary"))
        post.raw |= changes
        post.text, post.tags = read_little(changes["commentary"])
        return Response(status_code=204)

    async def statistics(self, request: Request) -> Response:
        if refused := await self.refusal(request):
            return refused
        asked = re.search(r"&shares=List\((urn%3Ali%3Ashare%3A\d+)\)$", request.url.query)
        if not self.is_organization or request.query_params.get("organizationalEntity") != self.author:
            return self.denied("organizationalEntityShareStatistics.FINDER-organizationalEntity")
        if asked is None or (post := self.post(unquote(asked[1]))) is None:
            return JSONResponse({"elements": []})
        counts = {"likeCount": 5, "commentCount": 3, "shareCount": 2, "impressionCount": 140, "clickCount": 9}
        element = {"share": post.id, "organizationalEntity": self.author, "totalShareStatistics": counts}
        return JSONResponse({"elements": [element]})

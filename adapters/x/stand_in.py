"""A stand-in for X's API v2, in the shapes of facts read in November 2026.

Kept like the real one: OAuth 1.0a signatures, weighted lengths, unknown keys refused, the same text refused
as a duplicate without naming the original, t.co links beside `expanded_url`, pages that name the next one,
media that are uploaded first and get their alt text afterwards, and rate headers on every answer. What it
refuses of requests is by the OpenAPI file, version 2.167 where it is stricter than 2.159.
"""

import base64
import binascii
import json
import re
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from crosspost.sandbox.authority import Authority, Rules
from crosspost.sandbox.authority1 import Authority1
from crosspost.sandbox.behaviour import Behaviour, refuse, respond
from crosspost.sandbox.standin import Post, StandIn

from .counting import links, weight

CONSUMER_KEY = "sandbox-consumer-key"
CONSUMER_SECRET = "sandbox-consumer-secret"
TOKEN_SECRET = "sandbox-token-secret"
USER = {"id": "2244994945", "name": "Sandbox account", "username": "sandbox"}
_LONGEST, _LONGEST_ALT, _MOST_BYTES = 280, 1000, 5_000_000
# 2.167, MediaUploadRequest: nothing else (`additionalProperties: false`); 2.159 let `media_type` pass.
_MEDIA_KEYS = {"media", "media_category", "additional_owners"}
# 2.167 and 2.159, parameters of the timeline and of a post, beside the one that names fields.
_READ_PARAMETERS = {
    "start_time",
    "end_time",
    "since_id",
    "until_id",
    "max_results",
    "pagination_token",
    "exclude",
    "expansions",
    "media.fields",
    "poll.fields",
    "user.fields",
    "place.fields",
}
_CASHTAG = re.compile(r"(?<!\S)\$[A-Za-z]{1,6}\b")
_KNOWN = {
    "card_uri",
    "community_id",
    "direct_message_deep_link",
    "edit_options",
    "for_super_followers_only",
    "geo",
    "media",
    "nullcast",
    "poll",
    "quote_tweet_id",
    "reply",
    "reply_settings",
    "share_with_followers",
    "text",
}


def problem(status: int, title: str, detail: str, *, kind: str = "", **more: object) -> Behaviour:
    """Refuse with a problem. `kind`: the last segment of its type; without one it is `about:blank`."""
    named = f"https://api.twitter.com/2/problems/{kind}" if kind else "about:blank"
    return refuse(status, {"title": title, "detail": detail, "type": named, "status": status, **more})


def invalid(message: str) -> Behaviour:
    """Refuse a request that is not in the API's form."""
    error = {"message": message, "parameters": {}}
    detail = "One or more parameters to your request was invalid."
    return problem(400, "Invalid Request", detail, kind="invalid-request", errors=[error])


def duplicate() -> Behaviour:
    """Refuse the same text again, in the words of akrherz/iembot#163 (2026-02)."""
    detail = "You are not allowed to create a Tweet with duplicate content."
    return problem(403, "Forbidden", detail)


def _links(text: str) -> list[str]:
    """Find the links in a text as X does; also those to hosts that only tests have."""
    # `.academy` is as long as `.example`; what a test serves itself has no name.
    like = text.replace(".example", ".academy")
    like = re.sub(r"(?<=://)(127\.0\.0\.1|localhost)", lambda host: "a" * (len(host[0]) - 3) + ".be", like)
    return [text[begin:end] for begin, end in links(like)]


class XStandIn(StandIn):
    """Be X, with one account. Takes the OAuth 1.0a strings above, or the token alone as an OAuth 2 bearer."""

    authority: Authority

    refuses_duplicates = True
    spellings: tuple[str, ...] = ("tweet.fields", "post.fields")
    """The parameters that may name fields: 2.167 and xdk say the second, 2.159 and other clients the first."""

    def __init__(self, *, token: str = "sandbox-token") -> None:
        self.media: dict[str, str] = {}
        self.authority1 = Authority1("x", CONSUMER_KEY, CONSUMER_SECRET, {token: TOKEN_SECRET})
        gone = {"error": "invalid_request", "error_description": "Value passed for the token was invalid."}
        rules = Rules(
            name="x",
            scopes=frozenset("tweet.read tweet.write users.read media.write offline.access like.read".split()),
            lasts=timedelta(hours=2),
            refreshable_by="offline.access",
            refresh_lasts=timedelta(days=180),  # unverified: others report about six months
            code_lasts=timedelta(seconds=30),
            pkce=True,
            basic=True,
            gone=refuse(400, gone),
        )
        self.authority = Authority(rules, lambda: self.clock())
        super().__init__(token=token)

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/i/oauth2/authorize", self.authority.authorize),
            Route("/2/oauth2/token", self.authority.token, methods=["POST"]),
            Route("/2/oauth2/revoke", self.authority.revoke, methods=["POST"]),
            Route("/oauth/request_token", self.authority1.request_token, methods=["POST"]),
            Route("/oauth/authorize", self.authority1.authorize),
            Route("/oauth/access_token", self.authority1.access_token, methods=["POST"]),
            Route("/2/users/me", self.me),
            Route("/2/users/{id}/tweets", self.timeline),
            Route("/2/media/upload", self.upload, methods=["POST"]),
            Route("/2/media/metadata", self.metadata, methods=["POST"]),
            Route("/2/tweets", self.create, methods=["POST"]),
            Route("/2/tweets/{id}", self.one, methods=["GET", "DELETE"]),
        ]

    def unauthorized(self) -> Behaviour:
        return problem(401, "Unauthorized", "Unauthorized")

    def rate_limited(self) -> Behaviour:
        refused = problem(429, "Too Many Requests", "Too Many Requests")
        return refuse(429, refused.body, self.windows(remaining=0))

    def windows(self, remaining: int = 99) -> dict[str, str]:
        """Make the headers of the 15 minutes' window and of the account's day."""
        now = self.clock()
        return {
            "x-rate-limit-limit": "100",
            "x-rate-limit-remaining": str(remaining),
            "x-rate-limit-reset": str(int((now + timedelta(minutes=15)).timestamp())),
            "x-user-limit-24hour-limit": "100",
            "x-user-limit-24hour-remaining": "99",
            "x-user-limit-24hour-reset": str(int((now + timedelta(hours=24)).timestamp())),
        }

    async def refusal(self, request: Request) -> Response | None:
        """Record the request; refuse a credential that is not this account's."""
        await self.note(request)
        by_signature = request.headers.get("authorization", "").startswith("OAuth ")
        signed = not self.expired and bool(await self.authority1.signed(request))
        good = signed if by_signature else self.bearer_is_good(request)
        return None if good else respond(self.unauthorized())

    async def me(self, request: Request) -> Response:
        return await self.refusal(request) or self.answer({"data": USER})

    async def upload(self, request: Request) -> Response:
        if refused := await self.refusal(request):
            return refused
        body = json.loads(await request.body())
        if unknown := body.keys() - _MEDIA_KEYS:
            return respond(invalid(f"unknown keys: {sorted(unknown)}"))
        if body.get("media_category") != "tweet_image":
            return respond(invalid("media_category is not one of the known"))
        try:
            size = len(base64.b64decode(body.get("media", ""), validate=True))
        except binascii.Error:
            return respond(invalid("media is not base64"))
        if not 0 < size <= _MOST_BYTES:
            return respond(invalid("media is too large"))
        media_id = str(next(self.numbers))
        self.media[media_id] = ""
        lasts = {"expires_after_secs": 86_400, "size": size}
        return self.answer({"data": {"id": media_id, "media_key": f"3_{media_id}", **lasts}})

    async def metadata(self, request: Request) -> Response:
        if refused := await self.refusal(request):
            return refused
        body = json.loads(await request.body())
        alt = body.get("metadata", {}).get("alt_text", {}).get("text", "")
        if body.get("id") not in self.media or len(alt) > _LONGEST_ALT:
            return respond(invalid("id is unknown, or alt_text is too long"))
        self.media[body["id"]] = alt
        return self.answer({"data": {"id": body["id"], "associated_metadata": body["metadata"]}})

    async def create(self, request: Request) -> Response:
        if refused := await self.refusal(request):
            return refused
        body = json.loads(await request.body())
        text, media = body.get("text", ""), body.get("media", {}).get("media_ids", [])
        if refused_body := self.not_allowed(body, text, media):
            return respond(refused_body)

        async def accept() -> Response:
            post = Post(
                id=str(next(self.numbers)),
                text=text,
                links=tuple(_links(text)),
                alt=tuple(self.media[media_id] for media_id in media),
                created=self.clock(),
                raw=body,
            )
            self.posts.append(post)
            answer = {"id": post.id, "text": self.shown(post)["text"], "edit_history_tweet_ids": [post.id]}
            return self.answer({"data": answer}, status=201)

        return await self.publishing(accept)

    def not_allowed(self, body: dict[str, Any], text: str, media: list[str]) -> Behaviour | None:
        """Say what X would refuse in this post."""
        if unknown := body.keys() - _KNOWN:
            return invalid(f"unknown keys: {sorted(unknown)}")
        if not text and not media:
            return invalid("a post needs a text or media")
        if any(media_id not in self.media for media_id in media):
            return invalid("Your media IDs are invalid.")
        if weight(text) > _LONGEST:
            return problem(403, "Forbidden", "You are not permitted to perform this action.")
        if len(_CASHTAG.findall(text)) > 1:
            return problem(403, "Forbidden", "A post can have a maximum of one cashtag.")
        if self.refuses_duplicates and any(post.text == text for post in self.posts):
            return duplicate()
        return None

    def unknown_parameter(self, request: Request) -> Response | None:
        """Refuse a parameter that X does not know, in the words of node-twitter-api-v2#597 (read 2026-11)."""
        known = sorted({*self.spellings, *_READ_PARAMETERS})
        unknown = [name for name in request.query_params if name not in known]
        if not unknown:
            return None
        return respond(invalid(f"The query parameter [{unknown[0]}] is not one of [{','.join(known)}]"))

    async def timeline(self, request: Request) -> Response:
        if refused := await self.refusal(request) or self.unknown_parameter(request):
            return refused
        if request.path_params["id"] != USER["id"]:
            return respond(problem(404, "Not Found Error", "Could not find user", kind="resource-not-found"))
        most, oldest = (
            int(request.query_params.get("max_results", "10")),
            request.query_params.get("start_time"),
        )
        if not 5 <= most <= 100:
            return respond(invalid("max_results is not between 5 and 100"))
        token = request.query_params.get("pagination_token", "0")
        if not token.isdigit():
            return respond(invalid("pagination_token is not one of ours"))
        start, end = int(token), int(token) + min(most, self.page_size)
        since = datetime.fromisoformat(oldest) if oldest else None
        posts = [post for post in self.newest() if since is None or post.created >= since]
        wanted = self.fields(request)
        shown = [{k: v for k, v in self.shown(post).items() if k in wanted} for post in posts[start:end]]
        meta = {"result_count": len(shown)} | ({"next_token": str(end)} if end < len(posts) else {})
        if shown:
            meta |= {"newest_id": shown[0]["id"], "oldest_id": shown[-1]["id"]}
        return self.listing(self.answer({"meta": meta} | ({"data": shown} if shown else {})))

    async def one(self, request: Request) -> Response:
        if refused := await self.refusal(request) or self.unknown_parameter(request):
            return refused
        post, wanted = self.post(request.path_params["id"]), self.fields(request)
        if post is None:
            missing = problem(404, "Not Found Error", "Could not find tweet", kind="resource-not-found")
            # A read that finds nothing is a success with errors; deleting what is gone is a 404 (unverified).
            return self.answer({"errors": [missing.body]}) if request.method == "GET" else respond(missing)
        if request.method == "DELETE":
            self.forget(post.id)
            return self.answer({"data": {"deleted": True}})
        return self.answer({"data": {k: v for k, v in self.shown(post).items() if k in wanted}})

    def fields(self, request: Request) -> set[str]:
        """Return the fields a read asked for, beside those that always come."""
        named = (request.query_params.get(spelling, "") for spelling in self.spellings)
        asked = ",".join(named).split(",")
        return {"id", "text", "edit_history_tweet_ids", *asked}

    def shown(self, post: Post) -> dict[str, Any]:
        text, urls = post.text, []
        for number, link in enumerate(post.links):
            short = f"https://t.co/{post.id:0>8}{number:0>2}"
            start = text.index(link)
            text = text.replace(link, short, 1)
            urls.append({"start": start, "end": start + len(short), "url": short, "expanded_url": link})
        return {
            "id": post.id,
            "text": text,
            "edit_history_tweet_ids": [post.id],
            "created_at": post.created.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            **({"entities": {"urls": urls}} if urls else {}),
            "public_metrics": {
                "like_count": 5,
                "reply_count": 3,
                "retweet_count": 2,
                "quote_count": 1,
                "bookmark_count": 0,
                "impression_count": 140,
            },
        }

    def answer(self, body: object, *, status: int = 200) -> JSONResponse:
        return JSONResponse(body, status, headers=self.windows())

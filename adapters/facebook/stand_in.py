"""A stand-in for the Graph API's page endpoints, in the shapes of shared facts read in November 2026.

Kept like the real one: the error envelope, `PAGE_POST` ids, `permalink_url`, l.facebook.com-wrapped attachment
links beside `unshimmed_url`, unpublished photos, pages by cursor, and a usage header on every answer. The same
message and link are refused; the real one says "cannot be posted consecutively" and may be less strict.
"""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from crosspost.sandbox.authority import Authority, Grant, Rules
from crosspost.sandbox.behaviour import Behaviour, refuse, respond
from crosspost.sandbox.standin import Post, StandIn

PAGE = "102030405060708"
_LONGEST = 63_206
_SCOPES = (
    "pages_show_list pages_manage_posts pages_read_engagement pages_manage_engagement business_management"
).split()


def error(status: int, code: int, message: str, *, subcode: int = 0, transient: bool = False) -> Behaviour:
    """Refuse in the Graph API's envelope."""
    return refuse(
        status,
        {
            "error": {
                "message": message,
                "type": "OAuthException",
                "code": code,
                **({"error_subcode": subcode} if subcode else {}),
                "is_transient": transient,
                "fbtrace_id": "AbCdEfGhIjK",
            }
        },
    )


def cursor(post: Post) -> str:
    """Mark a place in a list by the post that stands there."""
    return base64.b64encode(post.id.encode()).decode()


def duplicate() -> Behaviour:
    """Refuse the same words again (docs/graph-api/guides/error-handling, read 2026-09-11)."""
    return error(400, 506, "Duplicate Post")


class FacebookStandIn(StandIn):
    """Be a page on Facebook."""

    authority: Authority
    refuses_duplicates = True

    def __init__(self, *, token: str = "sandbox-token", page: str = PAGE) -> None:
        self.page = page
        self.pages = [page]
        """Those the person has a role on."""
        self.businesses: dict[str, tuple[list[str], list[str]]] = {}
        """The pages that each business owns, and its clients': listed with business_management alone."""
        self.requires_proof = False
        """Whether the app wants a proof of its secret with every call (guides/secure-requests)."""
        self.tasks = ["CREATE_CONTENT", "MODERATE", "ADVERTISE", "ANALYZE", "MANAGE"]
        rules = Rules(
            name="facebook",
            scopes=frozenset(_SCOPES),
            lasts=timedelta(hours=1),  # unverified: one or two hours
            separator=",",
            loopback="localhost",  # else "Insecure Login Blocked" (1349187; others' reports, 2026-11)
        )
        self.authority = Authority(rules, lambda: self.clock())
        self.page_tokens: dict[str, str] = {}
        """Of which page each of them is."""
        self.photos: dict[str, str] = {}
        self.fail_reads = 0
        """How many of the next listings are answered 503."""
        super().__init__(token=token)

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/{version}/dialog/oauth", self.authority.authorize),
            Route("/{version}/oauth/access_token", self.user_token),
            Route("/{version}/debug_token", self.debug_token),
            Route("/{version}/me/accounts", self.accounts),
            Route("/{version}/me/businesses", self.my_businesses),
            Route("/{version}/{business}/owned_pages", self.pages_of_business),
            Route("/{version}/{business}/client_pages", self.pages_of_business),
            Route("/{version}/me/permissions", self.permissions, methods=["DELETE"]),
            Route("/{version}/me", self.me),
            Route("/{version}/{page}/feed", self.feed, methods=["POST"]),
            Route("/{version}/{page}/photos", self.photo, methods=["POST"]),
            Route("/{version}/{page}/published_posts", self.published_posts),
            Route("/{version}/{id}", self.one, methods=["GET", "POST", "DELETE"]),
        ]

    def unauthorized(self) -> Behaviour:
        return error(400, 190, "Error validating access token: Session has expired.", subcode=463)

    def rate_limited(self) -> Behaviour:
        usage = {self.page: [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 12}]}
        refused = error(400, 80001, "There have been too many calls to this Page account.")
        return refuse(400, refused.body, {"x-business-use-case-usage": json.dumps(usage)})

    async def fields(self, request: Request) -> tuple[dict[str, Any], Response | None]:
        """Record the request; return its parameters, and a refusal if the token is bad."""
        seen = await self.note(request)
        params: dict[str, Any] = dict(request.query_params)
        kind = request.headers.get("content-type", "")
        if kind.startswith("application/json"):
            params |= json.loads(seen.body or b"{}")
        elif kind.startswith("multipart/"):
            async with request.form() as form:
                params |= {k: v if isinstance(v, str) else await v.read() for k, v in form.items()}
        else:
            params |= dict(parse_qsl(seen.body.decode(), keep_blank_values=True))
        if not self.bearer_is_good(request):
            return params, respond(self.unauthorized())
        return params, self.unproved(request)

    def unproved(self, request: Request) -> Response | None:
        """Refuse a call without the proof of the app's secret, where the app requires it."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        secret = self.authority.client_secret
        proof = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        if not self.requires_proof or request.query_params.get("appsecret_proof") == proof:
            return None
        return respond(error(400, 104, "API calls from the server require an appsecret_proof argument"))

    def bearer_is_good(self, request: Request) -> bool:
        """Take the known token, and one given to the page that the path names; in a header or the address."""
        token = request.query_params.get("access_token")
        token = token or request.headers.get("authorization", "").removeprefix("Bearer ")
        if token == self.token and not self.expired:
            return True
        named = request.url.path.split("/")[2].partition("_")[0]
        return (
            not self.expired and self.authority.find(token) is not None and self.page_tokens.get(token) == named
        )

    async def user_token(self, request: Request) -> Response:
        """Exchange a code, or a short-lived token for a long-lived one: all in the address."""
        return await self.authority.misbehaving(lambda: self.exchanged(dict(request.query_params)))

    def exchanged(self, asked: dict[str, str]) -> Response:
        authority = self.authority
        if (asked.get("client_id"), asked.get("client_secret")) != (
            authority.client_id,
            authority.client_secret,
        ):
            return respond(error(400, 1, "Error validating client secret."))
        if asked.get("grant_type") == "fb_exchange_token":
            grant, lasts = authority.find(asked.get("fb_exchange_token", "")), timedelta(days=60)
        else:
            grant, lasts = authority.code(asked), authority.rules.lasts
        if grant is None:
            return respond(error(400, 100, "This authorization code has been used.", subcode=36009))
        token = authority.issue(grant, lasts, "long" if lasts.days else "short")
        seconds = int(lasts.total_seconds())
        return JSONResponse({"access_token": token, "token_type": "bearer", "expires_in": seconds})

    def user(self, request: Request) -> Grant | None:
        """Return the grant of a request by a user token."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        return None if token in self.page_tokens else self.authority.find(token)

    async def debug_token(self, request: Request) -> Response:
        app = f"Bearer {self.authority.client_id}|{self.authority.client_secret}"
        token = request.query_params.get("input_token", "")
        grant, known = self.authority.find(token), self.authority.access.get(token)
        if request.headers.get("authorization") != app:
            return respond(error(400, 190, "Invalid OAuth access token signature."))
        if grant is None or known is None:
            return self.answer({"data": {"is_valid": False, "scopes": []}})
        ends = int(known.expires.timestamp()) if known.expires else 0
        return self.answer(
            {"data": {"type": "USER", "is_valid": True, "expires_at": ends, "scopes": list(grant.scopes)}}
        )

    async def accounts(self, request: Request) -> Response:
        """List the pages, with a token for each: without end if the user's is a long-lived one."""
        await self.note(request)
        grant = self.user(request)
        if grant is None:
            return respond(self.unauthorized())
        return self.unproved(request) or self.pages_listed(request, grant, self.pages)

    async def my_businesses(self, request: Request) -> Response:
        """List the person's businesses, if the grant holds the permission for it."""
        await self.note(request)
        grant = self.user(request)
        if grant is None:
            return respond(self.unauthorized())
        if "business_management" not in grant.scopes:
            return respond(error(403, 200, "(#200) Requires business_management permission"))
        listed = {"data": [{"id": name, "name": f"Business {name}"} for name in self.businesses]}
        return self.unproved(request) or self.answer(listed)

    async def pages_of_business(self, request: Request) -> Response:
        await self.note(request)
        grant, owned_and_clients = self.user(request), self.businesses.get(request.path_params["business"])
        if grant is None or owned_and_clients is None:
            return respond(error(400, 100, "Unsupported get request. Object does not exist", subcode=33))
        pages = owned_and_clients[request.url.path.endswith("client_pages")]
        return self.unproved(request) or self.pages_listed(request, grant, pages)

    def pages_listed(self, request: Request, grant: Grant, pages: list[str]) -> Response:
        """Show pages from a cursor on. The next part's address holds the user's token, as the real one does."""
        start = int(request.query_params.get("after", "0"))
        end = start + min(int(request.query_params.get("limit", "25")), self.page_size)
        user = request.headers["authorization"].removeprefix("Bearer ")
        shown = []
        for page in pages[start:end]:
            token = self.authority.issue(grant, None if "-long-" in user else timedelta(hours=1), "page")
            self.page_tokens[token] = page
            shown.append({"id": page, "name": f"Page {page}", "access_token": token, "tasks": self.tasks})
        paging: dict[str, Any] = {"cursors": {"before": str(start), "after": str(end)}}
        if end < len(pages):
            paging["next"] = str(request.url.include_query_params(after=str(end), access_token=user))
        return self.answer({"data": shown, "paging": paging})

    async def permissions(self, request: Request) -> Response:
        """Take back all that the person gave."""
        grant = self.user(request)
        if grant is None:
            return respond(self.unauthorized())
        if refused := self.unproved(request):
            return refused
        grant.ended = True
        return self.answer({"success": True})

    async def me(self, request: Request) -> Response:
        _, refused = await self.fields(request)
        return refused or self.answer({"id": self.page, "name": "Sandbox page"})

    async def feed(self, request: Request) -> Response:
        fields, refused = await self.fields(request)
        if refused:
            return refused
        if len(fields.get("message", "")) > _LONGEST:
            return respond(error(400, 100, "Invalid parameter: message is too long"))
        if not fields.get("message") and not fields.get("link"):
            return respond(error(400, 100, "(#100) Missing message or attachment"))
        attached = fields.get("attached_media", [])
        attached = json.loads(attached) if isinstance(attached, str) else attached
        if any(str(media["media_fbid"]) not in self.photos for media in attached):
            return respond(error(400, 100, "(#100) attached_media[0] must be a photo that can be published"))
        if self.refuses_duplicates and any(self.says_the_same(post, fields) for post in self.posts):
            return respond(duplicate())

        async def accept() -> Response:
            post = Post(
                id=f"{self.page}_{next(self.numbers)}",
                text=fields.get("message", ""),
                links=(fields["link"],) if fields.get("link") else (),
                alt=tuple(self.photos[str(media["media_fbid"])] for media in attached),
                created=self.clock(),
                raw=fields,
            )
            self.posts.append(post)
            return self.answer({"id": post.id, "permalink_url": self.permalink(post)})

        return await self.publishing(accept)

    def says_the_same(self, post: Post, fields: dict[str, Any]) -> bool:
        return post.text == fields.get("message", "") and post.raw.get("link") == fields.get("link")

    async def photo(self, request: Request) -> Response:
        fields, refused = await self.fields(request)
        if refused:
            return refused
        photo = str(next(self.numbers))
        self.photos[photo] = fields.get("alt_text_custom", "")
        return self.answer({"id": photo})

    async def published_posts(self, request: Request) -> Response:
        fields, refused = await self.fields(request)
        if refused:
            return refused
        if self.fail_reads:
            self.fail_reads -= 1
            return respond(error(503, 2, "Service temporarily unavailable", transient=True))
        posts = self.newest()
        places = [cursor(post) for post in posts]
        after, limit = fields.get("after"), min(int(fields.get("limit", "25")), self.page_size)
        if after and after not in places:
            return respond(error(400, 100, "Invalid parameter: after"))
        start = places.index(after) + 1 if after else 0
        page = posts[start : start + limit]
        return self.listing(
            self.answer({"data": [self.shown(post) for post in page], **self.paging(request, page)})
        )

    def paging(self, request: Request, page: list[Post]) -> dict[str, Any]:
        """Make the cursors of a page: the last one has them too, but no `next`."""
        if not page:
            return {}
        paging: dict[str, Any] = {"cursors": {"before": cursor(page[0]), "after": cursor(page[-1])}}
        if page[-1] is not self.newest()[-1]:
            after = {"after": cursor(page[-1]), "access_token": self.token}
            paging["next"] = str(request.url.include_query_params(**after))
        return {"paging": paging}

    async def one(self, request: Request) -> Response:
        fields, refused = await self.fields(request)
        if refused:
            return refused
        wanted = request.path_params["id"]
        if request.method == "GET" and wanted == self.page:
            return self.answer(
                {"id": self.page, "name": "Sandbox page", "link": "https://www.facebook.com/sandbox"}
            )
        post = self.post(wanted)
        if post is None:
            return respond(
                error(400, 100, f"Unsupported request. Object with ID '{wanted}' does not exist", subcode=33)
            )
        if request.method == "DELETE":
            self.forget(post.id)
            return self.answer({"success": True})
        if request.method == "POST":
            post.text = fields.get("message", post.text)
            return self.answer({"success": True})
        return self.answer(self.shown(post))

    def permalink(self, post: Post) -> str:
        return f"https://www.facebook.com/{self.page}/posts/{post.id.partition('_')[2]}"

    def shown(self, post: Post) -> dict[str, Any]:
        attachments = [
            {
                "title": "",
                "url": f"https://l.facebook.com/l.php?u={quote(link, safe='')}&h=AT0",
                "unshimmed_url": link,
            }
            for link in post.links
        ]
        return {
            "id": post.id,
            "message": post.text,
            "created_time": post.created.strftime("%Y-%m-%dT%H:%M:%S+0000"),
            "permalink_url": self.permalink(post),
            **({"attachments": {"data": attachments}} if attachments else {}),
            "shares": {"count": 2},
            "comments": {"data": [], "summary": {"total_count": 3}},
            "reactions": {"data": [], "summary": {"total_count": 5}},
        }

    def answer(self, body: object) -> JSONResponse:
        usage = {self.page: [{"type": "pages", "call_count": 1, "estimated_time_to_regain_access": 0}]}
        return JSONResponse(
            body, headers={"x-business-use-case-usage": json.dumps(usage), "facebook-api-version": "v26.0"}
        )

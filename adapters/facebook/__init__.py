"""Facebook pages, by the Graph API.

Sources: developers.facebook.com/docs/graph-api/reference/page/feed, …/pages-api/posts, …/guides/error-handling
(read 2026-09-11). Nothing here was observed on a live page; what is unverified says so.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from pydantic import Field, SecretStr

from crosspost.contract import (
    AdapterSettings,
    Capabilities,
    HttpAdapter,
    LinkPlace,
    Page,
    PictureRule,
    listed,
    named,
    whole_list,
)
from crosspost.contract.login import Login
from crosspost.errors import Duplicate, NotSent, PublishError, RateLimited, Rejected, Unauthorized, Uncertain
from crosspost.http import Answer, Part, Request, refusal
from crosspost.model import Account, Draft, Engagement, Media, Receipt, RemotePost
from crosspost.text import unwrap

# Error codes, by docs/graph-api/guides/error-handling; subcodes of 1xxxxxx size are third-party reports
# (unverified, read 2026-08).
_UNAUTHORIZED = {190, 102, 3, 10, *range(200, 300), 1705, 2069032}
_DUPLICATE = {506, 1366051}
_TOO_FAST = {4, 17, 32, 341, 613, 80001, 1390008}
_TRANSIENT = {1, 2, 1363047, 1609010}
# `{page}_{post}`, or the number alone, as of photos (docs/pages-api/posts).
_ID = r"[0-9]+(_[0-9]+)?"
_GONE = 33  # subcode of code 100: "does not exist"
# docs/graph-api/changelog/versions, read 2026-09. The end of v26.0 is not announced yet.
_VERSION_ENDS = {
    "v20.0": date(2026, 9, 24),
    "v21.0": date(2027, 1, 21),
    "v22.0": date(2027, 5, 20),
    "v23.0": date(2027, 10, 8),
    "v24.0": date(2028, 2, 18),
    "v25.0": date(2028, 7, 29),
}
_FIELDS = "id,message,created_time,permalink_url,attachments{unshimmed_url,url}"


class Facebook(HttpAdapter["Facebook.Settings"]):
    """Publish on one page: a link with its card, or a photo with alt text and the link in the message."""

    kind: ClassVar[str] = "facebook"
    name: ClassVar[str] = "Facebook"
    home: ClassVar[str] = "https://www.facebook.com"
    colour: ClassVar[str] = "#1877f2"

    class Settings(AdapterSettings):
        """`access_token` is a page token; one made from a long-lived user token has no end date."""

        base_url: str = Field("https://graph.facebook.com", description="Where the Graph API is.")
        login_url: str = Field("https://www.facebook.com", description="Where people log in to connect.")
        page: str = Field(description="The page's id, in digits.")
        access_token: SecretStr = Field(description="The page's access token.")
        api_version: str = Field(
            "v26.0", pattern=r"^v\d+\.\d+$", description="The Graph API's version. v26.0 is of 2026-07-29."
        )

    capabilities: ClassVar[Capabilities] = Capabilities(
        max_length=63_206,  # unverified: not in the reference; what others use (read 2026-09)
        link=LinkPlace.CARD_UNLESS_PICTURE,
        # The reference says 10 MB, error 1366046 says 4 MB: keep to the smaller.
        picture=PictureRule(max_bytes=4_000_000, alt_length=1000, by_default=False),
        neutralise=re.compile(r"@\["),  # @[page-id] mentions a page
        # 506, "cannot be posted consecutively" (error handling): another post between the two may let the
        # second one through (unverified, read 2026-09-11), so nobody relies on it.
        refuses_duplicates=False,
    )
    settings: Settings

    @classmethod
    def version_ends(cls, settings: Settings) -> date | None:
        return _VERSION_ENDS.get(settings.api_version)

    @classmethod
    def logins(cls) -> Mapping[str, type[Login]]:
        from .login import LOGINS

        return LOGINS

    async def verify(self) -> Account:
        answer = await self.call(self._request("GET", self.settings.page, params={"fields": "id,name,link"}))
        page = self._object(answer)
        page_id = named(page.get("id"))
        if not page_id:
            raise self.meaning(answer)
        return Account(id=page_id, name=str(page.get("name") or ""), url=str(page.get("link") or ""))

    async def upload(self, media: Media) -> Media:
        """Upload the photo unpublished; Facebook deletes it after about a day if nothing uses it."""
        parts = [
            Part(name="published", content=b"false"),
            Part(name="alt_text_custom", content=media.alt.encode()),
            Part(name="source", content=media.data, mime=media.mime, filename=media.filename),
        ]
        answer = await self.call(self._request("POST", f"{self.settings.page}/photos", parts=parts))
        photo = named(self._object(answer).get("id"), _ID)
        if not photo:
            raise self.meaning(answer)
        return replace(media, remote_id=photo, expires=answer.at + timedelta(hours=20))

    def post(self, draft: Draft, key: str) -> Request:
        body: dict[str, object] = {"message": draft.text}
        if draft.picture is not None:
            body["attached_media"] = [{"media_fbid": draft.picture.remote_id}]
        else:
            body["link"] = draft.link
        return self._request(
            "POST", f"{self.settings.page}/feed", params={"fields": "id,permalink_url"}, json=body
        )

    def receipt(self, answer: Answer) -> Receipt:
        post = self._object(answer)
        post_id = named(post.get("id"), _ID)
        if not post_id:
            raise self.meaning(answer)
        return _receipt(post_id, named(post.get("permalink_url"), r"https://\S+"))

    async def find_recent(self, since: datetime) -> Sequence[RemotePost]:
        """Read `published_posts`.

        Its neighbour `feed` is ranked and bounded (reference, Limitations); whether this one is too is
        unverified.
        """
        return await whole_list(self._page, since, network=self.name)

    async def _page(self, cursor: str) -> Page:
        params = {"fields": _FIELDS, "limit": "100"} | ({"after": cursor} if cursor else {})
        page = await self._read(f"{self.settings.page}/published_posts", params)
        return [_remote_post(post) for post in listed(page["data"])], _after(page)

    async def edit(self, remote_id: str, draft: Draft) -> Receipt:
        """Change the message. Facebook keeps the link and the photo as they were."""
        await self.call(self._request("POST", remote_id, json={"message": draft.text}))
        return _receipt(remote_id, "")

    async def retract(self, remote_id: str) -> None:
        answer = await self.call(self._request("DELETE", remote_id), fine=frozenset({400, 404}))
        if not answer.ok and _error(answer).get("error_subcode") != _GONE:
            raise self.meaning(answer)

    async def read_counts(self, remote_id: str) -> Engagement:
        counts = "shares,comments.limit(0).summary(true),reactions.limit(0).summary(true)"
        post = await self._read(remote_id, {"fields": counts})
        return Engagement(
            likes=post.get("reactions", {}).get("summary", {}).get("total_count"),
            replies=post.get("comments", {}).get("summary", {}).get("total_count"),
            reposts=post.get("shares", {}).get("count", 0),
        )

    async def _read(self, path: str, params: Mapping[str, str]) -> dict[str, Any]:
        return self._object(await self.call(self._request("GET", path, params=params)))

    def _request(self, method: str, path: str, **more: Any) -> Request:
        return Request(
            method=method, url=f"{self.settings.base_url}/{self.settings.api_version}/{path}", **more
        )

    def signed(self, request: Request) -> Request:
        """Put the token into a header, not into the address: addresses end up in logs."""
        token = self.settings.access_token.get_secret_value()
        return request.with_headers({"authorization": f"Bearer {token}"})

    def _object(self, answer: Answer) -> dict[str, Any]:
        """Return the object that every success holds; raise what a refusal in the shape of one means."""
        if not isinstance(answer.json(), dict) or "error" in answer.object():
            raise self.meaning(answer)
        return answer.object()

    def meaning(self, answer: Answer) -> PublishError:
        """Classify by the envelope's code: the status is no reliable class (docs, error handling)."""
        error = _error(answer)
        if not error:
            return refusal(answer, f"Facebook answered {answer.status}")
        says = f"Facebook answered {error.get('code')}: {error.get('message', '')}"
        codes = {error.get("code"), error.get("error_subcode")}
        if codes & _DUPLICATE:
            return Duplicate(says)
        if codes & _UNAUTHORIZED:
            return Unauthorized(says)
        if codes & _TOO_FAST:
            return RateLimited(says, until=_regain(answer))
        if codes & _TRANSIENT or error.get("is_transient"):
            # A 500 or code 2 may have published (arsduo/koala#699).
            return Uncertain(says) if answer.request.once else NotSent(says)
        if answer.status >= 500:
            return refusal(answer, says)
        return Rejected(says)


def _receipt(post_id: str, url: str) -> Receipt:
    return Receipt(remote_id=post_id, url=url or f"https://www.facebook.com/{post_id}")


def _error(answer: Answer) -> dict[str, Any]:
    """Return the envelope of a refusal; empty if there is none."""
    error = answer.object().get("error")
    return error if isinstance(error, dict) else {}


def _regain(answer: Answer) -> datetime | None:
    """Read when calls will succeed again: minutes, in the usage header's JSON."""
    try:
        usage = json.loads(answer.headers.get("x-business-use-case-usage", "{}"))
        minutes = max(
            (int(use.get("estimated_time_to_regain_access", 0)) for uses in usage.values() for use in uses),
            default=0,
        )
    except (ValueError, TypeError, AttributeError):
        return None
    return answer.at + timedelta(minutes=min(minutes, 7 * 24 * 60)) if minutes > 0 else None


def _after(page: dict[str, Any]) -> str:
    """Return the cursor of the next page; "" on the last one, which has a cursor too, but no `next`.

    A page with few posts, or none, need not be the last (docs/graph-api/results, read 2026-11). The address
    in `next` is not followed: the token stands in it.
    """
    paging = page.get("paging") or {}
    return str(paging["cursors"]["after"]) if paging.get("next") else ""


def _remote_post(post: dict[str, Any]) -> RemotePost:
    attachments = post.get("attachments", {}).get("data", [])
    links = [
        unwrap(attachment.get("unshimmed_url") or attachment.get("url") or "") for attachment in attachments
    ]
    return RemotePost(
        remote_id=post["id"],
        url=str(post.get("permalink_url") or ""),
        text=str(post.get("message") or ""),
        links=tuple(link for link in links if link),
        created=datetime.strptime(post["created_time"], "%Y-%m-%dT%H:%M:%S%z"),
    )

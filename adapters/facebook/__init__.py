"""Facebook pages, by the Graph API.

Sources: developers.facebook.com/docs/graph-api/reference/page/feed, …/pages-api/posts, …/guides/error-handling
(read 2026-09-11). Nothing here was observed on a live page; what is unverified says so.
"""

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
from crosspost.errors import PublishError
from crosspost.http import Answer, Part, Request
from crosspost.model import Account, Draft, Engagement, Media, Receipt, RemotePost
from crosspost.text import unwrap

from .proof import proved
from .refusals import is_gone, is_own, meaning_of

# `{page}_{post}`, or the number alone, as of photos (docs/pages-api/posts).
_ID = r"[0-9]+(_[0-9]+)?"
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
        page: str = Field(description="The page's id, in digits.", examples=["1234567890"])
        access_token: SecretStr = Field(description="The page's access token.")
        app_secret: SecretStr | None = Field(
            None,
            description="The app's secret, if the app requires a proof of it (appsecret_proof).",
        )
        api_version: str = Field(
            "v26.0", pattern=r"^v\d+\.\d+$", description="The Graph API's version. v26.0 is of 2026-07-29."
        )

    found_by_connect: ClassVar[frozenset[str]] = frozenset({"page"})
    capabilities: ClassVar[Capabilities] = Capabilities(
        max_length=63_206,  # unverified: not in the reference; what others use (read 2026-09)
        link=LinkPlace.CARD_UNLESS_PICTURE,
        template=(  # the card has the page's title
            "{{ opening }}\n\n{% if not card %}{{ title }}\n\n{% endif %}"
            "{{ excerpt or title }}\n\n{{ hashtags }}"
        ),
        # The reference says 10 MB, error 1366046 says 4 MB: keep to the smaller.
        picture=PictureRule(max_bytes=4_000_000, alt_length=1000, by_default=False),
        neutralise=re.compile(r"@\["),  # @[page-id] mentions a page
        # 506, "cannot be posted consecutively" (error handling): another post between the two may let the
        # second one through (unverified, read 2026-09-11), so nobody relies on it.
        refuses_duplicates=False,
    )
    settings: Settings

    @classmethod
    def destination(cls, settings: Settings) -> tuple[str, ...]:
        return (settings.page,)

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
        if not answer.ok and not is_gone(answer):
            raise self.refused(answer)

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
        token, secret = self.settings.access_token.get_secret_value(), self.settings.app_secret
        request = request.with_headers({"authorization": f"Bearer {token}"})
        return proved(request, token, secret.get_secret_value()) if secret is not None else request

    def _object(self, answer: Answer) -> dict[str, Any]:
        """Return the object that every success holds; raise what a refusal in the shape of one means."""
        if not isinstance(answer.json(), dict) or "error" in answer.object():
            raise self.meaning(answer)
        return answer.object()

    def is_own(self, answer: Answer) -> bool:
        return is_own(answer)

    def meaning(self, answer: Answer) -> PublishError:
        return meaning_of(answer)


def _receipt(post_id: str, url: str) -> Receipt:
    return Receipt(remote_id=post_id, url=url or f"https://www.facebook.com/{post_id}")


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

"""X, by its API v2.

Sources: docs.x.com as in xdevplatform/docs @ 28713281 (2026-08-22) and its OpenAPI file, versions 2.159 and
2.167; prices of 2026-04-20. Nothing here was observed on a live account; what is unverified says so.
"""

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from pydantic import Field

from crosspost.contract import (
    Capabilities,
    HttpAdapter,
    OAuth1Settings,
    Page,
    PictureRule,
    listed,
    named,
    whole_list,
)
from crosspost.contract.login import Login
from crosspost.errors import PublishError
from crosspost.http import Answer, Request
from crosspost.model import Account, Draft, Engagement, Media, Money, Receipt, RemotePost

from .counting import links, weight, whole_link
from .refusals import GONE, is_own, meaning_of, said_in, types_in

# node-twitter-api-v2#597, read 2026-11: "The query parameter [tweet.fields] is not one of [...]".
_UNKNOWN_PARAMETER = re.compile(r"query parameters? \[.*fields.*\] is not one of", re.IGNORECASE)
# Of posts, users and media (OpenAPI files).
_ID = r"[0-9]{1,19}"
# Anything that could name an account, but no e-mail address; RT@name is a mention too. A cashtag is letters
# only, so $20 is a price. Wider than X's own rules (twitter-text 3.1.0, valid-mention and valid-cashtag).
_ACTED_ON = re.compile(
    r"(?:(?<![A-Za-z0-9_])|(?<=(?<![A-Za-z0-9_])[Rr][Tt]))[@＠](?=[A-Za-z0-9_])"
    r"|(?<![A-Za-z0-9_$])\$(?=[A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?(?!\w))"
)


class X(HttpAdapter["X.Settings"]):
    """Publish as one account: the text with the link last, of which X makes a card; a picture if asked."""

    kind: ClassVar[str] = "x"
    name: ClassVar[str] = "X"
    home: ClassVar[str] = "https://x.com"
    colour: ClassVar[str] = "#0f1419"

    class Settings(OAuth1Settings):
        """Either the four strings of OAuth 1.0a, which last until revoked, or an OAuth 2 token of two hours."""

        base_url: str = Field("https://api.x.com", description="Where the API is.")
        login_url: str = Field("https://x.com", description="Where people log in to connect.")
        price_post: Decimal = Field(
            Decimal("0.015"), ge=0, description="What X bills for a post, in USD. Price of 2026-04-20."
        )
        price_link: Decimal = Field(
            Decimal("0.20"),
            ge=0,
            description="What X bills for one with a link, in USD. Price of 2026-04-20.",
        )

    capabilities: ClassVar[Capabilities] = Capabilities(
        max_length=280,
        count=weight,
        picture=PictureRule(max_bytes=5_000_000, alt_length=1000, by_default=False),
        template="{{ opening }} {{ title or excerpt }}\n\n{{ hashtags }}\n{{ link }}",
        neutralise=_ACTED_ON,
        links=links,
        whole_link=whole_link,
        refuses_duplicates=True,  # 403; how far back X looks is unverified (akrherz/iembot#163, 2026-02)
    )
    settings: Settings
    account: Account | None = None
    """Whom the credential speaks for, once somebody asked: each look is billed."""
    spelling: str = "tweet.fields"
    """The parameter that names fields: 2.167 says `post.fields`; which one is live is unverified."""

    def cost(self, draft: Draft) -> Money:
        """Price the post alone; the alt text of a picture costs half a cent more."""
        linked = draft.has_link_in_text or any(links(draft.text))  # a bare name is one as well
        return Money(self.settings.price_link if linked else self.settings.price_post)

    @classmethod
    def logins(cls) -> Mapping[str, type[Login]]:
        from .login import LOGINS

        return LOGINS

    async def verify(self) -> Account:
        answer = await self.call(self._request("GET", "users/me"))
        user = _data(answer)
        user_id, name = named(user.get("id"), _ID), named(user.get("username"))
        if not user_id or not name:
            raise self.meaning(answer)
        self.account = Account(id=user_id, name=f"@{name}", url=f"https://x.com/{name}")
        return self.account

    async def upload(self, media: Media) -> Media:
        """Upload the picture, then its alt text. X forgets it if no post uses it in time."""
        # Nothing else: 2.167 refuses `media_type`, which 2.159 did without.
        body = {"media": base64.b64encode(media.data).decode(), "media_category": "tweet_image"}
        answer = await self.call(self._request("POST", "media/upload", json=body))
        uploaded = _data(answer)
        media_id, lasts = named(uploaded.get("id"), _ID), uploaded.get("expires_after_secs")
        if not media_id:
            raise self.meaning(answer)
        if media.alt:
            alt_text = {"id": media_id, "metadata": {"alt_text": {"text": media.alt}}}
            await self.call(self._request("POST", "media/metadata", json=alt_text))
        return replace(
            media,
            remote_id=media_id,
            expires=answer.at + timedelta(seconds=lasts) if isinstance(lasts, int) else None,
        )

    def post(self, draft: Draft, key: str) -> Request:
        body: dict[str, object] = {"text": draft.text}
        if draft.picture is not None:
            body["media"] = {"media_ids": [draft.picture.remote_id]}
        return self._request("POST", "tweets", json=body)

    def receipt(self, answer: Answer) -> Receipt:
        """Read the post's id. What X refuses beside it, such as a field, does not take it back."""
        post_id = named(_data(answer).get("id"), _ID)
        if not post_id:
            raise self.meaning(answer)
        return Receipt(remote_id=post_id, url=self._url(post_id))

    async def find_recent(self, since: datetime) -> Sequence[RemotePost]:
        """Read the account's timeline, without its replies and reposts. X itself ends it at `since`."""
        account = self.account or await self.verify()
        params = {
            "max_results": "100",
            "start_time": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "exclude": "replies,retweets",
        }

        async def read(cursor: str) -> Page:
            more = {"pagination_token": cursor} if cursor else {}
            page = await self._read_fields(f"users/{account.id}/tweets", "created_at,entities", params | more)
            posts = [self._remote_post(post) for post in _listed(page)]
            return posts, str(page["meta"].get("next_token") or "")

        return await whole_list(read, since, network=self.name)

    async def retract(self, remote_id: str) -> None:
        answer = await self.call(self._request("DELETE", f"tweets/{remote_id}"), fine=frozenset({404}))
        if answer.ok and not _is_success(answer) and GONE not in types_in(answer):
            raise self.meaning(answer)

    async def read_counts(self, remote_id: str) -> Engagement:
        post = await self._read_fields(f"tweets/{remote_id}", "public_metrics")
        counts = post.get("data", {}).get("public_metrics", {})
        return Engagement(
            likes=counts.get("like_count"),
            replies=counts.get("reply_count"),
            # Renamed in 2.167.
            reposts=counts.get("repost_count", counts.get("retweet_count")),
            views=counts.get("impression_count"),
        )

    def _url(self, post_id: str) -> str:
        # Without the name: a convention that many use (unverified).
        where = f"{self.account.url}/status" if self.account else "https://x.com/i/web/status"
        return f"{where}/{post_id}"

    def _remote_post(self, post: dict[str, Any]) -> RemotePost:
        text, links, created = str(post.get("text") or ""), [], post.get("created_at")
        for entity in post.get("entities", {}).get("urls", []):
            # Only `url` is sure to be there (OpenAPI files, UrlEntity).
            link = str(entity.get("expanded_url") or entity.get("unwound_url") or entity.get("url") or "")
            text = text.replace(str(entity.get("url") or link), link)
            links.append(link)
        return RemotePost(
            remote_id=post["id"],
            url=self._url(post["id"]),
            text=text,
            links=tuple(filter(None, links)),
            created=_moment(created) if created is not None else None,
        )

    async def _read(self, path: str, params: Mapping[str, str] | None = None) -> dict[str, Any]:
        return self._object(await self.call(self._request("GET", path, params=params or {})))

    async def _read_fields(
        self, path: str, fields: str, params: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Read with these fields; by the other spelling from then on, if X does not know this one."""

        def asked() -> Request:
            return self._request("GET", path, params={**(params or {}), self.spelling: fields})

        answer = await self.call(asked(), fine=frozenset({400}))
        if not answer.ok and _UNKNOWN_PARAMETER.search(said_in(answer)):
            self.spelling = "post.fields" if self.spelling == "tweet.fields" else "tweet.fields"
            answer = await self.call(asked())
        if not answer.ok:
            raise self.refused(answer)
        return self._object(answer)

    def _request(self, method: str, path: str, **more: Any) -> Request:
        return Request(method=method, url=f"{self.settings.base_url}/2/{path}", **more)

    def signed(self, request: Request) -> Request:
        return self.settings.signed(request)

    def _object(self, answer: Answer) -> dict[str, Any]:
        """Return the object of a success; raise what a refusal in the shape of one means."""
        if not _is_success(answer):
            raise self.meaning(answer)
        return answer.object()

    def is_own(self, answer: Answer) -> bool:
        return is_own(answer)

    def meaning(self, answer: Answer) -> PublishError:
        return meaning_of(answer)


def _data(answer: Answer) -> dict[str, Any]:
    data = answer.object().get("data")
    return data if isinstance(data, dict) else {}


def _is_success(answer: Answer) -> bool:
    body = answer.json()
    return isinstance(body, dict) and ("data" in body or "errors" not in body)


def _listed(page: dict[str, Any]) -> list[Any]:
    """Return the posts of a page. One without any has no `data`, and says so in `meta` (OpenAPI files)."""
    if "errors" in page:
        raise ValueError("a list with gaps")
    return listed(page.get("data", [] if page["meta"]["result_count"] == 0 else None))


def _moment(created: str) -> datetime:
    moment = datetime.fromisoformat(created)
    if moment.tzinfo is None:
        raise ValueError("a moment has no time zone")
    return moment

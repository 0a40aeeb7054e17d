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
    whole_list,
)
from crosspost.contract.login import Login
from crosspost.errors import Duplicate, NotSent, PublishError, RateLimited, Rejected, Unauthorized
from crosspost.http import Answer, Request, named_moment, next_utc_midnight, refusal, retry_after
from crosspost.model import Account, Draft, Engagement, Media, Money, Receipt, RemotePost

from .counting import links, weight, whole_link

# Problem types, by their last path segment: the host before it is api.x.com or api.twitter.com (OpenAPI files).
# `user-suspended` and `duplicate-rules` are what others match (unverified, read 2026-11).
_UNAUTHORIZED = {
    "client-forbidden",
    "oauth1-permissions",
    "unsupported-authentication",
    "user-suspended",
    "credits",
}
_DUPLICATE = "duplicate-rules"
_USAGE_CAP = "usage-capped"
_GONE = "resource-not-found"
# Codes of the older envelope (fundamentals/rate-limits; 187 is unverified).
_TOO_FAST_CODE, _DUPLICATE_CODE = "88", "187"
# 403, type about:blank: the sentence is all there is (akrherz/iembot#163, 2026-02).
_DUPLICATE_WORDS = "duplicate content"
_WINDOWS = ("x-rate-limit", "x-app-limit-24hour", "x-user-limit-24hour")
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
        template="{{ title }}\n\n{{ excerpt }}\n\n{{ hashtags }}\n{{ link }}",
        neutralise=_ACTED_ON,
        links=links,
        whole_link=whole_link,
        refuses_duplicates=True,  # 403; how far back X looks is unverified (akrherz/iembot#163, 2026-02)
    )
    settings: Settings
    account: Account | None = None
    """Whom the credential speaks for, once somebody asked: each look is billed."""

    def cost(self, draft: Draft) -> Money:
        """Price the post alone; the alt text of a picture costs half a cent more."""
        linked = draft.has_link_in_text or any(links(draft.text))  # a bare name is one as well
        return Money(self.settings.price_link if linked else self.settings.price_post)

    @classmethod
    def logins(cls) -> Mapping[str, type[Login]]:
        from .login import LOGINS

        return LOGINS

    async def verify(self) -> Account:
        user = (await self._read("users/me")).get("data", {})
        if not user.get("id"):
            raise NotSent("X did not say whose access token this is")
        self.account = Account(
            id=str(user["id"]), name=f"@{user.get('username')}", url=f"https://x.com/{user.get('username')}"
        )
        return self.account

    async def upload(self, media: Media) -> Media:
        """Upload the picture, then its alt text. X forgets it if no post uses it in time."""
        # Nothing else: 2.167 refuses `media_type`, which 2.159 did without.
        body = {"media": base64.b64encode(media.data).decode(), "media_category": "tweet_image"}
        answer = await self.call(self._request("POST", "media/upload", json=body))
        uploaded = self._object(answer).get("data", {})
        if not uploaded.get("id"):
            raise NotSent("X took the picture but did not name it")
        media_id, lasts = str(uploaded["id"]), uploaded.get("expires_after_secs")
        if media.alt:
            alt_text = {"id": media_id, "metadata": {"alt_text": {"text": media.alt}}}
            await self.call(self._request("POST", "media/metadata", json=alt_text))
        return replace(
            media, remote_id=media_id, expires=answer.at + timedelta(seconds=int(lasts)) if lasts else None
        )

    def post(self, draft: Draft, key: str) -> Request:
        body: dict[str, object] = {"text": draft.text}
        if draft.picture is not None:
            body["media"] = {"media_ids": [draft.picture.remote_id]}
        return self._request("POST", "tweets", json=body)

    def receipt(self, answer: Answer) -> Receipt:
        post_id = str(self._object(answer).get("data", {}).get("id", ""))
        return Receipt(remote_id=post_id, url=self._url(post_id) if post_id else "")

    async def find_recent(self, since: datetime) -> Sequence[RemotePost]:
        """Read the account's timeline, without its replies and reposts. X itself ends it at `since`."""
        account = self.account or await self.verify()
        params = {
            "max_results": "100",
            "start_time": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "exclude": "replies,retweets",
            # 2.167 says `post.fields`; which one is live is unverified.
            "tweet.fields": "created_at,entities",
        }

        async def read(cursor: str) -> Page:
            more = {"pagination_token": cursor} if cursor else {}
            page = await self._read(f"users/{account.id}/tweets", params | more)
            posts = [self._remote_post(post) for post in _listed(page)]
            return posts, str(page["meta"].get("next_token") or "")

        return await whole_list(read, since, network=self.name)

    async def retract(self, remote_id: str) -> None:
        answer = await self.call(self._request("DELETE", f"tweets/{remote_id}"), fine=frozenset({404}))
        if answer.ok and not _is_success(answer) and _GONE not in _types(answer):
            raise self.meaning(answer)

    async def read_counts(self, remote_id: str) -> Engagement:
        post = await self._read(f"tweets/{remote_id}", {"tweet.fields": "public_metrics"})
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
            link = str(entity.get("expanded_url") or "")
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

    def _request(self, method: str, path: str, **more: Any) -> Request:
        return Request(method=method, url=f"{self.settings.base_url}/2/{path}", **more)

    def signed(self, request: Request) -> Request:
        return self.settings.signed(request)

    def _object(self, answer: Answer) -> dict[str, Any]:
        """Return the object of a success; raise what a refusal in the shape of one means."""
        if not _is_success(answer):
            raise self.meaning(answer)
        return answer.object()

    def meaning(self, answer: Answer) -> PublishError:
        """Classify by the problems' types, codes and words; by status where they say nothing."""
        problems, types = _problems(answer), _types(answer)
        codes = {str(problem.get("code", "")) for problem in problems}
        words = [
            str(problem.get("detail") or problem.get("message") or problem.get("title") or "")
            for problem in problems
        ]
        said = "; ".join(dict.fromkeys(filter(None, words)))
        says = f"X answered {answer.status}" + (said and f": {said}")
        if _DUPLICATE in types or _DUPLICATE_CODE in codes or _DUPLICATE_WORDS in said.lower():
            return Duplicate(says)  # X never names the original
        if answer.status in (401, 402) or types & _UNAUTHORIZED:
            return Unauthorized(says, stale=answer.status == 401 or "unsupported-authentication" in types)
        if _USAGE_CAP in types:
            # Caps are per day or per month; the day on which a month ends is not told: look once a day.
            return RateLimited(says, until=next_utc_midnight(answer.at))
        if answer.status == 429 or _TOO_FAST_CODE in codes:
            return RateLimited(says, until=_reset(answer))
        if _GONE in types and not answer.request.once:
            return Rejected(says)
        return refusal(answer, says)


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


def _problems(answer: Answer) -> list[dict[str, Any]]:
    """Return the problems of an answer: the body itself, and what stands in its `errors`."""
    body = answer.object()
    errors = body.get("errors")
    listed = errors if isinstance(errors, list) else []
    return [body, *(problem for problem in listed if isinstance(problem, dict))]


def _types(answer: Answer) -> set[str]:
    return {str(problem.get("type", "")).rpartition("/")[2] for problem in _problems(answer)}


def _reset(answer: Answer) -> datetime | None:
    """Read when the last of the exhausted windows opens again."""
    windows = [name for name in _WINDOWS if answer.headers.get(f"{name}-remaining") == "0"]
    resets = [
        named_moment(answer.headers.get(f"{name}-reset", ""), answer.at) for name in windows or ["x-rate-limit"]
    ]
    return max(filter(None, resets), default=retry_after(answer.headers, answer.at))

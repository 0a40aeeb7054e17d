"""X, by its API v2.

Sources: docs.x.com as in xdevplatform/docs @ 28713281 (2026-08-22) and its OpenAPI file, versions 2.159 and
2.167; prices of 2026-04-20. Nothing here was observed on a live account; what is unverified says so.
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Literal, Self
from urllib.parse import urlencode

from pydantic import Field, SecretStr, model_validator

from crosspost.adapter import (
    Adapter,
    AdapterSettings,
    Capabilities,
    Idempotency,
    Page,
    PictureRule,
    listed,
    whole_list,
)
from crosspost.errors import Duplicate, NotSent, PublishError, RateLimited, Rejected, Unauthorized
from crosspost.http import Answer, OAuth1, named_moment, next_utc_midnight, refusal, retry_after, utc_now
from crosspost.model import Account, Draft, Engagement, Media, Money, Receipt, RemotePost
from crosspost.text import x_weight

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
# What X may take for a link, and bill as one: also a bare name.
_LINK = re.compile(r"https?://|[^\W_]\.[a-z]{2,}", re.IGNORECASE)
# `social/@marie` is the end of a link, not a mention.
_IN_LINK = "".join(rf"(?<!\.[A-Za-z]{{{length}}}/)" for length in range(2, 11))
# Anything that could name an account, but no e-mail address; RT@name is a mention too. A cashtag is letters
# only, so $20 is a price. Wider than X's own rules, which are quoted from memory (unverified).
_ACTED_ON = re.compile(
    rf"(?:(?<![A-Za-z0-9_])|(?<=\b[Rr][Tt])){_IN_LINK}[@＠](?=[A-Za-z0-9_])"
    r"|(?<![A-Za-z0-9_$])\$(?=[A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?(?!\w))"
)


class X(Adapter["X.Settings"]):
    """Publish as one account: the text with the link last, of which X makes a card; a picture if asked."""

    kind: ClassVar[str] = "x"

    class Settings(AdapterSettings):
        """Either the four strings of OAuth 1.0a, which last until revoked, or an OAuth 2 token of two hours."""

        base_url: str = Field("https://api.x.com", description="Where the API is.")
        login_url: str = Field("https://x.com", description="Where people log in to connect.")
        consumer_key: SecretStr | None = Field(None, description="OAuth 1.0a: the app's key.")
        consumer_secret: SecretStr | None = Field(None, description="OAuth 1.0a: the app's secret.")
        access_token: SecretStr = Field(
            description="The account's access token, of OAuth 1.0a or (alone) of OAuth 2."
        )
        access_token_secret: SecretStr | None = Field(
            None, description="OAuth 1.0a: the secret of the access token."
        )
        price_post: Decimal = Field(
            Decimal("0.015"), ge=0, description="What X bills for a post, in USD. Price of 2026-04-20."
        )
        price_link: Decimal = Field(
            Decimal("0.20"),
            ge=0,
            description="What X bills for one with a link, in USD. Price of 2026-04-20.",
        )

        @model_validator(mode="after")
        def _is_a_whole_credential(self) -> Self:
            extra = (self.consumer_key, self.consumer_secret, self.access_token_secret)
            if any(extra) and not all(extra):
                raise ValueError(
                    "give consumer_key, consumer_secret, access_token and access_token_secret (OAuth 1.0a), "
                    "or access_token alone (OAuth 2)"
                )
            return self

    capabilities: ClassVar[Capabilities] = Capabilities(
        max_length=280,
        count=x_weight,
        picture=PictureRule(max_bytes=5_000_000, alt_length=1000, by_default=False),
        idempotency=Idempotency.LOOK_BACK,
        template="{{ title }}\n\n{{ excerpt }}\n\n{{ hashtags }}\n{{ link }}",
        neutralise=_ACTED_ON,
        refuses_duplicates=True,  # 403; how far back X looks is unverified (akrherz/iembot#163, 2026-02)
    )
    settings: Settings
    account: Account | None = None
    """Whom the credential speaks for, once somebody asked: each look is billed."""

    def cost(self, draft: Draft) -> Money:
        """Price the post alone; the alt text of a picture costs half a cent more."""
        linked = draft.has_link_in_text or _LINK.search(draft.text)
        return Money(self.settings.price_link if linked else self.settings.price_post)

    async def verify(self) -> Account:
        user = (await self._call("GET", "users/me")).get("data", {})
        if not user.get("id"):
            raise NotSent("X did not say whose access token this is")
        self.account = Account(
            id=str(user["id"]), name=f"@{user.get('username')}", url=f"https://x.com/{user.get('username')}"
        )
        return self.account

    async def upload(self, media: Media) -> Media:
        """Upload the picture, then its alt text. X forgets it if no post uses it in time."""
        answer = await self._call(
            "POST",
            "media/upload",
            body={
                "media": base64.b64encode(media.data).decode(),
                "media_category": "tweet_image",
                "media_type": media.mime,
            },
        )
        uploaded = answer.get("data", {})
        if not uploaded.get("id"):
            raise NotSent("X took the picture but did not name it")
        media_id, lasts = str(uploaded["id"]), uploaded.get("expires_after_secs")
        if media.alt:
            alt_text = {"alt_text": {"text": media.alt}}
            await self._call("POST", "media/metadata", body={"id": media_id, "metadata": alt_text})
        return replace(
            media, remote_id=media_id, expires=utc_now() + timedelta(seconds=int(lasts)) if lasts else None
        )

    async def publish(self, draft: Draft, *, key: str) -> Receipt:
        body: dict[str, object] = {"text": draft.text}
        if draft.picture is not None:
            body["media"] = {"media_ids": [draft.picture.remote_id]}
        answer = await self._call("POST", "tweets", publishes=True, body=body)
        post_id = str(answer.get("data", {}).get("id", ""))
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
            page = await self._call("GET", f"users/{account.id}/tweets", params=params | more)
            posts = [self._remote_post(post) for post in _listed(page)]
            return posts, str(page["meta"].get("next_token") or "")

        return await whole_list(read, since, network="X")

    async def delete(self, remote_id: str) -> None:
        await self._call("DELETE", f"tweets/{remote_id}", gone_is_fine=True)

    async def engagement(self, remote_id: str) -> Engagement:
        answer = await self._call("GET", f"tweets/{remote_id}", params={"tweet.fields": "public_metrics"})
        counts = answer.get("data", {}).get("public_metrics", {})
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
        for found in post.get("entities", {}).get("urls", []):
            link = str(found.get("expanded_url") or "")
            text = text.replace(str(found.get("url") or link), link)
            links.append(link)
        return RemotePost(
            remote_id=post["id"],
            url=self._url(post["id"]),
            text=text,
            links=tuple(filter(None, links)),
            created=_moment(created) if created is not None else None,
        )

    async def _call(
        self,
        method: Literal["GET", "POST", "DELETE"],
        path: str,
        *,
        publishes: bool = False,
        params: dict[str, str] | None = None,
        body: dict[str, object] | None = None,
        gone_is_fine: bool = False,
    ) -> dict[str, Any]:
        """Make one call; raise what its refusal means, also one in the shape of a success."""
        url = f"{self.settings.base_url}/2/{path}" + (f"?{urlencode(params)}" if params else "")
        headers = {"authorization": self._authorization(method, url)}
        answer = await self.client.send(method, url, publishes=publishes, headers=headers, json=body)
        found = answer.json()
        if answer.ok and isinstance(found, dict) and ("data" in found or "errors" not in found):
            return found
        if gone_is_fine and (answer.status == 404 or _GONE in _types(answer)):
            return {}
        raise _meaning(answer, publishes)

    def _authorization(self, method: Literal["GET", "POST", "DELETE"], url: str) -> str:
        settings, token = self.settings, self.settings.access_token.get_secret_value()
        if not (settings.consumer_key and settings.consumer_secret and settings.access_token_secret):
            return f"Bearer {token}"
        signer = OAuth1(
            settings.consumer_key.get_secret_value(),
            settings.consumer_secret.get_secret_value(),
            token,
            settings.access_token_secret.get_secret_value(),
        )
        return signer.header(method, url)


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
    found = answer.object()
    errors = found.get("errors")
    listed = errors if isinstance(errors, list) else []
    return [found, *(problem for problem in listed if isinstance(problem, dict))]


def _types(answer: Answer) -> set[str]:
    return {str(problem.get("type", "")).rpartition("/")[2] for problem in _problems(answer)}


def _meaning(answer: Answer, publishes: bool) -> PublishError:
    """Classify by the problems' types, codes and words; by status where they say nothing."""
    problems, types, now = _problems(answer), _types(answer), utc_now()
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
        return RateLimited(says, until=next_utc_midnight(now))
    if answer.status == 429 or _TOO_FAST_CODE in codes:
        return RateLimited(says, until=_reset(answer, now))
    if _GONE in types and not publishes:
        return Rejected(says)
    return refusal(answer, says, publishes=publishes, now=now)


def _reset(answer: Answer, now: datetime) -> datetime | None:
    """Read when the last of the exhausted windows opens again."""
    windows = [name for name in _WINDOWS if answer.headers.get(f"{name}-remaining") == "0"]
    resets = [
        named_moment(answer.headers.get(f"{name}-reset", ""), now) for name in windows or ["x-rate-limit"]
    ]
    return max(filter(None, resets), default=retry_after(answer.headers, now))

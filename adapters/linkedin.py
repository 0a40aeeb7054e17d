"""LinkedIn, as a member or as an organization, by the Posts API.

Sources: learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api, …/images-api,
…/little-text-format, …/organizations/organization-access-control-by-role, …/shared/api-guide/concepts/
error-handling, …/pagination and …/rate-limits (read 2026-11). Nothing here was observed on a live account;
what is unverified says so.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import quote, urlsplit

from pydantic import Field, SecretStr

from crosspost.adapter import (
    Adapter,
    AdapterSettings,
    Capabilities,
    Idempotency,
    LinkPlace,
    Page,
    PictureRule,
    listed,
    whole_list,
)
from crosspost.errors import Duplicate, NotSent, PublishError, RateLimited, Unauthorized, Uncertain
from crosspost.http import Answer, Client, next_utc_midnight, refusal, utc_now
from crosspost.model import Account, Draft, Engagement, Media, Receipt, RemotePost

# The characters of the "little" format; what follows an unescaped one is dropped, without an error.
_RESERVED = r"[\\|{}@\[\]()<>#*_~]"
_ESCAPED = re.compile(r"\{hashtag\|\\?#\|(?P<tag>[^}]*)\}|\\(?P<character>.)", re.DOTALL)
_POST_URN = re.compile(r"urn:li:(?:share|ugcPost):\d+")
_SUNSET = 426
_PAGE = 100
# A 429 names no moment. Days end at 00:00 UTC; for all else this pause is a guess (rate-limits, read 2026-11).
_SHORT_PAUSE = timedelta(minutes=5)


def _little(text: str, hashtags: Sequence[str] = ()) -> str:
    """Write `text` in the "little" format, so that readers see it as it is; `hashtags` stay live."""
    words = "|".join(map(re.escape, hashtags)) or "(?!)"
    pattern = rf"(?P<live>(?<!\w)#(?:{words})(?!\w))|{_RESERVED}"
    return re.sub(pattern, lambda match: match[0] if match["live"] else "\\" + match[0], text)


def _length(text: str) -> int:
    """Count what would be sent, with its escapes, in UTF-16 units.

    Both are unverified, and the longest reading of the limit. So is counting escapes where hashtags have none.
    """
    return len(_little(text).encode("utf-16-le", "surrogatepass")) // 2


class LinkedIn(Adapter["LinkedIn.Settings"]):
    """Publish as a member or an organization: the text, and the entry as a card.

    A member's posts cannot be read back (`r_member_social` is closed), so a lost answer waits for a person.
    """

    kind: ClassVar[str] = "linkedin"

    class Settings(AdapterSettings):
        """`access_token` lives 60 days, and LinkedIn renews it only in a browser."""

        base_url: str = Field("https://api.linkedin.com", description="Where the API is.")
        login_url: str = Field("https://www.linkedin.com", description="Where people log in to connect.")
        author: str = Field(
            pattern=r"^urn:li:(person:[A-Za-z0-9_-]+|organization:[0-9]+)$",
            description="Who posts: urn:li:person:… or urn:li:organization:….",
        )
        access_token: SecretStr = Field(
            description="The access token, with w_member_social or w_organization_social."
        )
        api_version: str = Field(
            "202607",
            pattern=r"^20[0-9]{2}(0[1-9]|1[0-2])$",
            description="The API's version, YYYYMM; each lives about a year. 202607 ends on 2027-07-15.",
        )

    capabilities: ClassVar[Capabilities] = Capabilities(
        max_length=3000,  # unverified: not in the schema; what others use (read 2026-11)
        count=_length,
        link=LinkPlace.CARD,
        # Pixels are limited (36,152,320), bytes are not: 5 MB is our own bound.
        picture=PictureRule(max_bytes=5_000_000),
        idempotency=Idempotency.NONE,
        # unverified: the smaller of what others use (read 2026-11)
        max_title=200,
        max_description=256,
        # 422, with the original's name. What was deleted may count for a day or two (ComposioHQ/composio#2710);
        # how long and how strictly LinkedIn compares is unverified (read 2026-11).
        refuses_duplicates=True,
    )
    settings: Settings

    @classmethod
    def open(cls, settings: Settings, client: Client) -> "LinkedIn":
        """Make the adapter; organizations get what members may not: reading their own posts."""
        is_organization = settings.author.startswith("urn:li:organization:")
        return (LinkedInOrganization if is_organization else LinkedIn)(settings, client)

    @classmethod
    def version_ends(cls, settings: Settings) -> date:
        """Count a year from the version's month: they end about its 15th (lifecycle page, read 2026-08-13)."""
        year, month = int(settings.api_version[:4]), int(settings.api_version[4:])
        return date(year + 1, month, 15)

    async def verify(self) -> Account:
        """Ask whose token this is. One without the scopes `openid` and `profile` may post, but not tell."""
        answer = await self._call("GET", "v2/userinfo", may_be_denied=True)
        if answer.status == 403:
            return Account(id=self.settings.author, name=self.settings.author)
        who = answer.object()
        if not who.get("sub"):
            raise NotSent("LinkedIn did not say whose access token this is")
        account = Account(id=f"urn:li:person:{who['sub']}", name=str(who.get("name", "")))
        if account.id != self.settings.author:
            raise Unauthorized(
                f"the access token speaks for {account.id} ({account.name}), "
                f"but author is {self.settings.author}"
            )
        return account

    async def upload(self, media: Media) -> Media:
        """Ask for a place, and put the bytes there. LinkedIn names no moment at which it forgets them."""
        answer = await self._call(
            "POST",
            "rest/images?action=initializeUpload",
            body={"initializeUploadRequest": {"owner": self.settings.author}},
        )
        place = answer.object().get("value")
        if not isinstance(place, dict) or not place.get("image") or not place.get("uploadUrl"):
            raise NotSent("LinkedIn did not say where to upload the picture")
        url = str(place["uploadUrl"])
        if not self._may_see_token(url):
            raise NotSent(f"LinkedIn named {urlsplit(url).hostname} for the picture; it gets no token")
        put = await self.client.send("PUT", url, headers=self._bearer(), content=media.data)
        if not put.ok:
            raise _meaning(put, publishes=False)
        return replace(media, remote_id=str(place["image"]))

    async def publish(self, draft: Draft, *, key: str) -> Receipt:
        answer = await self._call(
            "POST",
            "rest/posts",
            publishes=True,
            body={
                "author": self.settings.author,
                "commentary": _little(draft.text, draft.hashtags),
                "visibility": "PUBLIC",
                "distribution": {
                    "feedDistribution": "MAIN_FEED",
                    "targetEntities": [],
                    "thirdPartyDistributionChannels": [],
                },
                "content": {"article": _card(draft)},
                "lifecycleState": "PUBLISHED",
                "isReshareDisabledByAuthor": False,
            },
        )
        if answer.status != 201:
            raise Uncertain(f"LinkedIn answered {answer.status}, where a new post is a 201")
        return _receipt(answer.headers.get("x-restli-id", ""))

    async def edit(self, remote_id: str, draft: Draft) -> Receipt:
        """Change the text. LinkedIn keeps the card as it was."""
        await self._call(
            "POST",
            f"rest/posts/{quote(remote_id, safe='')}",
            restli="PARTIAL_UPDATE",
            body={"patch": {"$set": {"commentary": _little(draft.text, draft.hashtags)}}},
        )
        return _receipt(remote_id)

    async def delete(self, remote_id: str) -> None:
        """Delete the post; LinkedIn says the same of one that is already gone."""
        await self._call("DELETE", f"rest/posts/{quote(remote_id, safe='')}", restli="DELETE")

    async def _call(
        self,
        method: str,
        path: str,
        *,
        publishes: bool = False,
        restli: str = "",
        body: dict[str, object] | None = None,
        may_be_denied: bool = False,
    ) -> Answer:
        """Make one call; raise what its refusal means. `path` holds the query, as Rest.li wants it encoded.

        `may_be_denied`: a 403 is returned, since a live token may lack just this permission.
        """
        headers = self._bearer()
        if path.startswith("rest/"):
            headers |= {
                "linkedin-version": self.settings.api_version,
                "x-restli-protocol-version": "2.0.0",
            }
        if restli:
            headers["x-restli-method"] = restli
        answer = await self.client.send(
            method, f"{self.settings.base_url}/{path}", publishes=publishes, headers=headers, json=body
        )
        if answer.ok or (may_be_denied and answer.status == 403):
            return answer
        if answer.status == _SUNSET:
            # Nothing will be accepted until a person raises it, so the channel waits instead of failing each.
            raise Unauthorized(
                f"LinkedIn has ended version {self.settings.api_version} of its API: "
                "raise api_version in this channel's settings to a month of the last year"
            )
        raise _meaning(answer, publishes)

    def _may_see_token(self, url: str) -> bool:
        """Tell whether an address that an answer named is LinkedIn's, or the one that stands in for it."""
        parts, ours = urlsplit(url), urlsplit(self.settings.base_url)
        if parts.hostname == ours.hostname:
            return True
        return parts.scheme == "https" and f".{parts.hostname}".endswith(".linkedin.com")

    def _bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.settings.access_token.get_secret_value()}"}


class LinkedInOrganization(LinkedIn):
    """Publish as an organization, whose posts can be read back (r_organization_social)."""

    capabilities: ClassVar[Capabilities] = replace(LinkedIn.capabilities, idempotency=Idempotency.LOOK_BACK)

    async def verify(self) -> Account:
        """Look for a role that may post. A token without r_organization_admin may post, but not look."""
        author = self.settings.author
        answer = await self._call(
            "GET", "rest/organizationAcls?q=roleAssignee&state=APPROVED&count=100", may_be_denied=True
        )
        if answer.status == 403:
            return Account(id=author, name=author)
        roles = [
            role.get("role")
            for role in answer.object().get("elements", [])
            # Older versions say organizationTarget (third-party code, read 2026-11).
            if author in (role.get("organization"), role.get("organizationTarget"))
        ]
        from crosspost.adapters.linkedin_login import POSTING_ROLES

        if not POSTING_ROLES & set(roles):
            held = ", ".join(map(str, roles)) or "none"
            raise Unauthorized(f"the access token's member may not post for {author}: roles there: {held}")
        number = author.rpartition(":")[2]
        return Account(
            id=author, name=f"organization {number}", url=f"https://www.linkedin.com/company/{number}/"
        )

    async def find_recent(self, since: datetime) -> Sequence[RemotePost]:
        """Read the organization's posts. That `sortBy=CREATED` means the newest first is unverified."""
        return await whole_list(self._page, since, network="LinkedIn")

    async def _page(self, cursor: str) -> Page:
        author, start = quote(self.settings.author, safe=""), int(cursor or 0)
        answer = await self._call(
            "GET",
            f"rest/posts?q=author&author={author}&start={start}&count={_PAGE}&sortBy=CREATED",
            restli="FINDER",
        )
        page = answer.object()
        posts = [_remote_post(post) for post in listed(page["elements"])]
        return posts, str(start + len(posts)) if _has_more(page) else ""

    async def engagement(self, remote_id: str) -> Engagement:
        """Read the post's lifetime counts (rw_organization_admin)."""
        kind = "ugcPosts" if ":ugcPost:" in remote_id else "shares"
        answer = await self._call(
            "GET",
            "rest/organizationalEntityShareStatistics?q=organizationalEntity"
            f"&organizationalEntity={quote(self.settings.author, safe='')}"
            f"&{kind}=List({quote(remote_id, safe='')})",
        )
        # unverified: a post that nobody saw yet may not be listed
        elements = answer.object().get("elements") or [{}]
        counts = elements[0].get("totalShareStatistics", {})
        return Engagement(
            likes=counts.get("likeCount"),
            replies=counts.get("commentCount"),
            reposts=counts.get("shareCount"),
            views=counts.get("impressionCount"),
        )


def _card(draft: Draft) -> dict[str, object]:
    """Make the article card: LinkedIn does not read the page itself.

    The documented fields have no place for the thumbnail's alt text. (Others read a `thumbnailAltText`
    back; whether it may be sent is unverified, and an unknown field would cost the post.)
    """
    card: dict[str, object] = {"source": draft.link, "title": draft.title or draft.link}
    if draft.description:
        card["description"] = draft.description
    if draft.picture is not None:
        card["thumbnail"] = draft.picture.remote_id
    return card


def _receipt(urn: str) -> Receipt:
    return Receipt(remote_id=urn, url=_url(urn))


def _url(urn: str) -> str:
    return f"https://www.linkedin.com/feed/update/{urn}/" if urn else ""


def _meaning(answer: Answer, publishes: bool) -> PublishError:
    """Classify by LinkedIn's codes first, then by status."""
    found = answer.object()
    message, details = str(found.get("message", "")), found.get("errorDetails")
    inputs = details.get("inputErrors") if isinstance(details, dict) else None
    codes = {str(error.get("code", "")) for error in (found, *(inputs or ())) if isinstance(error, dict)} - {""}
    says = " ".join(["LinkedIn answered", str(answer.status), *sorted(codes)]) + (message and f": {message}")
    if "DUPLICATE_POST" in codes:
        # The message names the original (Arisamiga/Linkedin-RSS#5, read 2026-11).
        original = _POST_URN.search(message)
        if original is None:
            return Duplicate(says)
        return Duplicate(says, remote_id=original[0], url=_url(original[0]))
    if answer.status == 401 or "ACCESS_DENIED" in codes:
        return Unauthorized(says, stale=answer.status == 401)
    if answer.status == 429:
        now = utc_now()
        return RateLimited(says, until=next_utc_midnight(now) if " DAY " in message else now + _SHORT_PAUSE)
    if "MEDIA_ASSET_WAITING_UPLOAD" in codes:
        return NotSent(says)  # the thumbnail is not ready yet
    return refusal(answer, says, publishes=publishes, now=utc_now())


def _has_more(page: dict[str, Any]) -> bool:
    """Tell whether the list goes on: a page with fewer than was asked for is the last (concepts/pagination).

    Unless it links the next one, or `count` says that LinkedIn made the pages shorter (both unverified).
    """
    paging = page.get("paging", {})
    linked = any(link["rel"] == "next" for link in paging.get("links", []))
    return linked or len(page["elements"]) >= paging.get("count", _PAGE)


def _remote_post(post: dict[str, Any]) -> RemotePost:
    urn, source = post["id"], post.get("content", {}).get("article", {}).get("source")
    return RemotePost(
        remote_id=urn,
        url=_url(urn),
        text=_plain(str(post.get("commentary") or "")),
        links=(str(source),) if source else (),
        created=datetime.fromtimestamp(post["createdAt"] / 1000, UTC),
    )


def _plain(commentary: str) -> str:
    """Take the "little" format off a text that we wrote, or that LinkedIn wrote with hashtag templates."""
    return _ESCAPED.sub(
        lambda match: match["character"] if match["tag"] is None else f"#{match['tag']}", commentary
    )

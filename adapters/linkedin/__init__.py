"""LinkedIn, as a member or as an organization, by the Posts API.

Sources: learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api, …/images-api,
…/little-text-format, …/organizations/organization-access-control-by-role, …/shared/api-guide/concepts/
error-handling, …/pagination and …/rate-limits (read 2026-11). Nothing here was observed on a live account;
what is unverified says so.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, ClassVar
from urllib.parse import quote, urlsplit

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
from crosspost.errors import NotSent, PublishError, Unauthorized
from crosspost.http import Answer, Client, Request
from crosspost.model import Account, Draft, Engagement, Media, Receipt, RemotePost

from .refusals import is_own, meaning_of, post_url
from .roles import POSTING_ROLES

_POST_URN = r"urn:li:(?:share|ugcPost|activity):\d+"
# The characters of the "little" format; what follows an unescaped one is dropped, without an error.
_RESERVED = r"[\\|{}@\[\]()<>#*_~]"
_BEYOND_ASCII = re.compile(r"(?<!\w)#(?=\w*[^\W\x00-\x7f])(\w+)")
_ESCAPED = re.compile(r"\{hashtag\|\\?#\|(?P<tag>[^}]*)\}|\\(?P<character>.)", re.DOTALL)
_MAY_BE_DENIED = frozenset({403})  # a live token may lack just the permission to look
_PAGE = 100
# The versions that do not end on the 15th (lifecycle page, read 2026-08-13).
_LAST_DAYS = {"202511": 16, "202603": 16}


def _little(text: str, hashtags: Sequence[str] = ()) -> str:
    """Write `text` in the "little" format, so that readers see it as it is; `hashtags` stay live."""
    words = "|".join(map(re.escape, hashtags)) or "(?!)"
    pattern = rf"(?P<live>(?<!\w)#(?P<tag>{words})(?!\w))|{_RESERVED}"

    def written(match: re.Match[str]) -> str:
        if match["live"] is None:
            return "\\" + match[0]
        # A bare #word is one in ASCII alone (unverified, others' reports, read 2026-11).
        return match[0] if match["tag"].isascii() else rf"{{hashtag|\#|{match['tag']}}}"

    return re.sub(pattern, written, text)


def _length(text: str) -> int:
    """Count what would be sent, with its escapes and as if each hashtag had its template, in UTF-16 units.

    Both are unverified, and the longest reading of the limit. So is counting escapes where hashtags have none.
    """
    return len(_little(text, _BEYOND_ASCII.findall(text)).encode("utf-16-le", "surrogatepass")) // 2


class LinkedIn(HttpAdapter["LinkedIn.Settings"]):
    """Publish as a member or an organization: the text, and the entry as a card.

    A member's posts cannot be read back (`r_member_social` is closed), so a lost answer waits for a person.
    """

    kind: ClassVar[str] = "linkedin"
    name: ClassVar[str] = "LinkedIn"
    home: ClassVar[str] = "https://www.linkedin.com"
    colour: ClassVar[str] = "#0a66c2"

    class Settings(AdapterSettings):
        """`access_token` lives 60 days, and LinkedIn renews it only in a browser."""

        base_url: str = Field("https://api.linkedin.com", description="Where the API is.")
        login_url: str = Field("https://www.linkedin.com", description="Where people log in to connect.")
        author: str = Field(
            pattern=r"^urn:li:(person:[A-Za-z0-9_-]+|organization:[0-9]+)$",
            description="Who posts: urn:li:person:… or urn:li:organization:….",
            examples=["urn:li:person:you", "urn:li:person:AbCdEf1234"],
        )
        access_token: SecretStr = Field(
            description="The access token, with w_member_social or w_organization_social."
        )
        api_version: str = Field(
            "202607",
            pattern=r"^20[0-9]{2}(0[1-9]|1[0-2])$",
            description="The API's version, YYYYMM; each lives about a year. 202607 ends on 2027-07-15.",
        )

    found_by_connect: ClassVar[frozenset[str]] = frozenset({"author"})
    capabilities: ClassVar[Capabilities] = Capabilities(
        max_length=3000,  # unverified: not in the schema; what others use (read 2026-11)
        count=_length,
        link=LinkPlace.CARD,
        template="{{ opening }}\n\n{{ excerpt or title }}\n\n{{ hashtags }}",  # the title follows, in the card
        # Pixels are limited (36,152,320), bytes are not: 5 MB is our own bound.
        picture=PictureRule(max_bytes=5_000_000),
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
    def destination(cls, settings: Settings) -> tuple[str, ...]:
        return (settings.author,)

    @classmethod
    def version_ends(cls, settings: Settings) -> date:
        """Count a year from the version's month: they end about its 15th (lifecycle page, read 2026-08-13)."""
        year, month = int(settings.api_version[:4]), int(settings.api_version[4:])
        return date(year + 1, month, _LAST_DAYS.get(settings.api_version, 15))

    @classmethod
    def logins(cls) -> Mapping[str, type[Login]]:
        from .login import LOGINS

        return LOGINS

    async def verify(self) -> Account:
        """Ask whose token this is. One without the scopes `openid` and `profile` may post, but not tell."""
        answer = await self.call(self._request("GET", "v2/userinfo"), fine=_MAY_BE_DENIED)
        if not answer.ok:
            return Account(id=self.settings.author, name=self.settings.author)
        who = answer.object()
        sub = named(who.get("sub"))
        if not sub:
            raise self.meaning(answer)
        account = Account(id=f"urn:li:person:{sub}", name=str(who.get("name") or ""))
        if account.id != self.settings.author:
            raise Unauthorized(
                f"the access token speaks for {account.id} ({account.name}), "
                f"but author is {self.settings.author}"
            )
        return account

    async def upload(self, media: Media) -> Media:
        """Ask for a place, and put the bytes there. LinkedIn names no moment at which it forgets them."""
        wanted = {"initializeUploadRequest": {"owner": self.settings.author}}
        answer = await self.call(self._request("POST", "rest/images?action=initializeUpload", json=wanted))
        place = answer.object().get("value")
        place = place if isinstance(place, dict) else {}
        image, url = named(place.get("image"), r"urn:li:\S+"), named(place.get("uploadUrl"))
        if not image or not url:
            raise self.meaning(answer)
        if not self._may_see_token(url):
            raise NotSent(f"LinkedIn named {urlsplit(url).hostname} for the picture; it gets no token")
        await self.call(Request(method="PUT", url=url, content=media.data))
        return replace(media, remote_id=image)

    def post(self, draft: Draft, key: str) -> Request:
        body = {
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
        }
        return self._request("POST", "rest/posts", json=body)

    def receipt(self, answer: Answer) -> Receipt:
        """Read the post's URN: in a header, where the body is empty (posts-api), or in the body."""
        found = answer.headers.get("x-restli-id") or answer.object().get("id")
        urn = named(found, _POST_URN)
        if not urn:
            raise self.meaning(answer)
        return _receipt(urn)

    async def edit(self, remote_id: str, draft: Draft) -> Receipt:
        """Change the text. LinkedIn keeps the card as it was."""
        patch = {"patch": {"$set": {"commentary": _little(draft.text, draft.hashtags)}}}
        await self.call(self._request("POST", _path(remote_id), restli="PARTIAL_UPDATE", json=patch))
        return _receipt(remote_id)

    async def retract(self, remote_id: str) -> None:
        """Delete the post; LinkedIn says the same of one that is already gone."""
        await self.call(self._request("DELETE", _path(remote_id), restli="DELETE"))

    def _request(self, method: str, path: str, *, restli: str = "", json: object | None = None) -> Request:
        """Make a request. `path` holds the query, as Rest.li wants it encoded."""
        headers = {}
        if path.startswith("rest/"):
            headers = {
                "linkedin-version": self.settings.api_version,
                "x-restli-protocol-version": "2.0.0",
            }
        if restli:
            headers["x-restli-method"] = restli
        return Request(method=method, url=f"{self.settings.base_url}/{path}", headers=headers, json=json)

    def signed(self, request: Request) -> Request:
        token = self.settings.access_token.get_secret_value()
        return request.with_headers({"authorization": f"Bearer {token}"})

    def _may_see_token(self, url: str) -> bool:
        """Tell whether an address that an answer named is LinkedIn's, or the one that stands in for it."""
        parts, ours = urlsplit(url), urlsplit(self.settings.base_url)
        if parts.hostname == ours.hostname:
            return True
        return parts.scheme == "https" and f".{parts.hostname}".endswith(".linkedin.com")

    def is_own(self, answer: Answer) -> bool:
        return is_own(answer)

    def meaning(self, answer: Answer) -> PublishError:
        return meaning_of(answer)


class LinkedInOrganization(LinkedIn):
    """Publish as an organization, whose posts can be read back (r_organization_social)."""

    async def verify(self) -> Account:
        """Look for a role that may post. A token without r_organization_admin may post, but not look."""
        author = self.settings.author
        roles_of_member = "rest/organizationAcls?q=roleAssignee&state=APPROVED&count=100"
        answer = await self.call(self._request("GET", roles_of_member), fine=_MAY_BE_DENIED)
        if not answer.ok:
            return Account(id=author, name=author)
        elements = answer.object().get("elements")
        if not isinstance(elements, list):
            raise self.meaning(answer)
        roles = [
            role.get("role")
            for role in elements
            # Older versions say organizationTarget (third-party code, read 2026-11).
            if isinstance(role, dict) and author in (role.get("organization"), role.get("organizationTarget"))
        ]
        if not POSTING_ROLES & set(roles):
            held = ", ".join(map(str, roles)) or "none"
            raise Unauthorized(f"the access token's member may not post for {author}: roles there: {held}")
        number = author.rpartition(":")[2]
        return Account(
            id=author, name=f"organization {number}", url=f"https://www.linkedin.com/company/{number}/"
        )

    async def find_recent(self, since: datetime) -> Sequence[RemotePost]:
        """Read the organization's posts. That `sortBy=CREATED` means the newest first is unverified."""
        return await whole_list(self._page, since, network=self.name)

    async def _page(self, cursor: str) -> Page:
        author, start = quote(self.settings.author, safe=""), int(cursor or 0)
        path = f"rest/posts?q=author&author={author}&start={start}&count={_PAGE}&sortBy=CREATED"
        page = (await self.call(self._request("GET", path, restli="FINDER"))).object()
        posts = [_remote_post(post) for post in listed(page["elements"])]
        return posts, str(start + len(posts)) if _has_more(page) else ""

    async def read_counts(self, remote_id: str) -> Engagement:
        """Read the post's lifetime counts (rw_organization_admin)."""
        kind = "ugcPosts" if ":ugcPost:" in remote_id else "shares"
        path = (
            "rest/organizationalEntityShareStatistics?q=organizationalEntity"
            f"&organizationalEntity={quote(self.settings.author, safe='')}"
            f"&{kind}=List({quote(remote_id, safe='')})"
        )
        answer = await self.call(self._request("GET", path))
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
    """Make the article card: LinkedIn does not read the page itself, and no card goes without a title.

    The documented fields have no place for the thumbnail's alt text. (Others read a `thumbnailAltText`
    back; whether it may be sent is unverified, and an unknown field would cost the post.)
    """
    card: dict[str, object] = {"source": draft.link, "title": draft.title or _host(draft.link)}
    if draft.description:
        card["description"] = draft.description
    if draft.picture is not None:
        card["thumbnail"] = draft.picture.remote_id
    return card


def _host(link: str) -> str:
    return (urlsplit(link).hostname or link).removeprefix("www.")


def _path(urn: str) -> str:
    return f"rest/posts/{quote(urn, safe='')}"


def _receipt(urn: str) -> Receipt:
    return Receipt(remote_id=urn, url=post_url(urn))


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
        url=post_url(urn),
        text=_plain(str(post.get("commentary") or "")),
        links=(str(source),) if source else (),
        created=datetime.fromtimestamp(post["createdAt"] / 1000, UTC),
    )


def _plain(commentary: str) -> str:
    """Take the "little" format off a text that we wrote, or that LinkedIn wrote with hashtag templates."""
    return _ESCAPED.sub(
        lambda match: match["character"] if match["tag"] is None else f"#{match['tag']}", commentary
    )

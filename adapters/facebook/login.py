"""How Facebook gives a credential: a short-lived user token, a long-lived one, and from that the page's.

Sources: developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow and …/access-tokens/
get-long-lived, …/graph-api/reference/user/permissions, …/graph-api/results (read 2026-09 and 2026-11). Nothing
here was observed on a live page; what is unverified says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

from crosspost.contract.login import App, Choice, Consent, Grant, Login, Question, TypedLogin
from crosspost.contract.oauth2 import OAuth2Login
from crosspost.contract.proof import named
from crosspost.errors import LoginError, NotSent, Uncertain
from crosspost.http import Answer, Request, may_have_arrived
from crosspost.model import Account
from crosspost.redact import remember

from .proof import proved

_MAY_POST = "CREATE_CONTENT"
_NO_PROOF = 104
_PAGE_FIELDS = {"fields": "id,name,access_token,tasks", "limit": "100"}
_MOST_LISTS = 20
"""How many parts of a list are followed; with 100 pages each, more than anybody has."""
_IN_ADDRESSES = frozenset({"access_token", "appsecret_proof"})


_TERMS = (
    "it costs nothing. A program may post on pages alone: Facebook closed profiles to programs in 2018, and "
    "groups in 2024."
)


class FacebookLogin(OAuth2Login):
    """Connect a page, by somebody who may post there."""

    network: ClassVar[str] = "Facebook"
    title: ClassVar[str] = "a page of yours, in the browser"
    needs: ClassVar[str] = "an app that is still in development, or an https address of yours; 20 minutes"
    terms: ClassVar[str] = _TERMS
    scopes: ClassVar[tuple[str, ...]] = ("pages_show_list", "pages_manage_posts", "pages_read_engagement")
    steps: ClassVar[tuple[str, ...]] = (
        "Open https://developers.facebook.com/apps and make an app with Facebook Login.",
        (
            "Under Facebook Login, Settings: add this valid OAuth redirect URI, to the letter: {redirect} "
            "(it takes http for localhost alone, and in development; else run this with --redirect and "
            "an https address, or https://www.facebook.com/connect/login_success.html, and paste the answer)."
        ),
        "Copy the App ID and the App Secret from App settings. It will ask for: {scopes}",
        "Once connected, switch the app to Live: else only its own people may see what it posts (unverified).",
    )
    loopback: ClassVar[str] = "localhost"  # 127.0.0.1: "Insecure Login Blocked" (1349187; others' reports)
    app_words: ClassVar[tuple[str, str]] = ("App ID", "App Secret")
    separator: ClassVar[str] = ","
    revoked_at: ClassVar[str] = "https://www.facebook.com/settings?tab=business_tools"
    if_missing: str = "; a page that belongs to a business portfolio is listed with --way business alone"
    proves: bool = False
    """Whether the app wants a proof of its secret with every call."""

    @property
    def consent_url(self) -> str:
        return f"{self.settings.login_url}/{self.settings.api_version}/dialog/oauth"

    @property
    def token_url(self) -> str:
        return self._graph("oauth/access_token")

    async def exchange(self, consent: Consent, code: str) -> Grant:
        short = await self._token({"code": code, "redirect_uri": consent.redirect})
        return await self.lengthened(short.secrets["access_token"])

    async def lengthened(self, short: str) -> Grant:
        """Exchange a user's token of an hour or two for one of 60 days: pages' tokens from that have no end."""
        exchanged = {"grant_type": "fb_exchange_token", "fb_exchange_token": short}
        long = await self._token(exchanged)
        granted = await self._scopes(long)
        self.check_scopes(granted)
        return replace(long, scopes=granted)

    async def choices(self, grant: Grant) -> Sequence[Choice]:
        listed = await self._pages(grant.secrets["access_token"])
        pages = [page for page in listed if named(page.get("id")) and named(page.get("access_token"))]
        choices = [self._choice(grant, page) for page in pages if _MAY_POST in page.get("tasks", (_MAY_POST,))]
        if not choices:
            theirs = ", ".join(str(page.get("name", "")) for page in listed) or "none"
            raise LoginError(
                f"this Facebook account may post to no page (pages it gave us: {theirs}); nothing was changed; "
                f"connect again by an account that may, and tick the page in Facebook's dialog{self.if_missing}"
            )
        return choices

    async def _pages(self, user: str) -> list[dict[str, Any]]:
        """List the pages that the person has a role on."""
        return await self._list("me/accounts", user, _PAGE_FIELDS)

    async def _list(self, path: str, token: str, params: dict[str, str]) -> list[dict[str, Any]]:
        """Read a whole list.

        The address of the next part is not called: a token stands in it, and it could lead anywhere. What it
        asks for is asked of where the first part came from.
        """
        found: list[dict[str, Any]] = []
        for _ in range(_MOST_LISTS):
            answer = await self._read(path, token, params)
            found += [each for each in answer.get("data", ()) if isinstance(each, dict)]
            following = urlsplit(str((answer.get("paging") or {}).get("next") or ""))
            if not following.query:
                return found
            if following.hostname != urlsplit(self.settings.base_url).hostname:
                raise LoginError(f"Facebook continues its list on {following.hostname}; nothing was changed")
            params = {name: value for name, value in parse_qsl(following.query) if name not in _IN_ADDRESSES}
        raise LoginError(f"Facebook's list of pages has no end after {_MOST_LISTS} parts; nothing was changed")

    def _choice(self, grant: Grant, page: Mapping[str, Any]) -> Choice:
        token = str(page["access_token"])
        remember(token)
        # The page's token has no end; the user's is kept to take the right back with.
        kept = {"user_token": grant.secrets["access_token"]}
        secrets = {"access_token": token} | ({"app_secret": self.app.secret} if self.proves else {})
        own = replace(grant, secrets=secrets, kept=kept, lasts=None)
        page_id, name = str(page["id"]), str(page.get("name", ""))
        account = Account(id=page_id, name=name, url=f"https://www.facebook.com/{page_id}")
        return Choice(account=account, settings={"page": page_id}, grant=own)

    async def revoke(self, grant: Grant) -> bool:
        """Take back all that this user gave the application: Facebook has no call for one page alone."""
        answer = await self._call("DELETE", "me/permissions", grant.kept["user_token"])
        if not answer.ok:
            raise LoginError(_says(answer))
        return True

    def _graph(self, path: str) -> str:
        return f"{self.settings.base_url}/{self.settings.api_version}/{path}"

    async def _token(self, params: dict[str, str]) -> Grant:
        """Ask for a token: Facebook wants a GET, with all in the address."""
        params |= {"client_id": self.app.id, "client_secret": self.app.secret}
        answer = await self.client.send(Request(method="GET", url=self.token_url, params=params, once=True))
        body = answer.object()
        if answer.ok and named(body.get("access_token")):
            return self.granted(body)
        if answer.ok or may_have_arrived(answer.status):
            raise Uncertain(_says(answer))
        raise LoginError(f"{_says(answer)}; nothing was changed; run crosspost connect again")

    async def _scopes(self, grant: Grant) -> tuple[str, ...]:
        token = grant.secrets["access_token"]
        app = f"{self.app.id}|{self.app.secret}"
        remember(app)
        data = (await self._read("debug_token", app, {"input_token": token})).get("data")
        if not isinstance(data, dict) or not isinstance(data.get("scopes"), list):
            raise NotSent("Facebook did not say what the token may do")
        return tuple(map(str, data["scopes"]))

    async def _read(self, path: str, token: str, params: dict[str, str]) -> dict[str, Any]:
        answer = await self._call("GET", path, token, params)
        if answer.ok:
            return answer.object()
        if may_have_arrived(answer.status):
            raise NotSent(_says(answer))
        raise LoginError(f"{_says(answer)}; nothing was changed; run crosspost connect again")

    async def _call(self, method: str, path: str, token: str, params: dict[str, str] | None = None) -> Answer:
        """Call with this token; with a proof of the app's secret from then on, if the app requires it."""
        headers = {"authorization": f"Bearer {token}"}
        request = Request(method=method, url=self._graph(path), headers=headers, params=params or {})
        if not self.proves:
            answer = await self.client.send(request)
            if answer.ok or _code(answer) != _NO_PROOF:
                return answer
            self.proves = True
        return await self.client.send(proved(request, token, self.app.secret))


class FacebookBusinessLogin(FacebookLogin):
    """Connect a page of a business portfolio, which Facebook lists only with a permission of its own."""

    title: ClassVar[str] = "a page that belongs to a business portfolio, in the browser"
    scopes: ClassVar[tuple[str, ...]] = (*FacebookLogin.scopes, "business_management")
    if_missing: str = ""

    async def _pages(self, user: str) -> list[dict[str, Any]]:
        """List the person's own pages, and those their businesses own or work for (others' code, 2026-11)."""
        pages = await super()._pages(user)
        for business in await self._list("me/businesses", user, {"fields": "id,name", "limit": "100"}):
            for kind in ("owned_pages", "client_pages"):
                pages += await self._list(f"{business['id']}/{kind}", user, _PAGE_FIELDS)
        # Without a token of its own a page is one that this person may only see.
        return list({str(page["id"]): page for page in reversed(pages) if page.get("access_token")}.values())[
            ::-1
        ]


class FacebookTokenLogin(TypedLogin):
    """Connect a page by a token that Facebook's own tools show: there is no redirect address to be refused."""

    network: ClassVar[str] = "Facebook"
    title: ClassVar[str] = "a page, by a token that Facebook's Graph API Explorer shows"
    needs: ClassVar[str] = "an app, in development or live, and a role on the page; 15 minutes, no review"
    terms: ClassVar[str] = _TERMS
    scopes: ClassVar[tuple[str, ...]] = FacebookLogin.scopes
    steps: ClassVar[tuple[str, ...]] = (
        (
            "Open https://developers.facebook.com/apps, make an app, and copy the App ID and the App "
            "Secret from App settings, Basic."
        ),
        (
            "Open https://developers.facebook.com/tools/explorer, choose that app and User Token, and add "
            "{scopes} (and business_management, if the page belongs to a business portfolio)."
        ),
        "Press Generate Access Token, tick the page, and copy the token: it is good for an hour or two.",
        "Once connected, switch the app to Live: else only its own people may see what it posts (unverified).",
    )
    questions: ClassVar[tuple[Question, ...]] = (
        Question(name="app_id", label="App ID"),
        Question(name="app_secret", label="App Secret", hidden=True),
        Question(name="access_token", label="Token", hidden=True),
    )
    revoked_at: ClassVar[str] = FacebookLogin.revoked_at

    async def choices(self, answers: Mapping[str, str]) -> Sequence[Choice]:
        self.app = App(id=answers["app_id"], secret=answers["app_secret"])
        grant = await self._as(FacebookLogin).lengthened(answers["access_token"])
        sees_businesses = "business_management" in grant.scopes
        lister = self._as(FacebookBusinessLogin if sees_businesses else FacebookLogin)
        if not sees_businesses:
            lister.if_missing = (
                "; a page of a business portfolio is listed if the token has business_management"
            )
        return await lister.choices(grant)

    async def revoke(self, grant: Grant) -> bool:
        return await self._as(FacebookLogin).revoke(grant)

    def _as(self, kind: type[FacebookLogin]) -> FacebookLogin:
        return kind(self.app, self.client, self.settings)


LOGINS: dict[str, type[Login]] = {
    "token": FacebookTokenLogin,
    "page": FacebookLogin,
    "business": FacebookBusinessLogin,
}


def _error(answer: Answer) -> dict[str, Any]:
    error = answer.object().get("error")
    return error if isinstance(error, dict) else {}


def _code(answer: Answer) -> object:
    return _error(answer).get("code")


def _says(answer: Answer) -> str:
    said = _error(answer).get("message", "")
    return f"Facebook answered {answer.status}" + (f": {said}" if said else "")

"""How Facebook gives a credential: a short-lived user token, a long-lived one, and from that the page's.

Sources: developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow and …/access-tokens/
get-long-lived, …/graph-api/reference/user/permissions (read 2026-09 and 2026-11). Nothing here was observed on
a live page; what is unverified says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from crosspost.contract.login import Choice, Consent, Grant, Login
from crosspost.contract.oauth2 import OAuth2Login
from crosspost.contract.proof import named
from crosspost.errors import LoginError, NotSent, Uncertain
from crosspost.http import Answer, Request, may_have_arrived
from crosspost.model import Account
from crosspost.redact import remember

_MAY_POST = "CREATE_CONTENT"


class FacebookLogin(OAuth2Login):
    """Connect a page, by somebody who may post there."""

    network: ClassVar[str] = "Facebook"
    title: ClassVar[str] = "a page of yours"
    scopes: ClassVar[tuple[str, ...]] = ("pages_show_list", "pages_manage_posts", "pages_read_engagement")
    steps: ClassVar[tuple[str, ...]] = (
        "Open https://developers.facebook.com/apps and make an app with Facebook Login.",
        "Under Facebook Login, Settings: add this valid OAuth redirect URI, to the letter: {redirect}",
        "(Facebook may want https there: then give one of your own with --redirect, and paste the answer.)",
        "Copy the App ID and the App Secret from App settings. It will ask for: {scopes}",
        "If a page belongs to a Business, the app needs business_management too. Switch the app to Live.",
    )
    app_words: ClassVar[tuple[str, str]] = ("app id", "app secret")
    separator: ClassVar[str] = ","
    revoked_at: ClassVar[str] = "https://www.facebook.com/settings?tab=business_tools"

    @property
    def consent_url(self) -> str:
        return f"{self.settings.login_url}/{self.settings.api_version}/dialog/oauth"

    @property
    def token_url(self) -> str:
        return self._graph("oauth/access_token")

    async def exchange(self, consent: Consent, code: str) -> Grant:
        short = await self._token({"code": code, "redirect_uri": consent.redirect})
        exchanged = {"grant_type": "fb_exchange_token", "fb_exchange_token": short.secrets["access_token"]}
        long = await self._token(exchanged)
        granted = await self._scopes(long)
        self.check_scopes(granted)
        return replace(long, scopes=granted)

    async def choices(self, grant: Grant) -> Sequence[Choice]:
        user = grant.secrets["access_token"]
        answer = await self._read("me/accounts", user, {"fields": "id,name,access_token,tasks", "limit": "100"})
        listed = [page for page in answer.get("data", ()) if isinstance(page, dict)]
        pages = [page for page in listed if named(page.get("id")) and named(page.get("access_token"))]
        choices = [self._choice(grant, page) for page in pages if _MAY_POST in page.get("tasks", (_MAY_POST,))]
        if not choices:
            theirs = ", ".join(str(page.get("name", "")) for page in listed) or "none"
            raise LoginError(
                f"this Facebook account may post to no page (pages it gave us: {theirs}); nothing was changed; "
                "connect again with an account that may, and tick the page in Facebook's dialog"
            )
        return choices

    def _choice(self, grant: Grant, page: Mapping[str, Any]) -> Choice:
        token = str(page["access_token"])
        remember(token)
        # The page's token has no end; the user's is kept to take the right back with.
        kept = {"user_token": grant.secrets["access_token"]}
        own = replace(grant, secrets={"access_token": token}, kept=kept, lasts=None)
        page_id, name = str(page["id"]), str(page.get("name", ""))
        account = Account(id=page_id, name=name, url=f"https://www.facebook.com/{page_id}")
        return Choice(account=account, settings={"page": page_id}, grant=own)

    async def revoke(self, grant: Grant) -> bool:
        """Take back all that this user gave the application: Facebook has no call for one page alone."""
        headers = {"authorization": f"Bearer {grant.kept['user_token']}"}
        answer = await self.client.send(
            Request(method="DELETE", url=self._graph("me/permissions"), headers=headers)
        )
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
        headers = {"authorization": f"Bearer {token}"}
        request = Request(method="GET", url=self._graph(path), headers=headers, params=params)
        answer = await self.client.send(request)
        if answer.ok:
            return answer.object()
        if may_have_arrived(answer.status):
            raise NotSent(_says(answer))
        raise LoginError(f"{_says(answer)}; nothing was changed; run crosspost connect again")


LOGINS: dict[str, type[Login]] = {"page": FacebookLogin}


def _says(answer: Answer) -> str:
    error = answer.object().get("error")
    said = f": {error.get('message', '')}" if isinstance(error, dict) else ""
    return f"Facebook answered {answer.status}{said}"

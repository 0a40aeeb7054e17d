"""How Tumblr gives a credential: OAuth 2, whose tokens live 42 minutes, or OAuth 1.0a.

Sources: github.com/tumblr/docs, api.md, OAuth2 Authorization and Authentication (last changed 2024-10, read
2026-11). Nothing here was observed on a live account; what is unverified says so.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar

from crosspost.contract import OAuth1Settings
from crosspost.contract.login import Choice, Grant, Login
from crosspost.contract.oauth1 import OAuth1Login
from crosspost.contract.oauth2 import OAuth2Login
from crosspost.errors import LoginError, NotSent
from crosspost.http import Answer, Request
from crosspost.model import Account

_TERMS = "it costs nothing; an account may post 250 times a day."
_STEPS = (
    "Open https://www.tumblr.com/oauth/apps and register an application.",
    "Give it {redirect} as both its default callback URL and its OAuth2 redirect URL, to the letter.",
)


class TumblrLogin(OAuth2Login):
    """Connect by OAuth 2. A refresh gives a new refresh token too, and 401 means that the old one ended."""

    network: ClassVar[str] = "Tumblr"
    title: ClassVar[str] = "OAuth 2, in the browser, renewed by itself every 42 minutes"
    needs: ClassVar[str] = "an application, registered in five minutes"
    terms: ClassVar[str] = _TERMS
    scopes: ClassVar[tuple[str, ...]] = ("basic", "write", "offline_access")
    steps: ClassVar[tuple[str, ...]] = (
        *_STEPS,
        "Copy the OAuth consumer key and the secret key. It will ask for: {scopes}",
    )
    app_words: ClassVar[tuple[str, str]] = ("OAuth consumer key", "secret key")
    renews: ClassVar[bool] = True
    # 42 days by a staff comment (tumblr/docs#134; unverified, read 2026-11).
    renewable_for: ClassVar[timedelta | None] = timedelta(days=42)
    revoked_at: ClassVar[str] = "https://www.tumblr.com/settings/apps"

    @property
    def consent_url(self) -> str:
        return f"{self.settings.login_url}/oauth2/authorize"

    @property
    def token_url(self) -> str:
        return f"{self.settings.base_url}/v2/oauth2/token"

    def is_gone(self, answer: Answer, error: str, said: str) -> bool:
        return super().is_gone(answer, error, said) or (answer.status == 401 and error != "invalid_client")

    async def choices(self, grant: Grant) -> Sequence[Choice]:
        bearer = {"authorization": f"Bearer {grant.secrets['access_token']}"}
        return _blogs(grant, await self.client.send(_who(self.settings.base_url).with_headers(bearer)))


class TumblrLogin1(OAuth1Login):
    """Connect by OAuth 1.0a. That its tokens do not end is unverified."""

    network: ClassVar[str] = "Tumblr"
    title: ClassVar[str] = "OAuth 1.0a, in the browser, good until revoked"
    needs: ClassVar[str] = "an application, registered in five minutes"
    terms: ClassVar[str] = _TERMS
    steps: ClassVar[tuple[str, ...]] = (*_STEPS, "Copy the OAuth consumer key and the secret key.")
    app_words: ClassVar[tuple[str, str]] = ("OAuth consumer key", "secret key")
    revoked_at: ClassVar[str] = "https://www.tumblr.com/settings/apps"

    @property
    def oauth_url(self) -> str:
        return f"{self.settings.login_url}/oauth"

    @property
    def consent_url(self) -> str:
        return f"{self.settings.login_url}/oauth/authorize"

    async def choices(self, grant: Grant) -> Sequence[Choice]:
        request = OAuth1Settings.of(grant.secrets).signed(_who(self.settings.base_url))
        return _blogs(grant, await self.client.send(request))


LOGINS: dict[str, type[Login]] = {"oauth1": TumblrLogin1, "oauth2": TumblrLogin}


def _who(base_url: str) -> Request:
    return Request(method="GET", url=f"{base_url}/v2/user/info")


def _blogs(grant: Grant, answer: Answer) -> Sequence[Choice]:
    response: Any = answer.object().get("response")
    user = response.get("user") if isinstance(response, dict) else None
    if not isinstance(user, dict):
        raise NotSent(f"Tumblr did not say whose token this is (status {answer.status})")
    choices = [
        Choice(
            account=Account(
                id=str(blog.get("uuid") or blog["name"]), name=str(blog["name"]), url=str(blog.get("url", ""))
            ),
            settings={"blog": str(blog["name"])},
            grant=grant,
        )
        for blog in sorted(user.get("blogs", ()), key=lambda blog: not blog.get("primary"))
    ]
    if not choices:
        raise LoginError("this Tumblr account has no blog; make one there, then connect again")
    return choices

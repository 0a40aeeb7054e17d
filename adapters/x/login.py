"""How X gives a credential: OAuth 2 with PKCE, whose tokens are renewed every two hours, or OAuth 1.0a by PIN.

Sources: docs.x.com, fundamentals/authentication, as in xdevplatform/docs @ 28713281 (2026-08-22). Nothing here
was observed on a live account; what is unverified says so.
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

_TERMS = (
    "X bills each post to your developer account: 0.015 USD, and 0.20 USD with a link (prices of 2026-04-20). "
    'It wants accounts that a program posts for to carry the "automated" label, and to name a person.'
)


class XLogin(OAuth2Login):
    """Connect by OAuth 2. The code must be exchanged within 30 s; refresh tokens are good once."""

    network: ClassVar[str] = "X"
    title: ClassVar[str] = "OAuth 2, in the browser, renewed by itself every two hours"
    needs: ClassVar[str] = "an app with a Client ID and credits; ten minutes"
    terms: ClassVar[str] = _TERMS
    scopes: ClassVar[tuple[str, ...]] = (
        "tweet.read",
        "tweet.write",
        "users.read",
        "media.write",
        "offline.access",
    )
    steps: ClassVar[tuple[str, ...]] = (
        "Open https://console.x.com and choose your app, or make one.",
        (
            "Under User authentication settings: permissions Read and write, type Web App or Automated "
            "App, and this Callback URI, to the letter: {redirect}"
        ),
        "Copy the OAuth 2.0 Client ID and Client Secret. It will ask for: {scopes}",
    )
    needs_secret: ClassVar[bool] = False
    pkce: ClassVar[bool] = True
    basic: ClassVar[bool] = True
    renews: ClassVar[bool] = True
    # Docs are silent; others report about six months unused (trypostit/trypost#126; unverified, read 2026-11).
    renewable_for: ClassVar[timedelta | None] = timedelta(days=180)

    @property
    def consent_url(self) -> str:
        return f"{self.settings.login_url}/i/oauth2/authorize"

    @property
    def token_url(self) -> str:
        return f"{self.settings.base_url}/2/oauth2/token"

    def is_gone(self, answer: Answer, error: str, said: str) -> bool:
        # What X says of a refresh token that is used up (third-party logs; unverified, read 2026-11).
        return super().is_gone(answer, error, said) or (
            error == "invalid_request" and "token was invalid" in said.lower()
        )

    async def choices(self, grant: Grant) -> Sequence[Choice]:
        bearer = {"authorization": f"Bearer {grant.secrets['access_token']}"}
        return [_choice(grant, await self.client.send(_who(self.settings.base_url).with_headers(bearer)))]

    async def revoke(self, grant: Grant) -> bool:
        await self.revoke_token(f"{self.settings.base_url}/2/oauth2/revoke", grant)
        return True


class XLogin1(OAuth1Login):
    """Connect by OAuth 1.0a: the person types the PIN that X shows."""

    network: ClassVar[str] = "X"
    title: ClassVar[str] = "OAuth 1.0a, by a PIN that X shows, good until revoked"
    needs: ClassVar[str] = "an app with a Consumer Key and credits, and no redirect address; ten minutes"
    terms: ClassVar[str] = _TERMS
    steps: ClassVar[tuple[str, ...]] = (
        "Open https://console.x.com and choose your app, or make one.",
        "Under User authentication settings: permissions Read and write.",
        "Under Keys and tokens: copy the Consumer Key and the Consumer Secret.",
    )
    by_pin: ClassVar[bool] = True
    revoked_at: ClassVar[str] = "https://x.com/settings/connected_apps"

    @property
    def oauth_url(self) -> str:
        return f"{self.settings.base_url}/oauth"

    @property
    def consent_url(self) -> str:
        return f"{self.settings.base_url}/oauth/authorize"

    async def choices(self, grant: Grant) -> Sequence[Choice]:
        request = OAuth1Settings.of(grant.secrets).signed(_who(self.settings.base_url))
        return [_choice(grant, await self.client.send(request))]


LOGINS: dict[str, type[Login]] = {"oauth2": XLogin, "oauth1": XLogin1}


def _who(base_url: str) -> Request:
    return Request(method="GET", url=f"{base_url}/2/users/me")


def _choice(grant: Grant, answer: Answer) -> Choice:
    user: Any = answer.object().get("data")
    if answer.status in (401, 403):
        raise LoginError(
            f"X gave a token and refuses it (status {answer.status}); nothing was changed; "
            "see whether the app is enrolled and may read and write, then connect again"
        )
    if not isinstance(user, dict) or not user.get("id"):
        raise NotSent(f"X did not say whose token this is (status {answer.status})")
    name = str(user.get("username", ""))
    return Choice(
        account=Account(id=str(user["id"]), name=f"@{name}", url=f"https://x.com/{name}"), grant=grant
    )

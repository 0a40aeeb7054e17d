"""How LinkedIn gives a credential: to a member, or to who administers an organization's page.

Sources: learn.microsoft.com/en-us/linkedin/shared/authentication/authorization-code-flow,
…/programmatic-refresh-tokens (read 2026-11), and the API terms of use. Tokens live 60 days; refresh tokens are
for approved partners. Nothing here was observed on a live account; what is unverified says so.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from crosspost.contract.login import Choice, Grant, Login
from crosspost.contract.oauth2 import OAuth2Login
from crosspost.errors import LoginError, NotSent
from crosspost.http import Answer, Request
from crosspost.model import Account

from .roles import POSTING_ROLES

_TERMS = (
    "it costs nothing. LinkedIn's API terms, §3.1(26) (read 2026-09-12), forbid using its APIs to automate "
    "posting. Read "
    "https://www.linkedin.com/legal/l/api-terms-of-use, and go on only if LinkedIn agrees to what you do there."
)


class LinkedInLogin(OAuth2Login):
    """Connect a member. LinkedIn has no PKCE for applications with a secret (unverified)."""

    network: ClassVar[str] = "LinkedIn"
    title: ClassVar[str] = "your own profile"
    needs: ClassVar[str] = "an app with two products, given at once; ten minutes, and the browser every 60 days"
    terms: ClassVar[str] = _TERMS
    scopes: ClassVar[tuple[str, ...]] = ("openid", "profile", "w_member_social")
    steps: ClassVar[tuple[str, ...]] = (
        "Open https://www.linkedin.com/developers/apps and make an app.",
        "Under Products: request Sign In with LinkedIn using OpenID Connect, and Share on LinkedIn.",
        "Under Auth: add this authorized redirect URL, to the letter: {redirect}",
        "Copy the Client ID and the Client Secret from there. It will ask for: {scopes}",
    )
    # By those who have one: approved partners. Whether there is one, the grant says.
    renews: ClassVar[bool] = True
    revoked_at: ClassVar[str] = "https://www.linkedin.com/psettings/permitted-services"

    @property
    def consent_url(self) -> str:
        return f"{self.settings.login_url}/oauth/v2/authorization"

    @property
    def token_url(self) -> str:
        return f"{self.settings.login_url}/oauth/v2/accessToken"

    async def choices(self, grant: Grant) -> Sequence[Choice]:
        who = (await self._get("v2/userinfo", grant)).object()
        if not who.get("sub"):
            raise NotSent("LinkedIn did not say whose token this is")
        urn = f"urn:li:person:{who['sub']}"
        account = Account(id=urn, name=str(who.get("name", "")))
        return [Choice(account=account, settings={"author": urn}, grant=grant)]

    async def _get(self, path: str, grant: Grant) -> Answer:
        headers = {"authorization": f"Bearer {grant.secrets['access_token']}"}
        if path.startswith("rest/"):
            headers |= {
                "linkedin-version": self.settings.api_version,
                "x-restli-protocol-version": "2.0.0",
            }
        url = f"{self.settings.base_url}/{path}"
        answer = await self.client.send(Request(method="GET", url=url, headers=headers))
        if answer.status in (401, 403, 426):
            said = str(answer.object().get("message", ""))
            raise LoginError(
                f"LinkedIn gave a token and refuses it ({answer.status}: {said}); nothing was changed; "
                "check the app's products and api_version, then connect again"
            )
        return answer


class LinkedInOrganizationLogin(LinkedInLogin):
    """Connect an organization. LinkedIn vets applications that ask for this."""

    title: ClassVar[str] = "a company's page, by whoever administers it"
    needs: ClassVar[str] = "an app that LinkedIn has vetted for its Community Management API; days to weeks"
    scopes: ClassVar[tuple[str, ...]] = (
        "w_organization_social",
        "r_organization_social",
        "rw_organization_admin",
    )
    steps: ClassVar[tuple[str, ...]] = (
        "Open https://www.linkedin.com/developers/apps and make an app of the company's page.",
        "Under Products: request Community Management API, and wait until LinkedIn has vetted it.",
        *LinkedInLogin.steps[2:],
    )

    async def choices(self, grant: Grant) -> Sequence[Choice]:
        answer = await self._get("rest/organizationAcls?q=roleAssignee&state=APPROVED&count=100", grant)
        elements: Any = answer.object().get("elements")
        if not isinstance(elements, list):
            raise NotSent("LinkedIn did not list the organizations of this member")
        choices = {}
        for role in elements:
            # Older versions say organizationTarget (third-party code, read 2026-11).
            urn = str(role.get("organization") or role.get("organizationTarget") or "")
            if urn and role.get("role") in POSTING_ROLES:
                number = urn.rpartition(":")[2]
                url = f"https://www.linkedin.com/company/{number}/"
                account = Account(id=urn, name=f"organization {number}", url=url)
                choices[urn] = Choice(account=account, settings={"author": urn}, grant=grant)
        if not choices:
            raise LoginError(
                "this LinkedIn member may post for no organization; let an administrator of its page give the "
                "role, then connect again"
            )
        return list(choices.values())


LOGINS: dict[str, type[Login]] = {"member": LinkedInLogin, "organization": LinkedInOrganizationLogin}

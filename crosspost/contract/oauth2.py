"""OAuth 2: authorization code (RFC 6749), with PKCE (RFC 7636) where the network has it."""

import base64
import hashlib
import hmac
from abc import abstractmethod
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

from crosspost.contract.login import Consent, ConsentLogin, Grant, fresh_secret
from crosspost.contract.proof import named
from crosspost.errors import GrantGone, LoginError, NotSent, RateLimited, Uncertain
from crosspost.http import Answer, Request, may_have_arrived, retry_after
from crosspost.redact import remember


class OAuth2Login(ConsentLogin):
    """Connect by OAuth 2. Subclasses say where, and what the network does its own way."""

    pkce: ClassVar[bool] = False
    basic: ClassVar[bool] = False
    """Whether the application names itself in a header instead of in the form."""
    renewable_for: ClassVar[timedelta | None] = None
    """How long a refresh token is good, where the network does not say so itself."""
    separator: ClassVar[str] = " "

    @property
    @abstractmethod
    def consent_url(self) -> str:
        """Where a person says yes."""

    @property
    @abstractmethod
    def token_url(self) -> str:
        """Where codes and refresh tokens are exchanged."""

    async def ask(self, redirect: str) -> Consent:
        state, verifier = fresh_secret(), fresh_secret(48)
        params = {
            "response_type": "code",
            "client_id": self.app.id,
            "redirect_uri": redirect,
            "scope": self.separator.join(self.scopes),
            "state": state,
        }
        if self.pkce:
            challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
            params |= {"code_challenge": challenge.rstrip(b"=").decode(), "code_challenge_method": "S256"}
        url = f"{self.consent_url}?{urlencode(params)}"
        return Consent(url=url, redirect=redirect, proof=state, secret=verifier)

    def read(self, consent: Consent, answer: Mapping[str, str]) -> str:
        if not hmac.compare_digest(answer.get("state", "").encode(), consent.proof.encode()):
            raise LoginError(
                "the answer does not belong to this question (its state is wrong); nothing was changed; "
                "run crosspost connect again, and use the newest address only"
            )
        if refused := answer.get("error"):
            said = answer.get("error_description") or answer.get("error_reason") or refused
            raise LoginError(
                f"{self.network} did not give the right: {said}; nothing was changed; "
                "run crosspost connect again, and agree there"
            )
        if not answer.get("code"):
            raise LoginError(f"{self.network} sent no code; run crosspost connect again")
        remember(answer["code"])
        return answer["code"]

    async def exchange(self, consent: Consent, code: str) -> Grant:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": consent.redirect}
        if self.pkce:
            form["code_verifier"] = consent.secret
        grant = self.granted(await self.token(form))
        self.check_scopes(grant.scopes)
        return grant

    async def refresh(self, grant: Grant) -> Grant:
        return self.granted(
            await self.token({"grant_type": "refresh_token", "refresh_token": grant.refresh_token}, renews=True)
        )

    async def token(self, form: dict[str, str], *, renews: bool = False) -> dict[str, Any]:
        """Ask for a token once; return the answer's object. `renews`: by a refresh token."""
        headers, form = self.authenticated(form)
        # Codes and refresh tokens are good once: an answer that is lost may have used ours up.
        request = Request(method="POST", url=self.token_url, headers=headers, form=form, once=True)
        answer = await self.client.send(request)
        return self.understood(answer, renews=renews)

    async def revoke_token(self, url: str, grant: Grant) -> None:
        """Revoke by RFC 7009: the refresh token, and with it all that came of it; else the access token."""
        token = grant.refresh_token or grant.secrets["access_token"]
        headers, form = self.authenticated({"token": token})
        answer = await self.client.send(Request(method="POST", url=url, headers=headers, form=form))
        if not answer.ok:
            raise LoginError(f"{self.network} answered {answer.status} when its right was given back")

    def authenticated(self, form: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
        """Name the application in a request, the network's way; return its headers and its form."""
        headers = {"accept": "application/json"}
        if self.basic and self.app.secret:
            pair = f"{self.app.id}:{self.app.secret}".encode()
            return headers | {"authorization": "Basic " + base64.b64encode(pair).decode()}, form
        secret = {"client_secret": self.app.secret} if self.app.secret else {}
        return headers, form | {"client_id": self.app.id} | secret

    def understood(self, answer: Answer, *, renews: bool) -> dict[str, Any]:
        """Return the object of an answer that holds a token; raise what any other means."""
        found = answer.object()
        if answer.ok and named(found.get("access_token")):
            return found
        error = found.get("error")
        said = str(found.get("error_description") or (error if isinstance(error, str) else "") or "")
        says = f"{self.network} answered {answer.status}" + (said and f": {said}")
        if answer.status == 429:
            raise RateLimited(says, until=retry_after(answer.headers, answer.at))
        if answer.status == 503:
            raise NotSent(says)
        if (answer.ok and not isinstance(error, str)) or may_have_arrived(answer.status):
            raise Uncertain(says)
        if renews and self.is_gone(answer, str(error), said):
            raise GrantGone(f"{self.network} no longer accepts what it gave ({says})")
        if error in ("invalid_client", "unauthorized_client"):
            raise LoginError(
                f"{self.network} refuses the application: {says}; give its {self.app_words[1]} anew"
            )
        raise LoginError(f"{says}; nothing was changed; run crosspost connect again")

    def is_gone(self, answer: Answer, error: str, said: str) -> bool:
        """Tell whether a refusal is the network's word that the grant is over (RFC 6749, 5.2)."""
        return error == "invalid_grant"

    def granted(self, found: dict[str, Any]) -> Grant:
        """Read a token's answer."""
        remember(found["access_token"])
        refresh_token = str(found.get("refresh_token") or "")
        remember(refresh_token)
        return Grant(
            secrets={"access_token": found["access_token"]},
            refresh_token=refresh_token,
            lasts=seconds(found.get("expires_in")),
            renewable_for=seconds(found.get("refresh_token_expires_in")) or self.renewable_for,
            scopes=words(found.get("scope")) or self.scopes,
        )

    def check_scopes(self, granted: tuple[str, ...]) -> None:
        """Raise `LoginError` with the scopes that are missing."""
        if missing := [scope for scope in self.scopes if scope not in granted]:
            raise LoginError(
                f"{self.network} did not grant {', '.join(missing)}, which posting needs; nothing was changed; "
                "check that the application may ask for it, then connect again and leave it ticked"
            )


def seconds(value: object) -> timedelta | None:
    """Read a lifetime; None if there is none that can be true."""
    try:
        number = int(value)  # type: ignore[call-overload]
    except (TypeError, ValueError, OverflowError):
        return None
    return timedelta(seconds=number) if 0 < number < 10**9 else None


def words(value: object) -> tuple[str, ...]:
    """Read a list of scopes: by spaces, as RFC 6749 has it, or by commas, as LinkedIn and Facebook do."""
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else ()

"""A stand-in for what a network does to give tokens by OAuth 2: consent, codes, tokens, refresh, revocation.

Kept like the real ones: codes that are good once and not for long, PKCE, redirect addresses to the letter,
lifetimes by the network's clock, refresh tokens that rotate, and grants that end when a used one comes back.
"""

import base64
import hashlib
import itertools
import secrets
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from crosspost.sandbox.behaviour import Behaviour, Dropped, refuse, respond

CLIENT_ID, CLIENT_SECRET = "sandbox-client", "sandbox-client-secret"


@dataclass(slots=True, kw_only=True)
class Grant:
    """What a person agreed to. Ended, none of its tokens is good."""

    scopes: tuple[str, ...]
    began: datetime
    ended: bool = False
    user: str = ""


@dataclass(slots=True, kw_only=True)
class Token:
    """A code, an access token or a refresh token."""

    grant: Grant
    expires: datetime | None = None
    used: bool = False
    redirect: str = ""
    challenge: str = ""


@dataclass(kw_only=True)
class Rules:
    """How this network gives tokens. Tests change what they want to see."""

    name: str
    scopes: frozenset[str]
    lasts: timedelta
    refreshable_by: str | None = None
    """The scope that brings a refresh token; "" : every grant does; None: none."""
    refresh_lasts: timedelta | None = None
    extends: bool = True
    """Whether a refresh token's life begins anew when it is used."""
    rotates: bool = True
    detects_reuse: bool = True
    names_new_refresh_token: bool = True
    """Whether the answer to a refresh holds a refresh token."""
    tells_refresh_life: bool = False
    code_lasts: timedelta = timedelta(minutes=10)
    pkce: bool = False
    basic: bool = False
    separator: str = " "
    denial: str = "access_denied"
    loopback: str = "127.0.0.1"
    """What this machine is called in the addresses that it sends people back to."""
    gone: Behaviour = field(
        default_factory=lambda: refuse(400, {"error": "invalid_grant", "error_description": "Invalid token"})
    )


class Authority:
    """Give tokens. `consent` is what the person at the browser does, `granted` what stays ticked."""

    def __init__(self, rules: Rules, clock: Callable[[], datetime]) -> None:
        self.rules = rules
        self.clock = clock
        self.client_id, self.client_secret = CLIENT_ID, CLIENT_SECRET
        self.public_client = False
        self.redirects: set[str] | None = None
        """The registered addresses; None: any on the loopback address."""
        self.consent: Literal["allow", "deny"] = "allow"
        self.granted: set[str] | None = None
        self.codes: dict[str, Token] = {}
        self.access: dict[str, Token] = {}
        self.refresh: dict[str, Token] = {}
        self.grants: list[Grant] = []
        self.refreshes = 0
        """How many refreshes were granted."""
        self.behaviours: deque[Behaviour] = deque()
        """How the next requests for a token go, one each."""
        self.secrets: set[str] = set()
        """Everything secret that was ever handed out."""
        self._numbers = itertools.count(1)

    def made(self, kind: str) -> str:
        """Make a token that can be recognised wherever it shows."""
        token = f"{self.rules.name}-{kind}-{next(self._numbers):04}-{secrets.token_urlsafe(9)}"
        self.secrets.add(token)
        return token

    def end_grants(self) -> None:
        """Let the person take everything back."""
        for grant in self.grants:
            grant.ended = True

    def expire_access(self) -> None:
        """Let every access token die before its time."""
        for token in self.access.values():
            token.expires = self.clock()

    def find(self, access_token: str) -> Grant | None:
        """Return the grant of an access token that is good now."""
        token = self.access.get(access_token)
        return token.grant if token is not None and self._is_good(token) else None

    def bearer(self, request: Request) -> Grant | None:
        """Return the grant that a request is made by."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        return self.find(token) if kind == "Bearer" else None

    def _is_good(self, token: Token) -> bool:
        return not token.grant.ended and (token.expires is None or self.clock() < token.expires)

    async def authorize(self, request: Request) -> Response:
        """Ask the person, who has answered before: send the browser back at once."""
        asked, rules = request.query_params, self.rules
        redirect = asked.get("redirect_uri", "")
        wanted = tuple(asked.get("scope", "").replace(",", " ").split())
        problem = ""
        if asked.get("client_id") != self.client_id or asked.get("response_type") != "code":
            problem = "unknown application"
        elif (
            redirect not in self.redirects
            if self.redirects is not None
            else f"//{rules.loopback}:" not in redirect
        ):
            problem = "this redirect address is not registered"
        elif unknown := set(wanted) - rules.scopes:
            problem = f"invalid scope: {', '.join(sorted(unknown))}"
        elif not asked.get("state") or (rules.pkce and asked.get("code_challenge_method") != "S256"):
            problem = "state, or the code challenge, is missing"
        if problem:
            return HTMLResponse(f"<p>Something went wrong: {problem}</p>", 400)
        if self.consent == "deny":
            said = {"error": rules.denial, "error_description": "The user denied the request"}
            return RedirectResponse(f"{redirect}?{urlencode(said | {'state': asked['state']})}", 302)
        scopes = tuple(scope for scope in wanted if self.granted is None or scope in self.granted)
        grant = Grant(scopes=scopes, began=self.clock())
        self.grants.append(grant)
        code = self.made("code")
        self.codes[code] = Token(
            grant=grant,
            expires=self.clock() + rules.code_lasts,
            redirect=redirect,
            challenge=asked.get("code_challenge", ""),
        )
        return RedirectResponse(f"{redirect}?{urlencode({'code': code, 'state': asked['state']})}", 302)

    async def token(self, request: Request) -> Response:
        """Exchange a code or a refresh token, or misbehave as told."""
        form = dict(parse_qsl((await request.body()).decode()))
        return await self.misbehaving(lambda: self.exchanged(request.headers, form))

    async def misbehaving(self, usual: Callable[[], Response]) -> Response:
        """Let a request for a token go as told."""
        behaviour = self.behaviours.popleft() if self.behaviours else Behaviour(accept=True)
        answer = usual() if behaviour.accept else None
        if behaviour.hold is not None:
            await behaviour.hold.wait()
        if behaviour.drop:
            raise Dropped
        return answer if behaviour.status is None and answer is not None else respond(behaviour)

    def exchanged(self, headers: Mapping[str, str], form: dict[str, str]) -> Response:
        if not self._knows(headers, form):
            return JSONResponse(
                {"error": "invalid_client", "error_description": "Client authentication failed"}, 401
            )
        match form.get("grant_type"):
            case "authorization_code":
                return self._by_code(form)
            case "refresh_token" if self.rules.refreshable_by is not None:
                return self._by_refresh(form.get("refresh_token", ""))
        return JSONResponse({"error": "unsupported_grant_type"}, 400)

    def _knows(self, headers: Mapping[str, str], form: dict[str, str]) -> bool:
        if self.rules.basic and not self.public_client:
            pair = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
            return headers.get("authorization") == f"Basic {pair}"
        secret = self.public_client or form.get("client_secret") == self.client_secret
        return secret and form.get("client_id") == self.client_id

    def code(self, form: dict[str, str]) -> Grant | None:
        """Use up a code; return its grant. A code that comes twice ends it (RFC 6749, 4.1.2)."""
        code = self.codes.get(form.get("code", ""))
        if code is None:
            return None
        if code.used:
            code.grant.ended = True
        hashed = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proved = base64.urlsafe_b64encode(hashed).rstrip(b"=").decode() == code.challenge
        good = self._is_good(code) and not code.used and code.redirect == form.get("redirect_uri")
        code.used = True
        return code.grant if good and (proved or not self.rules.pkce) else None

    def _by_code(self, form: dict[str, str]) -> Response:
        grant = self.code(form)
        if grant is None:
            said = "The code is wrong, was used before, or is too old"
            return JSONResponse({"error": "invalid_request", "error_description": said}, 400)
        by = self.rules.refreshable_by
        return self._tokens(grant, renewable=by is not None and (not by or by in grant.scopes))

    def _by_refresh(self, given: str) -> Response:
        token = self.refresh.get(given)
        if token is None or not self._is_good(token):
            return respond(self.rules.gone)
        if token.used:
            if self.rules.detects_reuse:
                token.grant.ended = True
            return respond(self.rules.gone)
        self.refreshes += 1
        if self.rules.rotates:
            token.used = True
            return self._tokens(token.grant, renewable=True)
        if self.rules.extends and self.rules.refresh_lasts:
            token.expires = self.clock() + self.rules.refresh_lasts
        return self._tokens(token.grant, renewable=True, same=given)

    def issue(self, grant: Grant, lasts: timedelta | None, kind: str = "access") -> str:
        """Give an access token."""
        token = self.made(kind)
        self.access[token] = Token(grant=grant, expires=self.clock() + lasts if lasts else None)
        return token

    def _tokens(self, grant: Grant, *, renewable: bool, same: str = "") -> Response:
        rules = self.rules
        answer: dict[str, object] = {
            "access_token": self.issue(grant, rules.lasts),
            "token_type": "bearer",
            "expires_in": int(rules.lasts.total_seconds()),
            "scope": rules.separator.join(grant.scopes),
        }
        if not renewable:
            return JSONResponse(answer)
        token, began = same or self.made("refresh"), self.clock() if rules.extends else grant.began
        ends = began + rules.refresh_lasts if rules.refresh_lasts else None
        self.refresh.setdefault(token, Token(grant=grant, expires=ends))
        if rules.names_new_refresh_token or not self.refreshes:
            answer["refresh_token"] = token
        if rules.tells_refresh_life and ends is not None:
            answer["refresh_token_expires_in"] = int((ends - self.clock()).total_seconds())
        return JSONResponse(answer)

    async def revoke(self, request: Request) -> Response:
        """End the grant of a token (RFC 7009); an unknown one is no error."""
        form = dict(parse_qsl((await request.body()).decode()))
        if not self._knows(request.headers, form):
            return JSONResponse({"error": "invalid_client"}, 401)
        token = self.access.get(form.get("token", "")) or self.refresh.get(form.get("token", ""))
        if token is not None:
            token.grant.ended = True
        return JSONResponse({"revoked": True})

"""A stand-in for what a network does to give tokens by OAuth 1.0a (RFC 5849); it verifies every signature."""

import base64
import hmac
import itertools
import secrets
import time
from typing import Literal
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response


class Authority1:
    """Give tokens, and verify what is signed with them. `consent` is what the person does at the browser."""

    def __init__(self, name: str, consumer_key: str, consumer_secret: str, known: dict[str, str]) -> None:
        self.name = name
        self.consumer_key, self.consumer_secret = consumer_key, consumer_secret
        self.tokens = known
        """The access tokens, with their secrets."""
        self.asked: dict[str, tuple[str, str]] = {}
        """The request tokens, with their secrets and where they come back."""
        self.verifiers: dict[str, str] = {}
        self.consent: Literal["allow", "deny"] = "allow"
        self.secrets: set[str] = set()
        self.nonces: set[str] = set()
        self._numbers = itertools.count(1)

    def made(self, kind: str) -> str:
        made = f"{self.name}-{kind}-{next(self._numbers):04}-{secrets.token_urlsafe(9)}"
        self.secrets.add(made)
        return made

    async def signed(self, request: Request, token_secret: str | None = None) -> dict[str, str]:
        """Return the OAuth parameters of a request if its signature is right: keys, clock, nonce, HMAC-SHA1."""
        from oauthlib.oauth1.rfc5849 import signature

        header = request.headers.get("authorization", "")
        if not header.startswith("OAuth "):
            return {}
        kind = request.headers.get("content-type", "")
        form = (await request.body()).decode() if kind.startswith("application/x-www-form-urlencoded") else ""
        parameters = signature.collect_parameters(
            uri_query=request.url.query,
            body=form,
            headers={"Authorization": header},
            exclude_oauth_signature=False,
        )
        sent = dict(parameters)
        if token_secret is None:
            token_secret = self.tokens.get(sent.get("oauth_token", ""))
        signed = [pair for pair in parameters if pair[0] != "oauth_signature"]
        base = signature.signature_base_string(
            request.method,  # type: ignore[arg-type]  # a method of a request is any string
            signature.base_string_uri(str(request.url)),
            signature.normalize_parameters(signed),  # type: ignore[arg-type]  # wrong stub: it takes pairs
        )
        digest = hmac.digest(f"{self.consumer_secret}&{token_secret or ''}".encode(), base.encode(), "sha1")
        nonce = sent.get("oauth_nonce", "")
        fresh = abs(time.time() - int(sent.get("oauth_timestamp", "0"))) < 300 and nonce not in self.nonces
        self.nonces.add(nonce)
        good = (
            fresh
            and token_secret is not None
            and sent.get("oauth_signature_method") == "HMAC-SHA1"
            and sent.get("oauth_consumer_key") == self.consumer_key
            and hmac.compare_digest(sent.get("oauth_signature", ""), base64.b64encode(digest).decode())
        )
        return sent if good else {}

    async def request_token(self, request: Request) -> Response:
        sent = await self.signed(request, "")
        if not sent.get("oauth_callback"):
            return PlainTextResponse("Could not authenticate you.", 401)
        token, secret = self.made("request"), self.made("request-secret")
        self.asked[token] = secret, sent["oauth_callback"]
        answer = {"oauth_token": token, "oauth_token_secret": secret, "oauth_callback_confirmed": "true"}
        return PlainTextResponse(urlencode(answer))

    async def authorize(self, request: Request) -> Response:
        """Ask the person, who answers at once: by a PIN on the page, or by sending the browser back."""
        token = request.query_params.get("oauth_token", "")
        if token not in self.asked:
            return HTMLResponse("<p>This request is no longer valid.</p>", 403)
        callback = self.asked[token][1]
        if self.consent == "deny":
            del self.asked[token]
            denied = f"{callback}?{urlencode({'denied': token})}"
            return HTMLResponse("<p>No.</p>") if callback == "oob" else RedirectResponse(denied, 302)
        if callback == "oob":
            pin = self.verifiers[token] = f"{secrets.randbelow(9_000_000) + 1_000_000}"
            self.secrets.add(pin)
            return HTMLResponse(f"<p>Your PIN: <code>{pin}</code></p>")
        self.verifiers[token] = self.made("verifier")
        back = {"oauth_token": token, "oauth_verifier": self.verifiers[token]}
        return RedirectResponse(f"{callback}?{urlencode(back)}", 302)

    async def access_token(self, request: Request) -> Response:
        """Exchange a request token and its verifier, once."""
        token = next((one for one in self.asked if one in request.headers.get("authorization", "")), "")
        secret = self.asked.get(token, ("", ""))[0]
        sent = await self.signed(request, secret) if token else {}
        verifier = self.verifiers.pop(token, None)
        if not sent or not verifier or sent.get("oauth_verifier") != verifier:
            return PlainTextResponse("Invalid or expired token.", 401)
        del self.asked[token]
        made, made_secret = self.made("access1"), self.made("access1-secret")
        self.tokens[made] = made_secret
        return PlainTextResponse(urlencode({"oauth_token": made, "oauth_token_secret": made_secret}))

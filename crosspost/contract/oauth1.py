"""OAuth 1.0a (RFC 5849): three calls, and tokens that last until they are revoked."""

import hmac
from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar
from urllib.parse import parse_qsl, urlencode

from crosspost.contract.login import Consent, ConsentLogin, Grant
from crosspost.errors import LoginError, NotSent, RateLimited
from crosspost.http import OAuth1, Request, retry_after
from crosspost.redact import remember


class OAuth1Login(ConsentLogin):
    """Connect by OAuth 1.0a. Subclasses say where."""

    app_words: ClassVar[tuple[str, str]] = ("Consumer Key", "Consumer Secret")

    @property
    @abstractmethod
    def oauth_url(self) -> str:
        """What stands before /request_token and /access_token."""

    @property
    @abstractmethod
    def consent_url(self) -> str:
        """Where a person says yes."""

    async def ask(self, redirect: str) -> Consent:
        back = "oob" if self.by_pin else redirect
        found = await self._call("request_token", OAuth1(self.app.id, self.app.secret), callback=back)
        token = found["oauth_token"]
        url = f"{self.consent_url}?{urlencode({'oauth_token': token})}"
        return Consent(url=url, redirect=redirect, proof=token, secret=found["oauth_token_secret"])

    def read(self, consent: Consent, answer: Mapping[str, str]) -> str:
        if "denied" in answer:
            raise LoginError(
                f"{self.network} did not give the right: it was refused there; nothing was changed; "
                "run crosspost connect again, and agree there"
            )
        if not hmac.compare_digest(answer.get("oauth_token", "").encode(), consent.proof.encode()):
            raise LoginError(
                "the answer does not belong to this question (its oauth_token is wrong); nothing was changed; "
                "run crosspost connect again, and use the newest address only"
            )
        verifier = answer.get("oauth_verifier", "")
        if not verifier:
            raise LoginError(f"{self.network} sent no verifier; run crosspost connect again")
        remember(verifier)
        return verifier

    async def exchange(self, consent: Consent, code: str) -> Grant:
        signer = OAuth1(self.app.id, self.app.secret, consent.proof, consent.secret)
        found = await self._call("access_token", signer, verifier=code)
        return Grant(
            secrets={
                "consumer_key": self.app.id,
                "consumer_secret": self.app.secret,
                "access_token": found["oauth_token"],
                "access_token_secret": found["oauth_token_secret"],
            }
        )

    async def _call(
        self, what: str, signer: OAuth1, *, callback: str = "", verifier: str = ""
    ) -> dict[str, str]:
        url = f"{self.oauth_url}/{what}"
        header = signer.header("POST", url, callback=callback, verifier=verifier)
        request = Request(method="POST", url=url, headers={"authorization": header})
        answer = await self.client.send(request)
        found = dict(parse_qsl(answer.body.decode("utf-8", "replace")))
        if answer.ok and found.get("oauth_token") and found.get("oauth_token_secret"):
            remember(found["oauth_token"])
            remember(found["oauth_token_secret"])
            return found
        says = f"{self.network} answered {answer.status} where it gives a {what.replace('_', ' ')}"
        if answer.status == 429:
            raise RateLimited(says, until=retry_after(answer.headers, answer.at))
        if answer.status >= 500:
            raise NotSent(says)
        raise LoginError(
            f"{says}; nothing was changed; check the {' and the '.join(self.app_words)}, and that the "
            "application knows the redirect address"
        )

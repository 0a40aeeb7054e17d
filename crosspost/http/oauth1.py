"""OAuth 1.0a signatures (RFC 5849), for the networks whose tokens then never expire."""

import logging
from dataclasses import dataclass, field
from typing import Any, cast

from crosspost.http.message import Request

# oauthlib logs keys and tokens at DEBUG.
logging.getLogger("oauthlib").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class OAuth1:
    """The four strings of an OAuth 1.0a user context; the last two are empty before a person agreed."""

    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)
    token: str = field(default="", repr=False)
    token_secret: str = field(default="", repr=False)

    def signed(self, request: Request) -> Request:
        """Return the request with its `authorization` header."""
        return request.with_headers({"authorization": self.header(request.method, request.address)})

    def header(self, method: str, url: str, *, callback: str = "", verifier: str = "") -> str:
        """Sign a request and return its `Authorization` header.

        `url` holds the query, which is signed; JSON and multipart bodies are not (RFC 5849, 3.4.1.3).
        `callback` and `verifier` are of the calls that lead to a token (RFC 5849, 2).
        """
        from oauthlib.oauth1 import Client  # late: 40 ms that channels with a bearer token do not pay

        signer = Client(
            self.consumer_key,
            client_secret=self.consumer_secret,
            resource_owner_key=self.token or None,
            resource_owner_secret=self.token_secret or None,
            callback_uri=callback or None,
            verifier=verifier or None,
        )
        _, headers, _ = signer.sign(url, http_method=cast("Any", method))
        return str(headers["Authorization"])

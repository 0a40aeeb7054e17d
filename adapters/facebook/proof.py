"""The proof of the app's secret, which an app can require with every call.

Source: developers.facebook.com/docs/graph-api/guides/secure-requests (read 2026-11).
"""

import hashlib
import hmac
from dataclasses import replace

from crosspost.http import Request


def proved(request: Request, token: str, secret: str) -> Request:
    """Return the request with the proof that who uses the token knows the app's secret, too."""
    proof = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    return replace(request, params={**request.params, "appsecret_proof": proof})

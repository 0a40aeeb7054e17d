"""Keep secrets out of everything a person or a machine reads.

The configuration teaches every secret it resolves; errors and log records pass through `hide` as they
are made, so no later reader (a database column, a traceback, `--json`) has to remember to.
"""

import base64
import html
import json
import re
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

MASK = "[secret]"
_SHORTEST_PARAMETER = 8
_SHORTEST = 4  # shorter values would blot out ordinary words; the configuration refuses them as secrets

_known: set[str] = set()


def learn(secret: str) -> None:
    """Remember `secret`, and the forms in which URLs, headers and JSON carry it."""
    if len(secret) < _SHORTEST:
        return
    _known.update(
        (
            secret,
            quote(secret),
            quote(secret, safe=""),
            _lower_escapes(quote(secret, safe="")),
            html.escape(secret),
            quote_plus(secret),
            json.dumps(secret)[1:-1],
            repr(secret)[1:-1],
            base64.b64encode(secret.encode()).decode(),
        )
    )


def _lower_escapes(text: str) -> str:
    return re.sub(r"%[0-9A-F]{2}", lambda match: match[0].lower(), text)


def learn_address(url: str) -> None:
    """Remember an address as a whole, and what in it alone opens the door: its password and its parameters."""
    learn(url)
    parts = urlsplit(url)
    for part in (parts.password or "", *(value for _, value in parse_qsl(parts.query))):
        if len(part) >= _SHORTEST_PARAMETER:
            learn(part)


def hide(text: str) -> str:
    """Return `text` with every known secret masked; the longest first, so that none is left in pieces."""
    for secret in sorted(_known, key=len, reverse=True):
        if secret in text:
            text = text.replace(secret, MASK)
    return text


def forms() -> frozenset[str]:
    """Return every form in which a known secret could show: for tests that search for them."""
    return frozenset(_known)


def forget() -> None:
    """Forget every secret: for tests, which teach false ones."""
    _known.clear()

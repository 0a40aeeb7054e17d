"""Keep secrets out of everything a person or a machine reads.

The configuration teaches every secret it resolves; errors and log records pass through `hide` as they
are made, so no later reader (a database column, a traceback, `--json`) has to remember to.
"""

import base64
import json
from urllib.parse import quote, quote_plus

MASK = "[secret]"
_SHORTEST = 4  # shorter values would blot out ordinary words; the configuration refuses them as secrets

_known: set[str] = set()


def learn(secret: str) -> None:
    """Remember `secret`, and the forms in which URLs, headers and JSON carry it."""
    if len(secret) < _SHORTEST:
        return
    _known.update(
        (
            secret,
            quote(secret, safe=""),
            quote_plus(secret),
            json.dumps(secret)[1:-1],
            repr(secret)[1:-1],
            base64.b64encode(secret.encode()).decode(),
        )
    )


def hide(text: str) -> str:
    """Return `text` with every known secret masked; the longest first, so that none is left in pieces."""
    for secret in sorted(_known, key=len, reverse=True):
        if secret in text:
            text = text.replace(secret, MASK)
    return text


def forget() -> None:
    """Forget every secret: for tests, which teach false ones."""
    _known.clear()

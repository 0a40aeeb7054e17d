"""What stands in a configuration until somebody writes the real thing: a guide's example, or nothing. Pure."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

_WORDS = frozenset(
    "changeme example fillin fillme fixme insertme placeholder replaceme sample tbd todo".split()
)
_LINKING = "a access api bearer my oauth own real the your"
_NOUNS = (
    "account app author blog client code company consumer email handle here id instance key name number org"
    " organization page password person secret site token urn url user username"
)
_YOURS = re.compile(
    rf"(?:enter|insert|paste|put|votre|your)(?:[-_ ]?(?:{'|'.join(f'{_LINKING} {_NOUNS}'.split())}))+"
)
_BRACKETS = re.compile(r"<.*>|\[.*\]|\{.*\}|\(.*\)|\$\{?\w+\}?|%\w+%")
_NOTHING = re.compile(r"[\W_]*|x+(?:[-_.]?x+)*|0+")
_COUNTED = "1234567890" * 3
_HOSTS = ("example.com", "example.net", "example.org")


def is_placeholder(value: object, examples: Iterable[object] = ()) -> bool:
    """Tell whether a setting still says what a guide says, or nothing. `examples`: its adapter's own.

    Only what no network gives: a blog may well be called `your-dogs`, and a token may begin with `xxx`.
    """
    if not isinstance(value, str):
        return False
    text = value.strip().strip("\"'")
    if text in examples or "…" in text or "..." in text:
        return True
    if text.startswith("urn:"):
        text = text.rpartition(":")[2]
    text = text.casefold()
    return (
        not text
        or (len(text) > 2 and bool(_NOTHING.fullmatch(text)))
        or (len(text) > 5 and _COUNTED.startswith(text))
        or re.sub(r"[-_ ]", "", text) in _WORDS
        or bool(_YOURS.fullmatch(text) or _BRACKETS.fullmatch(text))
        or is_nobodys(text)
    )


def is_nobodys(address: str) -> bool:
    """Tell whether an address is at one of the hosts that are kept for examples (RFC 2606, 3)."""
    try:
        host = urlsplit(address if "://" in address else f"//{address}").hostname or ""
    except ValueError:
        return False
    return any(host == kept or host.endswith(f".{kept}") for kept in _HOSTS)

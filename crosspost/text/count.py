"""How long a text is, in the units networks count."""

import re
import unicodedata
from functools import cache
from typing import Any

code_points = len

X_LINK_WEIGHT = 23
# Source: twitter-text config/v3.json, docs.x.com/fundamentals/counting-characters (read November 2026).
_X_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_X_LONGEST_URL = 4096
_X_LONGEST_LABEL = 63

# A link as X finds it: a scheme, or a bare name that ends in a country's or a well-known top-level domain.
_TLD = r"(?:com|org|net|edu|gov|info|biz|name|dev|app|blog|online|site|shop|museum|[a-z]{2})"
_NAME = r"[^\W_](?:[\w-]*[^\W_])?"
_LINK = re.compile(
    rf"(?P<scheme>https?://)(?P<host>{_NAME}(?:\.{_NAME})+)(?::\d+)?(?:[/?#][^\s\u2028-\u202e\u2066-\u2069]*)?"
    rf"|(?<![\w@.#$/-])(?P<bare>{_NAME}(?:\.{_NAME})*\.{_TLD})(?![\w.@-])(?:[/?#][^\s]*)?",
    re.IGNORECASE,
)
_TRAILING = ".,:;!?'\"…»”’)]"


def graphemes(text: str) -> int:
    """Count what a reader sees as characters (UAX #29)."""
    return len(_regex().findall(r"\X", text))


def x_weight(text: str) -> int:
    """Count a text as X does: weighted code points, 23 for a link, 2 for an emoji of any length.

    A bare domain name that X may or may not take for a link costs the larger of the two.
    """
    text = unicodedata.normalize("NFC", text)
    total, position = 0, 0
    for match in _LINK.finditer(text):
        link = match.group().rstrip(_TRAILING)
        if not _is_x_link(match):
            continue
        total += _weigh(text[position : match.start()])
        total += X_LINK_WEIGHT if match["scheme"] else max(X_LINK_WEIGHT, _weigh(link))
        position = match.start() + len(link)
    return total + _weigh(text[position:])


def _is_x_link(match: re.Match[str]) -> bool:
    """Tell whether X takes this for a link: labels of at most 63 octets in punycode, 4,096 in all."""
    host = match["host"] or match["bare"]
    try:
        labels = [label.encode("idna") if not label.isascii() else label.encode() for label in host.split(".")]
    except UnicodeError:
        return False
    return all(len(label) <= _X_LONGEST_LABEL for label in labels) and len(match.group()) <= _X_LONGEST_URL


def _weigh(text: str) -> int:
    if text.isascii():
        return len(text)
    total = 0
    for cluster in _regex().findall(r"\X", text):
        if _emoji().search(cluster):
            total += 2
        else:
            total += sum(1 if any(a <= ord(c) <= b for a, b in _X_LIGHT) else 2 for c in cluster)
    return total


@cache
def _regex() -> Any:
    import regex  # late: only non-ASCII text needs it

    return regex


@cache
def _emoji() -> Any:
    # Pictographs, flags and keycaps; a lone digit or © without the emoji selector is text.
    return _regex().compile(
        r"\p{Emoji_Presentation}|\p{Extended_Pictographic}|\p{RI}\p{RI}|[0-9#*]\uFE0F?\u20E3"
    )

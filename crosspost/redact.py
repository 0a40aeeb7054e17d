"""Keep secrets out of everything a person or a machine reads.

Whoever reads or receives a secret has it remembered; errors and log records pass through `hide` as they are
made, so no later reader (a database column, a traceback, `--json`) has to think of it. A token is replaced
every few hours for years: so what is remembered has an owner, and of most owners only the newest are known.
"""

import base64
import html
import json
import re
from bisect import insort
from collections import Counter
from threading import Lock
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

LONGEST_LINE = 1_000
"""Characters of a sentence for people; networks answer with whole pages."""
# Control characters but tab and line feed, and the invisible ones that reorder the text around them. What
# scripts need stays: the joiners, and the marks for one direction.
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ufeff\ud800-\udfff]|[\u202a-\u202e\u2066-\u2069]"
)
_BREAKS = re.compile(r"[ \t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")
MASK = "[secret]"
CONFIGURATION = "the configuration"
"""The owner of what people set, such as passwords and keys: all of it is known while the process lives."""
PASSING = "nobody"
"""The owner of what is soon over: a code, a state, a token on its way into the vault."""
NEWEST = 3
"""How many secrets of one owner are known: the last one, and two before it, which a late answer may repeat."""
NEWEST_PASSING = 500
_SHORTEST_PARAMETER = 8
_SHORTEST = 4  # shorter values would blot out ordinary words; the configuration refuses them as secrets

_secrets: dict[str, dict[str, None]] = {}
"""The known secrets by their owner, the oldest first."""
_uses: Counter[str] = Counter()
"""Every form in which a known secret could show, and for how many of them it stands."""
_by_beginning: dict[str, tuple[str, ...]] = {}
"""Every form of a known secret by its first letters, the longest first. One regular expression of them all
would be faster for ten, and sixty times slower for ten thousand, beside the time to compile it at each new
token."""
_changing = Lock()  # secrets are also remembered in the store's threads; `hide` reads values that never change


def remember(secret: str, *, of: str = PASSING) -> None:
    """Remember a secret, and forget what its owner had long before. Too short a one is no secret.

    `of`: the owner, such as one token of one channel: the same name for what replaces it.
    """
    if len(secret) < _SHORTEST:
        return
    with _changing:
        theirs = _secrets.setdefault(of, {})
        if secret in theirs:
            del theirs[secret]
        else:
            _show(secret)
        theirs[secret] = None
        if of != CONFIGURATION and len(theirs) > (NEWEST_PASSING if of == PASSING else NEWEST):
            oldest = next(iter(theirs))
            del theirs[oldest]
            _drop(oldest)


def remember_address(url: str) -> None:
    """Remember a configured address, and what in it alone opens the door: its password and its parameters."""
    remember(url, of=CONFIGURATION)
    parts = urlsplit(url)
    for part in (parts.password or "", *(value for _, value in parse_qsl(parts.query))):
        if len(part) >= _SHORTEST_PARAMETER:
            remember(part, of=CONFIGURATION)


def hide(text: str) -> str:
    """Return `text` with every known secret masked. Those that overlap are masked as one: no piece is left."""
    shown: list[str] = []
    hidden_to = 0
    if _by_beginning:
        for at in range(len(text) - _SHORTEST + 1):
            for form in _by_beginning.get(text[at : at + _SHORTEST], ()):
                if text.startswith(form, at):
                    if at >= hidden_to:
                        shown += (text[hidden_to:at], MASK)
                    hidden_to = max(hidden_to, at + len(form))
                    break
    return "".join((*shown, text[hidden_to:])) if shown else text


def without_controls(text: str) -> str:
    """Drop control characters but tab and line feed, and what reorders the text around it."""
    return _CONTROLS.sub("", text)


def one_line(text: str, most: int = LONGEST_LINE) -> str:
    """Return a stranger's words as a line that people can be shown: nothing in it acts on their terminal."""
    line = without_controls(_BREAKS.sub(" ", text)).strip(" ")
    return line if len(line) <= most else f"{line[: most - 1]}…"


def forms() -> frozenset[str]:
    """Return every form in which a known secret could show: for tests that search for them."""
    return frozenset(_uses)


def forget() -> None:
    """Forget every secret: for tests, which have false ones remembered."""
    with _changing:
        for known in (_secrets, _uses, _by_beginning):
            known.clear()


def _show(secret: str) -> None:
    for form in _forms_of(secret):
        _uses[form] += 1
        if _uses[form] == 1:
            beginning = form[:_SHORTEST]
            alike = [*_by_beginning.get(beginning, ())]
            insort(alike, form, key=lambda form: -len(form))
            _by_beginning[beginning] = tuple(alike)


def _drop(secret: str) -> None:
    for form in _forms_of(secret):
        _uses[form] -= 1
        if not _uses[form]:
            del _uses[form]
            beginning = form[:_SHORTEST]
            left = tuple(other for other in _by_beginning[beginning] if other != form)
            if left:
                _by_beginning[beginning] = left
            else:
                del _by_beginning[beginning]


def _forms_of(secret: str) -> set[str]:
    """Return the forms in which URLs, headers, pages and JSON carry a secret."""
    quoted = quote(secret, safe="")
    return {
        secret,
        quote(secret),
        quoted,
        re.sub(r"%[0-9A-F]{2}", lambda escape: escape[0].lower(), quoted),
        quote_plus(secret),
        html.escape(secret),
        json.dumps(secret)[1:-1],
        repr(secret)[1:-1],
        base64.b64encode(secret.encode()).decode(),
    }

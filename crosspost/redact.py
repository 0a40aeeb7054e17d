"""Keep secrets out of everything a person or a machine reads.

Whoever reads or receives a secret has it remembered; errors and log records pass through `hide` as they are
made, so no later reader (a database column, a traceback, `--json`) has to think of it. A token is replaced
every few hours for years: so what is remembered has an owner, and of most owners only the newest are known.
"""

import base64
import html
import json
import re
from collections import Counter
from collections.abc import Iterator
from threading import Lock
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit

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
_SHORTEST_ENCODED = 8
_LONG, _TOLD = 32, 20
"""Of a secret so long, networks repeat so many first characters, to say which one they mean."""
_SHORTEST = 4  # shorter values would blot out ordinary words; the configuration refuses them as secrets

_secrets: dict[str, dict[str, None]] = {}
"""The known secrets by their owner, the oldest first."""
_uses: Counter[str] = Counter()
"""Every form in which a known secret could show, and for how many of them it stands."""
_alike: Counter[tuple[str, int]] = Counter()
"""How many forms have these first letters and this length."""
_lengths: dict[str, tuple[int, ...]] = {}
"""How long the forms are that have these first letters, the longest first. One regular expression of them all
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
    if parts.password:  # a short one could be a word: as a pair, as `Authorization: Basic` has it, it is none
        remember(f"{unquote(parts.username or '')}:{unquote(parts.password)}", of=CONFIGURATION)
    opens = (
        unquote(parts.password or ""),
        parts.password or "",
        *(value for _, value in parse_qsl(parts.query)),
    )
    for part in opens:
        if len(part) >= _SHORTEST_PARAMETER:
            remember(part, of=CONFIGURATION)


def hide(text: str) -> str:
    """Return `text` with every known secret masked, and whatever an address has before its host.

    Secrets that overlap are masked as one: no piece is left.
    """
    shown: list[str] = []
    hidden_to = 0
    if _lengths:
        for at in range(len(text) - _SHORTEST + 1):
            for length in _lengths.get(text[at : at + _SHORTEST], ()):
                if text[at : at + length] in _uses:
                    if at >= hidden_to:
                        shown += (text[hidden_to:at], MASK)
                    hidden_to = max(hidden_to, at + length)
                    break
    text = "".join((*shown, text[hidden_to:])) if shown else text
    return _PASSWORD.sub(f"://{MASK}@", text) if _PASSWORD.search(text) else text


_PASSWORD = re.compile(r"""://[^\s/?#"'<>:@]*:[^\s/?#"'<>]*@""")
"""A user with a password in an address, known or not, however short."""


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
        for known in (_secrets, _uses, _alike, _lengths):
            known.clear()


def _show(secret: str) -> None:
    for form in _forms_of(secret):
        _uses[form] += 1
        if _uses[form] == 1:
            _count(form, 1)


def _drop(secret: str) -> None:
    for form in _forms_of(secret):
        _uses[form] -= 1
        if not _uses[form]:
            del _uses[form]
            _count(form, -1)


def _count(form: str, one: int) -> None:
    """Note that there is one form more, or less, of these first letters and this length."""
    beginning, length = form[:_SHORTEST], len(form)
    _alike[beginning, length] += one
    known = set(_lengths.get(beginning, ())) | {length}
    if not _alike[beginning, length]:
        del _alike[beginning, length]
        known.remove(length)
    _lengths[beginning] = tuple(sorted(known, reverse=True))
    if not known:
        del _lengths[beginning]


def _forms_of(secret: str) -> set[str]:
    """Return the forms in which URLs, headers, pages and JSON carry a secret, and networks repeat it."""
    plain = secret.encode(errors="surrogatepass")
    forms = {secret, plain.hex(), plain.hex().upper(), *_base64(plain)}
    if len(secret) >= _LONG and "://" not in secret:  # an address begins as others do
        forms.add(secret[:_TOLD])
    if _ODD.search(secret):  # what has nothing to escape is the same in each of these
        forms |= {repr(secret)[1:-1], *_percent(secret), *_in_json(secret), *_in_page(secret)}
        forms |= {again for form in _percent(secret) for again in _percent(form)}
        forms |= {again for form in _in_json(secret) for again in _in_json(form)}
        forms |= set(_in_page(html.escape(secret)))
    return forms


def _percent(text: str) -> Iterator[str]:
    for quoted in (quote(text), quote(text, safe=""), quote_plus(text)):
        yield quoted
        yield re.sub(r"%[0-9A-F]{2}", lambda escape: escape[0].lower(), quoted)


def _in_json(text: str) -> Iterator[str]:
    """Yield a string's inside as JSON has it: plain, with `/` escaped, with more of it as numbers."""
    for inside in (json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]):
        yield inside
        yield inside.replace("/", "\\/")
    for wide in (_ODD, _ODD_TO_PAGES):
        numbered = wide.sub(lambda odd: f"\\u{ord(odd[0]):04x}", text)
        yield numbered
        yield re.sub(r"(?<=\\u)[0-9a-f]{4}", lambda digits: digits[0].upper(), numbered)


def _in_page(text: str) -> Iterator[str]:
    """Yield text as HTML has it, by the names and by the numbers of its characters."""
    page = html.escape(text)
    yield page
    yield page.replace("&#x27;", "&#39;")
    yield page.replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
    yield page.replace("&#x27;", "&apos;")
    for odd in (_ODD, _ODD_TO_PAGES):
        yield odd.sub(lambda character: f"&#{ord(character[0])};", text)
        yield odd.sub(lambda character: f"&#x{ord(character[0]):x};", text)
        yield odd.sub(lambda character: f"&#x{ord(character[0]):X};", text)


_ODD = re.compile(r"[^0-9A-Za-z._~-]")
_ODD_TO_PAGES = re.compile(r"[^ -~]|[&<>\"']")


def _base64(plain: bytes) -> Iterator[str]:
    """Yield the letters that stand for these bytes wherever they begin in what was encoded, as in a header."""
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + plain).decode()
        # A letter at an edge may stand for a neighbour's bits too, and so is not known; at the end, padding is.
        first, end = -(-before * 8 // 6), (before + len(plain)) * 8 // 6
        for form in (encoded[first:end], encoded[first:].rstrip("="), encoded[first:]):
            if len(form) >= _SHORTEST_ENCODED:
                yield form
                yield form.translate(_URLSAFE)


_URLSAFE = str.maketrans("+/", "-_")

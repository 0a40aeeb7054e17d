"""Links: which two are the same, what a network wrapped, and how readers are counted."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

_TRACKERS = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|twclid|yclid|igshid|li_fat_id|mc_[ce]id|_hsenc|_hsmi|mkt_tok"
    r"|ref_src|ref_url|at_medium|at_campaign|xtor",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_SAFE = "/:@!$&*+,;=%"
"""What an address may hold beside letters, digits and `-._~`; but no brackets and quotes, which may end it."""
# Where networks send readers through an address of their own: (host, path) -> the parameter with the real one.
# Sources: Facebook `l.facebook.com/l.php?u=`, Tumblr `href.li/?` and `t.umblr.com/redirect?z=` (seen 2026-11).
_WRAPPERS = {
    ("l.facebook.com", "/l.php"): "u",
    ("lm.facebook.com", "/l.php"): "u",
    ("t.umblr.com", "/redirect"): "z",
    ("www.linkedin.com", "/redir/redirect"): "url",
}


@lru_cache(maxsize=1_024)  # whoever reads a feed asks the same of each link again and again
def is_web_link(link: str) -> bool:
    """Tell whether a link is an absolute http(s) address with a host, fit to be published."""
    try:
        parts = urlsplit(link)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and not re.search(r"[\s\x00-\x1f\ud800-\udfff]", link)
        )
    except ValueError:
        return False


def links_in(text: str) -> Iterator[tuple[int, int]]:
    """Yield the beginnings and ends of what is written as a link, with its scheme."""
    for match in _LINK.finditer(text):
        yield match.span()


@lru_cache(maxsize=1_024)
def canonical_link(link: str) -> str:
    """Return what identifies a page among all ways to write its address.

    Dropped: scheme, `www.`, default port, trailing slash, trackers, text fragments. Kept: other parameters
    and fragments, since some sites tell their entries apart by nothing else.
    """
    try:
        parts = urlsplit(link.strip())
        host = (parts.hostname or "").removeprefix("www.").rstrip(".")
        port = parts.port
    except ValueError:
        return link.strip()
    if port and port != _DEFAULT_PORTS.get(parts.scheme.lower()):
        host += f":{port}"
    path = _same_escapes(parts.path).rstrip("/")
    query = [
        pair for pair in parts.query.split("&") if pair and not _TRACKERS.fullmatch(pair.partition("=")[0])
    ]
    fragment = parts.fragment.partition(":~:")[0]
    return (
        host
        + path
        + ("?" + "&".join(map(_same_escapes, query)) if query else "")
        + ("#" + fragment if fragment else "")
    )


def _same_escapes(text: str) -> str:
    return quote(unquote(text), safe="/:@!$&'()*+,;=~-._%")


def unwrap(link: str) -> str:
    """Return the address behind a network's own redirect; other links as they are."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return link
    host = (parts.hostname or "").lower()
    if host == "href.li" and parts.query:
        return unquote(link.partition("?")[2])  # with its fragment
    wanted = _WRAPPERS.get((host, parts.path.rstrip("/")))
    if wanted is None:
        return link
    return dict(parse_qsl(parts.query)).get(wanted, link)


def with_utm(link: str, utm: Mapping[str, str]) -> str:
    """Add `utm_…` parameters to a link. Those it has stay, and so does every other byte of it."""
    if not utm:
        return link
    parts = urlsplit(link)
    there = {name.lower() for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    added = urlencode([(f"utm_{k}", v) for k, v in utm.items() if f"utm_{k}" not in there], quote_via=quote)
    query = "&".join(filter(None, (parts.query, added)))
    return urlunsplit(parts._replace(query=query))


def in_ascii(link: str) -> str:
    """Write a web address in ASCII, without a character that could be taken for the end of it: the same page.

    The host is in punycode; elsewhere, what is no letter, digit or sign of an address's own is percent-encoded.
    """
    try:
        parts = urlsplit(link)
    except ValueError:
        return link
    path = _ended(quote(parts.path, safe=_SAFE))
    if parts.fragment and not path:
        path = "/"
    query = _ended(quote(parts.query, safe=_SAFE + "?"))
    if parts.query.endswith("+"):
        query = quote(parts.query, safe=_SAFE + "?") + "&"  # there "+" is a space
    fragment = _ended(quote(parts.fragment, safe=_SAFE + "?"))
    return urlunsplit((parts.scheme, _ascii_host(parts.netloc), path, query, fragment))


def _ended(text: str) -> str:
    """Percent-encode a last character at which readers of running text may not look for the end of a link."""
    if not text or text[-1].isalnum() or text[-1] in "-_=/&":
        return text
    return f"{text[:-1]}%{ord(text[-1]):02X}"


def _ascii_host(host: str) -> str:
    """Return the host of an address in ASCII, with what stands around it; as it is if there is no such form."""
    owner, at, rest = host.rpartition("@")
    name, colon, port = rest.partition(":")
    if not name.isascii():
        import idna  # late: hosts are seldom beyond ASCII

        try:
            name = idna.encode(name, uts46=True).decode()
        except idna.IDNAError:  # emoji: older rules take them
            try:
                name = name.encode("idna").decode()
            except UnicodeError:
                return host
    return owner + at + name.removesuffix(".") + colon + port

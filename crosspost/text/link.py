"""Links: which two are the same, what a network wrapped, and how readers are counted."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

_TRACKERS = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|twclid|yclid|igshid|li_fat_id|mc_[ce]id|_hsenc|_hsmi|mkt_tok"
    r"|ref_src|ref_url|at_medium|at_campaign|xtor",
    re.IGNORECASE,
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
# Where networks send readers through an address of their own: (host, path) -> the parameter with the real one.
# Sources: Facebook `l.facebook.com/l.php?u=`, Tumblr `href.li/?` and `t.umblr.com/redirect?z=` (seen 2026-11).
_WRAPPERS = {
    ("l.facebook.com", "/l.php"): "u",
    ("lm.facebook.com", "/l.php"): "u",
    ("t.umblr.com", "/redirect"): "z",
    ("www.linkedin.com", "/redir/redirect"): "url",
}


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

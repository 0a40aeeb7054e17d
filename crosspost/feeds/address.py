"""Addresses in feeds: made absolute, and shown without what must not be seen. Pure."""

import re
from functools import lru_cache
from pathlib import PurePosixPath
from posixpath import normpath
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

from crosspost.text import is_web_link

LONGEST = 2_000
"""Characters of an address that is still taken for one."""
_TO_ESCAPE = re.compile(r"[ \t\r\n]+")
# Of the categories Cc, Cf, Zl and Zp: nobody sees them, some reorder what is seen, and terminals obey others.
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)


def host(url: str) -> str:
    """Name a server, without what else an address may hold: user, password, a key in its query."""
    try:
        return urlsplit(url).hostname or "the configured address"
    except ValueError:
        return "the configured address"


def named(url: str) -> str:
    """Begin a sentence about a feed: by its server, or by its file."""
    if url.startswith("file:"):
        return f"the feed file {unquote(urlsplit(url).path)}"
    return f"the feed of {host(url)}"


def without_user(url: str) -> str:
    """Drop user and password: links made absolute with this address are published."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def whole_page(url: str) -> str:
    """Drop the place within a page that an address leads to, but not what a script reads (`#!…`, `#/…`)."""
    page, _, place = url.partition("#")
    return url if place.startswith(("!", "/")) else page


def same_server(one: str, other: str) -> bool:
    """Tell whether two addresses are of one server, by name and port; http and https are no difference."""
    try:
        first, second = urlsplit(one), urlsplit(other)
        return (first.hostname, first.port) == (second.hostname, second.port)
    except ValueError:
        return False


def with_user_of(owner: str, url: str) -> str:
    """Return `url` with the user and password of `owner`, an address of the same server."""
    user, at, _ = urlsplit(owner).netloc.rpartition("@")
    parts = urlsplit(without_user(url))
    return urlunsplit(parts._replace(netloc=f"{user}{at}{parts.netloc}"))


def web_base(*candidates: str) -> str:
    """Return the first candidate that is a web link, as a base for relative ones; "" if none is.

    Without its query, where some feeds carry a key: `urljoin` keeps it for a mere fragment.
    """
    for candidate in candidates:
        if is_web_link(candidate):
            return urlunsplit(urlsplit(without_user(candidate))._replace(query="", fragment=""))
    return ""


# What most addresses are, and `urljoin` leaves as it is.
_ORIGIN = re.compile(r"https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?(?=/)")
_PATH = re.compile(
    r"(?:/[A-Za-z0-9_~%!$&'()*+,=:@-][A-Za-z0-9_.~%!$&'()*+,=:@-]*)*/?(?:\?[A-Za-z0-9_.~%&=+-]+)?"
)


@lru_cache(maxsize=4_096)  # the links and pictures of an entry are each asked for several times
def absolute(link: str, base: str) -> str:
    """Return `link` as an absolute web link, "" if it is not one and cannot be made one."""
    is_whole = _ORIGIN.match(link)
    origin = is_whole or (_ORIGIN.match(base) if link[:1] == "/" else None)
    if origin and len(link) < LONGEST // 2 and _PATH.fullmatch(link, is_whole.end() if is_whole else 0):
        return link if is_whole else origin[0] + link
    link = _UNSEEN.sub(lambda unseen: quote(unseen[0]), _TO_ESCAPE.sub("%20", link.strip()))
    if not link or len(link) > LONGEST:
        return ""
    try:
        joined = urljoin(base, link)
        # A bare "//host/…" belongs to the document it stands in; without one, to the web of today.
        joined = "https:" + joined if joined.startswith("//") else joined
    except ValueError:
        return ""
    fit = is_web_link(joined) and len(joined) <= LONGEST and "%" not in host(joined)
    return joined if fit else ""


def in_folder(link: str, document: str) -> str:
    """Return the file: URL of what a feed read from a file names beside it; "" if it leads elsewhere.

    A leading slash means the root of the site, which is the folder the feed lies in.
    """
    try:
        parts, there = urlsplit(link.strip()), urlsplit(document)
    except ValueError:
        return ""
    path = normpath(unquote(parts.path).lstrip("/")) if parts.path else "."
    if parts.scheme or parts.netloc or there.scheme != "file" or path.startswith(".") or "\0" in path:
        return ""
    return (PurePosixPath(unquote(there.path)).parent / path).as_uri()

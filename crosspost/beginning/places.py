"""Where the feed of a blog may be, by what a person typed. Pure."""

import ipaddress
import re
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from crosspost.config.units import is_address

# Where engines put it: WordPress and Ghost, Jekyll, Hugo, Eleventy, Blogger, Squarespace, Wix, Shopify.
_NEAR = ("feed", "rss", "atom.xml", "index.xml", "feed.xml", "rss.xml", "feed.json")
_AT_THE_ROOT = (
    *_NEAR,
    *("posts/index.xml", "blog/index.xml", "blog/feed", "blog/rss.xml", "blog/feed.xml", "blog/atom.xml"),
    *("feeds/posts/default", "?feed=rss2", "index.rdf", "feed.atom", "feeds/all.atom.xml", "blog?format=rss"),
    *("blog-feed.xml", "blogs/news.atom", "rss/feed.xml"),
)
_NO_TLS = (".local", ".lan", ".home", ".internal", ".test", ".localhost")
_NAME = re.compile(r"\[[0-9A-Fa-f:.]+\]|[^\s/?#@:\[\]]+")
_COMMENTS = re.compile(r"comment|kommentar|comentari|commenti\b|reacties|комментар", re.IGNORECASE)
_SECRET_NAMES = re.compile(
    r"(?:^|[_-])(?:token|auth|secret|pass(?:word)?|pwd|sig(?:nature)?|credential|session)(?:$|[_-])|key$",
    re.IGNORECASE,
)


def starts(typed: str) -> tuple[str, ...]:
    """Return the web addresses to ask for what a person typed, the likeliest first; none if it can be none."""
    typed = typed.strip().strip("<>\"'“”«»").strip()
    if re.match(r"feed:(?=https?://)", typed, re.IGNORECASE):
        typed = typed[5:]
    typed = re.sub(r"^feed://", "https://", typed, flags=re.IGNORECASE)
    scheme, mark, rest = typed.partition("://")
    if mark:
        whole = f"{scheme.lower()}://{rest}"
        return (whole,) if is_address(whole) and not re.search(r"\s", whole) else ()
    named = _NAME.match(typed)
    if named is None or re.search(r"\s", typed):
        return ()
    name = named[0].lower()
    after = typed[named.end() :]
    is_alone = bool(re.match(r"(?::[0-9]{1,5})?(?:[/?#]|\Z)", after))
    if not is_alone or not ("." in name.strip(".") or name == "localhost" or name.startswith("[")):
        return ()
    schemes = ("http", "https") if _is_near(name, after) else ("https", "http")
    return tuple(url for url in (f"{scheme}://{typed}" for scheme in schemes) if is_address(url))


def _is_near(name: str, after: str) -> bool:
    """Tell whether a server is rather one without a certificate: on this machine or beside it, or on a port."""
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        port = re.match(r":([0-9]+)", after)
        return name == "localhost" or name.endswith(_NO_TLS) or bool(port and port[1] != "443")
    return True


def known(url: str) -> tuple[str, ...]:
    """Return where a service that hosts many people's pages keeps the feed of one of them.

    Medium, YouTube and GitHub, as they are known for it (written 2026-11, *unverified*: none was asked).
    """
    parts = urlsplit(url)
    name = (parts.hostname or "").removeprefix("www.")
    steps = [step for step in parts.path.split("/") if step]
    if not steps:
        return ()
    if name == "medium.com" and steps[0] != "feed":
        return (f"https://medium.com/feed/{steps[0]}",)
    if name == "youtube.com" and steps[0] == "channel" and len(steps) > 1:
        return (f"https://www.youtube.com/feeds/videos.xml?channel_id={steps[1]}",)
    if name == "github.com" and len(steps) > 1:
        return (f"https://github.com/{steps[0]}/{steps[1]}/releases.atom",)
    return ()


def common(url: str) -> tuple[str, ...]:
    """Return where engines put feeds: beside this page first, then at the root of its site."""
    parts = urlsplit(url)
    folder = parts.path if parts.path.endswith("/") else f"{parts.path}/"
    if "." in parts.path.rpartition("/")[2]:
        folder = f"{parts.path.rpartition('/')[0]}/"
    site = urlunsplit((parts.scheme, parts.netloc, "/", "", ""))
    near = [urlunsplit((parts.scheme, parts.netloc, folder, "", "")) + place for place in _NEAR]
    return tuple(dict.fromkeys([*(near if folder != "/" else ()), *(site + place for place in _AT_THE_ROOT)]))


def of_comments(url: str, title: str) -> bool:
    """Tell whether a feed holds what readers wrote below the entries, by its address and its title."""
    return bool(_COMMENTS.search(unquote(urlsplit(url).path)) or _COMMENTS.search(title))


def holds_secret(url: str) -> bool:
    """Tell whether an address opens a door: by a password in it, or by a parameter that is named like a key."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    named = (name for name, value in parse_qsl(parts.query) if len(value) > 3)
    return bool(parts.password) or any(_SECRET_NAMES.search(name) for name in named)

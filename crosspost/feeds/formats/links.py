"""Links as authors write them, spelled out as far as it is certain what is meant. Pure."""

import re

from crosspost.feeds.address import absolute, host
from crosspost.feeds.formats.tree import Element
from crosspost.text import is_web_link

_HOST = re.compile(
    r"((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+([a-z]{2,24}))(?::\d{1,5})?(/|$|[?#])", re.IGNORECASE
)
# Endings of files: `post.html` is beside the feed, not a host.
_FILES = frozenset(
    "html htm xhtml shtml php php5 phtml asp aspx jsp jspx do cgi pl py rb cfm xml rss atom json txt md pdf"
    " js css jpg jpeg png gif webp avif svg mp3 mp4 ogg zip".split()
)
# Enough to know a host without a path by; a country has two letters.
_COMMON_ENDINGS = frozenset(
    "com org net info biz edu gov int name pro eu dev app io blog site online shop store tech cloud page"
    " website space world life news media press art design studio agency club social xyz paris berlin london"
    " quebec bzh cat example".split()
)
_ONE_SLASH = re.compile(r"(https?):/*(?=[^/\s])", re.IGNORECASE)
_OTHER_SCHEME = re.compile(
    r"(?!https?:)[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE
)  # `blog.example:80` has a port
_BREAK = re.compile(r"\s*[\r\n]\s*")


def spelled(link: str, home: str = "") -> str:
    """Return a link with the scheme that it lacks: `blog.example/x`; `home` is the site's own address.

    What may be a path beside the document (`post.html`, `notes/x`) stays as it is.
    """
    link = _BREAK.sub("", link.strip()).replace("&amp;", "&")
    if link[:4].lower() == "http":
        return _ONE_SLASH.sub(r"\1://", link, count=1)
    bare = _HOST.match(link)
    if not bare or bare[2].lower() in _FILES:
        return link
    name, ending = bare[1].lower(), bare[2].lower()
    known = (
        bare[3] == "/"
        or name.startswith("www.")
        or ending in _COMMON_ENDINGS
        or len(ending) == 2
        or (bool(home) and name == host(home))
    )
    return f"https://{link}" if known else link


def located(element: Element, link: str, home: str = "") -> str:
    """Return a link of this element: from its own xml:base, if it has one; else as it was written.

    Return "" for what leads to no page, such as `mailto:` and `tag:`.
    """
    link = spelled(link, home)
    if _OTHER_SCHEME.match(link):
        return ""
    return absolute(link, element.base) if link and is_web_link(element.base) else link


def alternate(holder: Element, *names: str, home: str = "") -> str:
    """Return the page that a feed's or an entry's `link` elements lead to, pages in HTML first."""
    pages = [
        link
        for link in holder.all(*names)
        if link.get("href") and link.get("rel").lower().rpartition("/")[2] in ("", "alternate")
    ]
    pages.sort(key=lambda link: "html" not in (link.get("type").lower() or "html"))
    return located(pages[0], pages[0].get("href"), home) if pages else ""

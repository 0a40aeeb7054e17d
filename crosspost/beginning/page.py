"""The process that looks for feeds in a stranger's page: `python -I -m crosspost.beginning.page`.

In: a line of JSON (`url`, `content_type`, `seconds`), then the page. Out: the JSON of a `Page`. It limits
itself before it reads, as `feeds.child` does.
"""

import json
import re
import sys
from collections.abc import Iterator
from typing import IO, Any
from urllib.parse import urlsplit

from crosspost.child.limits import limit

_MOST_MEMORY = 1 << 30
_LONGEST_HEADER = 100_000
_MOST_LINKS = 20
_LONGEST_WORDS = 200
_FEEDS = re.compile(r"(?:application|text)/(?:rss|atom|rdf|feed|x-rss|x-atom)\b[+\w]*|(?:application|text)/xml")
_JSON = ("application/json", "application/feed+json")
_CHARSET = re.compile(rb"<meta\s[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_NAMED_LIKE_FEEDS = re.compile(
    r"(?:^|/)(?:feeds?|rss2?|atom|index|[\w-]*(?:feed|rss))(?:\.(?:xml|rss|atom|json|php))?/?$|\.(?:rss|atom)$"
)
_CALLED_FEEDS = re.compile(
    r"\W*(?:rss|atom|feed|flux|xml|fil|syndication|subscribe|rss[ -]feed|flux[ -]rss)\W*", re.I
)
_REFRESH = re.compile(r"\s*(\d+)[^;,]*[;,]\s*(?:url\s*=)?\s*['\"]?([^'\"]+)", re.IGNORECASE)


def main(source: IO[bytes], target: IO[str]) -> int:
    """Read one page, and say what it names."""
    header = json.loads(source.readline(_LONGEST_HEADER))
    limit(header["seconds"], _MOST_MEMORY)
    target.write(json.dumps(read(source.read(), content_type=header["content_type"], url=header["url"])))
    target.flush()
    return 0


def read(body: bytes, *, content_type: str, url: str) -> dict[str, Any]:
    """Return what a page that came from `url` says of feeds, by the names of `found.Page`."""
    # Late, so that the limits hold for the libraries too.
    from crosspost.feeds.address import absolute
    from crosspost.feeds.formats.encoding import decoded
    from crosspost.text.tree import Element, elements_within, parse, text_within

    if "charset" not in content_type.lower() and (said := _CHARSET.search(body[:4_000])):
        content_type = f"{content_type}; charset={said[1].decode('ascii', 'ignore')}"
    elements = list(elements_within(parse(decoded(body, content_type))))

    def named(name: str) -> Iterator[Element]:
        return (element for element in elements if element.name == name)

    def words(element: Element) -> str:
        return " ".join(text_within(element).split())[:_LONGEST_WORDS]

    # The first one counts, as in browsers; what is written before it too.
    bases = (element.attributes["href"] for element in named("base") if element.attributes.get("href"))
    base = absolute(next(bases, ""), url) or url
    links = {
        where: " ".join(element.attributes.get("title", "").split())[:_LONGEST_WORDS]
        for element in named("link")
        if _declares_feed(element.attributes) and (where := absolute(element.attributes.get("href", ""), base))
    }
    mentions = {
        where: words(element)
        for element in named("a")
        if (href := element.attributes.get("href", ""))
        and (_NAMED_LIKE_FEEDS.search(_path(href)) or _CALLED_FEEDS.fullmatch(words(element)))
        and (where := absolute(href, base))
    }
    return {
        "title": next((words(element) for element in named("title")), ""),
        "language": next((element.attributes.get("lang", "") for element in named("html")), "")[:35],
        "links": list(links.items())[:_MOST_LINKS],
        "mentions": [link for link in mentions.items() if link[0] not in links][:_MOST_LINKS],
        "goes_to": next((absolute(to, base) for to in map(_goes_to, named("meta")) if to), ""),
        "asks_login": any(
            element.attributes.get("type", "").lower() == "password" for element in named("input")
        ),
    }


def _declares_feed(attributes: dict[str, str]) -> bool:
    """Tell whether a link is to a feed. WordPress also declares pages as JSON, and embeddings as XML."""
    rel = attributes.get("rel", "").lower().split()
    kind = attributes.get("type", "").lower().partition(";")[0].strip()
    if "feed" in rel and "alternate" not in rel:
        return True
    if "alternate" not in rel or "stylesheet" in rel:
        return False
    if kind in _JSON:
        return kind != "application/json" or "wp-json" not in attributes.get("href", "")
    return bool(_FEEDS.fullmatch(kind)) and "oembed" not in kind


def _path(href: str) -> str:
    try:
        return urlsplit(href.strip()).path
    except ValueError:
        return ""


def _goes_to(meta: Any) -> str:
    """Return where a page sends its readers at once."""
    if meta.attributes.get("http-equiv", "").lower() != "refresh":
        return ""
    said = _REFRESH.match(meta.attributes.get("content", ""))
    return said[2].strip() if said and int(said[1][:3]) <= 5 else ""


if __name__ == "__main__":
    sys.exit(main(sys.stdin.buffer, sys.stdout))

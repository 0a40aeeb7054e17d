"""A page that a person named, as its author describes it: Open Graph, else what every page has.

Source of the properties: https://ogp.me (read November 2026). Runs in the child process only.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crosspost.errors import FeedError
from crosspost.feeds.address import absolute, host, same_server
from crosspost.feeds.formats.encoding import decoded
from crosspost.feeds.formats.mojibake import repaired
from crosspost.feeds.raw import Markup, RawFeed, RawItem, RawPicture, pixels
from crosspost.feeds.words.line import line
from crosspost.feeds.words.title import without_blog
from crosspost.text import folded
from crosspost.text.tree import Element, elements_within, parse, text_within

_DATA = re.compile(r"<script[^>]*application/ld\+json[^>]*>(.*?)</script", re.IGNORECASE | re.DOTALL)
_DATED = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
_PAID = re.compile(r'"isAccessibleForFree"\s*:\s*"?false', re.IGNORECASE)
_LOGIN = re.compile(r"log-?in|sign-?in|connexion|anmeld|auth|session", re.IGNORECASE)
_SEPARATED = re.compile(r"\s+[|·•»«–—:~-]+\s+|\s*\|\s*")
_MOST_TAGS = 20


def read(body: bytes, content_type: str, url: str) -> RawFeed:
    """Read a page that came from `url`. Raise `FeedError` for one that is not to be announced."""
    markup = decoded(body, content_type)
    page = _Page.of(parse(markup))
    where = f"the page at {host(url)}"
    data = " ".join(_DATA.findall(markup))
    _refuse(page, data, where, url)
    title = _title(page, url)
    if not title:
        raise FeedError(f"{where} has no title, so there is nothing to say of it; give its head a <title>")
    item = RawItem(
        link=_permalink(page, url),
        title=_text(title),
        summary=_text(page.first("og:description", "description", "twitter:description")),
        authors=tuple(page.meta["author"][:1]),
        categories=tuple(page.meta["article:tag"][:_MOST_TAGS]),
        published=page.first("article:published_time", "datepublished") or next(iter(_DATED.findall(data)), ""),
        language=page.first("og:locale") or page.language,
        pictures=tuple(_pictures(page)),
    )
    return RawFeed(items=(item,), links_from_home=False)


@dataclass(slots=True)
class _Page:
    """What a page says in its head, and the little that is read of its body."""

    meta: Mapping[str, Sequence[str]]
    """The contents of its <meta> elements, by their names in lower case."""
    links: Mapping[str, str]
    title: str = ""
    language: str = ""
    headings: list[str] = field(default_factory=list)
    """The words of each <h1>."""
    asks_password: bool = False

    def first(self, *names: str) -> str:
        return next((said for name in names for said in self.meta[name] if said.strip()), "")

    @classmethod
    def of(cls, root: Element) -> "_Page":
        meta: defaultdict[str, list[str]] = defaultdict(list)
        links: dict[str, str] = {}
        page = cls(meta, links)
        for element in elements_within(root):
            said = element.attributes
            match element.name:
                case "html":
                    page.language = page.language or said.get("lang", "") or said.get("xml:lang", "")
                case "meta":
                    for key in ("property", "name", "itemprop"):
                        meta[said.get(key, "").strip().lower()].append(said.get("content", ""))
                case "link":
                    links.setdefault(said.get("rel", "").strip().lower(), said.get("href", ""))
                case "title":
                    page.title = page.title or text_within(element)  # an icon's comes later
                case "h1":
                    page.headings.append(text_within(element))
                case "input":
                    page.asks_password = page.asks_password or said.get("type", "").lower() == "password"
        return page


def _refuse(page: _Page, data: str, where: str, url: str) -> None:
    robots = f"{page.first('robots')},{page.first('googlebot')}".lower()
    if {"noindex", "none"} & {word.strip() for word in robots.split(",")}:
        raise FeedError(
            f"{where} asks not to be found (noindex), so it is not announced; if it is meant to be read, "
            "take that out of the page"
        )
    if page.asks_password and (_LOGIN.search(urlsplit(url).path) or not page.meta["og:title"]):
        raise FeedError(f"{where} asks for a password; announce a page that everybody can read")
    if _PAID.search(data) or page.first("article:content_tier").lower() == "locked":
        raise FeedError(f"{where} is only for those who pay; announce a page that everybody can read")


def _title(page: _Page, url: str) -> str:
    """Return the page's own title, without the name of its site."""
    title = line(_text(page.first("og:title", "twitter:title") or page.title))
    heading = line(_text(page.headings[0])) if len(page.headings) == 1 else ""
    if not title:
        return heading
    labels = {folded(label) for label in host(url).removeprefix("www.").split(".")}
    pieces = _SEPARATED.split(title)
    edges = [edge for edge in (pieces[-1], pieces[0]) if folded(edge).replace(" ", "") in labels]
    for name in (page.first("og:site_name"), page.first("application-name"), *edges):
        title = without_blog((title, title), line(_text(name)))[0]
    # What a heading says alone, and the title with something more behind a line, is the title.
    return heading if heading in pieces and title != heading else title


def _permalink(page: _Page, url: str) -> str:
    """Return the address that the page calls its own, if that is on its server and no other page's."""
    own = absolute(page.links.get("canonical", "") or page.first("og:url"), url)
    is_home = urlsplit(own).path in ("", "/") and not urlsplit(own).query
    fits = own and same_server(own, url) and (not is_home or urlsplit(url).path in ("", "/"))
    return own if fits else url


def _pictures(page: _Page) -> Iterator[RawPicture]:
    address = page.first("og:image:secure_url", "og:image", "og:image:url", "twitter:image")
    if address:
        alt = repaired(page.first("og:image:alt", "twitter:image:alt"))
        width, height = page.first("og:image:width"), page.first("og:image:height")
        yield RawPicture(address, alt, pixels(width), pixels(height))


def _text(said: str) -> Markup:
    return Markup(repaired(said), "text")

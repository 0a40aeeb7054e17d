"""Read RSS 0.9x, 1.0 and 2.0, and the modules they are written with. Pure.

Only an item's own children speak for it: what stands deeper belongs to a picture, a person or another page.
"""

from crosspost.feeds.formats.links import alternate, located
from crosspost.feeds.formats.parts import base_of, construct, language_of, longest, words
from crosspost.feeds.formats.pictures import pictures
from crosspost.feeds.formats.tree import Element
from crosspost.feeds.raw import Markup, RawFeed, RawItem
from crosspost.text import is_web_link

_CONTENT = ("content:encoded", "xhtml:body", "body", "fullitem")
_PUBLISHED = (
    "pubdate",
    "dcterms:issued",
    "atom:published",
    "published",
    "issued",
    "dcterms:created",
    "created",
)
# In RSS 1.0 dc:date is the only date.
_UPDATED = ("atom:updated", "updated", "dcterms:modified", "modified", "dc:date", "date", "lastbuilddate")
_CREATORS = ("author", "dc:creator", "dc:author", "atom:author")
_CATEGORIES = ("category", "dc:subject", "atom:category", "media:category", "itunes:category")


def read(root: Element, items: list[Element]) -> RawFeed:
    """Read a feed whose items were found."""
    channel = next(root.all("channel"), root)
    home = _page(channel)
    return RawFeed(
        title=_title(channel),
        link=home,
        language=channel.first("language", "dc:language") or channel.language,
        items=tuple(_item(item, channel.language, home) for item in items),
    )


def _item(item: Element, language: str, home: str) -> RawItem:
    summary = longest(words(item, "description", "dc:description", "abstract"), construct(item, "atom:summary"))
    updated = item.first(*_UPDATED)
    return RawItem(
        guid=item.first("guid", "id", "atom:id") or item.get("rdf:about"),
        link=_permalink(item, home),
        title=_title(item),
        summary=summary if summary.value else words(item, "summary", "itunes:summary"),
        content=longest(
            *(words(item, name) for name in _CONTENT),
            construct(item, "atom:content"),
            construct(item, "content"),
        ),
        authors=_authors(item),
        categories=_categories(item),
        published=item.first(*_PUBLISHED) or updated,
        updated=updated,
        language=item.first("dc:language", "language") or language_of(item, language),
        pictures=tuple(pictures(item)),
    )


def _title(holder: Element) -> Markup:
    for title in (*holder.all("title"), *holder.all("dc:title"), *holder.all("itunes:title")):
        if any(title.elements):
            return Markup(title.markup(), "html", base_of(title))
        if title.text:
            return Markup(title.text, "guess", base_of(title))
    return Markup()


def _permalink(item: Element, home: str) -> str:
    """Return the link to an item's page; an id that is an address will do, unless it says it is none."""
    original = item.first("feedburner:origlink")
    if is_web_link(original):
        return original
    if page := _page(item, home):
        return page
    for guid in item.all("guid"):
        said = guid.get("ispermalink").lower()
        if said == "true" or (said != "false" and is_web_link(guid.text)):
            return located(guid, guid.text, home)
    return next(filter(is_web_link, (item.get("rdf:about"), item.first("id", "atom:id"))), "")


def _page(holder: Element, home: str = "") -> str:
    written = (located(link, link.text, home) for link in holder.all("link"))
    return next(filter(None, written), "") or alternate(holder, "link", "atom:link", home=home)


def _authors(item: Element) -> tuple[str, ...]:
    said = [author.first("name", "atom:name") or author.text for author in item.all(*_CREATORS)]
    return tuple(filter(None, said or [item.first("itunes:author")]))


def _categories(item: Element) -> tuple[str, ...]:
    found = [
        element.get("label") or element.text or element.get("term") or element.get("text")
        for element in item.all(*_CATEGORIES)
    ]
    for keywords in item.all("itunes:keywords"):
        found += (word.strip() for word in keywords.text.split(","))
    return tuple(filter(None, found))

"""Read Atom 0.3 and 1.0 (RFC 4287). Pure."""

from crosspost.feeds.formats.links import alternate, located
from crosspost.feeds.formats.parts import construct, language_of, longest, words
from crosspost.feeds.formats.pictures import pictures
from crosspost.feeds.formats.tree import Element
from crosspost.feeds.raw import RawFeed, RawItem
from crosspost.text import is_web_link


def read(root: Element, entries: list[Element]) -> RawFeed:
    """Read a feed whose entries were found."""
    home = alternate(root, "link") or located(root, root.first("link"))
    authors = _authors(root)
    return RawFeed(
        title=construct(root, "title"),
        link=home,
        language=root.language or root.first("dc:language", "language"),
        items=tuple(_entry(entry, authors, root.language, home) for entry in entries),
        links_from_home=False,
    )


def _entry(entry: Element, authors: tuple[str, ...], language: str, home: str) -> RawItem:
    summary = construct(entry, "summary")
    return RawItem(
        guid=entry.first("id"),
        link=_permalink(entry, home),
        title=construct(entry, "title"),
        summary=summary if summary.value else words(entry, "description", "itunes:summary"),
        content=longest(construct(entry, "content"), words(entry, "content:encoded")),
        authors=_authors(entry) or authors,
        categories=tuple(filter(None, map(_category, entry.all("category", "dc:subject")))),
        published=entry.first("published", "issued", "dcterms:issued", "created", "dc:date", "pubdate"),
        updated=entry.first("updated", "modified", "dcterms:modified"),
        language=language_of(entry, language),
        pictures=tuple(pictures(entry)),
    )


def _permalink(entry: Element, home: str) -> str:
    own_id = entry.first("id")
    candidates = (
        original if is_web_link(original := entry.first("feedburner:origlink")) else "",
        alternate(entry, "link", home=home),
        *(located(link, link.text, home) for link in entry.all("link")),
        own_id if is_web_link(own_id) else "",
    )
    return next(filter(None, candidates), "")


def _authors(holder: Element) -> tuple[str, ...]:
    people = holder.all("author", "dc:creator")
    return tuple(filter(None, (person.first("name") or person.text for person in people)))


def _category(category: Element) -> str:
    return category.get("label") or category.get("term") or category.text

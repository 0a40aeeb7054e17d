"""Read RSS 0.9x, 1.0, 2.0 and Atom 0.3, 1.0 out of what feedparser finds. Runs in the child process only."""

import xml.sax
from collections.abc import Iterator, Mapping
from typing import Any

from crosspost.errors import FeedError
from crosspost.feeds.formats.ending import ends
from crosspost.feeds.formats.mend import mended
from crosspost.feeds.formats.prolog import refuse_entities, refuse_web_page
from crosspost.feeds.formats.tolerant import parsed
from crosspost.feeds.raw import Markup, RawFeed, RawItem, RawPicture, pixels
from crosspost.text import decode_once, is_web_link

_PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif")


def read(body: bytes, content_type: str, name: str, url: str) -> RawFeed:
    """Read an XML feed, also a broken one as far as it goes. Raise `FeedError`."""
    body = mended(body)
    refuse_web_page(body, name, url)
    refuse_entities(body, name)
    document = parsed(body, content_type)
    fault = document.get("bozo_exception")
    broken = isinstance(fault, xml.sax.SAXException)
    if not document.entries and (broken or not document.version):
        if not document.version:
            raise FeedError(f"{name} is not a feed of any known kind; check the address")
        raise FeedError(f"{name} is broken beyond reading{_line(fault, body)}; the next poll tries again")
    whole = not broken or ends(body)
    if not whole:
        # As a file that is just being written: what its last entry lacks, such as a category that keeps it
        # private, nobody can know. A later poll has it whole.
        del document.entries[-1:]
    atom = str(document.version).startswith("atom")
    feed = document.feed
    return RawFeed(
        title=_markup(feed, "title", atom=atom),
        link=_text(feed.get("link")),
        language=_text(feed.get("language")),
        items=tuple(_item(entry, feed, atom=atom) for entry in document.entries),
        links_from_home=not atom,
        whole=whole,
    )


def _line(fault: object, body: bytes) -> str:
    if not isinstance(fault, xml.sax.SAXParseException):
        return ""
    # feedparser puts an XML declaration on a line of its own before a document that has none.
    return f" (line {(fault.getLineNumber() or 1) - (b'<?xml' not in body[:100])})"


def _item(entry: Any, feed: Any, *, atom: bool) -> RawItem:
    summary = _markup(entry, "summary", atom=atom)
    contents = [
        _kind(part, "content", atom=atom)
        for part in entry.get("content", ())
        # Atom may also carry a picture or a film in there, in base64.
        if str(part.get("type", "")).startswith("text/") or part.get("type") == "application/xhtml+xml"
    ]
    if not summary.value:
        summary = Markup(_text(entry.get("itunes_summary")), "html")
    # Not `get`: feedparser would answer with the other date, and warn.
    published, updated = _text(dict.get(entry, "published")), _text(dict.get(entry, "updated"))
    return RawItem(
        guid=_text(entry.get("id")),
        link=_permalink(entry, atom=atom),
        title=_markup(entry, "title", atom=atom),
        summary=summary,
        content=max(contents, key=lambda part: len(part.value), default=Markup()),
        authors=_authors(entry, atom=atom) or (_authors(feed, atom=True) if atom else ()),
        categories=tuple(_text(tag.get("label") or tag.get("term")) for tag in entry.get("tags", ())),
        # In RSS 1.0 dc:date is the only date; feedparser calls it "updated".
        published=published or ("" if atom else updated),
        updated=updated,
        language=_language(entry),
        pictures=tuple(_pictures(entry)),
    )


def _markup(holder: Any, name: str, *, atom: bool) -> Markup:
    """Return a text element. feedparser also fills `summary` from the content, then without a detail."""
    detail = holder.get(f"{name}_detail")
    return _kind(detail, name, atom=atom) if detail else Markup()


def _kind(detail: Mapping[str, Any], name: str, *, atom: bool) -> Markup:
    kind = "html"
    if atom and detail.get("type") == "text/plain":
        kind = "text"
    elif not atom and name == "title":
        kind = "guess"
    return Markup(_text(detail.get("value")), kind, _web(detail.get("base")))


def _permalink(entry: Any, *, atom: bool) -> str:
    """Return the link to the entry's page; in RSS an id that says it is one will do."""
    if original := _web(entry.get("feedburner_origlink")):
        return original
    links = [
        _text(link.get("href"))
        for link in entry.get("links", ())
        if link.get("rel") == "alternate" and link.get("href")
    ]
    link = _text(entry.get("link"))
    if link in links or (not atom and _web(link)):
        return link
    return links[0] if links else ""


def _authors(holder: Any, *, atom: bool) -> tuple[str, ...]:
    """Return who wrote it, as written: `feeds.people` makes names of that."""
    names = [name for author in holder.get("authors", ()) if (name := _text(author.get("name")))]
    address = _text(holder.get("author"))
    if not atom and "@" in address:
        # feedparser finds names beside addresses only in domains of at most four letters.
        names = [name for name in names if name.split()[0] not in address] + [address]
    return tuple(filter(None, names))


def _language(entry: Any) -> str:
    if said := _text(entry.get("language")):
        return said
    details = [*entry.get("content", ()), entry.get("summary_detail"), entry.get("title_detail")]
    return next((said for detail in details if detail and (said := _text(detail.get("language")))), "")


def _pictures(entry: Any) -> Iterator[RawPicture]:
    """Yield the pictures named beside the text, those meant for showing first."""
    for media in entry.get("media_content", ()):
        if _is_picture(media, "url"):
            yield _medium(media)
    for media in entry.get("media_thumbnail", ()):
        yield _medium(media)
    for link in entry.get("links", ()):
        if link.get("rel") == "enclosure" and _is_picture(link, "href"):
            yield RawPicture(_text(link.get("href")), _text(link.get("title")))
    image = entry.get("image")
    if image and image.get("href"):
        yield RawPicture(_text(image.get("href")))


def _medium(media: Mapping[str, Any]) -> RawPicture:
    return RawPicture(
        url=_text(media.get("url")),
        alt=decode_once(_text(media.get("crosspost_description") or media.get("crosspost_title"))),
        width=pixels(media.get("width")),
        height=pixels(media.get("height")),
    )


def _is_picture(media: Mapping[str, Any], key: str) -> bool:
    kind = _text(media.get("type") or media.get("medium")).lower()
    if kind:
        return kind.startswith("image")
    return _text(media.get(key)).lower().partition("?")[0].endswith(_PICTURE_ENDINGS)


def _web(value: object) -> str:
    text = _text(value)
    return text if is_web_link(text) else ""


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""

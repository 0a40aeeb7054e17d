"""From a document's bytes to what its author wrote: RSS, Atom and JSON Feed. Runs in the child process only.

encoding    bytes as text
prolog      what stands before a feed, and what is none
xml         a document as it is, else mended (`mend`), else item by item (`salvage`); `ending`: was it cut?
tree        elements, by expat or by their tags
rss, atom, jsonfeed     the fields of an item; `parts`, `links` and `pictures` are what RSS and Atom share
mojibake    what was encoded twice, repaired in all fields alike

See docs/decisions/0028.
"""

from dataclasses import replace

from crosspost.feeds.formats import jsonfeed
from crosspost.feeds.formats.encoding import decoded
from crosspost.feeds.formats.mojibake import repaired
from crosspost.feeds.raw import Markup, RawFeed, RawItem

__all__ = ["read"]


def read(body: bytes, *, content_type: str, name: str, url: str) -> RawFeed:
    """Read a document that came from `url`. Raise `FeedError`; `name` begins its sentences."""
    text = decoded(body, content_type)
    if jsonfeed.is_json(text):
        feed = jsonfeed.read(text, name)
    else:
        from crosspost.feeds.formats import xml  # late: JSON needs none of it

        feed = xml.read(text, name, url)
    return replace(feed, title=_markup(feed.title), items=tuple(map(_item, feed.items)))


def _item(item: RawItem) -> RawItem:
    """Repair an item's words, all alike: what was encoded twice in the title was so in the content too."""
    return replace(
        item,
        title=_markup(item.title),
        summary=_markup(item.summary),
        content=_markup(item.content),
        authors=tuple(map(repaired, item.authors)),
        categories=tuple(map(repaired, item.categories)),
        pictures=tuple(replace(picture, alt=repaired(picture.alt)) for picture in item.pictures),
    )


def _markup(markup: Markup) -> Markup:
    value = repaired(markup.value)
    return markup if value == markup.value else replace(markup, value=value)

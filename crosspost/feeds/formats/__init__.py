"""From a document's bytes to what its author wrote: RSS, Atom and JSON Feed. Runs in the child process only."""

from crosspost.feeds.formats import jsonfeed
from crosspost.feeds.raw import RawFeed

__all__ = ["read"]


def read(body: bytes, *, content_type: str, name: str, url: str) -> RawFeed:
    """Read a document that came from `url`. Raise `FeedError`; `name` begins its sentences."""
    if jsonfeed.is_json(body):
        return jsonfeed.read(body, name)
    from crosspost.feeds.formats import xml  # late: JSON needs none of it

    return xml.read(body, content_type, name, url)

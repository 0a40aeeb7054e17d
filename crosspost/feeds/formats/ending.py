"""Whether a document came to its end, or was cut on its way. Pure."""

import re

from crosspost.feeds.formats.tree import ENTRY

# What looks like markup in here is none: a text about feeds holds `</rss>` too.
_QUIET = re.compile(r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)", re.DOTALL)
_ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)")


def ends(text: str) -> bool:
    """Tell whether the first element of a document is closed, and behind its last entry.

    For what is no well-formed XML: hosts put scripts and advertisements behind the end, and forget to escape.
    """
    markup = _QUIET.sub("", text)
    root = _ROOT.search(markup)
    if root is None:
        return False
    closing = re.compile(rf"</{re.escape(root[1])}\s*>", re.IGNORECASE)
    ended = max((found.end() for found in closing.finditer(markup)), default=None)
    return ended is not None and not ENTRY.search(markup, ended)

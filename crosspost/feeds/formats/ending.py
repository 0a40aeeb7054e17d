"""Whether a document came to its end, or was cut on its way. Pure."""

import re

# What looks like markup in here is none: a text about feeds holds `</rss>` too.
_QUIET = re.compile(rb"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)", re.DOTALL)
_ROOT = re.compile(rb"<([A-Za-z_][\w.:-]*)")
_ENTRY = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s/>]", re.IGNORECASE)


def ends(body: bytes) -> bool:
    """Tell whether the first element of a document is closed, and behind its last entry.

    For what is no well-formed XML: hosts put scripts and advertisements behind the end, and forget to escape.
    """
    markup = _QUIET.sub(b"", body.replace(b"\0", b""))  # without what UTF-16 puts between letters
    root = _ROOT.search(markup)
    if root is None:
        return False
    closing = re.compile(rb"</" + re.escape(root[1]) + rb"\s*>", re.IGNORECASE)
    ended = max((found.end() for found in closing.finditer(markup)), default=None)
    return ended is not None and not _ENTRY.search(markup, ended)

"""HTML's entities in a text that may be HTML, and may be a text about HTML."""

import html
import re
from html.entities import html5

_NAMED = r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});"
_ENTITY = re.compile(_NAMED)
# What is written for the signs that HTML needs for itself, as whatever makes HTML of a text does.
_ESCAPES = frozenset(
    ("&amp;", "&lt;", "&gt;", "&quot;", "&apos;", "&#39;", "&#039;", "&#34;", "&#x27;", "&#38;")
)
# Whoever speaks of an entity sets it apart; one within a word was escaped once too often.
_WITHIN = re.compile(rf"(?<=[^\W_]){_NAMED}(?=[^\W_])")
_BARE = re.compile(r"<|&(?!(?:#\w+|[A-Za-z]\w+);)")
_TAG = re.compile(r"</?[A-Za-z!?]")


def decoded(text: str, *, literal: bool = False) -> str:
    """Decode entities once, and twice within words: `&amp;amp;` becomes `&amp;`, and `AT&amp;amp;T` `AT&T`.

    `literal`: by its format the text has no entities. Much of what is said to be so was escaped all the same
    (Eleventy's JSON Feed, Blogger's titles): it is decoded if nothing in it shows that nobody escaped it.
    """
    if literal and _TAG.search(text):
        return text
    # Where a bare sign was left, none was escaped; what an editor made, such as `&nbsp;`, is meant in any case.
    keep = _ESCAPES if literal and (_BARE.search(text) or _speaks_of_ampersand(text)) else ()
    text = _ENTITY.sub(lambda found: found[0] if found[0].lower() in keep else _character(found), text)
    return _WITHIN.sub(_character, text)


def _character(entity: re.Match[str]) -> str:
    """Return what an entity stands for; `html.unescape` alone would find `&not` in `&notice;`."""
    named = entity[0][1] != "#" and entity[0][1:] not in html5
    return entity[0] if named else html.unescape(entity[0])


def _speaks_of_ampersand(text: str) -> bool:
    """Tell a title about `&amp;` by its place at an edge: the sign itself stands between two words."""
    text = text.strip()
    return text.startswith("&amp; ") or text.endswith(" &amp;")

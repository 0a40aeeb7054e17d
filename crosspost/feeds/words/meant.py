"""What a text is, whatever its format says of it: much of what is said to be plain was HTML all the same."""

from dataclasses import replace

from crosspost.feeds.raw import Markup
from crosspost.feeds.words.content import MOST_CHARACTERS
from crosspost.feeds.words.elements import has_elements
from crosspost.feeds.words.entities import decoded

_LOOKED_AT = 20_000
"""Characters of a text in which elements are looked for."""


def as_meant(markup: Markup) -> Markup:
    """Return a text that is said to be plain as what it is: HTML, a text that was escaped, or plain."""
    if markup.kind != "text":
        return markup
    if has_elements(markup.value[:_LOOKED_AT]):
        return replace(markup, kind="html")
    value = decoded(markup.value[:MOST_CHARACTERS], literal=True)
    is_html = value != markup.value and has_elements(value[:_LOOKED_AT], escaped=True)
    return replace(markup, value=value, kind="html" if is_html else "text")

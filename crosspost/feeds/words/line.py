"""A title, a name, a category: one plain line out of what an author wrote."""

import re

import nh3

from crosspost.feeds.raw import Markup
from crosspost.text import BLOCKS, decode_once, plain, tidy

_LONGEST_LINE = 1_000
# The elements that make a title HTML. Anything else in angle brackets is a title about code: `List<int>`.
_IN_TITLES = re.compile(
    r"</?(?:a|abbr|acronym|b|big|br|cite|code|del|em|font|h[1-6]|i|img|ins|kbd|mark|p|q|s|small|span|strike"
    r"|strong|sub|sup|tt|u|wbr)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)


def line(markup: Markup) -> str:
    """Read a title: one plain line, its entities decoded once."""
    value = markup.value[: 4 * _LONGEST_LINE]
    if markup.kind == "html" or (markup.kind == "guess" and _IN_TITLES.search(value)):
        value = plain(nh3.clean(value, tags=set(BLOCKS), attributes={}))
    elif markup.kind == "guess":
        value = decode_once(value)
    return shortened(re.sub(r"[ \t\n\u2028\u2029]+", " ", tidy(value)), _LONGEST_LINE)


def shortened(text: str, most: int) -> str:
    """Return a text of at most so many characters, cut at a word where it is longer."""
    if len(text) <= most:
        return text
    words = re.match(r"(?s).*\s", text[:most])
    return (words[0].rstrip() if words else text[: most - 1]) + "…"

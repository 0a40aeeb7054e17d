"""A title, a name, a category: one plain line out of what an author wrote."""

import re

from crosspost.feeds.raw import Markup
from crosspost.feeds.words.elements import without_elements
from crosspost.feeds.words.entities import decoded
from crosspost.text import single_spaced, tidy

_LONGEST_LINE = 1_000
_BREAKS = re.compile(r"[ \t\n\u2028\u2029]+")
# What nobody sees: soft hyphens and what only forbids or allows a break or a ligature. Joiners stay inside a
# line, since scripts and emoji need them; so do the marks for one direction where something runs the other way.
_UNSEEN = re.compile(r"[\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u2060-\u2064\u3164\uffa0\ufffc]")
_DIRECTIONS = re.compile(r"[\u061c\u200e\u200f]")
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_EDGES = " \t\n\u00a0\u200c\u200d\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
# A separator that lost what it kept apart: `Title |`, `- Title`. A dash may also open speech, or be a minus.
_SEPARATORS = re.compile(r"^(?:[|·»›]|[-–](?=\s+\D))\s+|\s+[|·–—-]$")


def line(markup: Markup) -> str:
    """Read a title: one plain line, its entities decoded once, without elements around its words."""
    value = markup.value[: 4 * _LONGEST_LINE]
    text = without_elements(decoded(without_elements(value), literal=markup.kind == "text"), escaped=True)
    return shortened(_seen(text), _LONGEST_LINE)


def _seen(text: str) -> str:
    """Leave what readers see: no character without a width, and no blank beside another."""
    text = _UNSEEN.sub("", _BREAKS.sub(" ", tidy(text)))
    if not _RIGHT_TO_LEFT.search(text):
        text = _DIRECTIONS.sub("", text)
    return _SEPARATORS.sub("", single_spaced(text).strip(_EDGES)).strip(_EDGES)


def shortened(text: str, most: int) -> str:
    """Return a text of at most so many characters, cut at a word where it is longer."""
    if len(text) <= most:
        return text
    words = re.match(r"(?s).*\s", text[:most])
    return (words[0].rstrip() if words else text[: most - 1]) + "…"

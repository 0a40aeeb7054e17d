"""Mend what keeps XML from being well-formed, so that one slip does not spoil a whole document. Pure.

Only for a document that could not be read as it is: in what is well-formed, nothing is changed.
"""

import re
from html.entities import html5

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0, 2.2: Char
# What is quiet stays as it is: an ampersand in there is one. A quiet part without an end goes to the end.
_SLIP = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    r"|&(?!(?:lt|gt|amp|quot|apos);)(?:#(?:[xX]0*([0-9a-fA-F]+)|0*([0-9]+));|([A-Za-z][A-Za-z0-9]{1,31};))?"
    r"|<(?![A-Za-z_/!?])",
    re.DOTALL,
)
_SECTION = "<![CDATA["
_OPENED_BEFORE = re.compile(r"<([\w.:-]+)[^<>]*>\s*\Z")


def mended(text: str) -> str:
    """Return a document without forbidden characters, bare ampersands, HTML's entities and CDATA left open."""
    return _SLIP.sub(_mend, _closed(_FORBIDDEN.sub("", text)))


def _mend(slip: re.Match[str]) -> str:
    found = slip[0]
    if found == "<":
        return "&lt;"
    if found[0] == "<":
        return found
    if digits := slip[1] or slip[2]:
        code = int(digits, 16 if slip[1] else 10) if len(digits) <= 7 else -1
        return found if 0 <= code <= 0x10FFFF and not _FORBIDDEN.match(chr(code)) else ""
    if (meant := html5.get(slip[3] or "")) is not None:
        return meant.replace("&", "&amp;").replace("<", "&lt;")
    return f"&amp;{found[1:]}"


def _closed(text: str) -> str:
    """Close each CDATA section that has no end of its own before its element ends: it hides what follows.

    A document without an end keeps its last section open: that is where it was cut.
    """
    first, *sections = text.split(_SECTION)
    pieces = [first]
    for number, section in enumerate(sections, 1):
        opened = _OPENED_BEFORE.search(pieces[-1], max(0, len(pieces[-1]) - 500))
        if "]]>" not in section and opened:
            inside, end, behind = section.partition(f"</{opened[1]}")
            if end and (number < len(sections) or text.rstrip().endswith(">")):
                section = f"{inside}]]>{end}{behind}"
        pieces.append(section)
    return _SECTION.join(pieces)

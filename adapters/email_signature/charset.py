"""In which characters a signature is written: in those that its file has already. Pure.

What is ours never changes how the rest is read: it is encoded as the rest is, and what that has no character
for is a character reference in HTML, and something near to it in a text.
"""

import codecs
import re
import unicodedata
from dataclasses import dataclass

from crosspost.text import in_ascii

from .block import Format

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16's, with which it begins
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE
)
_WHERE_DECLARED = 2_048
_NEAR = {
    "•": "·*",
    "’": "'",
    "‘": "'",
    "‚": ",",
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "‹": "'",
    "›": "'",
    "–": "-",
    "—": "-",
    "‑": "-",
    "−": "-",
    "\u00a0": " ",
    "\u202f": "\u00a0 ",
    "\u2009": "\u00a0 ",
}
"""One character in place of another, the nearest first."""
_SPELT = {"…": "...", "œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "€": "EUR", "™": "(TM)", "→": "->"}
_SPELT |= {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i"}


class NoCharacter(Exception):
    """Say which character the file cannot hold, and nothing near to it either."""


@dataclass(frozen=True, slots=True)
class Charset:
    """How a file is read and written: by `codec`, without loss; what is ours has only characters of `ours`."""

    codec: str = "utf-8"
    ours: str = "utf-8"
    references: bool = False
    """Whether the file says what it lacks by character references, as HTML does."""

    def decode(self, content: bytes) -> str:
        return content.decode(self.codec)

    def encode(self, text: str) -> bytes:
        """Write a file's text, in which only what went through `fit` is new."""
        return text.encode(self.codec)

    def fit(self, text: str) -> str:
        """Return what the file can hold of a text that is to be shown. Raise `NoCharacter`."""
        if self.references:
            return text.encode(self.ours, "xmlcharrefreplace").decode(self.ours)
        return text if _holds(self.ours, text) else "".join(map(self._near, text)).rstrip()

    def fit_link(self, link: str) -> str:
        """Return an address that means the same, in characters that the file can hold."""
        if self.references or _holds(self.ours, link):
            return self.fit(link)
        return in_ascii(link)

    def _near(self, character: str) -> str:
        if _holds(self.ours, character):
            return character
        plain = "".join(
            one for one in unicodedata.normalize("NFKD", character) if not unicodedata.combining(one)
        )
        others: list[str] = [*_NEAR.get(character, ""), _SPELT.get(character, character), plain]
        for other in others:
            if _holds(self.ours, other):
                return other
        if unicodedata.category(character) in ("So", "Sk", "Mn", "Me", "Cf"):
            return ""  # an emoji, or what changes one
        raise NoCharacter(character)


UTF_8 = Charset()


def charset_of(format_: Format, content: bytes) -> Charset:
    """Find out how a file is encoded: by its mark, by what it says of itself, by its bytes."""
    for mark, codec in _MARKS:
        if content.startswith(mark) and _is(codec, content):
            return Charset(codec, codec)
    if b"\0" in content:
        codec = "utf-16-be" if content.count(b"\0", 0, 1) else "utf-16-le"
        if _is(codec, content):
            return Charset(codec, codec)
    return _of_page(content) if format_ == "html" else _of_text(content)


def _of_page(content: bytes) -> Charset:
    said = _DECLARED.search(content, 0, _WHERE_DECLARED)
    codec = _codec(said[1].decode("ascii", "replace")) if said else ""
    if codec and _is(codec, content):
        return Charset(codec, codec, references=True)
    if not content.isascii() and _is("utf-8", content):
        return Charset("utf-8", "utf-8", references=True)
    # Whatever it is, references are read aright; and as Latin-1, every byte stays what it is.
    return Charset("latin-1", "ascii", references=True)


def _of_text(content: bytes) -> Charset:
    for codec in ("utf-8", "cp1252"):
        if _is(codec, content):
            return Charset(codec, codec)
    return Charset("latin-1", "ascii")


def _codec(name: str) -> str:
    """Return Python's name for an encoding of which ASCII is a part; "" if there is none."""
    try:
        known = codecs.lookup(name)
        text = "<!-- ~ -->"
        return known.name if known.encode(text)[0] == text.encode() else ""
    except (LookupError, UnicodeError, TypeError):
        return ""


def _is(codec: str, content: bytes) -> bool:
    """Tell whether the content can be read so, and written so again, without any loss."""
    try:
        return content.decode(codec).encode(codec) == content
    except UnicodeError:
        return False


def _holds(codec: str, text: str) -> bool:
    try:
        text.encode(codec)
    except UnicodeEncodeError:
        return False
    return True

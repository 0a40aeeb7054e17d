"""Drop characters that no XML may hold, so that one of them does not spoil a whole document. Pure.

They come out of word processors and old databases; feedparser falls back to its loose reader for a control
character, and gives up on `&#xD800;`.
"""

import re

# Without those that ISO-2022-JP switches alphabets with: 0x0E, 0x0F, 0x1B.
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x10-\x1a\x1c-\x1f]")
_REFERENCE = re.compile(rb"&#(?:[xX]0*([0-9a-fA-F]+)|0*([0-9]+));")
_WIDE = (b"\xff\xfe", b"\xfe\xff")


def mended(body: bytes) -> bytes:
    """Return a document without the characters that no XML may hold.

    UTF-16 and UTF-32 stay as they are: there, zero bytes are text.
    """
    if body[:2] in _WIDE or b"\0" in body[:4]:
        return body
    return _REFERENCE.sub(_possible, _CONTROLS.sub(b"", body))


def _possible(reference: re.Match[bytes]) -> bytes:
    digits, base = (reference[1], 16) if reference[1] else (reference[2], 10)
    code = int(digits, base) if len(digits) <= 8 else -1
    # XML 1.0, 2.2: Char.
    allowed = code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD
    return reference[0] if allowed or 0x10000 <= code <= 0x10FFFF else b""

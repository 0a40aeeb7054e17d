"""Text that was UTF-8, read as windows-1252 and written as UTF-8 again: `Ã©tÃ©`, `itâ€™s`. Pure.

It is repaired only where it is certain: not in a text that has a sound accented letter elsewhere, nor where
a capital and a sign behind it may be meant (`AMANHÃ…`). Considered: ftfy, which repairs more, also the
examples in a text about such faults.
"""

import re

# windows-1252 by the byte; five of its bytes stand for themselves.
_BYTES = {bytes([code]).decode("cp1252", "ignore") or chr(code): code for code in range(0x80, 0x100)} | {
    chr(code): code for code in range(0x80, 0xA0)
}
_NEXT = "[" + "".join(re.escape(letter) for letter, code in _BYTES.items() if code < 0xC0) + "]"
_C1 = re.compile("[\x80-\x9f]")
_MEANT = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
_SIGNS = "«»“”‘’…–—\u00a0"  # these may well follow a capital: AMANHÃ…
# The first byte says how many follow. Only alphabets that blogs are written in: `ß”` is German, not N’Ko.
_SEQUENCES = re.compile(
    f"Ã(?=[^{_SIGNS}]|.[a-z]){_NEXT}|Â[¡-ª¬-º¼-¿]|(?<![A-Z])(?:Ã{_NEXT}|Â[«»]|Â(?<=\\SÂ)\u00a0)"
    f"|[âðï]{_NEXT}{{2}}(?:(?<=ð..){_NEXT})?|(?:[ã-í]{_NEXT}{{2}}){{2,}}"
    f"|(?<![A-Z])(?:[ÄÅÎÏÐÑ×ØÙ]{_NEXT}(?=[a-z]|[ÂÃÄÅÎÏÐÑ×ØÙâ]{_NEXT})|(?<=[a-z{_NEXT[1:-1]}])[ÄÅÎÏÐÑ×ØÙ]{_NEXT})"
    # Russian has words of one letter in most sentences: в, и, с.
    f"|(?<!\\S)(?:Ð{_NEXT}|Ñ[\x81\x83\x8fƒ])(?![^\\s,.])"
)
# Two glances, each quick since all that it may begin with is one set.
_SUSPECT = re.compile(f"[ÂÃÄÅÎÏÐÑ×ØÙâðï]{_NEXT}")
_SUSPECT_HAN = re.compile(f"[ã-í]{_NEXT}{{2}}[ã-í]{_NEXT}{{2}}")
_LOST = re.compile("(?<![A-Z])Ã {1,2}")  # an `à`, its second byte taken for a blank
_SOUND = re.compile("[¡-ÿ]")
_MOST_TIMES = 3


def repaired(text: str) -> str:
    """Return what was meant; also for the invisible controls that windows-1252's signs become."""
    if text.isascii():
        return text
    for _ in range(_MOST_TIMES):
        better = _once(text)
        if better == text:
            break
        text = better
    return text.translate(_MEANT) if _C1.search(text) else text


def _once(text: str) -> str:
    if not (_SUSPECT.search(text) or _SUSPECT_HAN.search(text)) or not _SEQUENCES.search(text):
        return text
    if _SOUND.search(_LOST.sub("", _SEQUENCES.sub("", text))):
        return text
    return _LOST.sub("à ", _SEQUENCES.sub(_decoded, text))


def _decoded(sequence: re.Match[str]) -> str:
    try:
        return bytes(_BYTES[letter] for letter in sequence[0]).decode()
    except (UnicodeDecodeError, KeyError):
        return sequence[0]

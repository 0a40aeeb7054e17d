"""A small picture for each network: its initial on its colour, in SVG of our own."""

from html import escape

_SQUARE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" role="img" aria-label="{name}">'
    '<rect width="32" height="32" rx="7" fill="{colour}"/>{inside}</svg>'
)
_LETTER = (
    '<text x="16" y="22.5" text-anchor="middle" font-family="Helvetica,Arial,sans-serif" font-size="19"'
    ' font-weight="700" fill="#fff">{letter}</text>'
)


def initial(name: str, colour: str) -> str:
    """Draw the first letter of a network's name. `colour`: as CSS writes it."""
    return drawn(name, colour, _LETTER.format(letter=escape(name[:1].upper())))


def drawn(name: str, colour: str, inside: str) -> str:
    """Put a drawing (SVG elements, in a square of 32 by 32) on a network's colour."""
    return _SQUARE.format(name=escape(name), colour=escape(colour), inside=inside)

"""Text as readers see it: out of HTML, decoded once, tidy."""

import html
import re
from html.parser import HTMLParser

from crosspost.redact import without_controls

BLOCKS = frozenset(
    "address article aside blockquote br dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr"
    " li main nav ol p pre section table td th tr ul".split()
)
"""The elements of HTML that stand on lines of their own."""
_UNSEEN = frozenset(("script", "style", "template", "noscript", "head", "title", "svg", "math", "iframe"))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self.unseen += 1
        elif tag in BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self.unseen = max(0, self.unseen - 1)
        elif tag in BLOCKS:
            self.pieces.append("\n")

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """Skip `<![...>`; the standard library's own stops at one it does not know."""
        return self.rawdata.find(">", i) + 1 or -1

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            # In HTML a line end is a space; only elements break lines.
            self.pieces.append(re.sub(r"[ \t\r\n\f]+", " ", data))


def plain(markup: str) -> str:
    """Return the readable text of HTML: blocks on lines of their own, entities decoded once."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return tidy("".join(reader.pieces))


def decode_once(text: str) -> str:
    """Decode HTML entities once: `&amp;amp;` becomes `&amp;`."""
    return html.unescape(text)


def tidy(text: str) -> str:
    """Drop control characters, and white space that nobody sees. Non-breaking spaces stay."""
    text = without_controls(text.replace("\r\n", "\n").replace("\r", "\n"))
    text = re.sub(r"[ \t]+", " ", text)
    text = re.sub(r" ?\n ?", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip(" \n\t")

"""A feed's elements as a tree: by expat where it is well-formed, else as far as its tags can be made out.

No document type is ever read, so that nothing can be defined or fetched. Depth and number are bounded. Names
are in small letters, with a prefix of ours for each namespace that matters: strangers choose, misspell and
forget their own. The namespace of the feed itself has none.
"""

import html
import re
from collections.abc import Iterator, Mapping
from urllib.parse import urljoin
from xml.parsers import expat

from crosspost.text.tree import VOID

_DEEPEST = 200
_MOST = 400_000  # in 5 MB of XHTML there are 170,000
_SPACES = {
    "w3.org/2005/atom": "atom",
    "purl.org/atom/ns": "atom",
    "purl.org/rss/1.0": "rss",
    "my.netscape.com/rdf/simple/0.9": "rss",
    "channel.netscape.com/rdf/simple/0.9": "rss",
    "backend.userland.com/rss": "rss",
    "backend.userland.com/rss2": "rss",
    "blogs.law.harvard.edu/tech/rss": "rss",
    "purl.org/dc/elements/1.1": "dc",
    "purl.org/dc/elements/1.0": "dc",
    "purl.org/dc/terms": "dcterms",
    "purl.org/rss/1.0/modules/content": "content",
    "search.yahoo.com/mrss": "media",
    "itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "w3.org/1999/xhtml": "xhtml",
    "w3.org/1999/02/22-rdf-syntax-ns": "rdf",
}
_PREFIXES = frozenset(_SPACES.values())
ENTRY = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)(?=[\s/>])", re.IGNORECASE)
"""Where an entry begins."""
_SCHEME = re.compile(r"https?://(?:www\.)?")
_ROOTS = frozenset(("rss", "feed", "channel", "rdf"))
_TOKEN = re.compile(
    r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<[?!][^<>]*>"
    r"|<(/?)([A-Za-z_][\w.:-]*)((?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*|[^<>]*)>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")


class Intricate(ValueError):
    """A document has more elements than any feed has."""


class Element:
    """An element; `base`: what addresses in it are relative to, "" unless some xml:base says so."""

    __slots__ = ("attributes", "base", "language", "name", "parts")

    def __init__(self, name: str, attributes: Mapping[str, str], base: str, language: str) -> None:
        self.name = name
        self.attributes = attributes
        self.base = base
        self.language = language
        self.parts: list[Element | str] = []

    @property
    def elements(self) -> Iterator["Element"]:
        """The children that are elements, in their order."""
        return (part for part in self.parts if isinstance(part, Element))

    def all(self, *names: str) -> Iterator["Element"]:
        """Yield the children of these names, in their order."""
        return (element for element in self.elements if element.name in names)

    def below(self, name: str) -> Iterator["Element"]:
        """Yield what has this name at any depth, but for what is within another of them."""
        for element in self.elements:
            if element.name == name:
                yield element
            else:
                yield from element.below(name)

    @property
    def text(self) -> str:
        """The element's own text, without that of its children."""
        return "".join(part for part in self.parts if isinstance(part, str)).strip()

    def get(self, name: str) -> str:
        """Return an attribute, "" if there is none."""
        return self.attributes.get(name, "").strip()

    def first(self, *names: str) -> str:
        """Return the first text that a child has, by the order of the names."""
        return next((found.text for name in names for found in self.all(name) if found.text), "")

    def markup(self) -> str:
        """Write what is in it as HTML."""
        pieces: list[str] = []
        _write(self, pieces)
        return "".join(pieces).strip()


def _write(element: Element, pieces: list[str]) -> None:
    for part in element.parts:
        if isinstance(part, str):
            pieces.append(html.escape(part, quote=False))
            continue
        tag = part.name.rpartition(":")[2]
        said = "".join(
            f' {name}="{html.escape(value)}"'
            for name, value in part.attributes.items()
            if name != "xmlns" and ":" not in name
        )
        pieces.append(f"<{tag}{said}>")
        _write(part, pieces)
        if tag not in VOID:
            pieces.append(f"</{tag}>")


class _Scope:
    """The namespaces that hold somewhere, and the names they make."""

    def __init__(self, spaces: Mapping[str, str]) -> None:
        self.spaces = spaces
        self.names: dict[str, tuple[str, str]] = {}

    def split(self, written: str) -> tuple[str, str]:
        """Return our prefix and the local name, of a name as it was written."""
        if (name := self.names.get(written)) is None:
            prefix, colon, local = written.lower().rpartition(":")
            name = self.names[written] = (self._ours(prefix, declared=not colon), local)
        return name

    def _ours(self, prefix: str, *, declared: bool) -> str:
        address = self.spaces.get(prefix, "")
        space = _SCHEME.sub("", address.strip().lower()).rstrip("/#")
        if space in _SPACES:
            return _SPACES[space]
        if prefix in _PREFIXES:  # whatever it was declared as: everybody means the same by it
            return prefix
        return "" if declared and not space else f"?{space or prefix}"


class _Builder:
    """Builds the tree out of what a reader tells it. `base`: where the document's own addresses start from."""

    def __init__(self, base: str) -> None:
        self.document = Element("", {}, "", "")
        self.start_of_addresses = base
        self.open: list[tuple[Element, _Scope, str]] = [(self.document, _Scope({}), "")]
        self.own: str | None = None
        self.too_deep = 0
        self.count = 0

    def start(self, written: str, attributes: Mapping[str, str]) -> None:
        self.count += 1
        if self.count > _MOST:
            raise Intricate
        if len(self.open) > _DEEPEST:
            self.too_deep += 1
            return
        parent, scope, _ = self.open[-1]
        base, language = parent.base, parent.language
        if attributes:
            attributes = {name.lower(): value for name, value in attributes.items()}
            declared = {
                name[6:]: value for name, value in attributes.items() if name == "xmlns" or name[:6] == "xmlns:"
            }
            scope = _Scope({**scope.spaces, **declared}) if declared else scope
            if own := attributes.get("xml:base"):
                base = _joined(base or self.start_of_addresses, own)
            language = attributes.get("xml:lang", language)
        space, local = scope.split(written)
        if self.own is None and local in _ROOTS:
            # RSS 1.0 stands in RDF, where its own namespace is the default one.
            self.own = scope.split("item")[0] if local == "rdf" else space
        ours = "" if space in (self.own, "rss") else space
        element = Element(f"{ours}:{local}" if ours else local, attributes, base, language)
        parent.parts.append(element)
        self.open.append((element, scope, written))

    def end(self, _written: str) -> None:
        if self.too_deep:
            self.too_deep -= 1
        else:
            self.open.pop()

    def data(self, text: str) -> None:
        self.open[-1][0].parts.append(text)


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return base


def parsed(text: str, base: str) -> Element:
    """Read a document that begins with its first element. Raise `expat.ExpatError` if it is not well-formed.

    `base`: its address. What stands behind its end (hosts add scripts and advertisements) is left, unless
    there are entries in it. Raise `Intricate`.
    """
    builder = _Builder(base)
    reader = expat.ParserCreate()
    reader.buffer_text = True
    reader.StartElementHandler = builder.start
    reader.EndElementHandler = builder.end
    reader.CharacterDataHandler = builder.data
    try:
        reader.Parse(text, True)
    except expat.ExpatError:
        ended = builder.count and len(builder.open) == 1
        if not ended or ENTRY.search(text.encode()[reader.ErrorByteIndex :].decode(errors="ignore")):
            raise
    return next(builder.document.elements)


def recovered(text: str, base: str) -> Element:
    """Read what is not well-formed, as far as its tags can be made out. Raise `Intricate`.

    An end tag closes what was left open in its element; one that nothing was opened for is left out.
    """
    builder, place = _Builder(base), 0
    for token in _TOKEN.finditer(text):
        builder.data(html.unescape(text[place : token.start()]))
        place = token.end()
        section, ends, name, attributes = token.groups()
        if section:
            builder.data(section)
        elif not name:
            continue
        elif ends:
            _close(builder, name)
        else:
            builder.start(name, _attributes(attributes))
            if attributes.rstrip().endswith("/"):
                builder.end(name)
    builder.data(html.unescape(text[place:]))
    return next(builder.document.elements, builder.document)


def _close(builder: _Builder, name: str) -> None:
    if any(written == name for _, _, written in builder.open):
        builder.too_deep = 0
        while builder.open.pop()[2] != name:
            pass


def _attributes(written: str) -> dict[str, str]:
    return {
        found[1]: html.unescape(found[2] or found[3] or found[4] or "")
        for found in _ATTRIBUTE.finditer(written)
    }

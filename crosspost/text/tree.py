"""HTML as a light tree: elements, and the words between them. Any text is read, in time linear in its size."""

import html
import re
from collections import Counter
from collections.abc import Iterable

# A tag ends where one ends in a browser: not within a quoted value. The possessive quantifiers keep a tag
# without an end from being tried again.
_TOKEN = re.compile(
    r"(?P<words>[^<]+)"
    r"|<(?P<raw>script|style)(?![^\s/>])(?s:.*?)(?:</(?P=raw)\s*>|\Z)"
    r"|<(?P<end>/?)(?P<name>[a-z][^\s/>]*)"
    r"(?P<attributes>(?:[^>=]++|=\s*+\"[^\"]*+\"|=\s*+'[^']*+'|=(?!\s*+[\"']))*+)>"
    r"|<!--(?s:.*?)(?:-->|\Z)"
    r"|<[!?/][^>]*+(?:>|\Z)"
    r"|<(?P<unfinished>[a-z])"
    r"|(?P<bare><)",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"([^\s=/>\"']+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
"""The elements without an end."""


class Words:
    """A run of text. `gone`: it is not shown."""

    __slots__ = ("gone", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.gone = False


class Element:
    """An element, its name in lower case. `gone`: it is not shown, nor is anything in it."""

    __slots__ = ("attributes", "children", "gone", "name")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[Element | Words] = []
        self.gone = False


class End:
    """Where an element ends, on a walk through a tree."""

    __slots__ = ("element",)

    def __init__(self, element: Element) -> None:
        self.element = element


Step = Element | Words | End


def parse(markup: str) -> Element:
    """Return a nameless element that holds what the markup says.

    Comments, scripts and styles are left out. A tag that does not end ends the document, as in a browser.
    """
    root = Element("", {})
    opened = [root]
    names: Counter[str] = Counter()
    for token in _TOKEN.finditer(markup):
        if (name := token["name"]) is not None:
            name = name.lower()
            if not token["end"]:
                element = Element(name, _attributes(token["attributes"]))
                opened[-1].children.append(element)
                if name not in VOID:
                    opened.append(element)
                    names[name] += 1
            elif names[name]:
                while (closed := opened.pop().name) != name:
                    names[closed] -= 1
                names[name] -= 1
        elif token["unfinished"]:
            break
        elif words := token["words"] or token["bare"]:
            opened[-1].children.append(Words(html.unescape(words)))
    return root


def _attributes(written: str) -> dict[str, str]:
    if not written:
        return {}
    said: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(written):
        said.setdefault(name.lower(), html.unescape(double or single or bare))  # the first one counts
    return said


class Walk:
    """A walk through a tree in the order of the document, without what is gone.

    Whoever walks may set the element they are at to be gone, or change what it holds, before the next step.
    """

    def __init__(self, root: Element) -> None:
        self._root = root
        self._todo: list[Step] = [End(root), *reversed(root.children)]
        self._at: Step | None = None

    def __iter__(self) -> "Walk":
        return self

    def __next__(self) -> Step:
        at = self._at
        if isinstance(at, Element) and not at.gone:
            self._todo.append(End(at))
            self._todo += reversed(at.children)
        while True:
            at = self._at = self._todo.pop()
            if isinstance(at, End):
                if at.element is self._root:
                    raise StopIteration
                return at
            if not at.gone:
                return at

    @property
    def ahead(self) -> Step:
        """What follows the element that was just met: a sibling, not counting blanks, or the parent's end."""
        for step in reversed(self._todo):
            if not isinstance(step, Words) or step.text.strip():
                return step
        return self._todo[0]


def text_within(element: Element) -> str:
    """Return all words in an element, as they are written."""
    return "".join(step.text for step in Walk(element) if isinstance(step, Words))


def elements_within(element: Element) -> Iterable[Element]:
    """Return all elements in an element, in the order of the document."""
    return (step for step in Walk(element) if isinstance(step, Element))

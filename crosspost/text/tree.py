"""HTML as a light tree: elements, and the words between them. Any text is read, in time linear in its size."""

import html
import re
from collections import defaultdict
from collections.abc import Iterator

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
    gone = False

    def __init__(self, element: Element) -> None:
        self.element = element


Step = Element | Words | End


def parse(markup: str) -> Element:
    """Return a nameless element that holds what the markup says.

    Comments, scripts and styles are left out. A tag that does not end ends the document, as in a browser.
    """
    root = Element("", {})
    opened = [root]
    names: defaultdict[str, int] = defaultdict(int)
    for token in _TOKEN.finditer(markup):
        words, _, end, name, attributes, unfinished, bare = token.groups()
        if name is not None:
            name = name.lower()
            if not end:
                element = Element(name, _attributes(attributes))
                opened[-1].children.append(element)
                if name not in VOID:
                    opened.append(element)
                    names[name] += 1
            elif names[name]:
                while (closed := opened.pop().name) != name:
                    names[closed] -= 1
                names[name] -= 1
        elif unfinished:
            break
        elif words or bare:
            opened[-1].children.append(Words(html.unescape(words or bare)))
    return root


def _attributes(written: str) -> dict[str, str]:
    if not written:
        return {}
    said: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(written):
        said.setdefault(name.lower(), html.unescape(double or single or bare))  # the first one counts
    return said


def walk(root: Element, ahead: list[Step] | None = None) -> Iterator[Step]:
    """Go through what is in an element in the order of the document, without what is gone.

    Whoever walks may set the element they are at to be gone, or change what it holds, before the next step.
    `ahead`: a list that holds what is to come, the next step last, but for what is in the element they are at.
    """
    todo = [] if ahead is None else ahead
    todo += reversed(root.children)
    while todo:
        at = todo.pop()
        if not at.gone:
            yield at
            if isinstance(at, Element) and not at.gone:
                todo.append(End(at))
                if at.children:
                    todo += at.children[::-1]


def text_within(element: Element) -> str:
    """Return all words in an element, as they are written."""
    return "".join(step.text for step in walk(element) if isinstance(step, Words))


def elements_within(element: Element) -> Iterator[Element]:
    """Return all elements in an element, in the order of the document."""
    return (step for step in walk(element) if isinstance(step, Element))

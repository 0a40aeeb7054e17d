"""What RSS and Atom have in common: texts, their languages and where their links start from. Pure."""

from crosspost.feeds.formats.tree import Element
from crosspost.feeds.raw import Markup
from crosspost.text import is_web_link

_HTML = frozenset(("html", "xhtml", "text/html", "application/xhtml+xml"))


def words(holder: Element, *names: str) -> Markup:
    """Return the first text, by the order of the names, that is marked up as HTML or may be."""
    for name in names:
        for element in holder.all(name):
            value = element.markup() if any(element.elements) else element.text
            if value:
                return Markup(value, "html", base_of(element))
    return Markup()


def construct(holder: Element, name: str) -> Markup:
    """Return the longest of Atom's texts of this name, each read as its type says (RFC 4287, 3.1 and 4.1.3)."""
    return max((_read(element) for element in holder.all(name)), key=_length, default=Markup())


def longest(*texts: Markup) -> Markup:
    """Return the text that says most."""
    return max(texts, key=_length)


def _length(text: Markup) -> int:
    return len(text.value)


def _read(element: Element) -> Markup:
    kind = element.get("type").lower().partition(";")[0].strip()
    is_text = not kind or kind.startswith("text") or kind in _HTML
    if element.get("src") or element.get("mode").lower() == "base64" or not is_text:
        return Markup()  # a picture or a film, or not here
    within = list(element.elements)
    if within:
        # The div of XHTML is not part of what it says.
        alone = len(within) == 1 and within[0].name.rpartition(":")[2] == "div" and not element.text
        return Markup((within[0] if alone else element).markup(), "html", base_of(element))
    return Markup(element.text, "html" if kind in _HTML else "text", base_of(element))


def base_of(element: Element) -> str:
    """Return what the links of an element start from if some xml:base says so, else ""."""
    return element.base if is_web_link(element.base) else ""


def language_of(item: Element, outer: str) -> str:
    """Return the language that an item's words are marked with, "" if it is the `outer` one, or none."""
    said = (part.language for part in (item, *item.elements))
    return next((language for language in said if language and language != outer), "")

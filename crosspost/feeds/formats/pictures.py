"""The pictures that a feed names beside an entry's words: all of them, in their order. Pure."""

from collections.abc import Iterator
from html import unescape

from crosspost.feeds.formats.links import spelled
from crosspost.feeds.formats.parts import base_of
from crosspost.feeds.formats.tree import Element
from crosspost.feeds.raw import RawPicture, is_called_a_picture, pixels

_SAYS_NOTHING = frozenset(("application/octet-stream", "binary/octet-stream", "unknown/unknown"))


def pictures(item: Element) -> Iterator[RawPicture]:
    """Yield what an item names as its pictures."""
    for element in item.elements:
        yield from _media(element, "")
        name = element.name
        if name == "itunes:image":
            yield from _picture(element, element.get("href") or element.text)
        elif name == "image":
            address = element.first("url") or element.get("href") or element.get("url") or element.text
            yield from _picture(element, address, element.first("title"))
        elif name == "enclosure" or (
            name in ("link", "atom:link") and element.get("rel").lower() == "enclosure"
        ):
            address = element.get("url") or element.get("href")
            if is_picture(element.get("type"), address):
                yield from _picture(element, address, element.get("title"), "enclosure")


def _media(element: Element, around: str) -> Iterator[RawPicture]:
    """Yield the pictures of the media module; `around`: what is said of them all, such as by their group."""
    if element.name in ("media:group", "media:content"):
        said = element.first("media:description", "media:title") or around
        address = element.get("url")
        if element.name == "media:content" and is_picture(
            element.get("type") or element.get("medium"), address
        ):
            yield from _picture(element, address, said)
        for within in element.elements:
            yield from _media(within, said)
    elif element.name == "media:thumbnail":
        yield from _picture(element, element.get("url") or element.text, around)


def is_picture(kind: str, address: str) -> bool:
    """Tell whether something is a picture: by its type or medium, or by its ending if they say nothing."""
    if kind and kind.lower() not in _SAYS_NOTHING:
        return kind.lower().startswith("image")
    return is_called_a_picture(address)


def _picture(element: Element, address: str, alt: str = "", mark: str = "") -> Iterator[RawPicture]:
    if address:
        yield RawPicture(
            url=spelled(address) if "/" in address else address,
            alt=unescape(alt),
            width=pixels(element.get("width")),
            height=pixels(element.get("height")),
            base=base_of(element),
            mime=element.get("type"),
            marks=f"{mark or element.name} {element.get('medium')}".strip(),
        )

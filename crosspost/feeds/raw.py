"""A feed as its author wrote it, whatever the format: not yet decoded, made absolute or sanitised."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Markup:
    """A piece of text and how to read it. `base`: its own xml:base, "" if it has none.

    `kind`: "text" is literal, "html" is HTML, "guess" may be either (the titles of RSS).
    """

    value: str = ""
    kind: str = "html"
    base: str = ""


@dataclass(frozen=True, slots=True)
class RawPicture:
    """A picture somebody named; `width` and `height` in pixels, None if not said.

    `base`: what its address is relative to, "" for the document's own. `mime`: its type as said. `marks`: all
    that says what it is there for: its classes, id, role, the name of the element it came from.
    """

    url: str
    alt: str = ""
    width: int | None = None
    height: int | None = None
    base: str = ""
    mime: str = ""
    marks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawItem:
    """One item. `link`: the permalink as written; `guid`: the id as written, "" if there is none.

    Dates and authors are as written, too.

    `pictures`: those named beside the content, best first.
    """

    guid: str = ""
    link: str = ""
    title: Markup = field(default_factory=Markup)
    summary: Markup = field(default_factory=Markup)
    content: Markup = field(default_factory=Markup)
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    published: str = ""
    updated: str = ""
    language: str = ""
    pictures: tuple[RawPicture, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFeed:
    """A feed. `links_from_home`: relative links start from the home page, not from the document.

    `whole`: the document came to its end.
    """

    title: Markup = field(default_factory=Markup)
    link: str = ""
    language: str = ""
    items: tuple[RawItem, ...] = ()
    links_from_home: bool = True
    whole: bool = True


_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg", ".bmp", ".tif", ".tiff", ".heic")


def is_called_a_picture(address: str) -> bool:
    """Tell whether an address ends as those of pictures do."""
    return address.lower().partition("#")[0].partition("?")[0].endswith(_PICTURES)


def pixels(value: object) -> int | None:
    """Read a width or height as HTML and feeds write it: `600`, `600px`; None for the rest."""
    digits = str(value or "").strip().removesuffix("px")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 6 else None

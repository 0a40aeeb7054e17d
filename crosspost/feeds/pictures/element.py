"""An HTML element that shows a picture, as one picture: the largest of all the addresses it names. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from crosspost.feeds.pictures.addresses import said
from crosspost.feeds.pictures.ornaments import ICON, is_placeholder
from crosspost.feeds.raw import RawPicture, pixels

_LONGEST_LIST = 20_000  # characters of a srcset
_WIDEST = 8_000  # pixels; what is wider has more than the 50 million that are decoded
_ORIGINAL = _WIDEST - 1
"""The rank of an address that is said to be the original's, where its size is not said."""

# Jetpack, lightboxes and page builders: the picture as it was uploaded, and its size beside it.
_ORIGINALS = {
    "data-orig-file": "data-orig-size",
    "data-full-url": "",
    "data-full-src": "",
    "data-hi-res-src": "",
    "data-image": "data-image-dimensions",  # Squarespace
}
# Lazy loaders (lazysizes, WP Rocket, a3, Jetpack, jQuery's; Avada, Slider Revolution, Optimole, NitroPack,
# Ezoic, Breeze and WP Fastest Cache, unverified): what a script puts into `src` and `srcset` later.
_LATER = (
    "data-large-file data-large_image data-src data-lazy-src data-original data-lazy data-actualsrc data-echo"
    " data-url data-image-src data-cfsrc data-pagespeed-lazy-src data-orig-src data-original-src data-lazyload"
    " data-defer-src data-opt-src nitro-lazy-src data-ezsrc data-breeze data-wpfc-original-src"
).split()
_LISTS = ("srcset", "data-srcset", "data-lazy-srcset", "data-original-set", "imagesrcset")
_MARKS = ("class", "id", "role", "itemprop")

ATTRIBUTES = frozenset(
    (
        *("src", "poster", "alt", "type", "width", "height", "style", "hidden", "aria-hidden"),
        *(*_ORIGINALS, *filter(None, _ORIGINALS.values()), *_LATER, *_LISTS, *_MARKS),
    )
)
"""The attributes that `of_element` reads."""

_STYLE = re.compile(r"(?:^|[;\s])(width|height)\s*:\s*(\d+(?:\.\d+)?)(px|r?em)\b", re.IGNORECASE)
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_PAIR = re.compile(r"(\d{1,5})\s*[x,]\s*(\d{1,5})")
_EM = 16
_URL = re.compile(r"[\s,]*(\S+)")


@dataclass(frozen=True, slots=True)
class _Address:
    url: str
    rank: float
    """How wide the picture behind it is, as far as can be said."""
    width: int | None = None
    height: int | None = None


def of_element(attributes: Mapping[str, str], base: str) -> RawPicture | None:
    """Return the picture of an <img>, a <source> or the poster of a <video>; None if nobody sees one.

    `attributes`: by their names in small letters, as written. `base`: what its addresses are relative to.
    """
    style = attributes.get("style", "")
    if "hidden" in attributes or attributes.get("aria-hidden") == "true" or _UNSEEN.search(style):
        return None
    width, height = _shown(attributes, style)
    found = max(_addresses(attributes, width), key=lambda address: address.rank, default=None)
    if found is None:
        return None
    if found.width and not any(side is not None and side < ICON for side in (width, height)):
        # What is shown tiny is an ornament, whatever is there for fine screens.
        height = found.height or (round(found.width * height / width) if width and height else None)
        width = found.width
    return RawPicture(
        url=found.url,
        alt=attributes.get("alt", ""),
        width=width,
        height=height,
        base=base,
        mime=attributes.get("type", ""),
        marks=" ".join(attributes[name] for name in _MARKS if attributes.get(name)),
    )


def _shown(attributes: Mapping[str, str], style: str) -> tuple[int | None, int | None]:
    """Return the sides at which a picture is shown; its style is heeded before its attributes."""
    sides = {name: pixels(attributes.get(name)) for name in ("width", "height")}
    for name, number, unit in _STYLE.findall(style):
        sides[name.lower()] = round(float(number) * (1 if unit.lower() == "px" else _EM))
    return sides["width"], sides["height"]


def _addresses(attributes: Mapping[str, str], shown: int | None) -> Iterator[_Address]:
    """Yield all that the element names; of two as large, the one that is looked at first."""
    for name, beside in _ORIGINALS.items():
        if (url := attributes.get(name, "").strip()) and not is_placeholder(url):
            size = _PAIR.search(attributes.get(beside, ""))
            width, height = (int(size[1]), int(size[2])) if size else (None, None)
            yield _Address(url, _rank(width or _ORIGINAL), width, height)
    for name in _LISTS:
        yield from _listed(attributes.get(name, "")[:_LONGEST_LIST], shown)
    # What a script would put there counts, not the blurred sketch that stands there until then.
    later = [url for name in _LATER if (url := attributes.get(name, "").strip()) and not is_placeholder(url)]
    # What a film's `src` names is no picture.
    now = [url for name in ("poster", "src") if (url := attributes.get(name, "").strip())][:1]
    for url in later or now:
        if not is_placeholder(url):
            yield _Address(url, _rank(said(url).width or shown or 0))


def _listed(srcset: str, shown: int | None) -> Iterator[_Address]:
    """Read a srcset (HTML, 4.8.4.2.1): an address ends at a blank, and may hold commas."""
    at = 0
    while match := _URL.match(srcset, at):
        url, at, descriptor = match[1], match.end(), ""
        if url.endswith(","):
            url = url.rstrip(",")
        else:
            end = srcset.find(",", at)
            end = len(srcset) if end < 0 else end
            descriptor, at = srcset[at:end].strip().lower(), end + 1
        if url and not is_placeholder(url):
            yield _of_list(url, descriptor, shown)


def _of_list(url: str, descriptor: str, shown: int | None) -> _Address:
    try:
        number = float(descriptor.split()[0][:-1]) if descriptor else 1.0
    except ValueError:
        number = 1.0
    if "w" in descriptor and 0 < number < 100_000:
        return _Address(url, _rank(number), round(number))
    density = number if 0 < number <= 10 else 1.0
    if shown:
        return _Address(url, _rank(shown * density), round(shown * density))
    return _Address(url, _rank((said(url).width or 0) + density))


def _rank(width: float) -> float:
    """Rank what is too large to be decoded behind all else."""
    return width if width <= _WIDEST else -width

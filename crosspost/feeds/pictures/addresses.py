"""What the address of a picture says: how large what it brings is, and of which original. Pure.

Image servers write the size into the address, each in its own way. Two addresses with one `key` are renditions
of one picture.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from crosspost.feeds.raw import is_called_a_picture
from crosspost.text import canonical_link

LARGE = 1_600
"""Pixels of the longer side that a server of any size is asked for: more than a network shows."""


@dataclass(frozen=True, slots=True)
class Said:
    """What an address says. `key`: of which original; `width`, `height`: pixels, None if it does not say."""

    key: str
    width: int | None = None
    height: int | None = None


_GOOGLE = re.compile(r"//(?:[\w-]+\.)*(?:bp\.blogspot\.com|googleusercontent\.com|ggpht\.com)/", re.IGNORECASE)
# Blogger and Google Photos: `/s72-c/`, `/w400-h300-p-k-no-nu/`, `=s64-c`, `=w200`.
_GOOGLE_SIZE = re.compile(
    r"/(?P<path>[swh]\d{1,4}(?:-[a-z]{1,2}\d{0,4})*)(?=/[^/]*$)|=(?P<end>[swh]\d{1,4}(?:-[a-z]{1,2}\d{0,4})*)(?=\?|$)"
)
_GOOGLE_SIDE = re.compile(r"(?:^|-)([swh])(\d+)")

# What is matched is the size, and is left out of the key: w and h are pixels, `name` is one of _NAMED.
_SIZES = tuple(
    re.compile(pattern)
    for pattern in (
        # Wix: the address of the original goes before.
        r"(?<=//static\.wixstatic\.com)(?P<keep>/media/[^/]+)/v1/\w+/.*?\bw_(?P<w>\d+),h_(?P<h>\d+).*$",
        # Cloudinary, Substack: /w_848,c_limit/, /c_fill,h_200,w_300/
        r"/(?=[^/]*\bw_\d)(?=(?:[^/]*\bh_(?P<h>\d{1,4})\b)?)[^/]*\bw_(?P<w>\d{1,4})\b[^/]*(?=/)",
        # Cloudflare: /cdn-cgi/image/width=300,quality=75/
        r"/cdn-cgi/image/(?:[^/]*\b(?:w|width)=(?P<w>\d+))?[^/]*(?=/)",
        # Medium: /max/800/, /fit/c/600/400/, /v2/resize:fit:1200/
        r"(?<=medium\.com)/(?:max|fit/\w+|fill)/(?P<w>\d+)(?:/(?P<h>\d+))?(?=/)",
        r"(?<=medium\.com)(?:/v2)?/resize:\w+:(?P<w>\d+)(?::(?P<h>\d+))?(?:/format:\w+)?(?=/)",
        # Ghost: /content/images/size/w600/2026/…
        r"(?<=/content/images)/size/w(?P<w>\d+)(?:h(?P<h>\d+))?(?:/format/\w+)?(?=/)",
        # Drupal: /styles/thumbnail/public/
        r"/styles/(?P<name>\w+)/(?:public|private)(?=/)",
        # Tumblr: /s640x960/, …_500.jpg
        r"(?<=tumblr\.com)(?P<keep>/.*)/s(?P<w>\d+)x(?P<h>\d+)(?:_c\d)?(?=/)",
        r"(?<=tumblr\.com)(?P<keep>/[^?]*)_(?P<w>\d{2,4})(?=\.\w+$)",
        # MediaWiki: /thumb/a/ab/Name.jpg/320px-Name.jpg
        r"/thumb(?P<keep>/.+)/(?P<w>\d+)px-[^/]*$",
        # Flickr: …_m.jpg; YouTube: /hqdefault.jpg
        r"(?<=staticflickr\.com)(?P<keep>/[^?]*)_(?P<name>[sqtmnwzcbhk])(?=\.\w+$)",
        r"(?<=/vi/)(?P<keep>[\w-]+)/(?P<name>\w*default)(?=\.\w+$)",
        # WordPress, Hugo, Shopify and many more: …-150x150.jpg, …_300x.jpg, …-300x200-crop.jpg
        r"[-_](?P<w>\d{2,4})x(?P<h>\d{2,4})?(?=[.@_-][^/]*$)",
        # WordPress: what was made of an upload larger than 2560 pixels.
        r"-scaled(?=\.\w+$)",
        # Twitter: ….jpg:large
        r":(?P<name>thumb|small|medium|large|orig)$",
    )
)
_NAMED: Mapping[str, int] = {
    # Drupal's own styles.
    "thumbnail": 100,
    "medium": 220,
    "large": 480,
    # flickr.com/services/api/misc.urls.html
    **dict(zip("sqtmnwzcbhk", (75, 150, 100, 240, 320, 400, 640, 800, 1024, 1600, 2048), strict=True)),
    # YouTube.
    "default": 120,
    "mqdefault": 320,
    "hqdefault": 480,
    "sddefault": 640,
    "maxresdefault": 1280,
    # Twitter.
    "thumb": 150,
    "small": 680,
    "orig": 4096,
}
# Photon, imgix, Contentful, Shopify, Squarespace and their like: the size stands in the query.
_SIDE = {"w": "w", "width": "w", "imwidth": "w", "maxwidth": "w", "h": "h", "height": "h", "maxheight": "h"}
_BOTH = frozenset(("resize", "fit", "size"))
_PAIR = re.compile(r"(\d{1,5})(?:,|x|%2c)(\d{1,5})", re.IGNORECASE)
_RENDERED = frozenset(
    "auto crop cs dpr fm format ixid ixlib itok lossy ops q quality rect s ssl strip upscale zoom".split()
)
_FETCHED = re.compile(r"/image/fetch/(https?(?::|%3a).+)$", re.IGNORECASE)
_PHOTON = re.compile(r"//i\d\.wp\.com/")
_WORDPRESS_COM = re.compile(r"//(?:i\d\.wp\.com|[\w-]+\.files\.wordpress\.com)/")
_PHOTONS_SIZES = frozenset(("w", "h", "resize", "fit", "crop", "zoom"))


@lru_cache(maxsize=4_096)
def said(url: str) -> Said:
    """Read an absolute address."""
    sides: list[tuple[int | None, int | None]] = []
    if _GOOGLE.search(url):
        if size := _GOOGLE_SIZE.search(url):
            sides.append(_google_sides(size["path"] or size["end"]))
            url = url[: size.start()] + url[size.end() :]
        return _smallest(canonical_link(url), sides)
    path, _, query = url.partition("?")
    for pattern in _SIZES:
        if size := pattern.search(path):
            path = path[: size.start()] + (size.groupdict().get("keep") or "") + path[size.end() :]
            sides.append(_sides(size.groupdict()))
    kept = [pair for pair in query.split("&") if not _is_of_size(pair, sides)] if query else []
    path = _PHOTON.sub("//", path)
    if fetched := _FETCHED.search(path):
        path = unquote(fetched[1])
    return _smallest(canonical_link(path + ("?" + "&".join(kept) if kept else "")), sides)


def is_original(address: str, rendition: str) -> bool:
    """Tell whether an address, such as one that a picture links to, is the original of this rendition."""
    if not is_called_a_picture(address):
        return False
    original, shown = said(address), said(rendition)
    return original.key == shown.key and not original.width and bool(shown.width)


def enlarged(url: str) -> str:
    """Return the address of a large rendition, where it is certain that there is one; else the same.

    On Google's servers (Blogger's, for one) the size is an argument, any is answered, and nothing is blown up.
    Those of WordPress.com make each rendition of the original at that very address, and without arguments give
    it (developer.wordpress.com/docs/photon, November 2026). Elsewhere the cut of WordPress may be all that is
    left of a file; other servers sign their addresses, or answer only sizes that a site has listed.
    """
    sizes = said(url)
    sides = [side for side in (sizes.width, sizes.height) if side]
    if not sides or max(sides) >= LARGE:
        return url
    if _GOOGLE.search(url) and (size := _GOOGLE_SIZE.search(url)):
        mark = "/" if size["path"] else "="
        return f"{url[: size.start()]}{mark}s{LARGE}{url[size.end() :]}"
    path, _, query = url.partition("?")
    if _WORDPRESS_COM.search(path):
        kept = [pair for pair in query.split("&") if pair.partition("=")[0] not in _PHOTONS_SIZES]
        return path + ("?" + "&".join(kept) if kept else "")
    return url


def _google_sides(options: str) -> tuple[int | None, int | None]:
    said = {side: int(pixels) or None for side, pixels in _GOOGLE_SIDE.findall(options)}
    return said.get("w", said.get("s")), said.get("h", said.get("s"))


def _sides(found: Mapping[str, str | None]) -> tuple[int | None, int | None]:
    named = _NAMED.get(found.get("name") or "")
    width, height = found.get("w"), found.get("h")
    return int(width) if width else named, int(height) if height else None


def _is_of_size(pair: str, sides: list[tuple[int | None, int | None]]) -> bool:
    """Tell whether a part of a query only says how its picture is rendered; note the sides that it says."""
    name, _, value = pair.partition("=")
    name = name.lower()
    if name in _SIDE and value.isascii() and value.isdigit() and len(value) < 6:
        sides.append((int(value), None) if _SIDE[name] == "w" else (None, int(value)))
    elif name in _BOTH and (both := _PAIR.fullmatch(value)):
        sides.append((int(both[1]), int(both[2])))
    elif name == "format" and re.fullmatch(r"\d{2,4}w", value):  # Squarespace
        sides.append((int(value[:-1]), None))
    else:
        return name in _RENDERED or name in _BOTH
    return True


def _smallest(key: str, sides: list[tuple[int | None, int | None]]) -> Said:
    """Say the smallest: what is made smaller twice is as small as the second time."""
    widths = [width for width, _ in sides if width]
    heights = [height for _, height in sides if height]
    return Said(key, min(widths, default=None), min(heights, default=None))

"""Of all the pictures of an entry, the best: the largest that belongs to the words. Pure."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from urllib.parse import unquote, urlsplit

from crosspost.feeds.address import absolute, in_folder
from crosspost.feeds.pictures.addresses import LARGE, enlarged, said
from crosspost.feeds.pictures.ornaments import is_ornament
from crosspost.feeds.raw import RawPicture
from crosspost.model import Picture
from crosspost.text import tidy

_MOST = 60  # of an entry's pictures are looked at; a long gallery's are as good as its first ones
_LONGEST_ALT = 1_500
_UNKNOWN = (600, 400)
"""The sides that are assumed of a picture of which nothing is known."""
_RATIO = 3 / 2
_ENOUGH = 600
"""Pixels of width with which a picture that was named for the purpose stays, however large others are."""
_MARKEDLY = 4
"""How many times as large a picture in the text has to be, to take the place of a small one that was named."""
_STRIP = 5
"""A rule, a banner: longer than so many times its height."""
_FEWEST = 3
"""Entries of which it can be said that they all have a picture."""

_NO_PICTURE = re.compile(r"(?:audio|video|text)/|application/(?!octet-stream)", re.IGNORECASE)
_NO_RASTER = re.compile(r"image/(?:svg|hei[cf]|tiff|jxl|jp2|vnd\.adobe)", re.IGNORECASE)
_NO_PICTURES_END = re.compile(
    r"\.(?:mp3|m4a|ogg|oga|opus|wav|flac|mp4|m4v|mov|gifv|webm|avi|mkv|ogv|pdf|epub|zip|html?|js|css|txt)$",
    re.IGNORECASE,
)
_NO_RASTERS_END = re.compile(r"\.(?:svgz?|hei[cf]|tiff?|jxl|jp2|psd|ai|eps|ico)$", re.IGNORECASE)
# What programs put where a person did not describe a picture.
_NO_WORDS = re.compile(
    r"(?:(?:the |an? )?(?:images?|img|photos?|pictures?|pics?|thumbnail|thumb|cover|banner|header|hero|logo"
    r"|untitled|placeholder|screenshot|bilde?|foto|imagen|immagine|imagem|afbeelding|obraz|zdj[eę]cie|kuva)"
    r"|(?:featured|post|article|blog|hero|cover|header)[ _-]?(?:image|photo|picture)|alt(?: text)?|null|none)"
    r"[ _-]?#?\d*",
    re.IGNORECASE,
)
_FILE = re.compile(
    r"\S+\.(?:jpe?g|png|gif|webp|avif|svg|bmp|tiff?|hei[cf])|[\d _-]{4,}"
    r"|(?:img|dsc[fn]?|pict?|p|pxl|mvimg|image|photo|screen[ _-]?shot)[ _-]?\d[\w.-]*(?: (?:at|à|\d[\w.-]*))*",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?:)?//\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A picture, and how large it seems. `whole`: its address says nothing of a rendition."""

    picture: RawPicture
    key: str
    width: int
    height: int
    whole: bool

    @property
    def area(self) -> int:
        return self.width * self.height


@dataclass(frozen=True, slots=True)
class _Subject:
    """All renditions of one picture.

    `rank`: 2 for what can be shown, 1 for strips and the site's own, 0 for what no network takes, such as SVG.
    """

    best: _Seen
    alt: str
    named: bool
    rank: int


def located(pictures: Iterable[RawPicture], base: str, document: str) -> tuple[RawPicture, ...]:
    """Return pictures with absolute addresses: from their own base, else from `base`; beside a file, files."""
    absolutely = (
        replace(picture, url=in_folder(picture.url, document) or absolute(picture.url, picture.base or base))
        for picture in pictures
    )
    return tuple(picture for picture in absolutely if picture.url)


def everywhere(galleries: Iterable[Iterable[RawPicture]]) -> frozenset[str]:
    """Return the keys of the pictures that all entries have: they belong to the site, not to an entry.

    A gallery is all `located` pictures of one entry.
    """
    keys = [{said(picture.url).key for picture in list(gallery)[:_MOST]} for gallery in galleries]
    counts = Counter(chain.from_iterable(keys))
    return frozenset(key for key, count in counts.items() if count == len(keys) >= _FEWEST)


def choose(
    named: Sequence[RawPicture], shown: Sequence[RawPicture], of_site: Collection[str] = frozenset()
) -> Picture | None:
    """Choose the picture of an entry, all `located`.

    `named`: those that the feed names for the purpose, which come before those `shown` in the text, unless they
    are markedly smaller. `of_site`: what `everywhere` found; in a text, such a picture is never the entry's.
    """
    subjects = _subjects(named[:_MOST], shown[:_MOST], of_site)
    first = max((one for one in subjects if one.named), key=_order, default=None)
    other = max((one for one in subjects if not one.named), key=_order, default=None)
    best = other if first is None or (other is not None and _outdoes(other, first)) else first
    if best is None:
        return None
    return Picture(url=enlarged(best.best.picture.url), alt=best.alt)


def _order(subject: _Subject) -> tuple[int, int]:
    return subject.rank, subject.best.area


def _outdoes(other: _Subject, named: _Subject) -> bool:
    if other.rank != named.rank:
        return other.rank > named.rank
    return named.best.width < _ENOUGH and other.best.area >= _MARKEDLY * named.best.area


def _subjects(
    named: Sequence[RawPicture], shown: Sequence[RawPicture], of_site: Collection[str]
) -> list[_Subject]:
    """Put the renditions of a picture together, in the order in which the pictures come."""
    # A plug-in that knows no size says 0; a picture that is shown with none is a counter.
    named = [replace(one, width=one.width or None, height=one.height or None) for one in named]
    names = {said(picture.url).key for picture in named}
    renditions: dict[str, list[_Seen]] = {}
    for picture in (*named, *shown):
        if not is_ornament(picture) and _is_picture(picture):
            seen = _seen(picture)
            renditions.setdefault(seen.key, []).append(seen)
    return [
        _subject(every, named=key in names, of_site=key in of_site)
        for key, every in renditions.items()
        if key in names or key not in of_site
    ]


def _subject(renditions: Sequence[_Seen], *, named: bool, of_site: bool) -> _Subject:
    cut = any(not seen.whole for seen in renditions)
    best = max(renditions, key=lambda seen: (cut and seen.whole, seen.area))
    alts = (_described(seen.picture) for seen in (best, *renditions))
    if not _is_raster(best.picture):
        rank = 0
    elif of_site or max(best.width, best.height) > _STRIP * min(best.width, best.height):
        rank = 1
    else:
        rank = 2
    largest = max(seen.area for seen in renditions)
    if largest > best.area:  # the original, of which only the display size is said
        wide = next(seen for seen in renditions if seen.area == largest)
        best = replace(best, width=wide.width, height=wide.height)
    return _Subject(best=best, alt=next(filter(None, alts), ""), named=named, rank=rank)


def _seen(picture: RawPicture) -> _Seen:
    """Estimate a size: by the address, which knows what is sent, else as declared, else as most are."""
    of_address = said(picture.url)
    whole = of_address.width is None and of_address.height is None
    ratio = picture.width / picture.height if picture.width and picture.height else _RATIO
    if enlarged(picture.url) != picture.url:
        width, height = (LARGE, None) if ratio > 1 else (None, LARGE)
    elif whole:
        width, height = picture.width, picture.height
    else:
        width, height = of_address.width, of_address.height
    if width is None and height is None:
        width, height = _UNKNOWN
    return _Seen(
        picture=picture,
        key=of_address.key,
        width=width or round((height or 0) * ratio),
        height=height or round((width or 0) / ratio),
        whole=whole,
    )


def _is_picture(picture: RawPicture) -> bool:
    """Tell a picture from what else an enclosure may be: by its type, else by its ending, else it is one."""
    if picture.mime.lower().startswith("image/"):
        return True
    return not _NO_PICTURE.match(picture.mime) and not _NO_PICTURES_END.search(_path(picture.url))


def _is_raster(picture: RawPicture) -> bool:
    if picture.mime.lower().startswith("image/"):
        # Where type and ending contradict each other, one of them lies.
        return not (_NO_RASTER.match(picture.mime) or _NO_PICTURES_END.search(_path(picture.url)))
    return not _NO_RASTERS_END.search(_path(picture.url))


def _described(picture: RawPicture) -> str:
    """Return what a person wrote of a picture; "" for what a program put there."""
    alt = " ".join(tidy(picture.alt).split())[:_LONGEST_ALT]
    file = unquote(_path(picture.url).rpartition("/")[2])
    stem = file.rpartition(".")[0] or file
    is_file = alt.casefold() in (file.casefold(), stem.casefold()) and not alt.isalpha()
    if is_file or any(pattern.fullmatch(alt) for pattern in (_NO_WORDS, _FILE, _ADDRESS)):
        return ""
    return alt


def _path(url: str) -> str:
    return urlsplit(url).path.partition(":")[0]

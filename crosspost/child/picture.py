"""The process that decodes pictures: `python -I -m crosspost.child.picture`, started by `compose.pictures`.

In: a line of JSON (`types`, `max_side`, `max_bytes`, `seconds`), then the picture. Out: a line of JSON, either
`{"mime": …, "width": …, "height": …, "note": …}` and then the picture to send, or `{"left": why not}`.
"""

import io
import json
import re
import sys
import warnings
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import IO, Any

from crosspost.child.limits import limit
from crosspost.child.pixels import moves, on_white, plain

_MOST_MEMORY = 1 << 30
"""Bytes of address space. 50 million pixels need 180 to 510 MB, as AVIF 600, as WebP 840 (measured 2026-11)."""
_MOST_PIXELS = 50_000_000
_LONGEST_SIDE = 50_000
_LONGEST_HEADER = 10_000
_ICON = 50  # pixels; as in `feeds.pictures`, a picture with smaller sides is an emoji, a button or a counter
_THINNEST = 8  # pixels of a side, once the other fits: less is a line
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP")
"""What every browser shows, so that readers of a blog see it."""
_MOVES = "its picture moves; the first frame that shows something stands for it"
_UNTAKEN = {
    "HEIC": (4, (b"ftyphei", b"ftyphev", b"ftypmif1", b"ftypmsf1")),
    "TIFF": (0, (b"II*\0", b"MM\0*")),
    "PDF": (0, (b"%PDF",)),
    "Photoshop": (0, (b"8BPS",)),
    "JPEG 2000": (0, (b"\0\0\0\x0cjP  ", b"\xff\x4f\xff\x51")),
    "JPEG XL": (0, (b"\xff\x0a", b"\0\0\0\x0cJXL ")),
    "ICO": (0, (b"\0\0\x01\0",)),
    "a film": (4, (b"ftypisom", b"ftypmp4", b"ftypqt")),
}
"""What people put into blogs and we do not take: where its name stands, and how that begins."""
_WEB_PAGE = re.compile(rb"(?:\s|<\?xml[^>]*>|<!--.*?-->)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)


class Unfit(Exception):
    """Say why a picture cannot be sent, in words that follow "its picture was left out: "."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A picture that can be sent."""

    data: bytes
    mime: str
    width: int
    height: int
    note: str = ""


def main(source: IO[bytes], target: IO[bytes]) -> int:
    """Make one picture fit, or say why it cannot be."""
    wanted = json.loads(source.readline(_LONGEST_HEADER))
    limit(wanted.pop("seconds"), _MOST_MEMORY)
    try:
        fitted = fit(source.read(), **wanted)
    except Unfit as error:
        target.write(json.dumps({"left": str(error)}).encode())
    except MemoryError:
        target.write(json.dumps({"left": "it needs too much memory to be decoded"}).encode())
    else:
        said = {"mime": fitted.mime, "width": fitted.width, "height": fitted.height, "note": fitted.note}
        target.write(json.dumps(said).encode() + b"\n" + fitted.data)
    target.flush()
    return 0


def fit(data: bytes, *, types: Collection[str], max_side: int, max_bytes: int) -> Fitted:
    """Decode, scale, turn upright, and encode anew: what leaves holds no EXIF, so no place and no camera.

    Raise `Unfit`, or `MemoryError`.
    """
    # Late, so that the limits hold for the library too.
    from PIL import Image

    # A damaged file makes Pillow warn on standard error, where nobody asked.
    warnings.filterwarnings("ignore", module=r"PIL\.")
    # Pillow only warns where we refuse; the size is known before anything is unpacked.
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as original:
            _refuse_sizes(original.width, original.height, max_side)
            note = _MOVES if moves(original) else ""
            image = plain(original, max_side)
    except (Unfit, MemoryError):
        raise
    except Exception as error:  # what a damaged file makes a decoder raise has no list
        raise Unfit(f"it is no picture that can be read{_named(data)}") from error
    return replace(_encoded(image, types, max_bytes), note=note)


def _refuse_sizes(width: int, height: int, max_side: int) -> None:
    longer, shorter = max(width, height), min(width, height)
    if width * height > _MOST_PIXELS or longer > _LONGEST_SIDE:
        raise Unfit(f"{width} × {height} is too large; {_MOST_PIXELS:,} pixels are the most")
    if longer < _ICON:
        raise Unfit(f"{width} × {height} is too small to be shown; {_ICON} pixels are the least")
    if shorter * min(1, max_side / longer) < _THINNEST:
        raise Unfit(f"{width} × {height} is a line, not a picture")


def _encoded(image: Any, types: Collection[str], max_bytes: int) -> Fitted:
    """Encode the picture so that it is small enough: with its transparency if the network takes that."""
    image.info = {}  # Pillow writes comments and profiles of what it has read into what it saves
    if "image/png" in types and (image.mode == "RGBA" or "image/jpeg" not in types):
        packed = _encode(_white_where_nothing_is(image), "PNG")
        if len(packed) <= max_bytes:
            return Fitted(packed, "image/png", image.width, image.height)
    if "image/jpeg" not in types:
        raise Unfit(f"it cannot be made {' or '.join(sorted(types))} of at most {max_bytes:,} bytes")
    flat = on_white(image) if image.mode == "RGBA" else image
    for quality in (88, 75, 60):
        packed = _encode(flat, "JPEG", quality=quality)
        if len(packed) <= max_bytes:
            return Fitted(packed, "image/jpeg", flat.width, flat.height)
        flat.thumbnail((flat.width * 2 // 3, flat.height * 2 // 3))
    raise Unfit(f"it stays larger than {max_bytes:,} bytes")


def _white_where_nothing_is(image: Any) -> Any:
    """Put white under what is wholly transparent: whoever drops the transparency shows what is under it."""
    if image.mode != "RGBA":
        return image
    nothing = image.getchannel("A").point(lambda alpha: 255 if alpha == 0 else 0)
    image.paste((255, 255, 255, 0), mask=nothing)
    return image


def _encode(image: Any, kind: str, **options: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def _named(data: bytes) -> str:
    """Say in parentheses what it is instead, and what to do about a picture of another kind; "" if unknown."""
    if not data.strip(b"\0 \r\n\t"):
        return " (it is empty)"
    if _WEB_PAGE.match(data[:2_000]):
        return " (it is a web page); look at its address where you are not logged in"
    kinds = [kind for kind, (at, marks) in _UNTAKEN.items() if any(data.startswith(mark, at) for mark in marks)]
    if b"<svg" in data[:1_000].lower():
        kinds = ["SVG"]
    return f" ({kinds[0]}); offer it as JPEG, PNG, GIF or WebP" if kinds else ""


if __name__ == "__main__":
    sys.exit(main(sys.stdin.buffer, sys.stdout.buffer))

"""The process that decodes pictures: `python -I -m crosspost.child.picture`, started by `compose.pictures`.

In: a line of JSON (`types`, `max_side`, `max_bytes`, `seconds`), then the picture. Out: a line of JSON, either
`{"mime": …, "width": …, "height": …}` and then the picture to send, or `{"left": why it cannot be sent}`.
"""

import io
import json
import sys
import warnings
from collections.abc import Collection
from dataclasses import dataclass
from typing import IO, Any

from crosspost.child.limits import limit

_MOST_MEMORY = 640 << 20
"""Bytes of address space. 25 million pixels with transparency need 410 MB, as WebP 580 (measured 2026-11)."""
_MOST_PIXELS = 25_000_000
_LONGEST_SIDE = 50_000
_LONGEST_HEADER = 10_000
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
_UNTAKEN = {
    "HEIC": (4, (b"ftyphei", b"ftyphev", b"ftypmif1", b"ftypmsf1")),
    "AVIF": (4, (b"ftypavif", b"ftypavis")),
    "TIFF": (0, (b"II*\0", b"MM\0*")),
    "PDF": (0, (b"%PDF",)),
    "JPEG XL": (0, (b"\xff\x0a", b"\0\0\0\x0cJXL ")),
    "BMP": (0, (b"BM",)),
    "ICO": (0, (b"\0\0\x01\0",)),
}
"""What people put into blogs and we do not take: where its name stands, and how that begins."""


class Unfit(Exception):
    """Say why a picture cannot be sent, in words that follow "its picture was left out: "."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A picture that can be sent."""

    data: bytes
    mime: str
    width: int
    height: int


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
        said = {"mime": fitted.mime, "width": fitted.width, "height": fitted.height}
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
            if original.width * original.height > _MOST_PIXELS or max(original.size) > _LONGEST_SIDE:
                raise Unfit(f"{original.width} × {original.height} is too large")
            image = _upright(original, max_side)
    except (Unfit, MemoryError):
        raise
    except Exception as error:  # what a damaged file makes a decoder raise has no list
        raise Unfit(f"it is no picture that can be read{_named(data)}") from error
    return _encoded(image, types, max_bytes)


def _encoded(image: Any, types: Collection[str], max_bytes: int) -> Fitted:
    """Encode the picture so that it is small enough: with its transparency if the network takes that."""
    transparent = image.has_transparency_data
    if transparent and "image/png" in types:
        packed = _encode(image if image.mode == "RGBA" else image.convert("RGBA"), "PNG")
        if len(packed) <= max_bytes:
            return Fitted(packed, "image/png", image.width, image.height)
    flat = _on_white(image) if transparent else image.convert("RGB")
    for quality in (88, 75, 60):
        packed = _encode(flat, "JPEG", quality=quality)
        if len(packed) <= max_bytes:
            return Fitted(packed, "image/jpeg", flat.width, flat.height)
        flat.thumbnail((flat.width * 2 // 3, flat.height * 2 // 3))
    raise Unfit(f"it stays larger than {max_bytes:,} bytes")


def _upright(image: Any, max_side: int) -> Any:
    """Return the picture within these sides, and turned as its EXIF says.

    Pillow's exif_transpose also rewrites the EXIF, and can fail at it. Made smaller first: of a JPEG, Pillow
    then unpacks no more than it needs.
    """
    from PIL import ExifTags, Image

    turns = Image.Transpose
    turn_of = {
        2: turns.FLIP_LEFT_RIGHT,
        3: turns.ROTATE_180,
        4: turns.FLIP_TOP_BOTTOM,
        5: turns.TRANSPOSE,
        6: turns.ROTATE_270,
        7: turns.TRANSVERSE,
        8: turns.ROTATE_90,
    }
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # damaged metadata, but perhaps a good picture
        orientation = None
    image.thumbnail((max_side, max_side))
    image.load()
    return image.transpose(turn_of[orientation]) if orientation in turn_of else image


def _encode(image: Any, kind: str, **options: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def _on_white(image: Any) -> Any:
    from PIL import Image

    rgba = image.convert("RGBA")
    white = Image.new("RGB", rgba.size, "white")
    white.paste(rgba, mask=rgba.getchannel("A"))
    return white


def _named(data: bytes) -> str:
    """Name a kind of picture that networks do not take, in parentheses; "" if it is none of those known."""
    kinds = [kind for kind, (at, marks) in _UNTAKEN.items() if any(data.startswith(mark, at) for mark in marks)]
    if b"<svg" in data[:1_000].lower():
        kinds = ["SVG"]
    return f" ({kinds[0]}); offer it as JPEG, PNG, GIF or WebP" if kinds else ""


if __name__ == "__main__":
    sys.exit(main(sys.stdin.buffer, sys.stdout.buffer))

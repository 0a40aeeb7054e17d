"""Fetch an entry's picture and make it fit for a network, or say why it stays behind."""

import asyncio
import io
import warnings
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from crosspost.config import Channel, Feed
from crosspost.contract import PictureRule
from crosspost.errors import FetchRefused, NoPicture
from crosspost.http import Client
from crosspost.model import Entry, Media, Picture

_LARGEST_FILE = 20_000_000
_MOST_PIXELS = 25_000_000
_LONGEST_SIDE = 50_000
_FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}


async def picture_for(client: Client, channel: Channel, entry: Entry, feed: Feed | None) -> Media | None:
    """Return the picture a channel sends with an entry, if any. Raise `NoPicture` if it cannot be had."""
    rule = channel.capabilities.picture
    if rule is None or entry.picture is None or not channel.wants_pictures:
        return None
    folder = Path(feed.url).parent if feed is not None and feed.is_file else None
    allow_private = feed is not None and feed.allow_private
    return await fetch_picture(client, entry.picture, rule, folder=folder, allow_private=allow_private)


async def fetch_picture(
    client: Client, picture: Picture, rule: PictureRule, *, folder: Path | None, allow_private: bool
) -> Media:
    """Return the picture within `rule`, without its metadata. Raise `NoPicture`.

    `folder`: for a feed read from a file, where its pictures may lie.
    """
    data = await _read(client, picture.url, folder, allow_private)
    # Decoding is bounded by _MOST_PIXELS, and takes long enough to leave the loop.
    return await asyncio.get_running_loop().run_in_executor(
        _decoder(), _fit, data, picture.alt[: rule.alt_length], rule
    )


@cache
def _decoder() -> ThreadPoolExecutor:
    """One thread: unpacked, a picture takes up to 100 MB; four channels' side by side would be the machine."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")


async def _read(client: Client, url: str, folder: Path | None, allow_private: bool) -> bytes:
    if urlsplit(url).scheme == "file":
        return await asyncio.to_thread(_read_file, url, folder)
    try:
        answer = await client.fetch(
            url, max_raw=_LARGEST_FILE, max_body=_LARGEST_FILE, allow_private=allow_private
        )
    except FetchRefused as error:
        raise NoPicture(f"its picture was left out: {error}") from error
    if not answer.ok:
        raise NoPicture(f"its picture was left out: {urlsplit(url).hostname} answered {answer.status}")
    return answer.body


def _read_file(url: str, folder: Path | None) -> bytes:
    path = Path(unquote(urlsplit(url).path)).resolve()
    if folder is None or not path.is_relative_to(folder.resolve()):
        raise NoPicture("its picture was left out: a feed may only name files in its own folder")
    if not path.is_file():  # a pipe would wait for ever for whoever writes into it
        raise NoPicture(f"its picture was left out: {path.name} is no file")
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST_FILE)
    except OSError as error:
        raise NoPicture(f"its picture was left out: {path.name}: {error.strerror}") from error


def _fit(data: bytes, alt: str, rule: PictureRule) -> Media:
    """Decode, turn upright, scale, and encode anew: what leaves holds no EXIF, so no place and no camera."""
    from PIL import Image  # late: only entries with a picture pay

    # A damaged file makes Pillow warn on standard error, where nobody asked.
    warnings.filterwarnings("ignore", module=r"PIL\.")
    Image.MAX_IMAGE_PIXELS = (
        None  # Pillow only warns where we refuse; the size is known before anything is unpacked
    )
    try:
        with Image.open(io.BytesIO(data), formats=tuple(_FORMATS)) as original:
            if original.width * original.height > _MOST_PIXELS or max(original.size) > _LONGEST_SIDE:
                raise NoPicture(f"its picture was left out: {original.width} × {original.height} is too large")
            image = _upright(original)
            image.thumbnail((rule.max_side, rule.max_side))
            transparent = image.has_transparency_data
            if transparent and "image/png" in rule.types:
                packed = _encode(image.convert("RGBA"), "PNG")
                if len(packed) <= rule.max_bytes:
                    return Media(data=packed, mime="image/png", width=image.width, height=image.height, alt=alt)
            flat = _on_white(image) if transparent else image.convert("RGB")
    except NoPicture:
        raise
    except Exception as error:  # what a damaged file makes a decoder raise has no list
        raise NoPicture("its picture was left out: it is no picture that can be read") from error
    for quality in (88, 75, 60):
        packed = _encode(flat, "JPEG", quality=quality)
        if len(packed) <= rule.max_bytes:
            return Media(data=packed, mime="image/jpeg", width=flat.width, height=flat.height, alt=alt)
        flat.thumbnail((flat.width * 2 // 3, flat.height * 2 // 3))
    raise NoPicture(f"its picture was left out: it stays larger than {rule.max_bytes:,} bytes")


def _upright(image: Any) -> Any:
    """Turn the picture as its EXIF says; Pillow's exif_transpose also rewrites the EXIF, and can fail at it."""
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
    image.load()
    return image.transpose(turn_of[orientation]) if orientation in turn_of else image


def _encode(image: Any, kind: str, **options: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def _on_white(image: Any) -> Any:
    from PIL import Image

    rgba = image.convert("RGBA")
    white = Image.new("RGBA", rgba.size, "white")
    white.alpha_composite(rgba)
    return white.convert("RGB")

"""From what a file holds to plain pixels: upright, in sRGB, eight bits a colour, and no more than are needed.

Called in the child process only, by `child.picture`.
"""

import io
from typing import Any

_MOST_WHOLE = 25_000_000
"""Pixels with which a picture is still worked on at its full size; of a larger one, half of each side stays."""
_MOST_IN_A_BAND = 4_000_000
_MOST_FRAMES = 10
_MOVING = ("AVIF", "GIF", "PNG", "WEBP")  # MPO has frames too: the same picture, for other screens
_PROBE = (64, 64)
# What is made of each kind of pixels; all others become RGB.
_PLAIN = {
    "1": "L",
    "L": "L",
    "LA": "LA",
    "La": "LA",
    "RGBA": "RGBA",
    "RGBa": "RGBA",
    "PA": "RGBA",
    "CMYK": "CMYK",
}
_SPACES = {"GRAY": "L", "RGB": "RGB", "CMYK": "CMYK"}
"""What an ICC profile calls its space, and the kind of pixels that goes with it."""


def plain(original: Any, max_side: int) -> Any:
    """Return the picture as RGB or RGBA, within these sides. Raise whatever Pillow does of a damaged file."""
    from PIL import ExifTags

    profile = original.info.get("icc_profile")
    try:
        orientation = original.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # damaged metadata, but perhaps a good picture
        orientation = None
    _seek_what_shows(original)
    image = _reduced(original, max_side)
    image.thumbnail((max_side, max_side))
    return _upright(_in_srgb(image, profile), orientation)


def moves(image: Any) -> bool:
    """Tell whether a picture that Pillow has opened has frames to be shown one after the other."""
    return image.format in _MOVING and bool(getattr(image, "is_animated", False))


def on_white(image: Any) -> Any:
    """Return an RGBA picture as it looks on white, as RGB."""
    from PIL import Image

    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _seek_what_shows(image: Any) -> None:
    """Go to the first frame of a moving picture that shows something: many begin with an empty one."""
    if not moves(image):
        return
    for frame in range(_MOST_FRAMES):
        try:
            image.seek(frame)
        except EOFError:
            break
        if _shows(image):
            return
    image.seek(0)


def _shows(image: Any) -> bool:
    """Tell whether a frame has more than one colour."""
    from PIL import Image

    probe = on_white(image.resize(_PROBE, Image.Resampling.NEAREST).convert("RGBA"))
    return any(least != most for least, most in probe.getextrema())


def _reduced(original: Any, max_side: int) -> Any:
    """Return the picture with about as many pixels as are needed, of a plain kind.

    Band by band: what libraries make of the whole in between is as large as the picture, each time.
    """
    from PIL import Image

    factor = _factor(original.size, max_side)
    original.draft(None, tuple(side // factor for side in original.size))  # a JPEG unpacks no more than that
    original.load()
    width, height = original.size
    factor = _factor(original.size, max_side)
    rows = factor * max(1, _MOST_IN_A_BAND // (width * factor))
    made = None
    for top in range(0, height, rows):
        band = _eight_bits(original.crop((0, top, width, min(top + rows, height))))
        band = band.reduce(factor) if factor > 1 else band
        if made is None:
            made = Image.new(band.mode, (-(-width // factor), -(-height // factor)))
        made.paste(band, (0, top // factor))
    assert made is not None, "no picture is empty"
    return made


def _factor(size: tuple[int, int], max_side: int) -> int:
    """Return by how much the sides are divided before the picture is scaled: to twice what is wanted."""
    width, height = size
    return max(max(size) // (2 * max_side), 2 if width * height > _MOST_WHOLE else 1)


def _eight_bits(band: Any) -> Any:
    transparency = band.info.get("transparency")
    if band.mode.startswith("I"):
        # Of sixteen bits the upper eight: Pillow cuts off all above 255 instead.
        band = band.convert("I").point(lambda value: value * (1 / 256)).convert("L")
        if isinstance(transparency, int):
            band.info["transparency"] = transparency >> 8
    kind = _PLAIN.get(band.mode, "RGB")
    if band.has_transparency_data:
        kind = "LA" if kind in ("L", "LA") else "RGBA"
    return band if band.mode == kind else band.convert(kind)


def _in_srgb(image: Any, profile: Any) -> Any:
    """Return the picture as RGB or RGBA in sRGB, by its profile if it has one that can be used."""
    from PIL import ImageCms

    alpha = image.getchannel("A") if image.mode in ("LA", "RGBA") else None
    rgb = None
    if profile:
        try:
            known = ImageCms.getOpenProfile(io.BytesIO(profile))
            kind = _SPACES[known.profile.xcolor_space.strip()]
            if (kind == "CMYK") == (image.mode == "CMYK"):
                rgb = ImageCms.profileToProfile(
                    image.convert(kind),
                    known,
                    ImageCms.createProfile("sRGB"),
                    renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
                    outputMode="RGB",
                    flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
                )
        except Exception:  # what a damaged profile makes the library raise has no list
            rgb = None
    rgb = image.convert("RGB") if rgb is None else rgb
    if alpha is not None:
        rgb.putalpha(alpha)
    return rgb


def _upright(image: Any, orientation: object) -> Any:
    """Turn the picture as its EXIF says. Pillow's exif_transpose also rewrites the EXIF, and can fail at it."""
    from PIL import Image

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
    return image.transpose(turn_of[orientation]) if orientation in turn_of else image

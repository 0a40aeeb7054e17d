"""What is sent looks as it did on the blog: colours, depth, transparency, the right side up."""

import io
from collections.abc import Mapping
from typing import Any

import pytest
from PIL import ExifTags, Image
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crosspost.child.picture import Unfit, fit
from crosspost.compose.pictures import fetch_picture
from crosspost.contract import PictureRule
from crosspost.errors import UnfitPicture
from crosspost.http.wire import HttpxClient
from crosspost.model import Picture
from crosspost.sandbox.server import serve
from tests.compose.profiles import ADOBE_RGB, DISPLAY_P3, of_grey, of_inks, of_rgb

RULE = PictureRule(max_bytes=1_000_000)
ONLY_JPEG = frozenset({"image/jpeg"})
RED, WHITE, BLACK = (255, 0, 0), (255, 255, 255), (0, 0, 0)
Pixel = tuple[int, int, int]


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def plain(mode: str, colour: Any, size: tuple[int, int] = (80, 60)) -> Image.Image:
    return Image.new(mode, size, colour)


def sent(data: bytes, *, types: frozenset[str] = ONLY_JPEG, max_side: int = 300) -> Image.Image:
    """Decode what would be sent."""
    fitted = fit(data, types=types, max_side=max_side, max_bytes=1_000_000)
    image = Image.open(io.BytesIO(fitted.data))
    image.load()
    assert image.size == (fitted.width, fitted.height)
    return image


def colour(image: Image.Image, at: tuple[int, int] = (40, 30)) -> Pixel:
    red, green, blue = image.convert("RGB").getpixel(at)  # type: ignore[misc]
    return red, green, blue


def near(one: Pixel, other: Pixel, most: int = 10) -> bool:
    return all(abs(first - second) <= most for first, second in zip(one, other, strict=True))


REDS: Mapping[str, bytes] = {
    "JPEG": encoded(plain("RGB", RED), "JPEG"),
    "progressive": encoded(plain("RGB", RED), "JPEG", progressive=True),
    "CMYK": encoded(plain("CMYK", (0, 255, 255, 0)), "JPEG"),
    "MPO": encoded(plain("RGB", RED), "MPO", save_all=True, append_images=[plain("RGB", "blue", (40, 30))]),
    "AdobeRGB": encoded(plain("RGB", (219, 0, 0)), "JPEG", icc_profile=of_rgb(ADOBE_RGB)),
    "AdobeRGB PNG": encoded(plain("RGBA", (219, 0, 0, 255)), "PNG", icc_profile=of_rgb(ADOBE_RGB)),
    "AdobeRGB palette": encoded(
        plain("RGB", (219, 0, 0)).convert("P", palette=Image.Palette.ADAPTIVE),
        "PNG",
        icc_profile=of_rgb(ADOBE_RGB),
    ),
    "P3": encoded(plain("RGB", (234, 51, 35)), "JPEG", icc_profile=of_rgb(DISPLAY_P3)),
    "P3 WebP": encoded(plain("RGB", (234, 51, 35)), "WEBP", lossless=True, icc_profile=of_rgb(DISPLAY_P3)),
    "P3 AVIF": encoded(plain("RGB", (234, 51, 35)), "AVIF", quality=95, icc_profile=of_rgb(DISPLAY_P3)),
    "WebP": encoded(plain("RGB", RED), "WEBP"),
    "AVIF": encoded(plain("RGB", RED), "AVIF"),
    "BMP": encoded(plain("RGB", RED), "BMP"),
    "GIF": encoded(plain("RGB", RED), "GIF"),
    "palette": encoded(plain("RGB", RED).convert("P", palette=Image.Palette.ADAPTIVE), "PNG"),
    "damaged profile": encoded(plain("RGB", RED), "PNG", icc_profile=of_rgb(ADOBE_RGB)[:200]),
    "a press's profile": encoded(plain("RGB", RED), "PNG", icc_profile=of_inks()),
}


@pytest.mark.parametrize("kind", REDS)
def test_red_stays_red(kind: str) -> None:
    image = sent(REDS[kind])
    assert image.mode == "RGB"
    assert near(colour(image), RED, 12), colour(image)


def test_inks_are_seen_as_the_press_says() -> None:
    image = sent(encoded(plain("CMYK", (0, 255, 255, 0)), "JPEG", icc_profile=of_inks()))
    assert near(colour(image), (205, 28, 36), 20), colour(image)
    paper = sent(encoded(plain("CMYK", (0, 0, 0, 0)), "JPEG", icc_profile=of_inks()))
    assert near(colour(paper), WHITE, 4), colour(paper)


def test_grey_is_as_bright_as_its_profile_says() -> None:
    assert near(colour(sent(encoded(plain("L", 128), "PNG", icc_profile=of_grey(1.0)))), (188,) * 3, 3)
    assert near(colour(sent(encoded(plain("L", 128), "PNG"))), (128,) * 3, 2)


@pytest.mark.parametrize(("shade", "seen"), [(0, 0), (256 * 64, 64), (256 * 128, 128), (65_535, 255)])
def test_sixteen_bits_are_scaled_not_cut(shade: int, seen: int) -> None:
    assert near(colour(sent(encoded(plain("I;16", shade), "PNG"))), (seen,) * 3, 2)


def test_one_bit_is_black_and_white() -> None:
    image = plain("1", 1)
    image.paste(0, (0, 0, 40, 60))
    found = sent(encoded(image, "PNG"))
    assert near(colour(found, (10, 30)), BLACK)
    assert near(colour(found, (70, 30)), WHITE)


def half(mode: str, here: Any, nothing: Any) -> Image.Image:
    """Return a picture whose left half is there, and whose right half is transparent."""
    image = plain(mode, nothing)
    image.paste(here, (0, 0, 40, 60))
    return image


def with_a_transparent_colour(mode: str, value: Any) -> bytes:
    image = half(mode, 0, 1) if mode == "P" else half(mode, BLACK if mode == "RGB" else 0, value)
    if mode == "P":
        image.putpalette([0, 0, 0, 0, 0, 255])
    return encoded(image, "PNG", transparency=1 if mode == "P" else value)


TRANSPARENT: Mapping[str, bytes] = {
    "RGBA": encoded(half("RGBA", (0, 0, 0, 255), (0, 0, 255, 0)), "PNG"),
    "LA": encoded(half("LA", (0, 255), (60, 0)), "PNG"),
    "palette": with_a_transparent_colour("P", 1),
    "RGB": with_a_transparent_colour("RGB", (0, 0, 255)),
    "L": with_a_transparent_colour("L", 99),
    "sixteen bits": with_a_transparent_colour("I;16", 25_600),
    "WebP": encoded(half("RGBA", (0, 0, 0, 255), (0, 0, 255, 0)), "WEBP", lossless=True, exact=True),
    "AVIF": encoded(half("RGBA", (0, 0, 0, 255), (0, 0, 255, 0)), "AVIF", quality=90),
    "GIF": encoded(half("RGBA", (0, 0, 0, 255), (0, 0, 255, 0)), "GIF"),
}


@pytest.mark.parametrize("kind", TRANSPARENT)
def test_what_is_transparent_is_white_whatever_the_network_makes_of_it(kind: str) -> None:
    for types in (ONLY_JPEG, RULE.types):
        image = sent(TRANSPARENT[kind], types=types)
        assert near(colour(image, (70, 30)), WHITE), "also if the network drops the transparency"
        assert near(colour(image, (10, 30)), BLACK)
    assert image.mode == "RGBA"
    assert image.getpixel((70, 30))[3] == 0  # type: ignore[index]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_right_side_is_up(kind: str, orientation: int) -> None:
    """The red corner, wherever the camera stored it, comes out top left."""
    turns = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the inverse of each, as Image.Transpose
    upright = plain("RGB", WHITE)
    upright.paste(RED, (0, 0, 30, 20))
    stored = upright.transpose(Image.Transpose(turns[orientation])) if orientation in turns else upright
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    image = sent(encoded(stored, kind, exif=exif))
    assert image.size == (80, 60)
    assert near(colour(image, (8, 8)), RED, 16)
    assert all(near(colour(image, at), WHITE, 16) for at in ((72, 8), (8, 52), (72, 52)))


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_of_what_moves_the_first_frame_that_shows_something_is_sent(kind: str) -> None:
    picture = plain("RGB", WHITE)
    picture.paste(RED, (0, 0, 80, 50))
    frames = [plain("RGB", BLACK), plain("RGB", WHITE), picture, plain("RGB", "blue")]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:])
    fitted = fit(data, types=ONLY_JPEG, max_side=300, max_bytes=1_000_000)
    assert near(colour(Image.open(io.BytesIO(fitted.data))), RED, 12)
    assert fitted.note == "its picture moves; the first frame that shows something stands for it"


def test_a_network_that_takes_png_alone_gets_png() -> None:
    image = sent(REDS["CMYK"], types=frozenset({"image/png"}))
    assert (image.format, near(colour(image), RED)) == ("PNG", True)
    with pytest.raises(Unfit, match="it cannot be made image/gif of at most 1,000,000 bytes"):
        sent(REDS["CMYK"], types=frozenset({"image/gif"}))


def test_what_it_tells_of_its_author_stays_behind() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Canary-camera"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (45.0, 30.0, 1.0)
    told = {"exif": exif, "xmp": b"<x:xmpmeta>Canary-place</x:xmpmeta>", "icc_profile": of_rgb(DISPLAY_P3)}
    for data in (
        encoded(plain("RGB", RED), "JPEG", comment=b"Canary-comment", **told),
        encoded(plain("RGBA", (255, 0, 0, 99)), "WEBP", **told),
        encoded(plain("RGBA", (255, 0, 0, 99)), "PNG", exif=exif, icc_profile=of_rgb(DISPLAY_P3)),
    ):
        fitted = fit(data, types=RULE.types, max_side=300, max_bytes=1_000_000)
        assert b"Canary" not in fitted.data
        assert not {"exif", "xmp", "icc_profile", "comment"} & set(Image.open(io.BytesIO(fitted.data)).info)


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "CMYK"])
def test_what_is_made_much_smaller_keeps_its_colours_and_edges(mode: str) -> None:
    """It is made smaller band by band; no band shows."""
    image = plain("RGB", WHITE, (6_000, 4_500))
    image.paste(BLACK, (0, 0, 3_000, 4_500))
    found = sent(encoded(image.convert(mode), "JPEG" if mode == "CMYK" else "PNG"), max_side=500)
    assert found.size == (500, 375)
    assert all(near(colour(found, (x, y)), BLACK, 12) for x in (0, 120, 240) for y in range(0, 375, 5))
    assert all(near(colour(found, (x, y)), WHITE, 12) for x in (260, 380, 499) for y in range(0, 375, 5))


def test_more_than_fifty_million_pixels_are_refused() -> None:
    with pytest.raises(Unfit, match=r"7072 × 7071 is too large; 50,000,000 pixels are the most"):
        sent(encoded(plain("1", 0, (7_072, 7_071)), "PNG"))


def test_metadata_made_to_unfold_costs_no_more_than_the_picture() -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Comment", "\0" * 90_000_000, zip=True)
    with pytest.raises(Unfit, match="it is no picture that can be read"):
        sent(encoded(plain("RGB", RED), "PNG", pnginfo=info))


SERVED: Mapping[str, tuple[str, bytes]] = {
    "photo.jpg": ("image/jpeg", REDS["AVIF"]),
    "photo.png": ("text/plain", REDS["CMYK"]),
    "photo": ("application/octet-stream", REDS["P3 WebP"]),
    "photo.html": ("text/html", REDS["BMP"]),
}
REFUSED: Mapping[str, tuple[str, bytes]] = {
    "it is no picture that can be read .it is a web page.": ("image/jpeg", b"<!DOCTYPE html><p>"),
    "it is no picture that can be read .it is empty.": ("image/png", b""),
    "it is no picture that can be read .SVG.; offer it as": ("image/png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "it is no picture that can be read .PDF.; offer it as": ("image/jpeg", b"%PDF-1.7\n"),
    "1 × 1 is too small to be shown": ("image/gif", encoded(plain("L", 0, (1, 1)), "GIF")),
}  # fmt: skip


async def test_over_the_web_it_is_taken_for_what_it_is_not_for_what_it_is_called() -> None:
    served = {**SERVED, **{f"{number}.jpg": one for number, one in enumerate(REFUSED.values())}}

    async def image(request: Request) -> Response:
        kind, body = served[request.path_params["name"]]
        return Response(body, media_type=kind)

    client = HttpxClient()
    async with serve(Starlette(routes=[Route("/{name}", image)])) as url:
        for name in SERVED:
            media = await fetch_picture(client, Picture(f"{url}/{name}"), RULE, folder=None, allow_private=True)
            assert near(colour(Image.open(io.BytesIO(media.data))), RED, 12), name
        for number, why in enumerate(REFUSED):
            with pytest.raises(UnfitPicture, match=f"its picture was left out: {why}"):
                await fetch_picture(
                    client, Picture(f"{url}/{number}.jpg"), RULE, folder=None, allow_private=True
                )
    await client.aclose()

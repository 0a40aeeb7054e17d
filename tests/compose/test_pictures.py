"""Pictures that are damaged, odd, or hostile: fit to be sent, or left behind with a sentence; never a crash."""

import asyncio
import io
import random
import struct
from pathlib import Path

import pytest
from PIL import ExifTags, Image
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from crosspost.child import picture
from crosspost.compose.pictures import fetch_picture
from crosspost.contract import PictureRule
from crosspost.errors import NoPicture, UnfitPicture
from crosspost.http.wire import HttpxClient
from crosspost.model import Media, Picture
from crosspost.sandbox.server import serve

RULE = PictureRule(max_bytes=200_000, max_side=300)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def on_its_side(orientation: int = 6) -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "Canary-Camera"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (45.0, 30.0, 1.0)
    return encoded(Image.effect_noise((60, 40), 90).convert("RGB"), "JPEG", exif=exif)


async def fit(data: bytes, folder: Path, rule: PictureRule = RULE) -> Media:
    path = folder / "picture"
    path.write_bytes(data)
    client = HttpxClient()
    return await fetch_picture(client, Picture(url=path.as_uri()), rule, folder=folder, allow_private=False)


@pytest.mark.parametrize(
    ("mode", "kind", "mime"),
    [
        ("CMYK", "JPEG", "image/jpeg"),
        ("L", "JPEG", "image/jpeg"),
        ("I;16", "PNG", "image/jpeg"),
        ("1", "PNG", "image/jpeg"),
        ("LA", "PNG", "image/png"),
        ("P", "GIF", "image/jpeg"),
        ("RGB", "WEBP", "image/jpeg"),
    ],
)
async def test_every_kind_of_pixel_arrives(tmp_path: Path, mode: str, kind: str, mime: str) -> None:
    media = await fit(encoded(Image.effect_noise((60, 40), 90).convert(mode), kind), tmp_path)
    assert (media.mime, media.width, media.height) == (mime, 60, 40)
    with Image.open(io.BytesIO(media.data)) as sent:
        assert sent.size == (60, 40)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
async def test_of_an_animation_the_first_picture_is_sent(tmp_path: Path, kind: str) -> None:
    first, *others = (Image.new("RGB", (50, 50), colour) for colour in ("red", "green", "blue"))
    media = await fit(encoded(first, kind, save_all=True, append_images=others), tmp_path)
    with Image.open(io.BytesIO(media.data)) as sent:
        assert getattr(sent, "n_frames", 1) == 1
        red, green, blue = sent.convert("RGB").getpixel((25, 25))  # type: ignore[misc]
        assert red > 200 > 60 > max(green, blue)


@pytest.mark.parametrize("orientation", range(1, 9))
async def test_each_orientation_is_turned_upright(tmp_path: Path, orientation: int) -> None:
    media = await fit(on_its_side(orientation), tmp_path)
    assert (media.width, media.height) == ((60, 40) if orientation < 5 else (40, 60))
    assert b"Canary" not in media.data
    with Image.open(io.BytesIO(media.data)) as sent:
        assert not sent.getexif()


def test_damaged_metadata_does_not_cost_the_picture() -> None:
    whole = on_its_side()
    start = whole.index(b"II*\0") if b"II*\0" in whole else whole.index(b"MM\0*")
    for offset in range(start, start + 60):
        data = bytearray(whole)
        data[offset] ^= 0xFF
        fitted = picture.fit(bytes(data), types=RULE.types, max_side=300, max_bytes=200_000)
        assert fitted.mime == "image/jpeg"


def test_no_damage_makes_more_than_a_sentence() -> None:
    """Fuzzed: Pillow raised struct.error and TypeError, and warned on standard error, for files like these."""
    chance = random.Random(5)
    seeds = [
        on_its_side(),
        encoded(Image.effect_noise((60, 60), 90).convert("RGBA"), "PNG"),
        encoded(Image.effect_noise((60, 60), 90).convert("P"), "GIF"),
        encoded(Image.effect_noise((60, 60), 90).convert("RGB"), "WEBP"),
    ]
    kept = left = 0
    for _ in range(1500):
        data = bytearray(chance.choice(seeds))
        for _ in range(chance.choice((1, 3, 10))):
            data[chance.randrange(min(len(data), chance.choice((60, 400))))] = chance.choice((0, 255, 127))
        try:
            picture.fit(bytes(data), types=RULE.types, max_side=300, max_bytes=200_000)
            kept += 1
        except picture.Unfit:
            left += 1
    assert kept > 100
    assert left > 100


@pytest.mark.parametrize(
    ("size", "why"),
    [
        ((40_000, 1), "40000 × 1 is a line, not a picture"),
        ((1, 20_000), "1 × 20000 is a line, not a picture"),
        ((1, 1), "1 × 1 is too small to be shown; 50 pixels are the least"),
        ((49, 32), "49 × 32 is too small to be shown; 50 pixels are the least"),
    ],
)
async def test_a_line_and_a_dot_are_left_out(tmp_path: Path, size: tuple[int, int], why: str) -> None:
    with pytest.raises(UnfitPicture, match=f"^its picture was left out: {why}$"):
        await fit(encoded(Image.new("L", size), "PNG"), tmp_path)


async def test_what_only_claims_to_be_large_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    data = bytearray(encoded(Image.new("L", (1, 1)), "PNG"))
    data[16:24] = struct.pack(">II", 60_000, 60_000)
    with pytest.raises(NoPicture, match="its picture was left out"):
        await fit(bytes(data), tmp_path)


def endless(_request: Request) -> Response:
    return StreamingResponse((b"\xff" * 1_000_000 for _ in range(100)), media_type="image/jpeg")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/gone.jpg", "127.0.0.1 answered 404"),
        ("/page.jpg", "it is no picture that can be read"),
        ("/endless.jpg", "20,000,000 bytes"),
        ("/loop.jpg", "redirects more than 5 times"),
    ],
)
async def test_over_the_web_each_failure_has_its_sentence(path: str, said: str) -> None:
    app = Starlette(
        routes=[
            Route("/page.jpg", lambda _request: Response("<html>no</html>")),
            Route("/loop.jpg", lambda _request: RedirectResponse("/loop.jpg")),
            Route("/endless.jpg", endless),
        ]
    )
    client = HttpxClient()
    async with serve(app) as url:
        with pytest.raises(NoPicture, match=said):
            await fetch_picture(client, Picture(url=url + path), RULE, folder=None, allow_private=True)
    await client.aclose()


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/x.jpg", "http://[::1]/x.jpg", "http://169.254.169.254/x", "ftp://a/x"]
)
async def test_a_feed_sends_us_nowhere_private(url: str) -> None:
    client = HttpxClient()
    with pytest.raises(NoPicture, match=r"private network|only http and https"):
        await fetch_picture(client, Picture(url=url), RULE, folder=None, allow_private=False)
    await client.aclose()


async def test_a_link_out_of_the_feeds_folder_is_not_followed(tmp_path: Path) -> None:
    inside = tmp_path / "feed"
    inside.mkdir()
    (tmp_path / "secret.jpg").write_bytes(on_its_side())
    (inside / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    client = HttpxClient()
    for url in (
        (inside / "link.jpg").as_uri(),
        f"{inside.as_uri()}/../secret.jpg",
        f"{inside.as_uri()}/%2e%2e/secret.jpg",
    ):
        with pytest.raises(NoPicture, match="may only name files in its own folder"):
            await fetch_picture(client, Picture(url=url), RULE, folder=inside, allow_private=True)


def test_pictures_wait_for_each_other_in_every_event_loop(tmp_path: Path) -> None:
    """Something shared that belongs to the first loop which waits for it would fail in the second."""
    data = encoded(Image.effect_noise((60, 40), 90), "PNG")
    folders = [tmp_path / str(number) for number in range(4)]
    for folder in folders:
        folder.mkdir()

    async def several() -> list[Media]:
        return await asyncio.gather(*(fit(data, folder) for folder in folders))

    assert len(asyncio.run(several()) + asyncio.run(several())) == 8

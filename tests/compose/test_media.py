"""Pictures: made to fit, stripped of what they tell, or left behind with a reason."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crosspost.compose.pictures import fetch_picture
from crosspost.contract import PictureRule
from crosspost.errors import NoPicture
from crosspost.http.wire import HttpxClient
from crosspost.model import Media, Picture
from crosspost.sandbox.server import serve

RULE = PictureRule(max_bytes=1_000_000)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


async def prepared(folder: Path, data: bytes, rule: PictureRule = RULE, alt: str = "") -> Media:
    (folder / "picture").write_bytes(data)
    url = (folder / "picture").as_uri()
    return await fetch_picture(HttpxClient(), Picture(url, alt), rule, folder=folder, allow_private=False)


async def test_where_and_with_what_it_was_taken_stays_at_home(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[2] = (45.0, 30.0, 0.0)
    data = encoded(Image.new("RGB", (90, 60), "red"), "JPEG", exif=exif)
    assert b"SecretCamera" in data
    media = await prepared(tmp_path, data)
    assert b"SecretCamera" not in media.data
    assert not Image.open(io.BytesIO(media.data)).getexif()


async def test_a_picture_on_its_side_is_turned_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    media = await prepared(tmp_path, encoded(Image.new("RGB", (90, 60)), "JPEG", exif=exif))
    assert (media.width, media.height) == (60, 90)


async def test_transparency_stays_where_the_network_takes_it(tmp_path: Path) -> None:
    data = encoded(Image.new("RGBA", (50, 50), (0, 0, 255, 0)), "PNG")
    assert (await prepared(tmp_path, data)).mime == "image/png"
    only_jpeg = PictureRule(max_bytes=1_000_000, types=frozenset({"image/jpeg"}))
    flat = await prepared(tmp_path, data, only_jpeg)
    assert flat.mime == "image/jpeg"
    pixel = Image.open(io.BytesIO(flat.data)).convert("RGB").getpixel((5, 5))
    assert pixel == (255, 255, 255), "transparent becomes white, not black"


async def test_what_is_too_large_is_made_smaller(tmp_path: Path) -> None:
    noise = Image.effect_noise((1500, 1500), 100).convert("RGB")
    media = await prepared(tmp_path, encoded(noise, "PNG"), PictureRule(max_bytes=200_000))
    assert len(media.data) <= 200_000
    assert (
        await prepared(tmp_path, encoded(noise, "JPEG"), PictureRule(max_bytes=10**7, max_side=300))
    ).width == 300


async def test_alt_text_keeps_to_the_networks_length(tmp_path: Path) -> None:
    data = encoded(Image.new("RGB", (90, 90)), "PNG")
    media = await prepared(tmp_path, data, PictureRule(max_bytes=10**6, alt_length=10), alt="é" * 50)
    assert media.alt == "é" * 10


def bomb() -> bytes:
    return encoded(Image.new("1", (20_000, 20_000)), "PNG")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>no</html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xff\xd8\xff\xe0broken",
        b"GIF89a",
    ],
)
async def test_what_is_no_picture_is_left_out(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(NoPicture, match="its picture was left out: it is no picture that can be read"):
        await prepared(tmp_path, data)


async def test_a_cut_off_picture_is_left_out(tmp_path: Path) -> None:
    data = encoded(Image.effect_noise((300, 300), 50), "PNG")
    with pytest.raises(NoPicture, match="no picture that can be read"):
        await prepared(tmp_path, data[: len(data) // 2])


async def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    with pytest.raises(NoPicture, match="is too large"):
        await prepared(tmp_path, bomb())


async def test_a_feed_names_only_files_of_its_own_folder(tmp_path: Path) -> None:
    inside = tmp_path / "blog"
    inside.mkdir()
    (tmp_path / "private.png").write_bytes(encoded(Image.new("RGB", (90, 90)), "PNG"))
    (inside / "link.png").symlink_to(tmp_path / "private.png")
    for name in (tmp_path / "private.png", inside / "../private.png", inside / "link.png", Path("/etc/passwd")):
        with pytest.raises(NoPicture, match="only name files in its own folder"):
            await fetch_picture(
                HttpxClient(), Picture(f"file://{name}"), RULE, folder=inside, allow_private=True
            )
    with pytest.raises(NoPicture, match="only name files in its own folder"):
        await fetch_picture(HttpxClient(), Picture("file:///etc/passwd"), RULE, folder=None, allow_private=True)


async def test_over_the_web_the_address_and_the_answer_count() -> None:
    data = encoded(Image.new("RGB", (90, 90)), "PNG")

    async def image(request: Request) -> Response:
        if request.path_params["name"] == "huge.png":
            return Response(b"\x89PNG" + b"0" * 21_000_000)
        return Response(data, 200 if request.path_params["name"] == "good.png" else 404)

    client = HttpxClient()
    async with serve(Starlette(routes=[Route("/{name}", image)])) as url:
        good = await fetch_picture(client, Picture(f"{url}/good.png"), RULE, folder=None, allow_private=True)
        assert good.width == 90
        for name, allow_private, why in (
            ("none.png", True, "answered 404"),
            ("huge.png", True, "larger than 20,000,000 bytes"),
            ("good.png", False, "private network"),
        ):
            with pytest.raises(NoPicture, match=why):
                await fetch_picture(
                    client, Picture(f"{url}/{name}"), RULE, folder=None, allow_private=allow_private
                )
    with pytest.raises(NoPicture, match="did not answer"):
        await fetch_picture(client, Picture(f"{url}/good.png"), RULE, folder=None, allow_private=True)
    await client.aclose()

"""From the picture in a blog's text to what a network is given, or to the note that says why it was not."""

import io
import re
from typing import Any

import pytest
from PIL import Image

from tests.verbs import list_deliveries
from tests.world import Item, World, old

MARKUP = (
    '<p><img class="avatar" src="{0}/me.jpg"><img src="data:image/gif;base64,R0lGOD" data-src="{0}/picture.jpg"'
    ' alt="IMG_1234.jpg"> Une image, et ce qu’elle montre.</p>'
)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


async def announced(world: World, picture: bytes) -> tuple[dict[str, Any], bytes]:
    """Let a known blog publish an entry with this as its lazy picture; return its delivery and its request."""
    only = world.config(only=("tumblr",), channel="picture = true")
    world.blog.publish(*old(2))
    await world.run(only)
    world.blog.picture = picture
    summary = MARKUP.format(world.blog_url)
    world.blog.publish(Item(slug="image", title="Une image", days_ago=0, summary=summary))
    await world.run(only)
    (delivery,) = await list_deliveries(only, states=(), channel=None, feed=None, limit=10)
    assert delivery["state"] == "delivered"
    return delivery, world.tumblr.requests[-1].body


def jpeg_in(body: bytes) -> Image.Image:
    found = re.search(rb"\xff\xd8\xff.*\xff\xd9", body, re.DOTALL)
    assert found is not None
    return Image.open(io.BytesIO(found[0]))


async def test_a_lazy_avif_arrives_as_a_picture_the_network_takes(world: World) -> None:
    delivery, body = await announced(world, encoded(Image.new("RGB", (120, 90), "red"), "AVIF"))
    image = jpeg_in(body)
    assert image.size == (120, 90)
    red, green, blue = image.convert("RGB").getpixel((60, 45))  # type: ignore[misc]
    assert red > 240 > 15 > max(green, blue)
    assert b"IMG_1234" not in body
    assert delivery["note"] == ""


async def test_what_moves_stands_still_and_says_so(world: World) -> None:
    frames = [Image.effect_noise((120, 90), spread) for spread in (40, 90)]
    delivery, body = await announced(world, encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert jpeg_in(body).size == (120, 90)
    assert delivery["note"] == "its picture moves; the first frame that shows something stands for it"


@pytest.mark.parametrize(
    ("served", "why"),
    [
        (
            b"<!doctype html><p>Please log in",
            "it is no picture that can be read (it is a web page); look at its",
        ),
        (b"", "it is no picture that can be read (it is empty)"),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            "it is no picture that can be read (SVG); offer it as JPEG",
        ),
        (encoded(Image.new("L", (2, 2)), "PNG"), "2 × 2 is too small to be shown"),
    ],
    ids=["a web page", "nothing", "SVG", "a counter"],
)
async def test_what_cannot_be_sent_holds_nothing_up(world: World, served: bytes, why: str) -> None:
    delivery, body = await announced(world, served)
    assert delivery["note"].startswith(f"its picture was left out: {why}")
    assert b"Une image" in body

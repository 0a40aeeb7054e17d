"""A picture that a network does not take costs the post its picture, and nothing else."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from starlette.routing import Route

from crosspost.adapters.facebook.stand_in import error as facebook_says
from crosspost.adapters.linkedin.stand_in import error as linkedin_says
from crosspost.adapters.tumblr.stand_in import error as tumblr_says
from crosspost.adapters.x.stand_in import invalid
from crosspost.sandbox.behaviour import Behaviour, accept_and_answer, refuse, respond
from tests.verbs import list_deliveries
from tests.world import BOTH_DATABASES, Item, World, old

REFUSALS: Mapping[str, tuple[str, Behaviour]] = {
    "x ids": ("x", invalid("Your media IDs are invalid.")),
    "x older": (
        "x",
        refuse(400, {"errors": [{"code": 324, "message": "The validation of media ids failed."}]}),
    ),
    "x parameter": ("x", invalid("$.media.media_ids[0]: does not match the regex")),
    "facebook": ("facebook", facebook_says(400, 100, "(#100) attached_media[0] must be a photo")),
    "facebook object": ("facebook", facebook_says(400, 100, "Invalid parameter: object_attachment")),
    "facebook photo": ("facebook", facebook_says(400, 324, "Missing or invalid image file")),
    "linkedin": ("linkedin", linkedin_says(400, "MEDIA_ASSET_PROCESSING_FAILED", "Not a picture")),
    "linkedin owner": (
        "linkedin",
        linkedin_says(400, "INVALID_VALUE_FOR_FIELD", "not the owner of this asset"),
    ),
    "tumblr": ("tumblr", tumblr_says(400, 8005)),
    "tumblr blocks": ("tumblr", tumblr_says(400, 8001, "Invalid media in an image block")),
    "tumblr too large": ("tumblr", refuse(413, b"<html>413 Request Entity Too Large</html>")),
}


async def with_a_picture(world: World, name: str) -> Any:
    """Let a blog that is known publish an entry with a picture; return the network."""
    world.blog.publish(*old(2))
    await world.run(world.config(only=(name,), channel="picture = true"))
    picture = f"{world.blog_url}/picture.jpg"
    words = f'<p><img src="{picture}" alt="La mer"/> Une image, et ce qu’elle montre.</p>'
    world.blog.publish(Item(slug="image", title="Une image", days_ago=0, summary=words))
    return world.network(name)


async def only(world: World) -> dict[str, Any]:
    (found,) = await list_deliveries(world.loaded(), states=(), channel=None, feed=None, limit=10)
    return found


@pytest.mark.parametrize("refusal", REFUSALS)
async def test_a_post_refused_for_its_picture_goes_out_without(world: World, refusal: str) -> None:
    name, behaviour = REFUSALS[refusal]
    network = await with_a_picture(world, name)
    network.behave(behaviour)
    await world.run(world.loaded())
    found = await only(world)
    assert found["state"] == "delivered"
    assert found["attempts"] == 2, "a new attempt, on record"
    assert found["note"].startswith("went out without its picture: ")
    (post,) = network.posts
    assert "Une image" in post.text
    assert not any(post.alt)
    assert "https://blog.example/2026/image/" in f"{post.links} {post.text}"


@BOTH_DATABASES
async def test_without_its_picture_it_is_sent_once_and_a_second_refusal_is_final(world: World) -> None:
    network = await with_a_picture(world, "x")
    network.behave(invalid("Your media IDs are invalid."), invalid("Your media IDs are invalid."))
    await world.run(world.loaded())
    found = await only(world)
    assert (found["state"], found["attempts"]) == ("failed", 2)
    assert not network.posts


async def test_a_link_takes_the_place_of_a_photo_that_is_refused(world: World) -> None:
    """On Facebook the link stands in the text beside a photo, and has a card of its own without."""
    network = await with_a_picture(world, "facebook")
    network.behave(facebook_says(400, 100, "(#100) attached_media[0] must be a photo"))
    await world.run(world.loaded())
    first, second = [json.loads(seen.body) for seen in network.requests if seen.path.endswith("/feed")]
    assert "attached_media" in first
    assert "attached_media" not in second
    assert second["link"] == "https://blog.example/2026/image/"
    assert second["link"] in first["message"]
    assert second["link"] not in second["message"]


@BOTH_DATABASES
async def test_what_follows_the_refusal_is_on_record_for_the_next_process(world: World) -> None:
    """It fetches and uploads nothing."""
    network = await with_a_picture(world, "x")
    network.behave(invalid("Your media IDs are invalid."), refuse(429, b"", {"retry-after": "60"}))
    await world.run(world.loaded())
    assert (await only(world))["state"] == "pending"
    asked = len(network.requests)
    world.later(minutes=2)
    await world.run(world.loaded())
    found = await only(world)
    assert found["state"] == "delivered"
    assert found["note"].startswith("went out without its picture: ")
    assert [seen.path for seen in network.requests[asked:]] == ["/2/tweets"]


async def test_a_picture_that_is_not_ready_is_waited_for_and_left_out_in_the_end(world: World) -> None:
    network = await with_a_picture(world, "linkedin")
    network.behave(*[linkedin_says(400, "MEDIA_ASSET_WAITING_UPLOAD", "Waiting")] * 3)
    for _ in range(3):
        await world.run(world.loaded())
        world.later(hours=1)
    found = await only(world)
    assert (found["state"], found["attempts"]) == ("delivered", 4)
    assert "thumbnail" not in network.posts[0].raw["content"]["article"]


@pytest.mark.parametrize("accepted", [False, True], ids=["not there", "there"])
async def test_an_upload_error_that_leaves_doubt_is_looked_for_and_then_goes_without(
    world: World, accepted: bool
) -> None:
    """Tumblr's 8009 is a 500 of the very request that makes the post."""
    network = await with_a_picture(world, "tumblr")
    network.clock = lambda: world.now
    said = tumblr_says(500, 8009, "Error uploading")
    network.behave(accept_and_answer(500, said.body) if accepted else said)
    for _ in range(4):
        await world.run(world.loaded())
        world.later(minutes=10)
    found = await only(world)
    assert found["state"] == "delivered"
    (post,) = network.posts
    assert bool(post.alt) is accepted
    assert "its picture" in found["note"]


# At the upload itself

UPLOADS: Mapping[str, tuple[str, str]] = {
    "x": ("x", "/2/media/upload"),
    "x alt text": ("x", "/2/media/metadata"),
    "facebook": ("facebook", "/{version}/{page}/photos"),
    "linkedin": ("linkedin", "/rest/images"),
    "linkedin bytes": ("linkedin", "/dms-uploads/{number}"),
}


@pytest.mark.parametrize("upload", UPLOADS)
@pytest.mark.parametrize("status", [400, 413, 415, 422])
async def test_an_entry_goes_without_a_picture_that_is_refused_at_the_upload(
    world: World, upload: str, status: int
) -> None:
    name, path = UPLOADS[upload]
    network = await with_a_picture(world, name)
    bodies: Mapping[str, object] = {
        "x": {"title": "Invalid", "detail": "Bad media", "type": "about:blank", "status": status},
        "facebook": {"error": {"code": 324, "message": "Missing or invalid image file"}},
        "linkedin": {"status": status, "code": "INVALID_VALUE_FOR_FIELD", "message": "No."},
    }
    refuse_all(network, path, refuse(status, bodies[name]))
    await world.run(world.loaded())
    found = await only(world)
    assert found["state"] == "delivered"
    assert "its picture was left out" in found["note"]
    assert len(network.posts) == 1


def refuse_all(network: Any, path: str, behaviour: Behaviour) -> None:
    """Let one endpoint refuse whatever comes."""

    async def refused(_request: Any) -> Any:
        return respond(behaviour)

    network.app.routes[:] = [
        Route(path, refused, methods=["POST", "PUT"]) if getattr(route, "path", "") == path else route
        for route in network.app.routes
    ]


async def test_a_picture_forgotten_and_then_refused_costs_the_frozen_post_nothing(world: World) -> None:
    """Its first attempt was asked to wait longer than the network keeps what was uploaded."""
    network = await with_a_picture(world, "x")
    wait = timedelta(hours=30)
    network.behave(refuse(429, b"", {"retry-after": str(int(wait.total_seconds()))}))
    await world.run(world.loaded())
    refuse_all(network, "/2/media/upload", invalid("media type is not supported"))
    world.later(hours=31)
    await world.run(world.loaded())
    found = await only(world)
    assert found["state"] == "delivered"
    assert "its picture was left out" in found["note"]
    assert "media" not in network.posts[0].raw

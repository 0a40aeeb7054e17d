"""The networks' own clients, and the most used ones, take our stand-ins for the networks."""

from contextlib import aclosing
from pathlib import Path
from typing import Any

from crosspost.adapters.facebook.stand_in import PAGE, FacebookStandIn
from crosspost.adapters.linkedin.stand_in import ORGANIZATION, LinkedInStandIn
from crosspost.adapters.tumblr import Tumblr
from crosspost.adapters.tumblr import stand_in as tumblr
from crosspost.adapters.x import stand_in as x
from crosspost.http.wire import HttpxClient
from crosspost.sandbox.server import serve
from crosspost.sandbox.standin import StandIn
from crosspost.testing import a_draft
from tests.real.conftest import ALT, LINK, TEXT, run

X_KEYS = {
    "consumer_key": x.CONSUMER_KEY,
    "consumer_secret": x.CONSUMER_SECRET,
    "token_secret": x.TOKEN_SECRET,
}
TUMBLR_KEYS = {
    "consumer_key": tumblr.CONSUMER_KEY,
    "consumer_secret": tumblr.CONSUMER_SECRET,
    "token_secret": tumblr.TOKEN_SECRET,
}


async def lived(network: StandIn, client: str, *, app: Any = None, **told: Any) -> Any:
    """Let a client post, read and delete on this network; return what it says, whatever it posted being gone.

    `app`: what is served in the network's place.
    """
    async with serve(app or network.app) as url:
        said = await run(client, url=url, **told)
    assert sorted(said["read"]) == sorted(said["posted"])
    assert [post.id for post in network.deleted] == said["posted"]
    assert all(said["deleted"])
    assert not network.posts
    return said


async def test_xs_own_client_posts_a_picture_reads_and_deletes(told: dict[str, str]) -> None:
    network = x.XStandIn()
    said = await lived(network, "x_xdk.py", **told, **X_KEYS)
    assert (network.deleted[0].text, network.deleted[0].links, network.deleted[0].alt) == (
        TEXT,
        (LINK,),
        (ALT,),
    )
    assert said["error"] == 401


async def test_tweepy_posts_reads_and_deletes_and_understands_a_duplicate(told: dict[str, str]) -> None:
    network = x.XStandIn()
    said = await lived(network, "x_tweepy.py", **told)
    assert network.deleted[0].links == (LINK,)
    assert said["error"].startswith("Unauthorized")
    assert "duplicate content" in said["again"]


async def test_twitter_api_v2_posts_reads_and_deletes_and_understands_a_duplicate(told: dict[str, str]) -> None:
    network = x.XStandIn()
    said = await lived(network, "x_twitter_api_v2.js", **told)
    assert network.deleted[0].links == (LINK,)
    assert said["error"] == 401
    assert said["again"] == "403: You are not allowed to create a Tweet with duplicate content."


async def test_metas_own_client_posts_a_picture_and_a_card_reads_by_pages_and_deletes(
    told: dict[str, str],
) -> None:
    network = FacebookStandIn()
    said = await lived(network, "facebook.py", **told, page=PAGE)
    assert [(post.text, post.links, post.alt) for post in network.deleted] == [
        (TEXT, (), (ALT,)),
        ("Words", (LINK,), ()),
    ]
    assert said["error"] == [190, 463]


async def test_tumblrs_own_client_for_node_posts_words_and_a_picture_reads_and_deletes(
    told: dict[str, str],
) -> None:
    network = tumblr.TumblrStandIn()

    async def by_tls(scope: Any, receive: Any, send: Any) -> None:
        """Tell the network the address that the client has signed."""
        await network.app({**scope, "scheme": "https"}, receive, send)

    said = await lived(network, "tumblr_js.js", app=by_tls, **told, **TUMBLR_KEYS)
    assert (network.deleted[0].text, network.deleted[0].links) == (TEXT, (LINK,))
    assert network.deleted[0].tags == ("un", "deux")
    assert network.deleted[1].alt == (ALT,)
    assert said["error"] == "API error: 401 Unauthorized"


async def test_tumblrs_own_client_for_python_reads_and_deletes_what_our_adapter_posted(
    told: dict[str, str],
) -> None:
    network = tumblr.TumblrStandIn()
    async with serve(network.app) as url, aclosing(HttpxClient()) as client:
        settings = Tumblr.Settings(blog=tumblr.BLOG, access_token=told["token"], base_url=url)
        receipt = await Tumblr(settings, client).publish(a_draft(TEXT), key="k")
        said = await run("tumblr_pytumblr.py", url=url, **told, **TUMBLR_KEYS)
    assert said == {"read": [receipt.remote_id], "left": 0, "error": 401}


async def test_linkedins_own_client_posts_a_card_with_its_picture_reads_and_deletes(
    told: dict[str, str],
) -> None:
    network = LinkedInStandIn(author=ORGANIZATION)
    said = await lived(network, "linkedin.js", **told, author=ORGANIZATION, version="202608")
    assert (network.deleted[0].text, network.deleted[0].links) == (TEXT, (LINK,))
    assert list(network.images.values()) == [Path(told["picture"]).read_bytes()]
    assert said["error"] == [401, "INVALID_ACCESS_TOKEN"]
    assert said["again"].endswith(f"duplicate of {said['posted'][0]}")

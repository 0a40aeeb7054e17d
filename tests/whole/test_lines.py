"""What strangers write into titles and categories, as it reaches the networks."""

from crosspost.config import Config
from tests.world import Item, World, old

ENTRY = Item(
    slug="new",
    title="<div>L&#8217;&eacute;t&eacute; &amp; <em>toi</em></div>",
    categories=("Non classé", "Interne", "C#", "neige, gel, pluie", "Misc"),
)


def configured(world: World) -> Config:
    return world.config(top='never_hashtags = ["interne"]\n')


async def test_requests_to_networks_have_the_right_words(world: World) -> None:
    world.blog.publish(*old(3))
    await world.run(configured(world))
    world.blog.publish(ENTRY)
    await world.run(configured(world))
    assert [len(network.posts) for network in world.networks] == [1, 1, 1, 1]
    for network in (world.facebook, world.linkedin, world.x):
        (post,) = network.posts
        assert [word for word in post.text.split() if word.startswith("#")] == ["#CSharp", "#Neige", "#Gel"]
    assert world.tumblr.posts[0].tags == ("CSharp", "Neige", "Gel")
    assert "L’été & toi" in world.x.posts[0].text

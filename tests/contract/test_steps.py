"""The steps before the post, and the life of its key, by the whole program before a network that wants them."""

from datetime import timedelta

import pytest

from crosspost.errors import ConfigError
from crosspost.house import open_house
from crosspost.model import Learnt
from crosspost.report import What
from crosspost.sandbox.behaviour import drop, refuse
from crosspost.store import learnt
from tests.contract.conftest import Shore
from tests.verbs import list_deliveries
from tests.world import BOTH_DATABASES, Item, fresh, old

NOTHING_ELSE = ("POST session", "GET pond", "POST posts")


async def settled(shore: Shore, more: str = "") -> None:
    shore.world.blog.publish(*old(1))
    shore.config(more)
    await shore.run()
    assert not shore.pond.posts
    shore.world.blog.publish(*fresh(1))


async def states(shore: Shore) -> list[str]:
    found = await list_deliveries(shore.world.loaded(), states=(), channel=None, feed=None, limit=99)
    return [delivery["state"] for delivery in found]


# Logging in


async def test_a_session_is_got_before_the_attempt_and_not_for_a_preview(shore: Shore) -> None:
    await settled(shore, "dry_run = true")
    await shore.run()
    assert shore.world.happened(What.SHOWN)
    assert not shore.pond.requests, "a preview is the request that would be sent, and needs no network"
    shore.world.blog.publish(Item(slug="more", title="Encore un billet"))
    shore.config()
    await shore.run()
    assert len(shore.pond.posts) == 1
    assert set(shore.pond.paths()) == set(NOTHING_ELSE)


async def test_a_session_that_ended_is_got_anew_and_the_post_is_sent_once(shore: Shore) -> None:
    await settled(shore)
    shore.pond.behave(refuse(401, {"error": "no such session"}))
    await shore.run()
    assert len(shore.pond.posts) == 1
    assert shore.pond.paths().count("POST session") == 2
    assert await states(shore) == ["delivered"]


async def test_a_password_that_is_refused_closes_the_channel_with_nothing_sent(shore: Shore) -> None:
    await settled(shore)
    shore.pond.expired = True
    await shore.run()
    assert await states(shore) == ["pending"]
    assert "POST posts" not in shore.pond.paths()
    assert any(event.needs_person for event in shore.world.happened(What.CHANNEL_CLOSED))
    shore.pond.expired = False
    shore.world.later(hours=2)
    await shore.run()
    assert await states(shore) == ["delivered"]


# Pictures that take their time


async def test_a_picture_that_is_not_ready_is_asked_for_again_and_uploaded_once(shore: Shore) -> None:
    await settled(shore)
    shore.world.blog.items[0] = Item(
        slug="new-0", title="Une image", days_ago=0, picture=f"{shore.world.blog_url}/picture.jpg"
    )
    shore.pond.not_ready = 1
    await shore.run()
    assert await states(shore) == ["pending"]
    assert not shore.pond.posts
    shore.world.later(hours=1)
    await shore.run()
    assert len(shore.pond.pictures) == 1
    assert b'"picture": "' in shore.pond.requests[-1].body or b'"picture":"' in shore.pond.requests[-1].body
    assert await states(shore) == ["delivered"]


async def test_a_picture_that_never_gets_ready_is_left_out(shore: Shore) -> None:
    await settled(shore)
    shore.world.blog.items[0] = Item(
        slug="new-0", title="Une image", days_ago=0, picture=f"{shore.world.blog_url}/picture.jpg"
    )
    shore.pond.not_ready = 99
    for _ in range(5):
        await shore.run()
        shore.world.later(hours=1)
        shore.pond.not_ready = 99 if not shore.pond.posts else 0
    assert len(shore.pond.posts) == len(shore.pond.pictures) == 1
    assert await states(shore) == ["delivered"]


# What the server says of itself


@BOTH_DATABASES
async def test_limits_are_learnt_once_kept_with_their_age_and_used_without_a_request(shore: Shore) -> None:
    shore.pond.most = 90
    await settled(shore)
    shore.world.blog.items[0] = Item(slug="new-0", title="Court", summary="mot " * 100, days_ago=0)
    await shore.run()
    (post,) = shore.pond.posts
    assert 60 < len(post.text) <= 90
    async with open_house(shore.world.loaded(), clock=lambda: shore.world.now) as house:
        said, at = (await house.database.read(learnt.load))["pond"]
    assert said == Learnt(max_length=90)
    assert abs(at - shore.world.now) < timedelta(hours=1), "by the database's clock"
    asked = shore.pond.paths().count("GET pond")
    shore.world.blog.publish(Item(slug="next", title="Encore", summary="mot " * 100, days_ago=0))
    await shore.run()
    assert shore.pond.paths().count("GET pond") == asked, "by another process, and not asked again"
    assert len(shore.pond.posts[1].text) <= 90
    shore.world.later(days=31)
    shore.world.blog.publish(Item(slug="later", title="Plus tard", summary="mot " * 100, days_ago=-31))
    await shore.run()
    assert shore.pond.paths().count("GET pond") == asked + 1, "what is a month old is asked again"


async def test_a_server_that_changes_its_limits_is_noticed_on_a_refusal(shore: Shore) -> None:
    await settled(shore)
    await shore.run()
    shore.pond.most = 60
    shore.world.blog.publish(Item(slug="next", title="Encore", summary="mot " * 60, days_ago=0))
    await shore.run()
    assert len(shore.pond.posts) == 1
    assert await states(shore) == ["pending", "delivered"]
    await shore.run()
    assert len(shore.pond.posts) == 2
    assert len(shore.pond.posts[1].text) <= 60
    assert await states(shore) == ["delivered", "delivered"]


async def test_a_refusal_by_a_server_that_says_the_same_as_before_is_a_refusal(shore: Shore) -> None:
    await settled(shore)
    shore.pond.behave(refuse(422, {"error": "not these words"}))
    await shore.run()
    assert not shore.pond.posts
    assert await states(shore) == ["failed"]


async def test_a_server_that_says_nothing_is_not_asked_each_time(shore: Shore) -> None:
    shore.pond.most = None
    await settled(shore)
    await shore.run()
    shore.world.blog.publish(Item(slug="next", title="Encore", days_ago=0))
    await shore.run()
    assert len(shore.pond.posts) == 2
    assert shore.pond.paths().count("GET pond") == 1


async def test_a_server_that_changes_its_limits_at_each_refusal_ends_with_the_tries(shore: Shore) -> None:
    await settled(shore, "attempts = 3")
    shore.pond.moody = True
    for _ in range(6):
        shore.pond.behave(refuse(422, {"error": "not like this"}))
        await shore.run()
        shore.world.later(minutes=10)
    assert await states(shore) == ["failed"]
    assert shore.pond.paths().count("POST posts") == 3


# The life of a key


@BOTH_DATABASES
async def test_within_its_keys_life_a_lost_answer_is_repeated_and_makes_no_second_post(
    shore: Shore,
) -> None:
    await settled(shore)
    shore.pond.behave(drop(accept=True))
    await shore.run()
    assert await states(shore) == ["uncertain"]
    shore.world.later(minutes=10)
    await shore.run()
    assert await states(shore) == ["delivered"]
    assert len(shore.pond.posts) == 1
    assert "GET posts" not in shore.pond.paths()


@BOTH_DATABASES
@pytest.mark.parametrize("accepted", [True, False])
async def test_past_the_life_of_its_key_it_is_looked_for_and_never_sent_again_under_it(
    shore: Shore, accepted: bool
) -> None:
    await settled(shore)
    shore.pond.behave(drop(accept=accepted))
    await shore.run()
    shore.world.later(minutes=59)  # a request's own time does not fit any more
    await shore.run()
    assert shore.pond.paths().count("POST posts") == 1
    assert "GET posts" in shore.pond.paths()
    shore.world.later(hours=1)
    await shore.run()
    shore.world.later(hours=1)
    await shore.run()
    assert len(shore.pond.posts) == 1
    assert await states(shore) == ["delivered"]
    assert shore.pond.paths().count("POST posts") == (1 if accepted else 2)


@BOTH_DATABASES
async def test_what_waited_to_be_repeated_until_its_key_was_over_is_looked_for(shore: Shore) -> None:
    """The network had it, then asked for a pause that outlasted the key."""
    await settled(shore)
    shore.pond.behave(drop(accept=True), refuse(429, {"error": "slowly"}, {"retry-after": "7200"}))
    await shore.run()
    shore.world.later(minutes=10)
    await shore.run()
    assert await states(shore) == ["pending"]
    shore.world.later(hours=3)
    for _ in range(4):
        await shore.run()
        shore.world.later(minutes=20)
    assert len(shore.pond.posts) == 1
    assert await states(shore) == ["delivered"]
    assert shore.pond.paths().count("POST posts") == 2
    assert "GET posts" in shore.pond.paths()


def test_the_pond_forgets_keys_as_its_adapter_says() -> None:
    """Else the tests of a key's life would show nothing."""
    from tests.contract.pond import Pond
    from tests.contract.server import HOUR

    assert Pond.capabilities.repeatable_for == HOUR == timedelta(hours=1)


async def test_what_is_sent_again_on_trust_needs_a_network_that_refuses_it(shore: Shore) -> None:
    """Its key makes that safe for an hour only."""
    with pytest.raises(ConfigError, match="cannot be resend"):
        shore.config('on_uncertain = "resend"')

"""A post that may be there, under a key that lives for an hour: whatever happens, there is one post."""

from collections.abc import Collection
from datetime import timedelta
from typing import Literal

import pytest

from crosspost.house import open_house
from crosspost.model import State
from crosspost.people.decisions import Chosen, Decision, decide
from crosspost.sandbox.behaviour import Behaviour, drop, refuse
from tests.contract.conftest import Shore
from tests.contract.test_steps import settled, states
from tests.world import Item

AWAY = refuse(503, {"error": "away"})
TWO_HOURS = refuse(429, {"error": "slowly"}, {"retry-after": "7200"})
NO = refuse(422, {"error": "not these words"})


async def lost(shore: Shore, *then: Behaviour, more: str = "") -> None:
    """Lose the answer to a post that arrived; the network answers so to what follows."""
    await settled(shore, more)
    shore.pond.behave(drop(accept=True), *then)
    await shore.run()
    assert await states(shore) == ["uncertain"]


async def hours(shore: Shore, count: int) -> None:
    """Run three times an hour, as cron would: no gap is noticed."""
    for _ in range(3 * count):
        shore.world.later(minutes=20)
        await shore.run()


async def decides(
    shore: Shore, to: Literal[State.SKIPPED, State.PENDING], of: Collection[State], verb: str
) -> None:
    async with open_house(shore.world.loaded(), clock=lambda: shore.world.now) as house:
        chosen = Chosen(ids=(), states=set(of), channel="pond")
        assert await decide(house, chosen, Decision(verb=verb, made_by="marie", to=to, reason=verb)) == 1


async def found_once(shore: Shore) -> None:
    """See that it was looked for, and that there is one post."""
    assert await states(shore) == ["delivered"]
    assert len(shore.pond.posts) == 1
    assert "GET posts" in shore.pond.paths()


async def test_tries_used_up_while_the_network_is_away_end_with_a_look(shore: Shore) -> None:
    await lost(shore, *[AWAY] * 6)
    for _ in range(6):
        shore.world.later(minutes=9)
        await shore.run()
    shore.pond.behaviours.clear()
    await hours(shore, 2)
    await found_once(shore)


async def test_the_only_try_that_was_lost_is_looked_for(shore: Shore) -> None:
    await lost(shore, more="attempts = 1")
    await hours(shore, 1)
    await found_once(shore)


async def test_what_two_looks_did_not_find_is_in_doubt_no_more(shore: Shore) -> None:
    """A person's retry then sends it at once, and composes it anew."""
    await settled(shore, "attempts = 1")
    shore.pond.behave(drop(accept=False))
    await shore.run()
    await hours(shore, 1)
    assert await states(shore) == ["failed"]
    looked = shore.pond.paths().count("GET posts")
    assert looked == 2
    await decides(shore, State.PENDING, {State.FAILED}, "retry")
    await shore.run()
    assert await states(shore) == ["delivered"]
    assert len(shore.pond.posts) == 1
    assert shore.pond.paths().count("GET posts") == looked


async def test_a_refusal_of_a_repeat_is_no_proof_of_the_first(shore: Shore) -> None:
    await lost(shore, *[NO] * 9)
    await hours(shore, 3)
    await found_once(shore)


async def test_what_was_skipped_in_doubt_and_is_wanted_after_all_is_looked_for(shore: Shore) -> None:
    await lost(shore, TWO_HOURS)
    shore.world.later(minutes=10)
    await shore.run()
    await decides(shore, State.SKIPPED, {State.PENDING}, "skip")
    await hours(shore, 3)
    await decides(shore, State.PENDING, {State.SKIPPED}, "retry")
    await hours(shore, 1)
    await found_once(shore)


@pytest.mark.parametrize("ahead", [timedelta(minutes=50), timedelta(hours=5)])
async def test_a_clock_that_was_ahead_lengthens_no_life(shore: Shore, ahead: timedelta) -> None:
    """The network's own clock is right; ours is mended after the answer was lost."""
    await settled(shore)
    shore.pond.clock = lambda: shore.world.now - ahead
    shore.pond.behave(drop(accept=True))
    shore.world.now += ahead
    await shore.run()
    shore.world.now -= ahead
    shore.pond.clock = lambda: shore.world.now
    await hours(shore, 8)
    assert len(shore.pond.posts) == 1


async def test_a_clock_set_back_lengthens_no_life(shore: Shore) -> None:
    """By our clock half an hour has passed, by everybody else's two hours: the key is over."""
    shore.pond.clock = shore.world.served
    await lost(shore)
    shore.world.later(minutes=30)
    shore.world.wrong -= timedelta(minutes=90)
    await hours(shore, 2)
    assert len(shore.pond.posts) == 1
    await found_once(shore)


async def test_who_wants_to_be_asked_is_asked_though_the_key_lives(shore: Shore) -> None:
    await lost(shore, more='on_uncertain = "ask"')
    assert any(event.needs_person for event in shore.world.events)
    await hours(shore, 2)
    assert await states(shore) == ["uncertain"]
    assert shore.pond.paths().count("POST posts") == 1


async def test_composed_anew_keeps_nothing_of_what_was_refused(shore: Shore) -> None:
    """Neither its words nor its picture: both were made by limits that are over."""
    await settled(shore)
    picture = f"{shore.world.blog_url}/picture.jpg"
    shore.world.blog.items[0] = Item(slug="new-0", title="Une image", days_ago=0, picture=picture)
    shore.pond.behave(NO)
    shore.pond.moody = True
    await shore.run()
    assert await states(shore) == ["pending"]
    shore.world.later(minutes=10)
    await shore.run()
    assert await states(shore) == ["delivered"]
    assert len(shore.pond.pictures) == 2


async def test_limits_that_are_none_hinder_nobody(shore: Shore) -> None:
    shore.pond.most = "many"
    await settled(shore)
    await shore.run()
    assert await states(shore) == ["delivered"]

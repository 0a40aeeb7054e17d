"""Credentials that are renewed: once, whoever needs them, and never lost without a word."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import pytest
import pytest_asyncio

from crosspost import redact
from crosspost.adapters.x.stand_in import XStandIn
from crosspost.report import What
from crosspost.sandbox.behaviour import Behaviour, drop, refuse
from crosspost.store import credentials
from crosspost.store.credentials import Credential
from crosspost.store.database import Database
from tests.accounts.person import SETTINGS, Person, configured, connected, lines
from tests.process import ended, started, until
from tests.world import BOTH_DATABASES, World, fresh, old


@pytest_asyncio.fixture
async def channel(world: World) -> AsyncIterator[World]:
    """Give a world with X connected by OAuth 2, and one entry known."""
    for network in world.networks:
        network.clock = lambda: world.now
    configured(world, lines(world, "x"))
    await connected(world, Person(), "x", way="oauth2")
    world.x.token = "known-to-nobody"
    world.blog.publish(*old(1))
    await world.run(world.loaded())
    yield world


async def stored(world: World, name: str = "x") -> Credential:
    database = Database(world.loaded().database, clock=lambda: world.now)
    try:
        found = await database.read(credentials.load, name)
    finally:
        await database.close()
    assert found is not None
    return found


async def post(world: World, **span: float) -> list[str]:
    """Let time pass, publish an entry, and run; return what comes to need a person."""
    if span:
        world.later(**span)
    item = fresh(40)[len(world.blog.items)]
    world.blog.publish(item)
    events = await world.run(world.loaded())
    return [event.text for event in events if event.what is What.NEEDED]


@BOTH_DATABASES
async def test_it_is_renewed_before_it_ends_and_only_then(channel: World) -> None:
    assert await post(channel, minutes=100) == []
    assert channel.x.authority.refreshes == 0
    assert await post(channel, minutes=10) == []
    assert channel.x.authority.refreshes == 1
    assert await post(channel, minutes=30) == []
    assert channel.x.authority.refreshes == 1
    assert len(channel.x.posts) == 3
    assert (await stored(channel)).revision == 2


async def test_a_token_refused_before_its_time_costs_one_refresh_and_one_repeat(channel: World) -> None:
    channel.x.authority.expire_access()
    assert await post(channel) == []
    assert len(channel.x.posts) == 1
    assert channel.x.authority.refreshes == 1
    assert sum(seen.path == "/2/tweets" for seen in channel.x.requests) == 2


async def test_a_new_token_that_is_refused_too_is_not_renewed_again(channel: World) -> None:
    channel.x.expired = True
    assert "Unauthorized" in (await post(channel))[0]
    assert channel.x.authority.refreshes == 1
    channel.x.expired = False
    channel.later(hours=1, minutes=1)
    await channel.run(channel.loaded())
    assert len(channel.x.posts) == 1, "it was held, not failed"


async def test_tokens_are_masked_while_they_matter_and_then_forgotten(channel: World) -> None:
    for _ in range(5):
        assert await post(channel, hours=3) == []
    for number in range(redact.NEWEST_PASSING):  # what else a program remembers in the course of months
        redact.remember(f"passing-{number}")
    given = sorted(secret for secret in channel.x.authority.secrets if "-access-" in secret)
    assert [redact.hide(secret) == redact.MASK for secret in given] == [False] * 3 + [True] * 3


async def test_what_the_network_leaves_out_goes_on(channel: World) -> None:
    """A missing refresh token never overwrites the old one."""
    channel.x.authority.rules.rotates = False
    channel.x.authority.refreshes = 1  # so that the next answer leaves it out
    channel.x.authority.rules.names_new_refresh_token = False
    for _ in range(2):
        assert await post(channel, hours=3) == []
    assert len(channel.x.posts) == 2


@pytest.mark.parametrize("behaviour", [refuse(503, b"busy"), refuse(429, b"slow"), refuse(502, b"<html>")])
async def test_a_passing_error_never_disconnects(channel: World, behaviour: Behaviour) -> None:
    channel.x.authority.behaviours.append(behaviour)
    assert await post(channel, minutes=110) == []
    assert len(channel.x.posts) == 1, "the old token was good still"
    assert not (await stored(channel)).gone
    assert await post(channel, minutes=9) == []
    assert channel.x.authority.refreshes == 1


async def test_an_outage_holds_the_channel_and_then_it_goes_on(channel: World) -> None:
    for _ in range(4):
        channel.x.authority.behaviours.append(refuse(503, b"busy"))
    await post(channel, hours=3)
    for _ in range(8):
        channel.later(minutes=20)
        await channel.run(channel.loaded())
    assert len(channel.x.posts) == 1
    assert (await stored(channel)).failures == 0


async def test_the_network_s_own_word_ends_it_and_says_so(channel: World) -> None:
    channel.x.authority.end_grants()
    (said,) = await post(channel, hours=3)
    assert "Value passed for the token was invalid" in said
    assert "crosspost connect x" in said
    assert (await stored(channel)).gone
    asked = len(channel.x.requests) + len(channel.x.authority.codes)
    channel.later(hours=5)
    events = await channel.run(channel.loaded())
    assert any(event.needs_person for event in events), "it does not fall silent"
    assert len(channel.x.requests) + len(channel.x.authority.codes) == asked, "nor does it hammer the network"
    await connected(channel, Person(), "x", way="oauth2")
    await channel.run(channel.loaded())
    assert len(channel.x.posts) == 1


@pytest.mark.parametrize("rotated", [True, False])
async def test_a_lost_answer_leads_to_one_more_try_and_then_to_a_person(channel: World, rotated: bool) -> None:
    channel.x.authority.behaviours.append(drop(accept=rotated))
    assert await post(channel, hours=3) == []
    assert not channel.x.posts
    channel.later(minutes=1)
    events = await channel.run(channel.loaded())
    if rotated:
        assert any("crosspost connect x" in event.text for event in events if event.needs_person)
        assert not channel.x.posts
        await connected(channel, Person(), "x", way="oauth2")
        await channel.run(channel.loaded())
    assert len(channel.x.posts) == 1


async def test_two_lost_answers_ask_a_person_and_it_is_tried_on(channel: World) -> None:
    """The network exchanged nothing, so what we hold is good still: that comes out as soon as it answers."""
    for _ in range(2):
        channel.x.authority.behaviours.append(drop(accept=False))
    await post(channel, hours=3)
    channel.later(minutes=1)
    events = await channel.run(channel.loaded())
    assert any("crosspost connect x" in event.text for event in events if event.needs_person)
    channel.later(hours=1, minutes=1)
    await channel.run(channel.loaded())
    assert len(channel.x.posts) == 1


async def test_a_changed_application_secret_is_said_and_the_grant_stays(channel: World) -> None:
    channel.x.authority.client_secret = "changed"
    (said,) = await post(channel, hours=3)
    assert "refuses the application" in said
    channel.x.authority.client_secret = "sandbox-client-secret"
    channel.later(hours=1, minutes=1)
    await channel.run(channel.loaded())
    assert len(channel.x.posts) == 1


async def test_an_idle_credential_is_kept_alive(channel: World) -> None:
    """Nothing is posted for a year, and the refresh token lives six months unused."""
    for _ in range(60):
        channel.later(days=6)
        await channel.run(channel.loaded())
    assert await post(channel) == []
    assert len(channel.x.posts) == 1


async def test_a_refresh_token_with_an_end_is_told_of(channel: World) -> None:
    """LinkedIn's partners get a year that is not extended."""
    configured(channel, lines(channel, "linkedin", SETTINGS["linkedin"]))
    channel.linkedin.be_a_partner()
    await connected(channel, Person(), "linkedin", way="member")
    told = set()
    for days in [5] * 68 + [1] * 14:  # 354 of them
        channel.later(days=days)
        await channel.run(channel.loaded())
        told |= {event.text for event in channel.happened(What.ENDS)}
    assert any("in 14 days" in text for text in told)
    assert channel.linkedin.authority.refreshes >= 6


async def test_a_wrong_key_closes_the_channel_and_destroys_nothing(
    channel: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await stored(channel)
    monkeypatch.setenv("CROSSPOST_KEY", "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=")
    (said,) = await post(channel, hours=3)
    assert "needs the key" in said
    assert (await stored(channel)).envelope == before.envelope
    monkeypatch.delenv("CROSSPOST_KEY")
    channel.later(hours=1, minutes=1)
    await channel.run(channel.loaded())
    assert len(channel.x.posts) == 1


async def expires_at_once(world: World) -> asyncio.Event:
    """Connect X with a token that ends at once; return what lets its refresh be answered."""
    for network in world.networks:
        network.clock = XStandIn().clock
    world.x.authority.rules.lasts = timedelta(seconds=1)
    configured(world, lines(world, "x"))
    await connected(world, Person(), "x", way="oauth2")
    world.x.token = "known-to-nobody"
    world.x.authority.rules.lasts = timedelta(hours=2)
    gate = asyncio.Event()
    world.x.authority.behaviours.append(Behaviour(accept=True, hold=gate))
    return gate


async def test_eight_processes_that_need_a_token_at_once_make_one_refresh(world: World) -> None:
    gate = await expires_at_once(world)
    world.blog.publish(*old(1))
    children = [started(world, "check", "--online") for _ in range(8)]
    running = [await child.__aenter__() for child in children]
    await until(lambda: len(world.blog.answers) == 8)  # all of them are at it
    gate.set()
    said = await asyncio.gather(*map(ended, running))
    for child in children:
        await child.__aexit__(None, None, None)
    assert [one.code for one in said] == [0] * 8, said
    assert world.x.authority.refreshes == 1
    assert not any(grant.ended for grant in world.x.authority.grants), "a used token came back"


@pytest.mark.parametrize("world", ["postgresql"], indirect=True)
async def test_two_replicas_on_postgresql_make_one_refresh(world: World) -> None:
    gate = await expires_at_once(world)
    world.blog.publish(*old(1))
    run = partial(started, world, "run-once")
    async with run() as first:
        assert (await ended(first)).code == 0
    world.blog.publish(*fresh(1))
    async with run() as first, run() as second:
        await until(lambda: len(world.blog.answers) >= 3)
        gate.set()
        said = await asyncio.gather(ended(first), ended(second))
    assert [one.code for one in said] == [0, 0], said
    assert world.x.authority.refreshes == 1
    async with run() as third:
        await ended(third)
    assert len(world.x.posts) == 1
    assert not any(grant.ended for grant in world.x.authority.grants)


async def test_a_credential_that_is_not_used_keeps_no_run_from_being_quiet(channel: World) -> None:
    configured(channel, lines(channel, "x", "dry_run = true"))
    channel.later(days=8)
    await channel.run(channel.loaded())
    assert channel.x.authority.refreshes == 0
    assert (await stored(channel)).look_at is None
    configured(channel, lines(channel, "x"))
    assert await post(channel) == []
    assert channel.x.authority.refreshes == 1

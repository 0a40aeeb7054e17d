"""A person has something announced by name: once a channel, inside all limits, after a look at it."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from crosspost.errors import ConfigError, FeedError
from crosspost.house import open_house
from crosspost.model import State
from crosspost.people.announce import Wanted, announce
from crosspost.people.decisions import Chosen, Decision
from crosspost.sandbox.standin import Post
from crosspost.views.announced import AnnouncedView, read_announced
from tests.process import crosspost
from tests.verbs import decide, list_deliveries
from tests.world import BOTH_DATABASES, SECRETS, Item, World, old

PAGE = (
    '<html lang="fr"><head><meta property="og:title" content="Une conférence">'
    "<title>Une conférence | Carnet</title>"
    '<meta property="og:description" content="Jeudi, à la bibliothèque."></head></html>'
)
ONE = "https://blog.example/2026/old-1/"


async def asked(
    world: World, what: str, *channels: str, at: timedelta | None = None, by: str = "marie"
) -> AnnouncedView:
    moment = world.now + at if at is not None else None
    async with open_house(world.loaded(), clock=lambda: world.now) as house:
        wanted = Wanted(what=what, made_by=by, channels=channels, at=moment)
        return await read_announced(house, await announce(house, wanted))


async def known(world: World, *only: str, count: int = 3, **lines: str) -> None:
    """Let a first run take entries as known, with these channels."""
    world.blog.publish(*old(count))
    await world.run(world.config(only=only or ("facebook", "x"), **lines))
    assert world.posts == 0


async def states(world: World) -> Sequence[str]:
    views = await list_deliveries(world.loaded(), states=(), channel=None, feed=None, limit=100)
    return [f"{view['channel']} {view['entry_id']} {view['state']}" for view in reversed(views)]


@pytest_asyncio.fixture
async def site(world: World) -> AsyncIterator[World]:
    """Give a world whose blog has a page that is in no feed, and addresses that are no pages."""

    async def page(request: Request) -> Response:
        return Response(PAGE, media_type="text/html; charset=utf-8")

    async def paper(_request: Request) -> Response:
        return Response(b"%PDF", media_type="application/pdf")

    async def short(_request: Request) -> Response:
        return RedirectResponse("/page")

    async def nothing(_request: Request) -> Response:
        return Response(" \n", media_type="text/html")

    pages = {"/page": page, "/paper": paper, "/short": short, "/nothing": nothing}
    world.blog.app.routes.extend(Route(path, answer) for path, answer in pages.items())
    yield world


@BOTH_DATABASES
async def test_a_known_entry_goes_out_once_however_often_it_is_asked_for(world: World) -> None:
    await known(world)
    first, second = await asyncio.gather(asked(world, ONE, by="marie"), asked(world, ONE, by="jean"))
    assert first.entry_id == second.entry_id
    assert await states(world) == [f"facebook {first.entry_id} pending", f"x {first.entry_id} pending"]
    again = await asked(world, "http://www.blog.example/2026/old-1?utm_source=mail#comments")
    assert {each.text for each in again.channels} == {"goes out at the next run; looked for there first"}
    assert again.what_next == "crosspost run-once"

    await world.run(world.loaded())
    await world.run(world.loaded())
    assert [len(world.facebook.posts), len(world.x.posts)] == [1, 1]
    there = await asked(world, str(first.entry_id), "x")
    (answer,) = there.channels
    assert answer.text == "it is there already"
    assert answer.url.endswith(world.x.posts[0].id)
    assert there.what_next == ""


async def test_what_somebody_posted_by_hand_is_found_and_not_said_again(world: World) -> None:
    await known(world, "x")
    mine = Post(id="77", text=f"À lire : {ONE}", links=(ONE,))
    world.x.posts.append(mine)
    await asked(world, ONE)
    await world.run(world.loaded())
    assert world.x.posts == [mine]
    views = await list_deliveries(world.loaded(), states=(), channel=None, feed=None, limit=9)
    assert [(view["state"], view["reason"]) for view in views] == [("delivered", "found on the network")]


async def test_a_moment_limits_and_dry_runs_are_told(world: World) -> None:
    await known(world, "facebook", "x", channel='limits = "1/day"')
    later = await asked(world, ONE, "x", at=timedelta(hours=3))
    (answer,) = later.channels
    assert answer.at == world.now.replace(microsecond=answer.at.microsecond if answer.at else 0) + timedelta(
        hours=3
    )
    assert answer.text.startswith(f"goes out {answer.at:%a %Y-%m-%d %H:%M}")
    await asked(world, "https://blog.example/2026/old-0/", "facebook")
    waits = await asked(world, "https://blog.example/2026/old-2/", "facebook")
    assert "facebook’s 1/day is used up" in waits.channels[0].text
    await world.run(world.loaded())
    assert (len(world.facebook.posts), len(world.x.posts)) == (1, 0)
    world.later(hours=4)
    await world.run(world.loaded())
    assert len(world.x.posts) == 1

    world.config(only=("x",), channel="dry_run = true")
    shown = await asked(world, "https://blog.example/2026/old-0/")
    assert shown.channels[0].text == "is shown, not sent (dry run), at the next run"


async def test_a_moment_that_was_named_outlives_a_new_date(world: World) -> None:
    await known(world, "x")
    ahead = Item(slug="neuf", title="Nouveau billet", days_ago=-3)
    world.blog.publish(ahead)
    await world.run(world.loaded())
    (answer,) = (await asked(world, "https://blog.example/2026/neuf/", at=timedelta(hours=5))).channels
    assert answer.text.endswith(": announced by marie; looked for there first")
    world.blog.items[0] = replace(ahead, days_ago=-9)
    world.later(hours=4)
    await world.run(world.loaded())
    assert not world.x.posts
    world.later(hours=2)
    await world.run(world.loaded())
    assert len(world.x.posts) == 1


async def test_a_channel_that_is_not_connected_says_so_and_how_it_is(world: World) -> None:
    config = world.config(only=("x", "tumblr"))
    lacks = 'access_token = { env = "TUMBLR" }\nblog = "sandbox"\n'
    config.path.write_text(config.path.read_text(encoding="utf-8").replace(lacks, ""), encoding="utf-8")
    world.blog.publish(*old(3))
    await world.run(world.loaded())
    both = await asked(world, ONE)
    x, tumblr = both.channels
    assert (x.text, both.what_next) == (
        "goes out at the next run; looked for there first",
        "crosspost run-once",
    )
    assert tumblr.text == "waits: account of tumblr: not connected: crosspost connect tumblr"
    await world.run(world.loaded())
    again = await asked(world, ONE)
    assert (again.channels[1].text, again.channels[1].at) == (tumblr.text, None)
    assert again.what_next == "crosspost connect tumblr"


async def test_a_name_is_a_yes_to_what_was_held_skipped_or_unwanted(world: World) -> None:
    await known(world, "facebook", "x", "tumblr", channel="approve = true")
    world.blog.publish(Item(slug="neuf", title="Nouveau billet", categories=("Interne",)))
    await world.run(world.loaded())
    skip = Decision(verb="skip", made_by="marie", to=State.SKIPPED, reason="skipped")
    await decide(world.loaded(), Chosen(ids=(), states={State.HELD}, channel="x"), skip)
    text = (world.folder / "crosspost.toml").read_text(encoding="utf-8")
    own = 'adapter = "tumblr"\n'
    (world.folder / "crosspost.toml").write_text(
        text.replace(own, own + 'exclude = ["Interne"]\n'), encoding="utf-8"
    )
    link = "https://blog.example/2026/neuf/"
    answers = {each.channel: each for each in (await asked(world, link, "facebook", "x")).channels}
    assert {name: each.done for name, each in answers.items()} == {"facebook": "let go", "x": "let go"}
    old_one = {each.channel: each.text for each in (await asked(world, ONE)).channels}
    assert old_one["tumblr"].startswith("goes out")
    await world.run(world.loaded())
    assert (len(world.facebook.posts), len(world.x.posts), len(world.tumblr.posts)) == (2, 2, 1)
    views = await list_deliveries(world.loaded(), states=(), channel="x", feed=None, limit=9)
    verbs = [[made["verb"] for made in view["decisions"]] for view in views]
    assert verbs == [["announce"], ["skip", "announce"]]


@BOTH_DATABASES
async def test_a_page_that_no_feed_has_goes_out_and_is_known_when_a_feed_brings_it(site: World) -> None:
    await known(site)
    url = f"{site.blog_url}/page"
    view = await asked(site, f"{site.blog_url}/short?utm_source=mail", "x")
    assert (view.title, view.permalink) == ("Une conférence", url)
    for other in (url, f"{url}#programme", f"{site.blog_url}/short#:~:text=jeudi"):
        assert (await asked(site, other, "x")).entry_id == view.entry_id
    site.blog.publish(Item(slug="conference", title="Une conférence", link=url))
    await site.run(site.loaded())
    await site.run(site.loaded())
    assert [len(site.facebook.posts), len(site.x.posts)] == [1, 1], "on X it was announced by hand"
    assert "Une conférence" in site.x.posts[0].text


async def test_what_is_no_page_is_told_and_changes_nothing(site: World) -> None:
    await known(site)
    for what, why in {
        f"{site.blog_url}/missing": "404 Not Found: there is no such page",
        f"{site.blog_url}/paper": "is no page but application/pdf",
        f"{site.blog_url}/nothing": "the page at 127.0.0.1 is empty",
        "http://127.0.0.1:1/": "could not be fetched",
    }.items():
        with pytest.raises(FeedError, match=why):
            await asked(site, what)
    for what, why in {
        "999": "there is no entry 999",
        "blog.example": "neither an entry's number nor an address",
        f"{site.blog_url}/page?key={SECRETS['X']}": "holds a secret of the configuration",
    }.items():
        with pytest.raises(ConfigError, match=why):
            await asked(site, what)
    with pytest.raises(ConfigError, match="there is no channel 'tumbler'; there are: facebook, x"):
        await asked(site, ONE, "tumbler")
    assert await states(site) == []


async def test_the_program_says_where_and_when(site: World) -> None:
    site.config(only=("x",), top='timezone = "America/Montreal"\n')
    said = await crosspost(site, "announce", f"{site.blog_url}/page", "--at", "tomorrow 9:00", "--as", "marie")
    assert said.code == 0, said.err
    head, channel, following = said.out.splitlines()
    assert head == f"Une conférence (entry 1, {site.blog_url}/page)"
    assert "x  goes out " in channel
    assert " 09:00: announced by marie; looked for there first" in channel
    assert following == "next: crosspost run-once, once it is time; cron and crosspost run see to that"
    found = json.loads((await crosspost(site, "deliveries", "--json")).out)
    assert [(one["entry_id"], one["feed"], one["state"]) for one in found] == [(1, "(page)", "pending")]
    shown = json.loads((await crosspost(site, "preview", "1", "--json")).out)
    assert [(one["entry_id"], one["title"]) for one in shown] == [(1, "Une conférence")]
    wrong = await crosspost(site, "announce", "1", "--at", "yesterday")
    assert (wrong.code, wrong.out) == (2, "")
    assert "'yesterday' is no moment" in wrong.err

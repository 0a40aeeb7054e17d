"""An account shows an entry once, whatever its feeds and channels are called, and whoever brings it."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
from starlette.routing import Route

from crosspost.sandbox.behaviour import drop
from crosspost.sandbox.lists import empty
from crosspost.store import accounts
from crosspost.store.database import Database
from tests.process import crosspost
from tests.verbs import list_deliveries, read_plan, read_status
from tests.world import BOTH_DATABASES, Blog, Item, World, fresh, old

TUMBLR = """
[channels.{name}]
adapter = "tumblr"
base_url = "{url}"
access_token = {{ env = "TUMBLR" }}
blog = "{blog}"
{more}
"""


class Blogs:
    """The configuration of a world, written feed by feed and channel by channel, as people rename them."""

    def __init__(self, world: World) -> None:
        self.world = world

    def feed(self, name: str = "carnet", address: str = "", more: str = "") -> str:
        url = f"{self.world.blog_url}/feed.xml{address}"
        return f'[feeds.{name}]\nurl = "{url}"\nallow_private = true\n{more}\n'

    def channel(self, name: str = "tumblr", blog: str = "sandbox", more: str = "") -> str:
        return TUMBLR.format(name=name, url=self.world.urls["tumblr"], blog=blog, more=more)

    async def run(self, *tables: str) -> None:
        self.write(*tables)
        await self.world.run(self.world.loaded())

    def write(self, *tables: str) -> None:
        database = f'database = "{self.world.postgres}"\n' if self.world.postgres else ""
        (self.world.folder / "crosspost.toml").write_text(database + "".join(tables), encoding="utf-8")

    async def states(self, key: str = "channel") -> list[tuple[str, str, str]]:
        """Return of each delivery its title, channel (or whatever key) and state, the oldest first."""
        made = await list_deliveries(self.world.loaded(), states=(), channel=None, feed=None, limit=1000)
        return [(one["title"], one[key], one["state"]) for one in reversed(made)]

    async def reasons(self) -> Mapping[str, str]:
        made = await list_deliveries(self.world.loaded(), states=(), channel=None, feed=None, limit=1000)
        return {one["feed"]: one["reason"] for one in made}


@pytest.fixture
def blogs(world: World) -> Blogs:
    world.blog.publish(*old(4))
    return Blogs(world)


def change(world: World, title: str, **parts: Any) -> None:
    world.blog.items = [replace(item, **parts) if item.title == title else item for item in world.blog.items]


NEW = "Nouveau billet 0"


# A feed under another name.


@BOTH_DATABASES
async def test_a_renamed_feed_is_the_same_feed(world: World, blogs: Blogs) -> None:
    await blogs.run(blogs.feed(), blogs.channel())
    world.blog.publish(*fresh(1))
    await blogs.run(blogs.feed(), blogs.channel())
    world.blog.publish(Item(slug="between", title="Entre-temps"))
    await blogs.run(blogs.feed("monblogue2", more="backfill = 3"), blogs.channel())
    assert await blogs.states("feed") == [
        (NEW, "monblogue2", "delivered"),
        ("Entre-temps", "monblogue2", "delivered"),
    ]
    assert world.posts == 2


async def test_what_was_held_is_held_under_the_new_name_and_goes_out_once(world: World, blogs: Blogs) -> None:
    await blogs.run(blogs.feed(), blogs.channel(more="approve = true"))
    world.blog.publish(*fresh(1))
    await blogs.run(blogs.feed(), blogs.channel(more="approve = true"))
    blogs.write(blogs.feed("neuf", more="backfill = 3"), blogs.channel(more="approve = true"))
    assert "Nouveau billet 0" in (await crosspost(world, "plan")).out
    for _ in range(2):
        await blogs.run(blogs.feed("neuf", more="backfill = 3"), blogs.channel(more="approve = true"))
    assert await blogs.states("feed") == [(NEW, "neuf", "held")]
    assert (await crosspost(world, "approve", "--feed", "neuf")).out.startswith("1 delivery approved")
    world.later(minutes=1)  # the program was told by the true clock
    await world.run(world.loaded())
    assert world.posts == 1


async def test_approving_by_the_new_name_needs_no_run_before(world: World, blogs: Blogs) -> None:
    await blogs.run(blogs.feed(), blogs.channel(more="approve = true"))
    world.blog.publish(*fresh(1))
    await blogs.run(blogs.feed(), blogs.channel(more="approve = true"))
    blogs.write(blogs.feed("neuf"), blogs.channel(more="approve = true"))
    assert (await crosspost(world, "approve", "--feed", "neuf")).out.startswith("1 delivery approved")


async def test_at_another_address_too_the_keys_protect_and_what_is_newer_goes_out(
    world: World, blogs: Blogs
) -> None:
    await blogs.run(blogs.feed(address="?a"), blogs.channel())
    world.blog.publish(Item(slug="new-0", title=NEW, days_ago=2))
    await blogs.run(blogs.feed(address="?a"), blogs.channel())
    world.blog.publish(Item(slug="between", title="Entre-temps"))
    change(world, NEW, link="http://www.blog.example/2026/new-0?utm_medium=rss", guid="anew")
    await blogs.run(blogs.feed("neuf"), blogs.channel())
    await blogs.run(blogs.feed("encore", "?b", "backfill = 2"), blogs.channel())
    assert (NEW, "tumblr", "skipped") in await blogs.states()
    assert world.posts == 2


async def test_a_feed_at_another_address_is_the_same_feed(world: World, blogs: Blogs) -> None:
    await blogs.run(blogs.feed(), blogs.channel())
    world.blog.publish(*fresh(1))
    await blogs.run(blogs.feed(), blogs.channel())
    world.blog.publish(Item(slug="between", title="Entre-temps"))
    await blogs.run(blogs.feed(address="?moved"), blogs.channel())
    assert world.posts == 2


async def test_while_something_is_uncertain_a_feed_is_renamed(world: World, blogs: Blogs) -> None:
    await blogs.run(blogs.feed(), blogs.channel())
    world.blog.publish(*fresh(1))
    world.tumblr.behave(drop(accept=True))
    await blogs.run(blogs.feed(), blogs.channel())
    assert [state for *_, state in await blogs.states()] == ["uncertain"]
    for _ in range(3):
        world.later(minutes=6)
        await blogs.run(blogs.feed("neuf", more="backfill = 3"), blogs.channel())
    assert await blogs.states("feed") == [(NEW, "neuf", "delivered")]
    assert world.posts == 1


@BOTH_DATABASES
async def test_two_feeds_that_exchange_their_names_say_nothing_old(world: World, blogs: Blogs) -> None:
    other = Blog()
    other.items = [Item(slug=f"other-{n}", title=f"Ailleurs {n}", days_ago=3 + n) for n in range(2)]
    world.blog.app.router.routes.append(Route("/other.xml", other.feed))
    world.blog.items = world.blog.items[:2]

    def there(name: str) -> str:
        return blogs.feed(name).replace("feed.xml", "other.xml")

    await blogs.run(blogs.feed("a"), there("b"), blogs.channel())
    world.blog.publish(Item(slug="x", title="Un"))
    await blogs.run(blogs.feed("a"), there("b"), blogs.channel())
    other.publish(Item(slug="y", title="Deux"))
    await blogs.run(blogs.feed("b"), there("a"), blogs.channel())
    assert await blogs.states("feed") == [("Un", "b", "delivered"), ("Deux", "a", "delivered")]
    assert world.posts == 2


async def test_of_two_tables_made_one_under_a_new_name_nothing_is_lost(world: World, blogs: Blogs) -> None:
    await blogs.run(blogs.feed("a"), blogs.feed("b"), blogs.channel())
    world.blog.publish(Item(slug="between", title="Entre-temps", days_ago=40))
    await blogs.run(blogs.feed("neuf"), blogs.channel())
    assert [(title, state) for title, _, state in await blogs.states()] == [("Entre-temps", "held")]


async def test_what_came_on_the_day_of_a_move_to_another_name_and_address_goes_out(
    world: World, blogs: Blogs
) -> None:
    await blogs.run(blogs.feed(address="?a"), blogs.channel())
    world.blog.publish(Item(slug="morning", title="Matin"))
    await blogs.run(blogs.feed(address="?a"), blogs.channel())
    world.blog.publish(Item(slug="noon", title="Midi"))
    await blogs.run(blogs.feed("neuf", "?b"), blogs.channel())
    assert world.posts == 2


# A channel under another name, or twice.


@BOTH_DATABASES
async def test_two_tables_for_one_blog_post_once(world: World, blogs: Blogs) -> None:
    tables = (blogs.feed(), blogs.channel(), blogs.channel("copy", "Sandbox.tumblr.com"))
    await blogs.run(*tables)
    world.blog.publish(*fresh(1))
    await blogs.run(*tables)
    assert await blogs.states() == [(NEW, "tumblr", "delivered"), (NEW, "copy", "skipped")]
    assert world.posts == 1
    checked = await crosspost(world, "check")
    assert "channels.copy: speaks for the same account as channels.tumblr" in checked.out
    previewed = await crosspost(world, "preview")
    assert "speaks for the same account as tumblr: the entry goes out on one of them" in previewed.out
    refused = await crosspost(world, "retry", "2")
    assert refused.code == 2
    assert "delivery 1 (tumblr, feed carnet: Nouveau billet 0) is delivered" in refused.err
    assert world.posts == 1


async def test_a_preview_knows_which_channels_the_network_called_one_account(
    world: World, blogs: Blogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two tokens of one account: only the network knows it, and it has said so."""
    tables = [blogs.feed()]
    for name in ("x", "other"):
        monkeypatch.setenv(name.upper(), f"a-token-of-forty-characters-0123456789-{name}")
        url, token = world.urls["x"], f'{{ env = "{name.upper()}" }}'
        tables.append(f'[channels.{name}]\nadapter = "x"\nbase_url = "{url}"\naccess_token = {token}\n')
    await blogs.run(*tables)
    config = world.loaded()
    database = Database(config.database)
    for channel in config.channels.values():
        await database.write(accounts.learn, channel, "42")
    await database.close()
    previewed = await crosspost(world, "preview")
    assert "speaks for the same account as x: the entry goes out on one of them" in previewed.out


async def test_a_dry_run_beside_it_takes_nothing_from_a_channel(world: World, blogs: Blogs) -> None:
    tables = (blogs.feed(), blogs.channel("first", more="dry_run = true"), blogs.channel())
    await blogs.run(*tables)
    world.blog.publish(*fresh(1))
    await blogs.run(*tables)
    assert world.posts == 1


async def test_what_a_renamed_channel_had_waiting_goes_out_under_its_new_name(
    world: World, blogs: Blogs
) -> None:
    await blogs.run(blogs.feed(), blogs.channel(more='delay = "10m"'))
    world.blog.publish(*fresh(1))
    await blogs.run(blogs.feed(), blogs.channel(more='delay = "10m"'))
    world.later(minutes=11)
    await blogs.run(blogs.feed(), blogs.channel("microblogue"))
    assert await blogs.states() == [(NEW, "microblogue", "delivered")]
    assert world.posts == 1


@BOTH_DATABASES
async def test_of_two_tables_for_one_blog_the_first_may_go_while_it_has_something_waiting(
    world: World, blogs: Blogs
) -> None:
    waiting = blogs.channel(more="approve = true")
    await blogs.run(blogs.feed(), waiting, blogs.channel("copy"))
    world.blog.publish(*fresh(1))
    await blogs.run(blogs.feed(), waiting, blogs.channel("copy"))
    assert await blogs.states() == [(NEW, "tumblr", "held"), (NEW, "copy", "skipped")]
    blogs.write(blogs.feed(), blogs.channel("copy"))
    assert (await crosspost(world, "approve", "--channel", "copy")).out.startswith("1 delivery approved")
    world.later(minutes=1)
    await world.run(world.loaded())
    assert await blogs.states() == [(NEW, "copy", "delivered"), (NEW, "tumblr", "skipped")]
    assert world.posts == 1


async def test_feed_and_channel_renamed_at_once_with_a_new_address_repeat_nothing(
    world: World, blogs: Blogs
) -> None:
    await blogs.run(blogs.feed(), blogs.channel())
    world.blog.publish(*fresh(2))
    await blogs.run(blogs.feed(), blogs.channel())
    await blogs.run(blogs.feed("neuf", "?x", "backfill = 2"), blogs.channel("microblogue"))
    assert world.posts == 2


# Two feeds of one blog.


@BOTH_DATABASES
@pytest.mark.parametrize("guid", ["g", "1", "urn:uuid:6f1a"])
async def test_a_link_edited_between_the_sightings_of_two_feeds_posts_once(
    world: World, blogs: Blogs, guid: str
) -> None:
    tables = (blogs.feed("a", "?a"), blogs.feed("b", "?b"), blogs.channel())
    await blogs.run(*tables)
    world.blog.publish(Item(slug="x", title="Édité", guid=guid, link="https://blog.example/L0"))
    await blogs.run(blogs.feed("a", "?a"), blogs.channel())
    change(world, "Édité", link="https://blog.example/L1")
    await blogs.run(blogs.feed("b", "?b"), blogs.channel())
    await blogs.run(*tables)
    assert world.posts == 1
    assert "another feed brought the same entry before: delivery 1" in (await blogs.reasons())["b"]


async def test_a_bare_id_met_again_on_one_site_is_a_question_for_a_person(world: World, blogs: Blogs) -> None:
    tables = (blogs.feed("a", "?a"), blogs.feed("b", "?b"), blogs.channel())
    await blogs.run(*tables)
    world.blog.publish(Item(slug="x", title="Un", guid="1"))
    await blogs.run(blogs.feed("a", "?a"), blogs.channel())
    world.blog.items[0] = Item(slug="y", title="Autre chose", guid="1", days_ago=0)
    await blogs.run(blogs.feed("b", "?b"), blogs.channel())
    assert (await blogs.states())[1] == ("Autre chose", "tumblr", "held")
    assert "may be the same entry as another" in (await blogs.reasons())["b"]
    await crosspost(world, "approve", "--all")
    world.later(minutes=1)
    await world.run(world.loaded())
    assert world.posts == 2, "a person said that it is another"


async def test_a_bare_id_of_another_site_says_nothing(world: World, blogs: Blogs) -> None:
    tables = (blogs.feed("a", "?a"), blogs.feed("b", "?b"), blogs.channel())
    await blogs.run(*tables)
    world.blog.publish(Item(slug="x", title="Un", guid="1"))
    await blogs.run(blogs.feed("a", "?a"), blogs.channel())
    world.blog.items[0] = Item(slug="y", title="Deux", guid="1", link="https://other.example/2", days_ago=0)
    await blogs.run(blogs.feed("b", "?b"), blogs.channel())
    assert world.posts == 2


async def unknown_twins(world: World, blogs: Blogs, more: str) -> tuple[str, ...]:
    """Let two feeds bring one entry under nothing that they share, then learn that it is one."""
    tables = (blogs.feed("a", "?a"), blogs.feed("b", "?b"), blogs.channel(more=more))
    await blogs.run(*tables)
    world.blog.publish(Item(slug="x", title="Un", guid="of a", link="https://blog.example/a"))
    await blogs.run(blogs.feed("a", "?a"), blogs.channel(more=more))
    world.blog.items[0] = Item(
        slug="x", title="Le même", guid="of b", link="https://blog.example/b", days_ago=0
    )
    await blogs.run(blogs.feed("b", "?b"), blogs.channel(more=more))
    world.blog.items[0] = Item(slug="x", title="Un", guid="of a", link="https://blog.example/b")
    await blogs.run(blogs.feed("a", "?a"), blogs.channel(more=more))
    blogs.write(*tables)
    return tables


@BOTH_DATABASES
async def test_of_two_that_wait_one_goes(world: World, blogs: Blogs) -> None:
    await unknown_twins(world, blogs, 'delay = "10m"')
    assert [state for *_, state in await blogs.states()] == ["pending", "pending"]
    planned = (await read_plan(world.loaded(), world.now))["deliveries"]
    assert [one["skipped"] for one in planned] == [False, True]
    world.later(minutes=11)
    await world.run(world.loaded())
    assert [state for *_, state in await blogs.states()] == ["delivered", "skipped"]
    assert world.posts == 1


async def test_of_two_that_are_held_one_is_approved(world: World, blogs: Blogs) -> None:
    await unknown_twins(world, blogs, "approve = true")
    refused = await crosspost(world, "approve", "1", "2")
    assert refused.code == 2
    assert "delivery 2 would say the same entry twice" in refused.err
    assert [state for *_, state in await blogs.states()] == ["held", "held"]
    assert (await crosspost(world, "approve", "--all")).out.startswith("1 delivery approved")
    world.later(minutes=1)  # the program was told by the true clock
    await world.run(world.loaded())
    assert [state for *_, state in await blogs.states()] == ["delivered", "skipped"]
    assert world.posts == 1


# An entry that is removed, and comes back.


@pytest.mark.parametrize("change_to", [{}, {"link": "https://blog.example/new"}, {"guid": "new"}])
async def test_an_entry_that_comes_back_is_not_said_again(
    world: World, blogs: Blogs, change_to: dict[str, str]
) -> None:
    await blogs.run(blogs.feed(), blogs.channel())
    world.blog.publish(*fresh(1))
    await blogs.run(blogs.feed(), blogs.channel())
    (item, *world.blog.items) = world.blog.items
    await blogs.run(blogs.feed(), blogs.channel())
    world.blog.publish(replace(item, **change_to))  # type: ignore[arg-type]
    await blogs.run(blogs.feed(), blogs.channel())
    assert world.posts == 1


async def test_what_waits_for_a_channel_that_is_gone_is_told_unless_it_was_renamed(
    world: World, blogs: Blogs
) -> None:
    """Somebody who was told to skip it would lose what the next run takes over."""
    waiting = blogs.channel(more='delay = "10h"')
    await blogs.run(blogs.feed(), waiting)
    world.blog.publish(*fresh(1))
    await blogs.run(blogs.feed(), waiting)
    blogs.write(blogs.feed(), blogs.channel("renamed"))
    assert (await read_status(world.loaded()))["needs_person"] == []
    blogs.write(blogs.feed(), blogs.channel("another", blog="elsewhere"))
    (need,) = (await read_status(world.loaded()))["needs_person"]
    assert need.startswith("1 delivery waits for channel tumblr, which is not in the configuration")
    assert "crosspost skip ID" in need


async def test_a_name_that_another_feed_had_brings_nothing_old(world: World, blogs: Blogs) -> None:
    """`b` is taken off, and `a` is called so: known is what its address showed, not what its name did."""
    other = Blog()
    other.publish(*(Item(slug=f"other-{n}", title=f"Autre {n}", days_ago=3 + n) for n in range(2)))
    world.blog.app.router.routes.append(Route("/other.xml", other.feed))
    world.blog.items = old(2)
    there = blogs.feed("b").replace("feed.xml", "other.xml")
    await blogs.run(blogs.feed("a"), there, blogs.channel())
    world.blog.publish(*fresh(1))
    await blogs.run(blogs.feed("b"), blogs.channel())
    assert await blogs.states("feed") == [(NEW, "b", "delivered")]
    await blogs.run(blogs.feed("b"), there.replace("[feeds.b]", "[feeds.c]"), blogs.channel())
    assert world.posts == 1, "and what the name had before is known where it is put back"


async def test_a_yes_to_all_lets_one_go_of_two_that_may_be_one(world: World, blogs: Blogs) -> None:
    """Only their words agree: about the second a person is asked by itself."""
    held = blogs.channel(more="approve = true")
    await blogs.run(blogs.feed(address="?a"), held)
    world.blog.publish(Item(slug="new", title=NEW, summary="Le même texte, mot pour mot. " * 8))
    await blogs.run(blogs.feed(address="?a"), held)
    change(world, NEW, slug="moved", guid="another", link="https://new.example/moved/")
    await blogs.run(blogs.feed("encore", "?b", "backfill = 1"), held)
    assert [state for _, _, state in await blogs.states()] == ["held", "held"]
    await crosspost(world, "approve", "--all")
    world.later(minutes=1)
    await blogs.run(blogs.feed("encore", "?b", "backfill = 1"), held)
    assert sorted(state for _, _, state in await blogs.states()) == ["delivered", "held"]
    assert world.posts == 1


async def test_what_the_dead_were_sending_is_settled_though_its_channel_is_called_otherwise(
    world: World, blogs: Blogs
) -> None:
    """Also where nobody speaks for its account any more: the others go on."""
    await blogs.run(blogs.feed(), blogs.channel(more='delay = "1h"'))
    world.blog.publish(*fresh(1))
    await blogs.run(blogs.feed(), blogs.channel(more='delay = "1h"'))
    with closing(sqlite3.connect(world.folder / "crosspost.db")) as database, database:
        died = (
            "UPDATE deliveries SET state = 'sending', attempts = 1, lease_until = '2026-01-01 00:00:00.000000'"
        )
        database.execute(died)
    await blogs.run(blogs.feed(), blogs.channel("another", blog="elsewhere"))
    assert await blogs.states() == [(NEW, "tumblr", "uncertain")]
    await blogs.run(blogs.feed(), blogs.channel("renamed"))
    assert await blogs.states() == [(NEW, "renamed", "uncertain")]


@BOTH_DATABASES
async def test_what_went_out_under_a_former_name_shows_that_a_list_is_none(world: World) -> None:
    """Else an empty list, on which nothing is missed under the new name, would have it sent again."""
    blogs = Blogs(world)
    world.tumblr.clock = lambda: world.now
    world.blog.publish(*old(4))
    await blogs.run(blogs.feed(), blogs.channel())
    world.blog.publish(*fresh(1))
    await blogs.run(blogs.feed(), blogs.channel())
    world.later(minutes=15)
    world.blog.publish(Item(slug="lost", title="Perdu"))
    world.tumblr.behave(drop(accept=True))
    await blogs.run(blogs.feed(), blogs.channel("renamed"))
    world.tumblr.arrange = empty
    for _ in range(4):
        world.later(minutes=11)
        await blogs.run(blogs.feed(), blogs.channel("renamed"))
    assert await blogs.states() == [(NEW, "tumblr", "delivered"), ("Perdu", "renamed", "uncertain")]
    assert world.posts == 2

"""What went out is told with its link, once, when the minutes begin that people have for it."""

from datetime import timedelta

from crosspost.model import State
from tests.notify.ears import Ears
from tests.process import crosspost, ended, running, started, until
from tests.proof.crashing import Life
from tests.proof.stage import living
from tests.world import BOTH_DATABASES, World, fresh, old

ATTENTION = 'attention = "30m"'


def top(ears: Ears, more: str = 'tell = ["delivered"]') -> str:
    return f'timezone = "Europe/Paris"\n[notify]\n{more}\n[notify.webhook]\nurl = "{ears.url}/hook"\n'


async def begun(world: World, ears: Ears, more: str = 'tell = ["delivered"]', **lines: str) -> None:
    world.blog.publish(*old(1))
    only = ("x", "signature")
    await world.run(world.config(top=top(ears, more), only=only, **({"channel": ATTENTION} | lines)))


async def later(world: World, **span: float) -> None:
    world.later(**span)
    await world.run(world.loaded())


@BOTH_DATABASES
async def test_each_post_is_told_once_with_its_link(world: World, ears: Ears) -> None:
    await begun(world, ears, channel="")
    world.blog.publish(*fresh(1))
    await later(world, minutes=5)
    (message,) = ears.heard
    assert message["kind"] == "delivered"
    assert message["title"] == "crosspost: out on x: Nouveau billet 0"
    (post,) = message["posts"]
    assert (post["channel"], post["link"]) == ("x", "https://blog.example/2026/new-0/")
    assert post["url"].endswith(world.x.posts[0].id), "and no signature: there is nothing to go to"
    assert post["url"] in message["text"]
    for _ in range(2):
        await later(world, hours=1)
    assert len(ears.heard) == 1


async def test_it_says_until_when_people_are_there_for_comments(world: World, ears: Ears) -> None:
    await begun(world, ears)
    world.blog.publish(*fresh(2))
    await later(world, minutes=5)
    (message,) = ears.heard
    assert message["title"] == "crosspost: 4 posts are out", "the signature has minutes here, too"
    (zone,) = {world.loaded().timezone}
    end = (world.now + timedelta(minutes=30)).astimezone(zone)
    says = f"answer comments until {end:%H:%M} (30 minutes are meant for it)"
    assert message["text"].count(says) == 4
    assert {post["minutes"] for post in message["posts"]} == {30}


async def test_what_went_out_before_anybody_asked_is_not_told(world: World, ears: Ears) -> None:
    await begun(world, ears, "")
    world.blog.publish(*fresh(3)[2:])
    await later(world, minutes=5)
    assert len(world.x.posts) == 1
    world.config(top=top(ears), only=("x",), channel=ATTENTION)
    world.blog.publish(*fresh(3)[1:2])
    await later(world, minutes=5)
    assert [len(message["posts"]) for message in ears.heard] == [1], "of the first run that is to tell, already"
    world.config(top=top(ears, ""), only=("x",), channel=ATTENTION)
    world.blog.publish(*fresh(3)[:1])
    await later(world, minutes=5)
    world.config(top=top(ears), only=("x",), channel=ATTENTION)
    await later(world, minutes=5)
    assert len(world.x.posts) == 3
    assert len(ears.heard) == 1, "nor what went out while nobody wanted to hear of it"


async def test_what_nobody_took_is_told_later_and_within_the_limit(world: World, ears: Ears) -> None:
    await begun(world, ears, 'tell = "delivered"\nlimits = "1/1h"', channel="")
    ears.status = 500
    world.blog.publish(*fresh(3)[2:])
    await later(world, minutes=1)
    ears.status = 200
    await later(world, minutes=1)
    assert ears.heard == [], "not at once again"
    await later(world, minutes=5)
    assert ears.titles == ["crosspost: out on x: Nouveau billet 2"], "by a run in which nothing else is new"
    for number in (1, 0):
        world.blog.publish(fresh(3)[number])
        await later(world, minutes=5)
    assert len(ears.heard) == 1
    await later(world, hours=1)
    assert ears.titles[1:] == ["crosspost: 2 posts are out"]


async def test_dry_runs_are_not_told(world: World, ears: Ears) -> None:
    await begun(world, ears, channel=f"{ATTENTION}\ndry_run = true")
    world.blog.publish(*fresh(1))
    await later(world, minutes=5)
    assert ears.heard == []


async def test_a_crash_between_the_message_and_its_record_tells_once_more(world: World, ears: Ears) -> None:
    await begun(world, ears, channel="")
    world.blog.publish(*fresh(1))
    world.later(minutes=5)
    (world.folder / "now").write_text(world.now.isoformat())
    life = Life(config=world.folder / "crosspost.toml", now=world.folder / "now", at="commit _told")
    async with living(life) as frozen:
        assert (await frozen.says())[-1] == "commit _told"
        assert len(ears.heard) == 1
    await later(world, minutes=10)
    assert ears.titles == ["crosspost: out on x: Nouveau billet 0"] * 2
    await later(world, minutes=10)
    assert len(ears.heard) == 2
    assert len(world.x.posts) == 1
    assert State.DELIVERED in (await crosspost(world, "deliveries")).out


async def test_the_daemon_tells_when_the_post_is_out(world: World, ears: Ears) -> None:
    await begun(world, ears, channel="")
    world.blog.publish(*fresh(1))
    async with started(world, "run") as daemon:
        await running(daemon)
        await until(lambda: ears.heard)
        daemon.terminate()
        await ended(daemon)
    assert ears.titles == ["crosspost: out on x: Nouveau billet 0"]

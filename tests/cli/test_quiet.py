"""The run that cron starts: it says only what needs a person, and costs little while nothing is due."""

import sqlite3
from contextlib import closing
from pathlib import Path

from crosspost.sandbox.behaviour import refuse
from tests.cli.program import CONFIG, FEED, Program
from tests.notify.ears import Ears
from tests.process import crosspost as verb
from tests.world import World, fresh, old


def test_an_ordinary_run_says_nothing(crosspost: Program) -> None:
    for _ in range(2):
        said = crosspost("run-once", "--quiet")
        assert (said.code, said.out, said.err) == (0, "", "")
    assert "L’été indien" in (crosspost.folder / "signature.txt").read_text(encoding="utf-8")


def test_what_needs_a_person_is_said_once_and_once_that_it_is_over(crosspost: Program) -> None:
    crosspost.write("crosspost.toml", CONFIG.replace("feed.xml", "missing.xml"))
    said = [crosspost("run-once", "--quiet") for _ in range(4)]
    assert [one.code for one in said] == [1, 1, 1, 1], "as long as it is so"
    assert said[0].out.startswith("! feed blog: ")
    assert "missing.xml does not exist" in said[0].out
    assert "it was never read" in said[0].out, "a person has just typed it: told at the first failure"
    assert [one.out + one.err for one in said[1:]] == ["", "", ""]
    crosspost.write("missing.xml", FEED)
    well = crosspost("run-once", "--quiet")
    assert (well.code, well.err) == (0, "")
    first, last = well.out.splitlines()
    assert first.startswith("✓ over: feed blog: ")
    assert last == "✓ over: nothing needs you any more"
    assert crosspost("run-once", "--quiet").out == ""


def opens_the_store(crosspost: Program) -> bool:
    """Run once, and tell whether that took more than a glance at what an earlier run had found."""
    before = found(crosspost.folder)
    said = crosspost("run-once")
    assert said.code == crosspost("status").code, said
    return not before or found(crosspost.folder) != before


def test_what_happens_between_two_runs_is_looked_at_once(crosspost: Program) -> None:
    assert [opens_the_store(crosspost) for _ in range(3)] == [True, False, False]
    assert crosspost("spent", "5m").code == 0
    assert [opens_the_store(crosspost) for _ in range(2)] == [True, False]
    crosspost.write("crosspost.toml", CONFIG + "approve = true\n")
    assert [opens_the_store(crosspost) for _ in range(2)] == [True, False]
    entry = "<item><title>New</title><link>https://blog.example/new</link></item></channel>"
    crosspost.write("feed.xml", FEED.replace("</channel>", entry))
    assert [opens_the_store(crosspost) for _ in range(2)] == [True, True], "what waits for a yes needs a person"
    assert crosspost("approve", "--all").out.startswith("1 delivery approved")
    assert [opens_the_store(crosspost) for _ in range(2)] == [True, False]
    assert "New" in (crosspost.folder / "signature.txt").read_text(encoding="utf-8")


async def is_quiet(world: World) -> bool:
    """Run once, and tell whether it went by what an earlier run had found."""
    before = found(world.folder)
    await world.run(world.loaded())
    return bool(before) and found(world.folder) == before


def found(folder: Path) -> list[tuple[str, str | None]]:
    if not (folder / "crosspost.db").exists():
        return []
    with closing(sqlite3.connect(folder / "crosspost.db")) as database:
        return database.execute("SELECT made, until FROM idle").fetchall()


async def test_what_waits_for_its_time_goes_out_then(world: World) -> None:
    world.blog.publish(*old(3))
    await world.run(world.config(only=("facebook",), channel='delay = "10m"'))
    world.blog.publish(*fresh(1))
    assert not await is_quiet(world)
    world.later(minutes=9)
    assert await is_quiet(world)
    world.later(minutes=2)
    assert not await is_quiet(world)
    assert world.posts == 1
    assert await is_quiet(world)


async def test_a_lost_answer_is_looked_up_when_its_time_has_come(world: World) -> None:
    world.blog.publish(*old(3))
    await world.run(world.config(only=("facebook",)))
    world.blog.publish(*fresh(1))
    world.facebook.behave(refuse(500))
    assert not await is_quiet(world)
    assert await is_quiet(world)
    for _ in range(2):
        world.later(minutes=6)
        assert not await is_quiet(world)
    assert world.posts == 1


async def test_a_clock_set_back_is_not_believed(world: World) -> None:
    world.blog.publish(*old(3))
    await world.run(world.config(only=("facebook",)))
    assert await is_quiet(world)
    world.later(minutes=-1)
    assert not await is_quiet(world)


async def test_while_people_wait_to_hear_that_all_is_well_nothing_is_quiet(world: World, ears: Ears) -> None:
    world.blog.publish(*old(3))
    await world.run(world.config(top=f'[notify.webhook]\nurl = "{ears.url}/hook"\n', only=("facebook",)))
    world.blog.publish(*fresh(1))
    world.facebook.behave(refuse(400, {"error": {"message": "no", "code": 100}}))
    assert [await is_quiet(world) for _ in range(3)] == [False, False, False]
    assert ears.titles == ["crosspost: 1 failed: Nouveau billet 0 (facebook)"]
    assert (await verb(world, "skip", "--all")).code == 0
    assert [await is_quiet(world) for _ in range(2)] == [False, True]
    assert ears.titles[1:] == ["crosspost: all is well again"]

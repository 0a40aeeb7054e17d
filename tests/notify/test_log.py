"""What the daemon logs of trouble: when it begins, changes and ends."""

from crosspost.house import open_house
from crosspost.notify.say import say_in_log
from crosspost.report import Calmly, Event, What
from tests.world import World, fresh, old


def failed(text: str, subject: str = "blog") -> Event:
    return Event(what=What.FEED_FAILED, subject=subject, text=text)


def test_trouble_that_lasts_is_logged_when_it_begins_and_when_it_changes() -> None:
    told: list[Event] = []
    tell = Calmly(told.append)
    unchanged = Event(what=What.FEED_UNCHANGED, subject="blog", text="nothing new")
    for event in (failed("404"), failed("404"), failed("404", "other"), failed("500"), failed("500")):
        tell(event)
    assert told == [failed("404"), failed("404", "other"), failed("500")]
    tell(unchanged)
    tell(unchanged)
    tell(failed("500"))
    assert told[3:] == [unchanged, unchanged, failed("500")], "it is over, and comes again"


def test_a_clock_that_is_doubted_says_another_moment_each_time() -> None:
    told: list[Event] = []
    tell = Calmly(told.append)
    for minute in ("08:00", "08:01"):
        tell(Event(what=What.CLOCK_DOUBTED, subject="clock", text=f"it says {minute}"))
    assert [event.text for event in told] == ["it says 08:00"]


async def test_what_needs_a_person_is_logged_once_by_each_process_that_starts(world: World) -> None:
    world.blog.publish(*old(1))
    config = world.config(only=("x",), channel="approve = true")
    await world.run(config)
    world.blog.publish(*fresh(1))
    await world.run(config)
    for _ in range(2):
        told: list[Event] = []
        async with open_house(config, tell=told.append, clock=lambda: world.now) as house:
            await say_in_log(house)
            await say_in_log(house)
        assert [event.what for event in told] == [What.NEEDED]
        assert "Nouveau billet 0" in told[0].text

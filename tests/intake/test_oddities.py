"""Nothing is let go in silence: odd dates, scheduled and protected entries; and small feeds that move on."""

from datetime import timedelta

import pytest

from crosspost.model import State
from crosspost.report import What
from tests.process import crosspost
from tests.verbs import list_deliveries, read_status
from tests.world import NOW, Item, World, old

SIGNATURE = ("signature",)


async def run(world: World, **lines: object) -> None:
    await world.run(world.config(only=SIGNATURE, **lines))


async def made(world: World) -> list[tuple[str, str]]:
    """Return the state of each delivery and its reason, the oldest first."""
    found = await list_deliveries(world.loaded(), states=(), channel=None, feed=None, limit=100)
    return [(one["state"], one["reason"]) for one in reversed(found)]


def dated(title: str, date: str, **parts: str) -> Item:
    """Make an item whose date stands there as written."""

    class Dated(Item):
        def xml(self) -> str:
            before, _, after = super().xml().partition("<pubDate>")
            return f"{before}<pubDate>{date}</pubDate>{after.partition('</pubDate>')[2]}"

    return Dated(slug=title.lower(), title=title, **parts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ("Tue, 01 Oct 2019 10:00:00 GMT", "2019-10-01"),
        ("Thu, 01 Jan 1970 00:00:00 GMT", "1970-01-01"),
        ("0001-01-01T00:00:00Z", "0001-01-01"),
    ],
)
async def test_a_new_entry_that_is_dated_too_far_back_waits_for_a_person(
    world: World, date: str, day: str
) -> None:
    world.blog.publish(*old(4))
    await run(world)
    world.blog.publish(dated("Retrouvé", date))
    said = await crosspost(world, "run-once")
    assert said.code == 1
    assert f"1 entry held: dated {day}, older than the feed's horizon; approve it if it is new" in said.out
    assert [state for state, _ in await made(world)] == ["held"]
    assert f"dated {day}" in (await read_status(world.loaded()))["needs_person"][0]
    await crosspost(world, "approve", "--all")
    world.later(minutes=1)
    await run(world)
    assert [state for state, _ in await made(world)] == ["delivered"]


@pytest.mark.parametrize("date", ["Wed, 30 Nov -0001 00:00:00 +0000", "0000-00-00 00:00:00", "bientôt"])
async def test_a_new_entry_whose_date_cannot_be_read_waits_for_a_person(world: World, date: str) -> None:
    world.blog.publish(*old(4))
    await run(world)
    world.blog.publish(dated("Perdu", date))
    said = await crosspost(world, "run-once")
    assert said.code == 1
    assert f"dated “{date}”, which cannot be read as a day; approve it if it is new" in said.out
    assert [state for state, _ in await made(world)] == ["held"]
    assert f"dated “{date}”" in (await read_status(world.loaded()))["needs_person"][0]
    await crosspost(world, "approve", "--all")
    world.later(minutes=1)
    await run(world)
    assert [state for state, _ in await made(world)] == ["delivered"]


async def test_a_feed_that_writes_dates_its_own_way_is_announced_as_one_without(world: World) -> None:
    world.blog.publish(
        *(dated(f"Ancien {n}", f"l’an {n} de la lune", summary=f"Texte {n}. " * 12) for n in range(4))
    )
    await run(world)
    world.blog.publish(dated("Neuf", "l’an 5 de la lune"))
    await run(world)
    assert [state for state, _ in await made(world)] == ["delivered"]


@pytest.mark.parametrize(
    "form", ["%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d", "%a, %m/%d/%Y - %H:%M", "%s", "%d.%m.%Y %I:%M %p"]
)
async def test_an_old_entry_is_known_as_old_in_any_form_of_date(world: World, form: str) -> None:
    """Read by half, or as none, it would go out."""
    world.blog.publish(*(dated(f"Ancien {n}", (NOW - timedelta(days=n)).strftime(form)) for n in range(4)))
    await run(world)
    world.blog.publish(dated("Retrouvé", (NOW - timedelta(days=400)).strftime(form)))
    await run(world)
    ((state, reason),) = await made(world)
    assert (state, reason[:6]) == ("held", "dated ")
    assert "older than the feed's horizon" in reason


async def test_a_date_that_is_not_meant_makes_no_entry_the_newest(world: World) -> None:
    """What a first sight announces is what came last, not a page without a date."""
    world.blog.publish(
        Item(slug="last", title="Dernier"), dated("À propos", "Wed, 30 Nov -0001 00:00:00 +0000")
    )
    world.blog.publish(dated("Contact", "Thu, 01 Jan 1970 00:00:00 GMT"))
    await run(world, feed="backfill = 1")
    found = await list_deliveries(world.loaded(), states=(), channel=None, feed=None, limit=100)
    assert [one["title"] for one in found] == ["Dernier"]


async def test_a_scheduled_entry_waits_for_its_date(world: World) -> None:
    world.blog.publish(*old(4))
    await run(world)
    world.blog.publish(Item(slug="soon", title="Demain", days_ago=-1))
    await run(world)
    ((state, reason),) = await made(world)
    assert state == "pending"
    assert "scheduled: it is dated" in reason
    world.later(hours=23)
    await run(world)
    assert [state for state, _ in await made(world)] == ["pending"]
    world.later(hours=2)
    await run(world)
    assert [state for state, _ in await made(world)] == ["delivered"]


@pytest.mark.parametrize(
    ("days", "then", "state"), [(0, 0, "delivered"), (-3, 49, "pending"), (-3, 73, "delivered")]
)
async def test_a_corrected_date_is_followed(world: World, days: int, then: int, state: str) -> None:
    world.blog.publish(*old(4))
    await run(world)
    world.blog.publish(Item(slug="soon", title="Demain", days_ago=-2))
    await run(world)
    world.blog.items[0] = Item(slug="soon", title="Demain", days_ago=days)
    world.later(seconds=1)
    await run(world)
    world.later(hours=then)
    await run(world)
    assert [state for state, _ in await made(world)] == [state]


@pytest.mark.parametrize(
    "date", ["Wed, 30 Nov -0001 00:00:00 +0000", "bientôt", "Thu, 01 Jan 1970 00:00:00 GMT"]
)
@pytest.mark.parametrize("title", ["Demain", "Demain, corrigé"])
async def test_a_slip_that_comes_later_lets_nothing_go_before_its_date(
    world: World, date: str, title: str
) -> None:
    world.blog.publish(*old(4))
    await run(world)
    world.blog.publish(Item(slug="soon", title="Demain", days_ago=-1))
    await run(world)
    world.blog.items[0] = dated(title, date, guid="soon", link="https://blog.example/2026/soon/")
    world.later(minutes=1)
    await run(world)
    assert [state for state, _ in await made(world)] == ["pending"]
    world.blog.items[0] = dated(title, "bientôt", guid="soon", link="https://blog.example/2026/soon/")
    world.later(hours=25)
    await run(world)
    assert [state for state, _ in await made(world)] == ["delivered"]


async def test_what_is_scheduled_waits_for_its_date_though_it_is_approved(world: World) -> None:
    world.blog.publish(*old(4))
    await run(world, channel="approve = true")
    world.blog.publish(Item(slug="soon", title="Demain", days_ago=-1))
    await run(world, channel="approve = true")
    assert (await crosspost(world, "approve", "--all")).code == 0
    world.later(hours=1)
    await run(world, channel="approve = true")
    ((state, reason),) = await made(world)
    assert state == "pending"
    assert "scheduled: it is dated" in reason
    world.blog.items[0] = Item(slug="soon", title="Demain", days_ago=-2)
    await run(world, channel="approve = true")
    world.later(hours=24)
    await run(world, channel="approve = true")
    assert [state for state, _ in await made(world)] == ["pending"], "it follows its date"
    world.later(hours=24)
    await run(world, channel="approve = true")
    assert [state for state, _ in await made(world)] == ["delivered"]


async def test_what_is_approved_and_scheduled_is_let_go_by_retry(world: World) -> None:
    world.blog.publish(*old(4))
    await run(world, channel="approve = true")
    world.blog.publish(Item(slug="soon", title="Demain", days_ago=-1))
    await run(world, channel="approve = true")
    await crosspost(world, "approve", "1")
    assert (await crosspost(world, "retry", "1")).code == 0
    world.later(minutes=1)
    await run(world, channel="approve = true")
    assert [state for state, _ in await made(world)] == ["delivered"]


async def test_a_feed_may_have_dates_that_nobody_waits_for(world: World) -> None:
    world.blog.publish(*old(4))
    await run(world, feed='future = "now"')
    world.blog.publish(Item(slug="soon", title="Concert", days_ago=-20))
    await run(world, feed='future = "now"')
    assert [state for state, _ in await made(world)] == ["delivered"]


async def test_a_clock_a_little_fast_schedules_nothing(world: World) -> None:
    world.blog.publish(*old(4))
    await run(world)
    ahead = (NOW + timedelta(minutes=5)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    world.blog.publish(dated("Vite", ahead))
    await run(world)
    assert [state for state, _ in await made(world)] == ["delivered"]


@pytest.mark.parametrize("date", ["Fri, 01 Jan 2038 00:00:00 GMT", "9999-12-31T23:59:59Z"])
async def test_a_date_years_ahead_is_a_question_for_a_person(world: World, date: str) -> None:
    world.blog.publish(*old(4))
    await run(world)
    world.blog.publish(dated("Un jour", date))
    await run(world)
    (held,) = world.happened(What.FEED_HELD)
    assert held.needs_person
    assert [state for state, _ in await made(world)] == [State.HELD]


@pytest.mark.parametrize(
    "parts",
    [
        {"title": "Protected: Family"},
        {"title": "Protégé : Famille"},
        {"title": "Privé : Famille"},
        {"title": "Geschützt: Familie"},
        {"title": "保護中: 家族"},
        {"title": "Famille", "summary": "There is no excerpt because this is a protected post."},
        {"title": "Famille", "summary": "Il n’y a pas d’extrait, car cette publication est protégée."},
    ],
)
async def test_a_protected_entry_waits_for_a_person(world: World, parts: dict[str, str]) -> None:
    world.blog.publish(*old(4))
    await run(world)
    world.blog.publish(Item(slug="secret", **parts))  # type: ignore[arg-type]
    await run(world)
    ((state, reason),) = await made(world)
    assert state == "held"
    assert "password-protected" in reason


async def test_a_title_about_protection_is_none(world: World) -> None:
    world.blog.publish(*old(4))
    await run(world)
    world.blog.publish(Item(slug="a", title="Protected areas of Quebec: a map"))
    await run(world)
    assert [state for state, _ in await made(world)] == ["delivered"]


# What is odd, and came with so much else that all of it is held.


async def test_what_is_approved_in_bulk_still_waits_for_its_date(world: World) -> None:
    world.blog.publish(*old(4))
    await run(world)
    many = [Item(slug=f"n{n}", title=f"Billet {n}", summary=f"Du neuf, {n}.") for n in range(9)]
    world.blog.publish(Item(slug="soon", title="Demain", days_ago=-1), *many)
    await run(world)
    assert {state for state, _ in await made(world)} == {"held"}
    await crosspost(world, "approve", "--all")
    world.later(minutes=1)
    await run(world)
    *_, (state, reason) = sorted(await made(world))
    assert [state for state, _ in await made(world)].count("delivered") == 9
    assert state == "pending"
    assert "scheduled: it is dated" in reason
    assert "approved by" in reason
    world.later(hours=25)
    await run(world)
    assert {state for state, _ in await made(world)} == {"delivered"}


async def test_what_is_approved_ahead_of_its_date_goes_at_once_by_retry(world: World) -> None:
    world.blog.publish(*old(4))
    await run(world)
    world.blog.publish(Item(slug="soon", title="Demain", days_ago=-1))
    await run(world, channel="approve = true")
    await crosspost(world, "approve", "1")
    world.later(minutes=1)
    await run(world, channel="approve = true")
    assert [state for state, _ in await made(world)] == ["pending"]
    await crosspost(world, "retry", "1")
    world.later(minutes=1)
    await run(world, channel="approve = true")
    assert [state for state, _ in await made(world)] == ["delivered"]


async def test_a_date_years_ahead_that_is_approved_is_not_waited_for(world: World) -> None:
    world.blog.publish(*old(4))
    await run(world)
    world.blog.publish(dated("Un jour", "Fri, 01 Jan 2038 00:00:00 GMT"))
    await run(world)
    await crosspost(world, "approve", "--all")
    world.later(minutes=1)
    await run(world)
    assert [state for state, _ in await made(world)] == ["delivered"]


async def test_a_protected_entry_in_a_flood_is_named_beside_it(world: World) -> None:
    world.blog.publish(*old(4))
    await run(world)
    many = [Item(slug=f"n{n}", title=f"Billet {n}", summary=f"Du neuf, {n}.") for n in range(9)]
    world.blog.publish(Item(slug="secret", title="Protégé : Famille"), *many)
    await run(world)
    assert ["password-protected" in reason for _, reason in await made(world)].count(True) == 1
    needs = (await read_status(world.loaded()))["needs_person"]
    assert any("Protégé : Famille" in need and "password-protected" in need for need in needs)


# Feeds that are small, or were empty.


async def test_a_feed_that_began_empty_may_bring_its_first_entries(world: World) -> None:
    await run(world)
    world.blog.publish(Item(slug="a", title="Un"), Item(slug="b", title="Deux"))
    await run(world)
    assert [state for state, _ in await made(world)] == ["delivered", "delivered"]


async def test_a_feed_that_began_empty_does_not_pour_out_a_backlog(world: World) -> None:
    await run(world)
    world.blog.publish(*old(9))
    await run(world)
    assert {state for state, _ in await made(world)} == {"held"}
    assert all("the first new ones of this feed; held" in reason for _, reason in await made(world))


@pytest.mark.parametrize(("shown", "brings"), [(2, 2), (3, 3), (3, 2), (2, 3), (3, 1), (1, 1)])
async def test_a_feed_of_its_newest_few_may_replace_them_all(world: World, shown: int, brings: int) -> None:
    world.blog.publish(*old(shown))
    await run(world)
    for week in range(3):
        world.blog.items = [
            Item(slug=f"w{week}-{n}", title=f"Semaine {week}, {n}", summary=f"Du neuf {week} {n}")
            for n in range(brings)
        ]
        await run(world)
    assert [state for state, _ in await made(world)] == ["delivered"] * 3 * brings


async def test_a_small_feed_whose_words_are_known_looks_like_a_site_that_moved(world: World) -> None:
    world.blog.publish(*old(3))
    await run(world)
    world.blog.items = [
        Item(slug=f"moved-{item.slug}", title=item.title, summary=item.summary, days_ago=item.days_ago)
        for item in world.blog.items
    ]
    await run(world)
    assert {state for state, _ in await made(world)} == {"held"}


async def test_a_long_feed_cut_to_a_few_strangers_looks_like_a_site_that_moved(world: World) -> None:
    world.blog.publish(*old(10))
    await run(world)
    world.blog.items = []
    await run(world)
    world.blog.publish(Item(slug="a", title="Un"), Item(slug="b", title="Deux"))
    await run(world)
    assert {state for state, _ in await made(world)} == {"held"}


async def test_a_feed_emptied_for_a_moment_brings_back_nothing_new(world: World) -> None:
    world.blog.publish(*old(3))
    await run(world)
    items, world.blog.items = world.blog.items, []
    await run(world)
    world.blog.items = items
    await run(world)
    assert await made(world) == []


async def test_an_entry_that_becomes_protected_before_it_goes_waits_for_a_person(world: World) -> None:
    """Its author thought again while it waited: nobody is sent to a page that they cannot read."""
    world.blog.publish(*old(4))
    await run(world, channel='delay = "1h"')
    world.blog.publish(Item(slug="family", title="Famille"))
    await run(world, channel='delay = "1h"')
    assert [state for state, _ in await made(world)] == ["pending"]
    world.blog.items[0] = Item(slug="family", title="Protégé : Famille")
    said = await crosspost(world, "run-once")
    assert (said.code, "1 entry held: it is password-protected" in said.out) == (1, True)
    world.later(hours=2)
    await run(world, channel='delay = "1h"')
    ((state, reason),) = await made(world)
    assert (state, "password-protected" in reason) == ("held", True)


async def test_what_was_refused_before_is_held_too_when_its_entry_becomes_protected(world: World) -> None:
    """That it was tried once says only that it is not there."""
    world.blog.publish(*old(4))
    await world.run(world.config(only=("x",)))
    world.blog.publish(Item(slug="family", title="Famille"))
    world.x.behave(world.x.rate_limited())
    await world.run(world.loaded())
    assert [state for state, _ in await made(world)] == ["pending"]
    world.blog.items[0] = Item(slug="family", title="Protégé : Famille")
    world.later(hours=1)
    await world.run(world.loaded())
    assert [state for state, _ in await made(world)] == ["held"]
    assert not world.x.posts
